// @ts-check
/** Why two runs differ: the cost of a lane by part, the gain of a country by part, the price of a zone. */

import { CATEGORIES, DECREASE, FAINT, INCREASE } from "../modules/colours.js";
import { fill, h, select } from "../modules/dom.js";
import { number, words } from "../modules/format.js";
import { problemOf } from "../modules/messages.js";
import { runName } from "../modules/runs.js";
import { createChart } from "./chart.js";
import { createTable, localSource, remoteFiles } from "./table.js";

/** @typedef {import("../modules/runs.js").RunInfo} RunInfo */
/** @typedef {{run: RunInfo, minus: RunInfo, country: string}} Pair `country` is explained at first. */
/** @typedef {{api: any, state: any, region: any, pair: Pair, zones: Map<string, string>}} Question */
/** @typedef {{part: string, label: string, run: number, minus: number, difference: number}} Part */

const QUESTIONS = [
  { value: "country", label: "The gain of a country" },
  { value: "lane", label: "The cost of a trade lane" },
  { value: "price", label: "The price of electricity" },
];
const MOST_LANES = 5000;
const WATER = "stored water";
const WATER_VALUE =
  "Stored water has no cost of its own: released now, it is lacking in another hour. Its value is the price that it replaces there, of a thermal plant, a purchase or a sale abroad.";
const OLD_RUN = "One of the runs was stored by an earlier version, without this table. Run it again to see the parts.";

/**
 * Return the parts of a row of a table with both runs: columns that begin or end with a text.
 * @param {{columns: {name: string, label: string}[], rows: any[][]}} first Page of the run that is subtracted.
 * @param {{columns: {name: string, label: string}[], rows: any[][]}} second Page of the run.
 * @param {(name: string) => boolean} isPart
 * @returns {Part[]}
 */
export function partsOf(first, second, isPart) {
  return second.columns.flatMap((column, at) => {
    if (!isPart(column.name)) return [];
    const other = first.columns.findIndex((each) => each.name === column.name);
    const run = Number(second.rows[0]?.[at] ?? 0);
    const minus = Number(first.rows[0]?.[other] ?? 0);
    return [
      {
        part: column.name,
        label: column.label.replace(/^By (.)/, (_, first) => first.toUpperCase()),
        run,
        minus,
        difference: run - minus,
      },
    ];
  });
}

/**
 * Build the panel.
 * @param {import("../modules/main.js").Context} context
 * @param {any} region
 * @param {Map<string, string>} zones Names of power zones.
 */
export function createWhy(context, region, zones) {
  const { api, state } = context;
  const controls = h("div", { class: "bar" });
  const place = h("div", { class: "columns" });
  const element = h("section", { class: "why" }, h("h2", {}, "Why?"), controls, place);
  /** @type {{destroy: () => void} | null} */
  let chart = null;
  let turn = 0;
  let shown = "";

  /** @param {Pair} pair */
  async function update(pair) {
    const question = state.get("why", "country");
    const key = [pair.run.id, pair.minus.id, pair.country, question, state.get("country"), state.get("lane"), state.get("zone")].join();
    if (key === shown) return;
    shown = key;
    turn += 1;
    const own = turn;
    const context_ = { api, state, region, pair, zones };
    try {
      const answer = await ANSWERS[question]?.(context_);
      if (own !== turn || !answer) return;
      chart?.destroy();
      chart = answer.chart;
      fill(
        controls,
        select("Explain", QUESTIONS, question, (why) => state.set({ why })),
        ...answer.fields,
      );
      fill(place, h("div", {}, answer.chart?.element ?? null), h("div", {}, answer.texts, answer.table));
    } catch (error) {
      if (own !== turn) return;
      const isOld = /** @type {any} */ (error).status === 404;
      fill(
        controls,
        select("Explain", QUESTIONS, question, (why) => state.set({ why })),
      );
      fill(place, isOld ? h("p", { class: "notice" }, OLD_RUN) : problemOf(error));
    }
  }
  return { element, update: (/** @type {Pair} */ pair) => void update(pair), destroy: () => chart?.destroy() };
}

/** @param {Question} question */
async function whyCountry({ api, state, region, pair }) {
  const country = state.get("country", pair.country || (region.homes[0]?.id ?? ""));
  const name = region.homes.find((/** @type {any} */ home) => home.id === country)?.name ?? country;
  const read = (/** @type {RunInfo} */ run) => api.once(`runs/${run.id}/tables/welfare`, { economy: country });
  const [first, second] = await Promise.all([read(pair.minus), read(pair.run)]);
  const parts = partsOf(first, second, (column) => column.startsWith("by_"));
  const fields = [
    select(
      "Country",
      region.homes.map((/** @type {any} */ home) => ({ value: home.id, label: home.name })),
      country,
      (value) => state.set({ country: value }),
    ),
  ];
  return {
    fields,
    ...panelOf(
      pair,
      parts,
      `Gain of ${name} by part, change`,
      "USD million a year",
      remoteFiles(api, `runs/${pair.run.id}/tables/welfare`, { economy: country }),
    ),
  };
}

