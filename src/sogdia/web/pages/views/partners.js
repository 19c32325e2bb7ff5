// @ts-check
/** Partners: exposure and loss by channel and horizon, Shapley values, and what a coalition would cost. */

import { createChart } from "../components/chart.js";
import { createTable, localSource, remoteFiles, remoteSource } from "../components/table.js";
import { CATEGORIES, INK } from "../modules/colours.js";
import { fill, h, select } from "../modules/dom.js";
import { number, quantity, words } from "../modules/format.js";
import { coalitionOf, lossOf, matrixOf } from "../modules/partners.js";
import { isBaseline } from "../modules/runs.js";

/** @type {Record<string, string>} */
const HORIZONS = { year_1: "one year after a withdrawal", year_10: "ten years after a withdrawal" };
const SHOWN = [
  { value: "loss", label: "loss, % of GDP" },
  { value: "exposure", label: "exposure, % of the channel" },
];

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api, state } = context;
  const studies = await api.get("partners/studies", {}, context);
  fill(element, h("h1", {}, "Partners"));
  if (!studies.length) {
    element.append(h("div", { class: "notice" },
      h("p", {}, "The store has no study of dependence of this region yet."),
      h("p", {}, h("a", { href: "#plan" }, "Choose a plan"), " and press Dependence on partners, or on the command line: ", h("code", {}, "sogdia dependence"), ".")));
    return undefined;
  }
  const view = new PartnersView(element, context, studies);
  await view.open();
  const end = state.subscribe((changed) => {
    if (changed.includes("study")) void view.open();
    else if (changed.some((key) => ["home", "horizon", "show", "channel", "gone"].includes(key))) view.draw();
  });
  return () => { end(); view.close(); };
}

