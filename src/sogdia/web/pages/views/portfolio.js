// @ts-check
/** Portfolio: the front of a search, the choices of one portfolio on the map and in tables. */

import { createChart } from "../components/chart.js";
import { MapCanvas, hasWebGl } from "../components/map-canvas.js";
import { createTable, localSource, remoteFiles, remoteSource } from "../components/table.js";
import { GREY, INK, ORANGE } from "../modules/colours.js";
import { fill, h, select } from "../modules/dom.js";
import { number } from "../modules/format.js";
import { problemOf } from "../modules/messages.js";
import { rowsOf } from "../modules/rows.js";
import { runName } from "../modules/runs.js";

const ALL = { limit: 10_000 };
const AXES = [
  { value: "npv_musd", label: "net present value, USD million" },
  { value: "worst_loss_pct", label: "largest loss if a partner withdraws, % of GDP" },
  { value: "co2_mt", label: "CO₂, Mt" },
  { value: "max_regret_musd", label: "largest regret, USD million" },
  { value: "own_money_musd", label: "own money, USD million" },
  { value: "debt_pv_musd", label: "present value of debt, USD million" },
];
const CHOICES = /** @type {import("../components/table.js").Column[]} */ ([
  { name: "name", label: "Project" }, { name: "option", label: "Financed by" },
  { name: "opening_year", label: "Opens", show: (value) => String(value ?? "") },
  { name: "cost_musd", label: "Cost", unit: "USD million", kind: "number" },
  { name: "own_money_musd", label: "Own money", unit: "USD million", kind: "number" },
  { name: "debt_pv_musd", label: "Debt, present value", unit: "USD million", kind: "number" },
]);

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api, state } = context;
  const runs = await api.get("runs", { kind: "portfolio" }, context);
  fill(element, h("h1", {}, "Portfolio"));
  if (!runs.length) {
    element.append(h("div", { class: "notice" }, h("p", {}, "The store has no search for portfolios yet. Start one on the command line: ",
      h("code", {}, "sogdia portfolio portfolio.yaml"), ".")));
    return undefined;
  }
  const view = new PortfolioView(element, context, runs, await api.once("map/base"));
  await view.open();
  const end = state.subscribe((changed) => {
    if (changed.includes("search")) void view.load();
    else if (changed.some((key) => ["portfolio", "x", "y"].includes(key))) view.draw();
  });
  return () => { end(); view.close(); };
}