/** @param {Question} question */
async function whyLane({ api, state, region, pair }) {
  const lanes = await api.once(`runs/${pair.run.id}/tables/lane_costs`, {
    columns: "exporter,importer,commodity,tonnes",
    sort: "-tonnes",
    limit: MOST_LANES,
  });
  const homes = region.homes.map((/** @type {any} */ home) => home.id);
  const keys = lanes.rows.map((/** @type {any[]} */ row) => row.slice(0, 3).join("/"));
  const own = lanes.rows.find((/** @type {any[]} */ row) => homes.includes(row[0]) && row[0] !== row[1]);
  const lane = keys.includes(state.get("lane")) ? state.get("lane") : (own ?? lanes.rows[0] ?? []).slice(0, 3).join("/");
  const [exporter, importer, commodity] = lane.split("/");
  const filters = { exporter, importer, commodity };
  const read = (/** @type {RunInfo} */ run) => api.once(`runs/${run.id}/tables/lane_costs`, filters);
  const [first, second] = await Promise.all([read(pair.minus), read(pair.run)]);
  const parts = partsOf(first, second, (column) => column.endsWith("_usd_per_t"));
  const set = (/** @type {number} */ at) => (/** @type {string} */ value) => {
    const next = lane.split("/");
    next[at] = value;
    const fits = keys.find(
      (/** @type {string} */ key) =>
        key.split("/").every((each, k) => k > at || each === next[k]) && key.split("/")[at] === value,
    );
    state.set({ lane: keys.includes(next.join("/")) ? next.join("/") : (fits ?? next.join("/")) });
  };
  const names = new Map([...region.homes, ...region.partners].map((/** @type {any} */ each) => [each.id, each.name]));
  const options = (/** @type {number} */ at) => {
    const before = lane.split("/").slice(0, at).join("/");
    const fitting = keys.filter((/** @type {string} */ key) => key.split("/").slice(0, at).join("/") === before);
    const values = [...new Set(fitting.map((/** @type {string} */ key) => key.split("/")[at]))].map(String);
    return values
      .map((value) => ({ value, label: at < 2 ? (names.get(value) ?? value) : words(value) }))
      .sort((one, other) => one.label.localeCompare(other.label, "en"));
  };
  const fields = [
    select("From", options(0), exporter, set(0)),
    select("To", options(1), importer, set(1)),
    select("Goods", options(2), commodity, set(2)),
  ];
  const title = `Cost of ${words(commodity)}, ${names.get(exporter) ?? exporter} to ${names.get(importer) ?? importer}, change`;
  return {
    fields,
    ...panelOf(pair, parts, title, "USD a tonne", remoteFiles(api, `runs/${pair.run.id}/tables/lane_costs`, filters)),
  };
}

/** @param {Question} question */
async function whyPrice({ api, state, pair, zones: names }) {
  const nameOf = (/** @type {string} */ id) => names.get(id) ?? words(id);
  const read = (/** @type {RunInfo} */ run, /** @type {string} */ table, /** @type {any} */ filters) =>
    api.once(`runs/${run.id}/tables/${table}`, { limit: 1000, ...filters });
  const summary = await read(pair.run, "power_price_summary", {});
  const zones = summary.rows.map((/** @type {any[]} */ row) => String(row[0]));
  const zone = zones.includes(state.get("zone")) ? state.get("zone") : zones[0];
  const setters = await Promise.all([pair.minus, pair.run].map((run) => read(run, "power_marginal", { zone })));
  const [first, second] = setters.map(
    (page) => new Map(page.rows.map((/** @type {any[]} */ row) => [setterOf(page, row, nameOf), at(page, row, "hours_h")])),
  );
  const priceOf = new Map(
    setters.flatMap((page) =>
      page.rows.map((/** @type {any[]} */ row) => /** @type {[string, any]} */ ([setterOf(page, row, nameOf), at(page, row, "price_usd_per_mwh")])),
    ),
  );
  const found = [...new Set([...first.keys(), ...second.keys()])];
  const parts = found.map((setter) => {
    const [minus, run] = [Number(first.get(setter) ?? 0), Number(second.get(setter) ?? 0)];
    return { part: setter, label: `${setter}, at ${number(priceOf.get(setter))}`, run, minus, difference: run - minus };
  });
  const prices = await Promise.all([pair.minus, pair.run].map((run) => read(run, "power_prices", { bus: zone })));
  const [before, after] = prices.map((page) => Number(at(page, page.rows[0] ?? [], "price_usd_per_mwh") ?? 0));
  const fields = [
    select(
      "Zone",
      zones.map((/** @type {string} */ value) => ({ value, label: nameOf(value) })),
      zone,
      (value) => state.set({ zone: value }),
    ),
  ];
  const panel = panelOf(
    pair,
    parts,
    `What sets the price in ${nameOf(zone)}, change`,
    "hours a year",
    remoteFiles(api, `runs/${pair.run.id}/tables/power_marginal`, { zone }),
  );
  const text = h(
    "div",
    {},
    h(
      "p",
      {},
      `Mean price: ${number(after)} USD/MWh, compared with ${number(before)}${Math.abs(after - before) < 1e-6 ? ", no change" : ` (${number(after - before, { sign: true })})`}.`,
    ),
    h("p", { class: "note" }, `After “at”: the mean price in these hours, USD/MWh. ${found.some((setter) => setter.startsWith(WATER)) ? WATER_VALUE : ""}`),
  );
  return { fields, ...panel, texts: text };
}