class PartnersView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any[]} studies
   */
  constructor(element, context, studies) {
    this.context = context;
    this.studies = studies;
    this.head = h("div", { class: "bar" });
    this.matrix = h("section", { "aria-label": "Matrix" });
    this.sentences = h("section", { "aria-label": "In sentences" });
    this.coalition = h("section", { "aria-labelledby": "coalition" });
    this.chart = createChart({ title: "Share of the joint loss by partner (Shapley value)", alt: "", draw: () => ({}) });
    this.tables = h("section", { "aria-label": "Tables" });
    element.append(this.head, this.matrix, h("div", { class: "columns" }, this.chart.element, this.coalition), this.sentences, this.tables);
  }

  async open() {
    const { api, state } = this.context;
    const chosen = this.studies.find((study) => state.get("study") && study.run.startsWith(state.get("study"))) ??
      this.studies.find((study) => !isBaseline(study)) ?? this.studies[0];
    this.study = await api.once("partners", { run: chosen.run });
    this.#drawTables();
    this.draw();
  }

  /** Values that the address has, or their defaults. */
  #chosen() {
    const { state } = this.context;
    const { homes, horizons } = this.study;
    const known = (/** @type {string} */ key, /** @type {string[]} */ values) =>
      (values.includes(state.get(key)) ? state.get(key) : values[0]);
    const show = known("show", SHOWN.map((each) => each.value));
    const rows = show === "loss" ? this.study.channels : this.study.exposure.filter((/** @type {any} */ row) => row.measure === "all");
    const channels = [...new Set(rows.map((/** @type {any} */ row) => row.channel))];
    const asked = state.get("channel");
    return {
      home: known("home", homes.map((/** @type {any} */ home) => home.id)), horizon: known("horizon", horizons), show,
      channels, channel: channels.includes(asked) ? asked : "",
      gone: new Set(state.get("gone").split(",").filter(Boolean)),
    };
  }

  draw() {
    const { state } = this.context;
    const { study, homes, partners, horizons } = this.study;
    const chosen = this.#chosen();
    const options = this.studies.map((each) => ({ value: each.run, label: studyName(each) }));
    const horizonOptions = horizons.map((/** @type {string} */ value) => ({ value, label: HORIZONS[value] ?? value }));
    const anyChannel = { value: "", label: chosen.show === "loss" ? "all together" : "largest" };
    const channels = [anyChannel, ...chosen.channels.map((value) => ({ value, label: words(value) }))];
    fill(this.head,
      select("Study", options, study.run, (run) => state.set({ study: run })),
      select("Show", SHOWN, chosen.show, (show) => state.set({ show, channel: "" })),
      chosen.show === "loss" && select("Horizon", horizonOptions, chosen.horizon, (horizon) => state.set({ horizon })),
      select("Channel", channels, chosen.channel, (channel) => state.set({ channel })),
      select("Country", homes.map((/** @type {any} */ home) => ({ value: home.id, label: home.name })), chosen.home, (home) => state.set({ home })));
    fill(this.matrix, matrixTable(matrixOf(this.study, chosen), homes, partners, chosen, (home) => state.set({ home })));
    this.#drawShapley(chosen);
    this.#drawCoalition(chosen);
    const home = homes.find((/** @type {any} */ each) => each.id === chosen.home);
    fill(this.sentences, h("h2", {}, home?.name ?? chosen.home),
      (this.study.sentences[chosen.home] ?? []).map((/** @type {string} */ text) => h("p", {}, text)),
      this.study.remarks.length > 0 && h("details", {}, h("summary", {}, `${this.study.remarks.length} remarks`),
        h("ul", {}, this.study.remarks.map((/** @type {string} */ text) => h("li", {}, text)))));
  }

  /** @param {any} chosen */
  #drawShapley(chosen) {
    const rows = this.study.shares.filter((/** @type {any} */ row) => row.home === chosen.home && row.horizon === chosen.horizon);
    const hasShapley = rows.some((/** @type {any} */ row) => row.shapley_pct !== null);
    const column = hasShapley ? "shapley_pct" : "solo_pct";
    const home = this.study.homes.find((/** @type {any} */ each) => each.id === chosen.home)?.name ?? chosen.home;
    const texts = rows.map((/** @type {any} */ row) => `${row.name} ${quantity(row[column], "%")}`);
    this.chart.update({
      title: hasShapley ? `${home}: share of the joint loss by partner (Shapley value)` : `${home}: loss if a partner withdraws alone`,
      alt: `Bars, % of GDP: ${texts.join("; ")}`,
      note: hasShapley
        ? "% of GDP a year. Bars: Shapley value, whose sum is the loss if all withdraw. Points: loss if the partner withdraws alone."
        : "% of GDP a year. The study has no Shapley values, which need every coalition.",
      draw: (plot) => ({
        height: 60 + 34 * rows.length, marginLeft: 130, x: { label: "% of GDP", grid: true }, y: { label: null, domain: rows.map((/** @type {any} */ row) => row.name) },
        marks: [
          plot.barX(rows, { x: column, y: "name", fill: CATEGORIES[0] }),
          hasShapley ? plot.dot(rows, { x: "solo_pct", y: "name", fill: "white", stroke: INK, r: 5 }) : null,
          plot.ruleX([0]),
        ],
      }),
    });
  }

  /** @param {any} chosen */
  #drawCoalition(chosen) {
    const { state } = this.context;
    const { partners, homes } = this.study;
    const tick = (/** @type {string} */ id, /** @type {boolean} */ isGone) => {
      const next = new Set(chosen.gone);
      if (isGone) next.add(id);
      else next.delete(id);
      state.set({ gone: [...next].sort().join(",") });
    };
    const names = partners.filter((/** @type {any} */ each) => chosen.gone.has(each.id)).map((/** @type {any} */ each) => each.id);
    const coalition = coalitionOf(names);
    const rows = homes.map((/** @type {any} */ home) => ({ home, loss: lossOf(this.study.losses, chosen.horizon, home.id, coalition) }));
    const isRun = names.length === 0 || rows.some((/** @type {any} */ row) => row.loss);
    const focus = document.activeElement?.getAttribute("data-partner");
    fill(this.coalition,
      h("h3", { id: "coalition" }, "Who withdraws?"),
      h("fieldset", {}, h("legend", {}, "Partners that withdraw together"), partners.map((/** @type {any} */ partner) => h("label", { class: "field check" },
        h("input", {
          type: "checkbox", checked: chosen.gone.has(partner.id), "data-partner": partner.id,
          onchange: (/** @type {any} */ event) => tick(partner.id, event.target.checked),
        }),
        partner.name))),
      isRun ? coalitionTable(rows, names.length) : h("p", { class: "notice" }, "The study has no run of this coalition; it ran each partner alone and all together."));
    if (focus) [...this.coalition.querySelectorAll("input")].find((input) => input.dataset.partner === focus)?.focus();
  }

  #drawTables() {
    const { api } = this.context;
    const table = (/** @type {string} */ name, /** @type {string} */ caption) => {
      const path = `runs/${this.study.study.run}/tables/${name}`;
      return h("details", {}, h("summary", {}, caption), createTable(remoteSource(api, path), { caption, files: remoteFiles(api, path) }).element);
    };
    fill(this.tables, h("h2", {}, "Tables"),
      table("channels", "Loss of each partner alone by channel"), table("losses", "Loss by coalition"),
      table("shares", "Shapley values"), table("exposure", "Exposure"), table("concentration", "Concentration"));
  }

  close() {
    this.chart.destroy();
  }
}