class PortfolioView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any[]} runs
   * @param {any} base
   */
  constructor(element, context, runs, base) {
    this.context = context;
    this.runs = runs;
    this.base = base;
    /** @type {Record<string, any>[]} */
    this.front = [];
    /** @type {Record<string, any>[]} */
    this.choices = [];
    this.places = new Map(base.projects.features.map((/** @type {any} */ each) => [each.properties.id, each.geometry.coordinates]));
    this.head = h("div", { class: "bar" });
    this.problems = h("div", { "aria-live": "polite" });
    this.chart = createChart({ title: "Trade-off", alt: "", draw: () => ({}) });
    this.place = h("div", { class: "map-place pick-map" });
    this.chosen = h("section", { "aria-label": "Chosen portfolio" });
    this.tables = h("section", { "aria-label": "Tables" });
    this.canvas = hasWebGl() ? new MapCanvas(this.place, base, { onPick: () => {}, describe: (picked) => this.#nameOf(picked.id) }) : null;
    element.append(this.head, this.problems, h("div", { class: "columns" }, this.chart.element,
      h("div", {}, this.place, h("p", { class: "note" }, base.notes.join(" ")))), this.chosen, this.tables);
  }

  /** @param {string} project */
  #nameOf(project) {
    return String(this.choices.find((row) => row.project === project)?.name ?? project);
  }

  async open() {
    if (this.canvas) {
      await this.canvas.open("");
      this.canvas.setCountries(() => undefined);
    }
    await this.load();
  }

  #run() {
    const asked = this.context.state.get("search");
    return this.runs.find((run) => asked && run.id.startsWith(asked)) ?? this.runs[0];
  }

  async load() {
    const { api } = this.context;
    const { id } = this.#run();
    const table = async (/** @type {string} */ name) => rowsOf(await api.once(`runs/${id}/tables/${name}`, ALL));
    try {
      [this.front, this.choices] = await Promise.all([table("portfolio_front"), table("portfolio_choices")]);
      fill(this.problems);
      this.draw();
      this.#drawTables(id);
    } catch (error) {
      fill(this.problems, problemOf(error));
    }
  }

  /** The portfolio of the address, else the recommended one. */
  #portfolio() {
    const asked = Number(this.context.state.get("portfolio"));
    return this.front.find((row) => row.portfolio === asked) ?? this.front.find((row) => row.recommended) ?? this.front[0];
  }

  draw() {
    const { state } = this.context;
    const chosen = this.#portfolio();
    const axis = (/** @type {string} */ key, /** @type {string} */ otherwise) =>
      (AXES.some((each) => each.value === state.get(key)) ? state.get(key) : otherwise);
    const x = axis("x", "worst_loss_pct");
    const y = axis("y", "npv_musd");
    fill(this.head,
      select("Search", this.runs.map((run) => ({ value: run.id, label: `${runName(run)} · ${run.created.slice(0, 16).replace("T", " ")}` })), this.#run().id, (search) => state.set({ search, portfolio: "" })),
      select("Across", AXES, x, (value) => state.set({ x: value })),
      select("Up", AXES, y, (value) => state.set({ y: value })),
      select("Portfolio", this.front.map((row) => ({ value: String(row.portfolio), label: `${row.portfolio}${row.recommended ? ", recommended" : ""}: ${number(row.npv_musd)} USD million` })),
        String(chosen?.portfolio ?? ""), (portfolio) => state.set({ portfolio })));
    this.#drawFront(x, y, chosen);
    this.#drawChosen(chosen);
  }

  /**
   * @param {string} x
   * @param {string} y
   * @param {any} chosen
   */
  #drawFront(x, y, chosen) {
    const label = (/** @type {string} */ key) => AXES.find((each) => each.value === key)?.label ?? key;
    this.chart.update({
      title: `Trade-off: ${label(y)} against ${label(x)}`,
      alt: `${this.front.length} portfolios; the chosen one has ${number(chosen?.[x])} across and ${number(chosen?.[y])} up.`,
      note: "Each point is a portfolio that no other beats in every respect. Ring: the chosen one. Orange: recommended.",
      draw: (plot) => ({
        height: 360, x: { label: label(x), grid: true, inset: 12 }, y: { label: label(y), grid: true, inset: 12 },
        marks: [
          plot.dot(this.front, { x, y, r: 5, fill: (/** @type {any} */ row) => (row.recommended ? ORANGE : GREY), stroke: "white",
            title: (/** @type {any} */ row) => `Portfolio ${row.portfolio}: ${row.text ?? ""}` }),
          plot.dot(chosen ? [chosen] : [], { x, y, r: 9, stroke: INK, strokeWidth: 2 }),
        ],
      }),
    });
  }

  /** @param {any} chosen */
  #drawChosen(chosen) {
    const rows = this.choices.filter((row) => row.portfolio === chosen?.portfolio);
    this.canvas?.setPoints(rows.filter((row) => this.places.has(row.project)).map((row) => ({
      at: this.places.get(row.project), id: row.project, kind: "project", radius: 4 + Math.min(12, Math.sqrt(row.cost_musd ?? 0) / 6), colour: ORANGE,
    })));
    fill(this.chosen,
      h("h2", {}, `Portfolio ${chosen?.portfolio ?? ""}${chosen?.recommended ? ", recommended" : ""}`),
      createTable(localSource(CHOICES, rows.map((row) => CHOICES.map((column) => row[column.name]))), { caption: "Projects and who finances them", sort: "-cost_musd" }).element);
  }

  /** @param {string} run */
  #drawTables(run) {
    const { api } = this.context;
    const table = (/** @type {string} */ name, /** @type {string} */ caption) => {
      const path = `runs/${run}/tables/${name}`;
      return h("details", {}, h("summary", {}, caption), createTable(remoteSource(api, path), { caption, files: remoteFiles(api, path) }).element);
    };
    fill(this.tables, h("h2", {}, "Tables"), table("portfolio_front", "Front"), table("portfolio_finance", "Who finances the recommended portfolio"),
      table("portfolio_losses", "Loss by partner"), table("portfolio_regret", "Regret by scenario"), table("portfolio_projects", "Projects in near-optimal portfolios"));
  }

  close() {
    this.chart.destroy();
    this.canvas?.close();
  }
}
