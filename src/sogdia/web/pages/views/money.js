// @ts-check
/** Money of a plan: debt burden year by year, who is paid each year, who finances what. */

import { createChart } from "../components/chart.js";
import { createTable, localSource, remoteFiles, remoteSource } from "../components/table.js";
import { BLUE, CATEGORIES, FAINT, GREY, INK, VERMILION } from "../modules/colours.js";
import { fill, h, select } from "../modules/dom.js";
import { number, words } from "../modules/format.js";
import { draftsOf, firstPlan, firstScenario } from "../modules/library.js";
import { problemOf } from "../modules/messages.js";
import { MEASURES, OTHERS, payments, yearsTo } from "../modules/money.js";
import { rowsOf } from "../modules/rows.js";

const ALL = { limit: 10_000 };
const MOST_PAYEES = 8;

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api, state } = context;
  const { plans, scenarios } = draftsOf(api);
  const [region, parties] = await Promise.all([api.once("region"), api.once("region/tables/parties", ALL), plans.list(), scenarios.list()]);
  const names = new Map(rowsOf(parties).map((row) => [row.code, row.name]));
  const view = new MoneyView(element, context, { region, names, plans: plans.entries, scenarios: scenarios.entries });
  await view.open();
  const end = state.subscribe((changed) => {
    if (changed.includes("plan") || changed.includes("scenario")) void view.open();
    else if (changed.some((key) => ["home", "measure", "until"].includes(key))) void view.draw();
  });
  return () => { end(); view.close(); };
}

