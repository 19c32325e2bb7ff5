// @ts-check
/** Map: freight, electricity or projects of a run, of the one it is compared with, or the difference. */

import { mapLegend } from "../components/legend.js";
import { MapCanvas, hasWebGl, nameMarker } from "../components/map-canvas.js";
import { flowTables } from "../components/flow-tables.js";
import { showDetails } from "../components/map-details.js";
import { pie, pieRadius } from "../components/pie.js";
import { THEMES, drawControls, mapFiles } from "../components/map-controls.js";
import { noRuns } from "../components/run-picker.js";
import { createTable, localSource } from "../components/table.js";
import { fill, h } from "../modules/dom.js";
import { reaches } from "../modules/flows.js";
import { words } from "../modules/format.js";
import { compose, countryNames } from "../modules/picture.js";
import { chosenRuns, runNames } from "../modules/runs.js";
import { middleOf } from "../modules/shapes.js";

const COLUMNS = /** @type {import("../components/table.js").Column[]} */ ([
  { name: "kind", label: "Kind" },
  { name: "name", label: "Name" },
  { name: "detail", label: "Mode or status" },
  { name: "value", label: "Value", kind: "number", show: (_, row) => row[5] },
  { name: "more", label: "Queue, use, or owner" },
]);

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api, state } = context;
  const [region, mapBase, runs] = await Promise.all([api.once("region"), api.once("map/base"), api.get("runs", {}, context)]);
  const base = {
    ...mapBase,
    homes: region.homes.map((/** @type {any} */ home) => home.id),
    names: countryNames(region, mapBase),
  };
  const view = new MapView(element, context, base, runs);
  const end = state.subscribe((changed) => {
    if (changed.some((key) => key !== "at" && key !== "view")) void view.update(changed);
    else if (changed.includes("at")) view.list();
  });
  await view.open();
  return () => {
    end();
    view.canvas?.close();
  };
}

