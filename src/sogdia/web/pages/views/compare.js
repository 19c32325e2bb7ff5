// @ts-check
/** Compare: runs against the first of them, by measure, on the map and by table, and why they differ. */

import { createChart } from "../components/chart.js";
import { mapLegend } from "../components/legend.js";
import { MapCanvas, hasWebGl } from "../components/map-canvas.js";
import { copyLink } from "../components/map-controls.js";
import { intervalNotes, measureChart, measureRows, measureTable } from "../components/measures.js";
import { noRuns } from "../components/run-picker.js";
import { comparedRuns, runSet } from "../components/run-set.js";
import { createTable, remoteFiles, remoteSource } from "../components/table.js";
import { createWhy } from "../components/why.js";
import { CATEGORIES } from "../modules/colours.js";
import { fill, h, select } from "../modules/dom.js";
import { number, tonnes } from "../modules/format.js";
import { problemOf } from "../modules/messages.js";
import { compose, countryNames, linkName, placeNames } from "../modules/picture.js";
import { runNames, shortNames } from "../modules/runs.js";
import { mostChanged, sentences } from "../modules/summary.js";

/** @typedef {import("../modules/runs.js").RunInfo} RunInfo */

/** @type {Record<string, string>} Kind of feature that a column of a table names. */
const KINDS = {
  link: "link",
  place: "border",
  economy: "country",
  territory: "country",
  iso3: "country",
  home: "country",
  zone: "zone",
  line: "line",
};
const FIRST_TABLE = "links";

/** @param {any} base Answer of `map/base`. @returns {Map<string, string>} */
function zoneNames(base) {
  return new Map(base.zones.features.map((/** @type {any} */ each) => [each.properties.id, each.properties.name]));
}

/**
 * Return the names of links, places, zones and countries, by column and id.
 * @param {any} base Answer of `map/base`, with names of countries.
 */
function featureNames(base) {
  const places = placeNames(base);
  const named = [...places].flatMap(([id, name]) => ["place", "from", "to"].map((column) => [`${column}:${id}`, name]));
  const links = base.links.features.map((/** @type {any} */ each) => [`link:${each.properties.id}`, linkName(each.properties, places)]);
  const zones = [...zoneNames(base)].map(([id, name]) => [`zone:${id}`, name]);
  const countries = [...base.names].map(([id, name]) => [`country:${id}`, name]);
  return new Map(/** @type {[string, string][]} */ ([...named, ...links, ...zones, ...countries]));
}

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api, state } = context;
  const [region, mapBase, runs] = await Promise.all([api.once("region"), api.once("map/base"), api.get("runs", {}, context)]);
  if (runs.length < 2) {
    fill(element, h("h1", {}, "Compare"), noRuns(), h("p", {}, "A comparison needs two runs."));
    return undefined;
  }
  const base = {
    ...mapBase,
    homes: region.homes.map((/** @type {any} */ home) => home.id),
    names: countryNames(region, mapBase),
  };
  const view = new CompareView(element, context, base, region, runs);
  const end = state.subscribe((changed) => void view.update(changed));
  await view.open();
  return () => {
    end();
    view.close();
  };
}