class MoneyView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any} data
   */
  constructor(element, context, data) {
    this.context = context;
    this.data = data;
    this.head = h("div", { class: "bar" });
    this.problems = h("div", { "aria-live": "polite" });
    this.debt = createChart({ title: "Debt burden", alt: "", draw: () => ({}) });
    this.paid = createChart({ title: "Payments", alt: "", draw: () => ({}) });
    this.burdens = h("section", { "aria-label": "Debt against thresholds" });
    this.tables = h("section", { "aria-label": "Tables" });
    fill(element, h("h1", {}, "Money"),
      h("p", { class: "note" }, "Costs, loans and payments of the plan's own projects, added to the debt that the country has. No run is needed."),
      this.head, this.problems, h("div", { class: "columns" }, this.debt.element, this.paid.element), this.burdens, this.tables);
  }

  #path() {
    const { state } = this.context;
    const known = (/** @type {any[]} */ entries, /** @type {string} */ name) =>
      entries.find((entry) => entry.name === name && !entry.has_errors);
    const plan = known(this.data.plans, state.get("plan")) ?? firstPlan(this.data.plans);
    const scenario = known(this.data.scenarios, state.get("scenario")) ?? firstScenario(this.data.scenarios);
    return { plan: plan.name, scenario: scenario.name, path: `money/${plan.name}/${scenario.name}` };
  }

  async open() {
    const { path } = this.#path();
    fill(this.problems, h("p", { class: "loading" }, "Adding up the plan's money…"));
    try {
      const { api } = this.context;
      // The list computes the tables, which the other requests then find.
      await api.get(path);
      this.burdenRows = rowsOf(await api.get(`${path}/tables/burdens`, ALL));
      this.#drawTables(path);
      await this.draw();
    } catch (error) {
      fill(this.problems, problemOf(error));
    }
  }

  async draw() {
    const { api, state } = this.context;
    const { plan, scenario, path } = this.#path();
    const homes = this.data.region.homes;
    const home = homes.some((/** @type {any} */ each) => each.id === state.get("home")) ? state.get("home") : homes[0].id;
    const [stress, owed] = await Promise.all([
      api.get(`${path}/tables/stress`, { ...ALL, home }), api.get(`${path}/tables/owed`, { ...ALL, home }),
    ]);
    const stressRows = rowsOf(stress);
    const measures = [...new Set(stressRows.map((row) => String(row.measure)))];
    const measure = measures.includes(state.get("measure")) ? state.get("measure") : measures[0];
    const entry = (/** @type {any} */ each) => ({ value: each.name, label: each.title });
    fill(this.head,
      select("Plan", this.data.plans.map(entry), plan, (value) => state.set({ plan: value })),
      select("Scenario", this.data.scenarios.map(entry), scenario, (value) => state.set({ scenario: value })),
      select("Country", homes.map((/** @type {any} */ each) => ({ value: each.id, label: each.name })), home, (value) => state.set({ home: value })),
      measures.length > 0 && select("Indicator", measures.map((value) => ({ value, label: measureName(value) })), measure, (value) => state.set({ measure: value })));
    const name = homes.find((/** @type {any} */ each) => each.id === home)?.name ?? home;
    const owedRows = rowsOf(owed);
    this.debt.element.hidden = stressRows.length === 0;
    this.paid.element.hidden = !owedRows.some((row) => row.paid_musd > 0 && !row.domestic);
    const lacks = [this.debt.element.hidden && "no debt path: its economy has no published debt", this.paid.element.hidden && "no payments abroad"];
    fill(this.problems, lacks.some(Boolean) && h("p", { class: "notice" }, `${name} has ${lacks.filter(Boolean).join(", and ")}.`));
    this.#drawDebt(stressRows.filter((row) => row.measure === measure), measure ?? "", name);
    this.#drawPaid(owedRows, name);
    this.#drawBurdens(home, name);
  }

  /**
   * @param {Record<string, any>[]} rows
   * @param {string} measure
   * @param {string} home
   */
  #drawDebt(rows, measure, home) {
    const base = rows.filter((row) => row.test === "baseline");
    const last = base.at(-1);
    const threshold = base.find((row) => row.threshold_pct !== null)?.threshold_pct ?? null;
    this.debt.update({
      title: `${home}: ${measureName(measure)}`,
      alt: last ? `In ${last.year}: ${number(last.before_pct)} % without the plan's loans, ${number(last.after_pct)} % with them; threshold ${number(threshold)} %.` : "No data.",
      note: "Blue: with the plan's loans. Dashed: without them. Grey: under each stress test." +
        (threshold === null ? " No threshold is published for it." : " Red: threshold of the debt sustainability framework."),
      draw: (plot) => ({
        height: 300, x: { label: null, tickFormat: "d" }, y: { label: "%", grid: true, zero: true },
        marks: [
          plot.line(rows.filter((row) => row.test !== "baseline"), { x: "year", y: "after_pct", z: "test", stroke: FAINT }),
          plot.line(base, { x: "year", y: "before_pct", stroke: INK, strokeDasharray: "4 3" }),
          plot.line(base, { x: "year", y: "after_pct", stroke: BLUE, strokeWidth: 2.5 }),
          threshold === null ? null : plot.ruleY([threshold], { stroke: VERMILION, strokeWidth: 1.5 }),
        ],
      }),
    });
  }

  /**
   * @param {Record<string, any>[]} rows
   * @param {string} home
   */
  #drawPaid(rows, home) {
    const { bars, payees } = payments(rows, (code) => this.data.names.get(code) ?? code, MOST_PAYEES);
    const [first] = yearsTo(bars);
    const total = bars.filter((bar) => bar.year === first).reduce((sum, bar) => sum + bar.musd, 0);
    this.paid.update({
      title: `${home}: who is paid each year`,
      alt: bars.length ? `In ${first} ${number(total)} USD million are due to ${payees.join(", ")}.` : "Nothing is due.",
      legend: payees.map((payee, at) => ({ label: payee, colour: payee === OTHERS ? GREY : CATEGORIES[at] })),
      note: "USD million a year: principal and interest to lenders outside the country, and payments to owners of plants.",
      draw: (plot) => ({
        height: 300, x: { label: null, tickFormat: "d", interval: 1 }, y: { label: "USD million", grid: true },
        color: { domain: payees, range: payees.map((payee, at) => (payee === OTHERS ? GREY : CATEGORIES[at])) },
        marks: [plot.barY(bars, { x: "year", y: "musd", fill: "payee", order: payees }), plot.ruleY([0])],
      }),
    });
  }

  /**
   * @param {string} home
   * @param {string} name
   */
  #drawBurdens(home, name) {
    const columns = /** @type {import("../components/table.js").Column[]} */ ([
      { name: "measure", label: "Indicator" }, { name: "year", label: "Worst year", show: (value) => String(value) },
      { name: "before", label: "Without the plan", unit: "%", kind: "number" }, { name: "after", label: "With the plan", unit: "%", kind: "number" },
      { name: "threshold", label: "Threshold", unit: "%", kind: "number" }, { name: "stressed", label: "Under stress", unit: "%", kind: "number" },
      { name: "status", label: "Against the threshold" },
    ]);
    const rows = (this.burdenRows ?? []).filter((row) => row.home === home).map((row) => [
      measureName(row.measure), row.year, row.before_pct, row.after_pct, row.threshold_pct, row.stressed_pct,
      row.threshold_pct === null ? "no threshold" : row.breached ? "exceeded" : row.stress_breached ? "exceeded under stress" : "kept",
    ]);
    fill(this.burdens, createTable(localSource(columns, rows), { caption: `${name}: debt against thresholds` }).element);
  }

  /** @param {string} path */
  #drawTables(path) {
    const { api } = this.context;
    const table = (/** @type {string} */ name, /** @type {string} */ caption) => h("details", {}, h("summary", {}, caption),
      createTable(remoteSource(api, `${path}/tables/${name}`), { caption, files: remoteFiles(api, `${path}/tables/${name}`) }).element);
    fill(this.tables, h("h2", {}, "Tables"), table("finance", "Finance of the plan"), table("capex", "Capital cost by year"),
      table("owed", "Money owed by payee and year"), table("stress", "Debt burden by year and stress test"), table("stock", "Debt stock by lender"));
  }

  close() {
    this.debt.destroy();
    this.paid.destroy();
  }
}

/** @param {string} measure */
function measureName(measure) {
  return MEASURES[measure] ?? words(measure);
}