/**
 * Build the matrix: home countries in rows, partners in columns; darker cells are larger.
 * @param {Map<string, number | null>} values By `home partner`.
 * @param {any[]} homes
 * @param {any[]} partners
 * @param {any} chosen
 * @param {(home: string) => void} onChoose
 */
function matrixTable(values, homes, partners, chosen, onChoose) {
  const largest = Math.max(1e-9, ...[...values.values()].map((value) => Math.abs(value ?? 0)));
  const about = chosen.show === "loss" ? "Loss if the partner withdraws, % of GDP a year; negative is a gain" : "Share of the partner, %";
  return h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": about }, h("table", { class: "matrix" },
    h("caption", {}, about),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Country"), partners.map((partner) => h("th", { scope: "col" }, partner.name)))),
    h("tbody", {}, homes.map((home) => h("tr", { class: home.id === chosen.home ? "is-marked" : null },
      h("th", { scope: "row" }, h("button", { type: "button", onclick: () => onChoose(home.id) }, home.name)),
      partners.map((partner) => {
        const value = values.get(`${home.id} ${partner.id}`) ?? null;
        return h("td", { class: "number", style: { background: shade(value, largest) } }, number(value, { digits: 2 }));
      }))))));
}

/**
 * Return the colour of a cell: from white to a blue on which dark text keeps a contrast of 4.5.
 * @param {number | null} value
 * @param {number} largest
 */
function shade(value, largest) {
  if (value === null) return "none";
  const part = Math.min(1, Math.abs(value) / largest);
  return `rgb(${[169, 75, 22].map((depth) => Math.round(255 - depth * part)).join(" ")})`;
}

/** @param {any} study */
function studyName(study) {
  const parts = [words(study.plan), words(study.scenario), study.year, study.created.slice(0, 16).replace("T", " ")];
  return parts.join(" · ") + (study.is_current ? "" : " (older version)");
}

/**
 * @param {{home: any, loss: any}[]} rows
 * @param {number} count
 */
function coalitionTable(rows, count) {
  const columns = /** @type {import("../components/table.js").Column[]} */ ([
    { name: "home", label: "Country" },
    { name: "loss_pct", label: "Loss", unit: "% of GDP", kind: "number" },
    { name: "loss_musd", label: "Loss", unit: "USD million/a", kind: "number" },
    { name: "goods_musd", label: "of goods and transit", unit: "USD million/a", kind: "number" },
    { name: "energy_musd", label: "of energy", unit: "USD million/a", kind: "number" },
    { name: "capital_musd", label: "of capital", unit: "USD million/a", kind: "number" },
  ]);
  if (!count) return h("p", { class: "note" }, "Tick who withdraws.");
  const cells = rows.map(({ home, loss }) => [home.name, ...columns.slice(1).map((column) => loss?.[column.name] ?? null)]);
  return createTable(localSource(columns, cells),
    { caption: "Loss of this coalition", sort: "-loss_pct" }).element;
}