export class MapView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any} base
   * @param {import("../modules/runs.js").RunInfo[]} runs
   */
  constructor(element, context, base, runs) {
    this.context = context;
    this.base = base;
    this.runs = runs;
    /** @type {import("../modules/picture.js").Picture | null} */
    this.picture = null;
    /** @type {MapCanvas | null} */
    this.canvas = null;
    this.turn = 0;
    this.controls = h("div", { class: "bar" });
    this.place = h("div", { class: "map-place" });
    this.legend = h("div", { class: "map-legend" });
    this.tables = h("div", { class: "columns is-wide" });
    this.details = h("aside", { class: "map-details", "aria-label": "Details", "aria-live": "polite" });
    this.side = h(
      "div",
      { class: "map-side" },
      h("details", { class: "map-key", open: true }, h("summary", {}, "Legend"), this.legend),
      this.details,
    );
    this.frame = h("div", { class: "map-frame" }, this.place, this.side);
    this.table = createTable(localSource(COLUMNS, []), {
      caption: "Visible on the map",
      pageSize: 12,
      key: (row) => `${row[6]}:${row[7]}`,
      shown: (column) => COLUMNS.some((each) => each.name === column.name),
      onSelect: (key) => {
        this.pick(key);
        this.frame.scrollIntoView({ block: "nearest" });
      },
      onHover: (key) => this.mark(key),
    });
    fill(
      element,
      h("div", { class: "view-head" }, h("h1", {}, "Map"), mapFiles(this)),
      this.controls,
      runs.length ? null : noRuns(),
      this.frame,
      h("p", { class: "note" }, base.notes.join(" ")),
      this.table.element,
      this.tables,
    );
  }

  async open() {
    const { state } = this.context;
    if (hasWebGl()) {
      this.canvas = new MapCanvas(this.place, this.base, {
        onPick: (picked) => this.pick(picked ? `${picked.kind}:${picked.id}` : null),
        describe: (picked) => this.describe(picked),
        onMove: (at) => state.set({ at }),
        onResize: () => this.list(),
      });
      await this.canvas.open(state.get("at"));
    } else {
      fill(
        this.place,
        h(
          "p",
          { class: "notice" },
          "This browser draws no WebGL, which the map needs. The list below and the printed map (SVG) have the same data.",
        ),
      );
    }
    await this.update(["run"]);
  }

  chosen() {
    const { state } = this.context;
    return chosenRuns(this.runs, state.get("run"), state.get("minus"));
  }

  /** @returns {import("../modules/flows.js").Show} */
  show() {
    const asked = this.context.state.get("show");
    if (!this.chosen().minus) return "run";
    return asked === "minus" || asked === "difference" ? asked : "run";
  }

  title() {
    const names = runNames(this.runs);
    const { run, minus } = this.chosen();
    const name = (/** @type {{id: string} | undefined} */ each) => (each ? (names.get(each.id) ?? each.id) : "");
    const theme = THEMES.find((each) => each.value === this.context.state.get("theme", "freight"))?.label ?? "";
    if (!run) return theme;
    return `${theme}: ${{ run: name(run), minus: name(minus), difference: `${name(run)} minus ${name(minus)}` }[this.show()]}`;
  }

  /** @param {string[]} changed */
  async update(changed) {
    this.turn += 1;
    const own = this.turn;
    drawControls(this.controls, this);
    if (changed.length === 1 && changed[0] === "pick") {
      this.#showPicked();
      return;
    }
    const { api, state, notify } = this.context;
    const { run, minus } = this.chosen();
    const commodity = state.get("commodity");
    try {
      const flows = run ? await api.once(`runs/${run.id}/map`, { minus: minus?.id }) : null;
      const tonnesOf = run && commodity ? await this.#commodityTonnes(commodity) : undefined;
      if (own !== this.turn) return;
      this.flows = flows;
      this.picture = compose(this.base, flows, {
        show: this.show(),
        theme: /** @type {any} */ (state.get("theme", "freight")),
        mode: state.get("mode"),
        area: state.get("area"),
        tonnesOf,
      });
      this.#draw();
    } catch (error) {
      if (own === this.turn) notify(error instanceof Error ? error.message : String(error));
    }
  }

  /** @param {string} commodity */
  async #commodityTonnes(commodity) {
    const { run, minus } = this.chosen();
    const read = async (/** @type {string | undefined} */ id) => {
      if (!id) return new Map();
      const page = await this.context.api.once(`runs/${id}/tables/link_commodities`, {
        commodity,
        limit: 10_000,
        columns: "link,tonnes",
      });
      return new Map(page.rows);
    };
    const show = this.show();
    const [own, other] = await Promise.all([
      read(show === "minus" ? minus?.id : run?.id),
      read(show === "difference" ? minus?.id : undefined),
    ]);
    return (/** @type {string} */ link) => (own.get(link) ?? 0) - (other.get(link) ?? 0);
  }

  #draw() {
    const { picture, canvas } = this;
    if (!picture) return;
    fill(this.legend, mapLegend(picture.legend));
    this.list();
    this.#drawTables();
    if (canvas) {
      canvas.setCountries(picture.fillOf);
      canvas.setNetwork(picture.network);
      canvas.setLines("freight", picture.freight);
      canvas.setLines("power", picture.power);
      canvas.setArrows(picture.arrows);
      canvas.setPoints(picture.points);
      canvas.setMarkers([...this.#names(), ...this.#pies()]);
    }
    this.#showPicked();
  }

  /** Fill the list with what is visible on the map. */
  list() {
    const window = this.canvas?.window();
    const items = (this.picture?.items ?? []).filter((item) => !window || reaches(item.geometry, window));
    const rows = items.map((item) => [
      words(item.kind),
      item.name,
      item.detail,
      item.value,
      item.more,
      item.text,
      item.kind,
      item.id,
    ]);
    this.table.update(localSource([...COLUMNS, { name: "text" }, { name: "of" }, { name: "id" }], rows));
  }

  #drawTables() {
    const layers = this.flows?.layers ?? {};
    const made = flowTables(
      layers,
      this.base.names,
      this.base.homes,
      Boolean(this.chosen().minus),
      (/** @type {string} */ iso3) => this.pick(`country:${iso3}`),
    );
    fill(this.tables, this.context.state.get("theme", "freight") === "freight" ? made : null);
  }

  #names() {
    const homes = new Set(this.base.homes);
    const countries = this.base.zones.features.length
      ? this.base.countries.features.filter((/** @type {any} */ country) => homes.has(country.properties.iso3))
      : [];
    return countries.map((/** @type {any} */ country) => ({
      at: middleOf(country.geometry),
      element: nameMarker(country.properties.name, "country"),
    }));
  }

  #pies() {
    const pies = this.picture?.pies ?? [];
    const largest = Math.max(0, ...pies.map((each) => each.value));
    return pies.map((each) => {
      const radius = pieRadius(each.value, largest);
      return { at: each.at, element: h("span", { class: "map-pie", title: each.name }, pie(each.mix, radius)) };
    });
  }

  /** @param {string | null} key Kind and id, `link:…`. */
  pick(key) {
    this.context.state.set({ pick: key });
  }

  #showPicked() {
    const key = this.context.state.get("pick");
    this.table.highlight(new Set([key]));
    // What is chosen comes before the legend.
    if (key && this.side.firstChild !== this.details) this.side.prepend(this.details);
    if (!key && this.side.lastChild !== this.details) this.side.append(this.details);
    this.mark(null);
    const { run, minus } = this.chosen();
    showDetails(this.details, this.context, {
      key,
      base: this.base,
      flows: this.flows,
      show: this.show(),
      run,
      minus,
      item: this.picture?.items.find((item) => `${item.kind}:${item.id}` === key),
    });
    const item = this.picture?.items.find((each) => `${each.kind}:${each.id}` === key);
    if (item) this.canvas?.reveal(item.geometry);
  }

  /** @param {string | null} hovered Mark the picked feature and the one of the row under the pointer. */
  mark(hovered) {
    const keys = [this.context.state.get("pick"), hovered ?? ""].filter(Boolean);
    const items = this.picture?.items.filter((item) => keys.includes(`${item.kind}:${item.id}`)) ?? [];
    this.canvas?.mark(items);
  }

  /** @param {{kind: string, id: string}} picked */
  describe(picked) {
    const item = this.picture?.items.find((each) => each.kind === picked.kind && each.id === picked.id);
    return item ? [item.name, item.text, item.more].filter(Boolean).join(" · ") : picked.id;
  }
}