/** @param {any} page @param {any[]} row @param {string} name */
function at(page, row, name) {
  return row[page.columns.findIndex((/** @type {any} */ column) => column.name === name)];
}

/** @param {any} page @param {any[]} row @param {(zone: string) => string} nameOf */
function setterOf(page, row, nameOf) {
  const [carrier, place] = [String(at(page, row, "carrier")), String(at(page, row, "from_zone"))];
  return place && place !== String(at(page, row, "zone")) ? `${words(carrier)} in ${nameOf(place)}` : words(carrier);
}

/**
 * Build chart and table of parts.
 * @param {Pair} pair
 * @param {Part[]} parts
 * @param {string} title
 * @param {string} unit
 * @param {any} files
 */
function panelOf(pair, parts, title, unit, files) {
  const shown = parts.filter((part) => Math.abs(part.run) > 1e-9 || Math.abs(part.minus) > 1e-9);
  const total = shown.reduce((sum, part) => sum + part.difference, 0);
  const isSame = shown.length > 0 && shown.every((part) => Math.abs(part.difference) < 1e-9);
  // Without any change the parts themselves answer the question.
  const bars = isSame
    ? shown.map((part) => ({ ...part, difference: part.run }))
    : [...shown, { part: "total", label: "Total", difference: total, run: 0, minus: 0 }];
  const heading = isSame ? title.replace(/, change$/, ", the same in both runs") : title;
  const chart = createChart({
    title: heading,
    note: isSame ? `${runName(pair.run)}.` : `${runName(pair.run)} minus ${runName(pair.minus)}.`,
    alt: `Bars: ${bars.map((part) => `${part.label} ${number(part.difference, { sign: true })}`).join("; ")} ${unit}`,
    draw: (Plot) => ({
      marginLeft: 190,
      style: { fontSize: "12px" },
      marginRight: 50,
      height: 60 + 26 * bars.length,
      x: { label: unit, grid: true, nice: true, inset: 46 },
      y: { label: null, domain: bars.map((part) => part.label) },
      marks: [
        Plot.barX(bars, {
          x: "difference",
          y: "label",
          fill: (/** @type {Part} */ part) => (part.part === "total" ? CATEGORIES[7] : part.difference < 0 ? DECREASE : INCREASE),
        }),
        Plot.text(
          bars.filter((part) => part.difference >= 0),
          {
            x: "difference",
            y: "label",
            text: (/** @type {Part} */ part) => number(part.difference, { sign: !isSame }),
            textAnchor: "start",
            dx: 4,
          },
        ),
        Plot.text(
          bars.filter((part) => part.difference < 0),
          {
            x: "difference",
            y: "label",
            text: (/** @type {Part} */ part) => number(part.difference, { sign: !isSame }),
            textAnchor: "end",
            dx: -4,
          },
        ),
        Plot.ruleX([0], { stroke: FAINT }),
      ],
    }),
  });
  /** @type {import("./table.js").Column[]} */
  const columns = [
    { name: "part", label: "Part" },
    { name: "run", label: "Run", unit, kind: "number", show: (value) => number(value) },
    { name: "compared", label: "Compared", unit, kind: "number", show: (value) => number(value) },
    { name: "change", label: "Change", unit, kind: "number", show: (value) => number(value, { sign: true }) },
  ];
  const sum = (/** @type {"run" | "minus"} */ of) => shown.reduce((all, part) => all + part[of], 0);
  const rows = [
    ...shown.map((part) => [part.label, part.run, part.minus, part.difference]),
    ["Total", sum("run"), sum("minus"), total],
  ];
  const table = createTable(localSource(columns, rows), {
    caption: title,
    pageSize: 30,
    files,
    empty: "Neither run has it.",
  }).element;
  return { chart, table, texts: /** @type {HTMLElement | null} */ (null) };
}

/** @type {Record<string, (question: Question) => Promise<any>>} */
const ANSWERS = { country: whyCountry, lane: whyLane, price: whyPrice };