class CompareView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any} base
   * @param {any} region
   * @param {RunInfo[]} runs
   */
  constructor(element, context, base, region, runs) {
    this.context = context;
    this.base = base;
    this.region = region;
    this.runs = runs;
    this.names = runNames(runs);
    this.turn = 0;
    /** @type {MapCanvas | null} */
    this.canvas = null;
    /** @type {import("../modules/picture.js").Picture | null} */
    this.picture = null;
    /** @type {any} */
    this.comparison = null;
    this.featureNames = featureNames(base);
    this.head = h("div", {});
    this.remarks = h("div", {});
    this.summary = h("section", { "aria-label": "In short", "aria-live": "polite" });
    this.place = h("div", { class: "map-place is-small" });
    this.legend = h("div", { class: "map-legend" });
    this.mapTitle = h("h3", {});
    this.chart = createChart({
      title: "Measure",
      alt: "",
      draw: () => ({ marks: [] }),
      onHover: (datum) => this.mark(datum ? datum.key : null),
      onSelect: (datum) => this.focus(datum.key),
    });
    this.measures = h("div", {});
    this.tableControls = h("div", { class: "bar" });
    this.tablePlace = h("div", {});
    this.why = createWhy(context, region, zoneNames(base));
    fill(
      element,
      h(
        "div",
        { class: "view-head" },
        h("h1", {}, "Compare"),
        h("span", { class: "files" }, h("button", { type: "button", onclick: () => void copyLink(context) }, "Copy link")),
      ),
      this.head,
      this.remarks,
      this.summary,
      h(
        "div",
        { class: "columns" },
        h("section", {}, this.chart.element),
        h("section", {}, this.mapTitle, this.place, this.legend, h("p", { class: "note" }, base.notes.join(" "))),
      ),
      this.measures,
      this.why.element,
      h("h2", {}, "Differences by table"),
      this.tableControls,
      this.tablePlace,
    );
  }

  async open() {
    if (hasWebGl()) {
      this.canvas = new MapCanvas(this.place, this.base, {
        onPick: (picked) => this.focus(picked ? `${picked.kind}:${picked.id}` : null),
        describe: (picked) => this.describe(picked),
      });
      await this.canvas.open("");
    } else
      fill(
        this.place,
        h("p", { class: "notice" }, "This browser draws no WebGL, which the map needs; the tables below have the same data."),
      );
    await this.update(["runs"]);
  }

  close() {
    this.canvas?.close();
    this.chart.destroy();
    this.why.destroy();
  }

  /** Runs compared, the reference first. */
  chosen() {
    const { state } = this.context;
    return comparedRuns(this.runs, { runs: state.get("runs"), run: state.get("run"), minus: state.get("minus") });
  }

  /** The run that map and tables show, and the reference. */
  pair() {
    const chosen = this.chosen();
    const shown = chosen.slice(1).find((run) => run.id.startsWith(this.context.state.get("shown") || "-")) ?? chosen[1];
    return { run: shown, minus: chosen[0] };
  }

  /** @param {string[]} changed */
  async update(changed) {
    const only = (/** @type {string[]} */ keys) => changed.every((key) => keys.includes(key));
    if (changed.includes("view")) return;
    if (only(["focus"])) return this.#brush();
    if (only(["measure"])) return this.#drawMeasures();
    if (only(["table"])) return this.#drawTable();
    if (only(["why", "country", "lane", "zone"])) return this.#explain();
    this.turn += 1;
    const own = this.turn;
    const { api } = this.context;
    const { run, minus } = this.pair();
    this.#drawHead();
    fill(this.summary);
    fill(this.remarks, h("p", { class: "loading", role: "status" }, "Comparing the runs…"));
    try {
      const [comparison, flows] = await Promise.all([
        api.once("compare", {
          runs: this.chosen()
            .map((each) => each.id)
            .join(","),
        }),
        api.once(`runs/${run.id}/map`, { minus: minus.id }),
      ]);
      if (own !== this.turn) return;
      this.comparison = comparison;
      this.flows = flows;
      fill(
        this.remarks,
        comparison.remarks.map((/** @type {string} */ text) => h("p", { class: "notice" }, text)),
      );
      this.#drawSummary();
      this.#drawMap(flows);
      this.#drawMeasures();
      this.#drawTable();
      this.#explain();
    } catch (error) {
      if (own === this.turn) fill(this.remarks, problemOf(error));
    }
  }

  #drawHead() {
    const { state } = this.context;
    const chosen = this.chosen();
    const isOpen = this.head.querySelector("details")?.open ?? false;
    const set = runSet(this.runs, chosen, (ids) => state.set({ runs: ids.join(","), shown: null }, { push: true }));
    if (isOpen) set.setAttribute("open", "");
    const options = chosen.slice(1).map((run) => ({ value: run.id, label: this.names.get(run.id) ?? run.id }));
    const shown =
      chosen.length > 2 && select("Map, tables and reasons of", options, this.pair().run.id, (id) => state.set({ shown: id }));
    fill(this.head, set, h("div", { class: "bar" }, shown));
  }

  /** Explain the country that changes most, unless another is chosen. */
  #explain() {
    const { run, minus } = this.pair();
    const first = this.comparison && mostChanged(this.comparison.measures, this.chosen().indexOf(run));
    this.why.update({ run, minus, country: first?.of ?? "" });
  }

  /** The difference in sentences, for whoever reads no chart. */
  #drawSummary() {
    const { run, minus } = this.pair();
    const nameOf = (/** @type {string} */ column) => (/** @type {string} */ id) => this.#nameOf(column, id) ?? id;
    const texts = sentences(this.comparison.measures, this.chosen().indexOf(run), this.flows.layers, {
      of: this.#ofNames(),
      link: nameOf("link"),
      place: nameOf("place"),
    }, this.base.homes);
    fill(
      this.summary,
      h("h2", { class: "is-sentence" }, shortNames([minus, run]).reverse().join(", compared with ")),
      h("ul", { class: "in-short" }, texts.map((text) => h("li", {}, text))),
    );
  }

  /** @param {any} flows */
  #drawMap(flows) {
    const { run, minus } = this.pair();
    this.mapTitle.textContent = `Freight: ${shortNames([run, minus]).join(" minus ")}`;
    this.picture = compose(this.base, flows, {
      show: "difference",
      theme: "freight",
      mode: "",
      area: "",
      tonnesOf: undefined,
    });
    fill(this.legend, mapLegend(this.picture.legend));
    if (!this.canvas) return;
    this.canvas.setCountries(this.picture.fillOf);
    this.canvas.setNetwork(this.picture.network);
    this.canvas.setLines("freight", this.picture.freight);
    this.canvas.setPoints(this.picture.points.filter((point) => point.colour !== "#ffffff"));
    this.#brush();
  }

  #drawMeasures() {
    const { state } = this.context;
    const { measures } = this.comparison;
    const chosen = this.chosen();
    const asked = state.get("measure", "home_gain_pct_of_gdp");
    const name = measures.some((/** @type {any} */ each) => each.measure === asked) ? asked : measures[0]?.measure;
    const names = shortNames(chosen);
    fill(
      this.measures,
      measureTable(measures, names, this.#ofNames(), this.comparison.samples, (measure, of) =>
        state.set({ measure, focus: of ? this.#keyOf(of) : null }),
      ),
      intervalNotes(names, this.comparison.samples).map((text) => h("p", { class: "note" }, text)),
    );
    if (!name) return;
    const rows = measureRows(
      measures.filter((/** @type {any} */ each) => each.measure === name),
      names,
      this.#ofNames(),
      this.base.homes,
    );
    const [first] = rows;
    const changes = rows.filter((row) => row.run !== names[0]).map((row) => `${row.ofName} ${number(row.difference, { sign: true })}`);
    const hasIntervals = rows.some((row) => row.low !== null);
    this.chart.update({
      title: `${first.label}, ${first.unit}`,
      alt: `Bars of ${first.label} by run: ${rows.map((row) => `${row.ofName} ${row.run} ${number(row.value)}`).join("; ")}`,
      note: `Compared with ${names[0]}: ${changes.join(", ")}.${hasIntervals ? " Thin lines: 80 % interval of the change." : ""}`,
      legend: names.map((label, at) => ({ label, colour: CATEGORIES[at] })),
      draw: (Plot) => measureChart(Plot, rows, names, state.get("focus")),
    });
  }

  /** Names of countries and corridors. */
  #ofNames() {
    const homes = this.region.homes.map((/** @type {any} */ home) => [home.id, home.name]);
    const corridors = (this.flows?.layers.corridors ?? []).map((/** @type {any} */ row) => [row.corridor, row.name]);
    return new Map([...homes, ...corridors]);
  }

  /**
   * Name what a cell of a table identifies.
   * @param {string} column
   * @param {any} value
   */
  #nameOf(column, value) {
    return this.featureNames.get(`${KINDS[column] === "country" ? "country" : column}:${value}`);
  }

  /** @param {string} of */
  #keyOf(of) {
    return this.base.homes.includes(of) ? `country:${of}` : `of:${of}`;
  }

  #drawTable() {
    const { state, api } = this.context;
    const { run, minus } = this.pair();
    const tables = this.comparison.tables.filter((/** @type {any} */ table) => table.name !== "measures");
    const asked = state.get("table", FIRST_TABLE);
    const table = tables.find((/** @type {any} */ each) => each.name === asked) ?? tables[0];
    fill(
      this.tableControls,
      select(
        "Table",
        tables.map((/** @type {any} */ each) => ({ value: each.name, label: each.title })),
        table?.name ?? "",
        (name) => state.set({ table: name }),
      ),
    );
    if (!table) return fill(this.tablePlace, h("p", { class: "hint" }, "The runs have no differences."));
    const path = `compare/tables/${table.name}`;
    const filters = { run: run.id, minus: minus.id };
    this.table = createTable(remoteSource(api, path, filters), {
      caption: table.title,
      pageSize: 15,
      write: (column, value) => this.#nameOf(column.name, value),
      files: remoteFiles(api, path, filters),
      key: (row, columns) => {
        const at = columns.findIndex((column) => KINDS[column.name]);
        return at < 0 ? "" : `${KINDS[columns[at].name]}:${row[at]}`;
      },
      onSelect: (key) => key && this.focus(key),
      onHover: (key) => this.mark(key),
    });
    fill(this.tablePlace, h("p", { class: "note" }, table.description), this.table.element);
    return undefined;
  }

  /** @param {string | null} key */
  focus(key) {
    const { state } = this.context;
    const [kind, id] = (key ?? "").split(":");
    state.set({ focus: key, ...(kind === "country" && this.base.homes.includes(id) ? { country: id } : {}) });
  }

  /** Mark what has the focus on the map, in the chart and in the tables. */
  #brush() {
    this.mark(null);
    this.chart.update();
    this.table?.highlight(new Set([this.context.state.get("focus")]));
    this.#explain();
  }

  /** @param {string | null} hovered */
  mark(hovered) {
    const keys = [this.context.state.get("focus"), hovered ?? ""];
    const items = this.picture?.items.filter((item) => keys.includes(`${item.kind}:${item.id}`)) ?? [];
    this.canvas?.mark(items);
    this.canvas?.outline(keys.filter((key) => key.startsWith("country:")).map((key) => key.slice(8)));
    for (const row of this.measures.querySelectorAll("tbody tr")) {
      const of = (row.getAttribute("data-key") ?? "").split(":")[1];
      row.classList.toggle("is-marked", Boolean(of) && keys.includes(this.#keyOf(of)));
    }
  }

  /** @param {{kind: string, id: string}} picked */
  describe(picked) {
    const item = this.picture?.items.find((each) => each.kind === picked.kind && each.id === picked.id);
    return item ? `${item.name}: ${tonnes(item.value, { sign: true })} ${item.more}` : picked.id;
  }
}
