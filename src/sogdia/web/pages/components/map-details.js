// @ts-check
/** Details of what is picked on the map: figures of both runs, who uses a link, the exposure of a country. */

import { fill, h } from "../modules/dom.js";
import { bothOf, useOf } from "../modules/flows.js";
import { number, quantity, tonnes, words } from "../modules/format.js";
import { problemOf } from "../modules/messages.js";
import { linkName, placeNames } from "../modules/picture.js";
import { capacityOf } from "../modules/pipelines.js";
import { createTable, localSource, remoteFiles } from "./table.js";

/** @typedef {import("../modules/runs.js").RunInfo} RunInfo */
/** @typedef {import("../modules/flows.js").Row} Row */
/**
 * @typedef {object} Picked
 * @property {string} key Kind and id, `link:…`; empty for nothing.
 * @property {any} base
 * @property {any} flows
 * @property {import("../modules/flows.js").Show} show
 * @property {RunInfo} [run]
 * @property {RunInfo} [minus]
 * @property {import("../modules/picture.js").Item} [item]
 */

/**
 * @typedef {object} Figure
 * @property {string} label
 * @property {{run: any, minus: any, difference: any}} values
 * @property {(value: any, options?: {sign?: boolean}) => string} write
 */

const USERS_SHOWN = 10;

/** @type {Record<string, (picked: Picked, id: string, context: import("../modules/main.js").Context) => (Node | null)[]>} */
const KINDS = {
  link: linkDetails,
  border: stationDetails,
  terminal: stationDetails,
  zone: zoneDetails,
  line: lineDetails,
  pipeline: pipelineDetails,
  project: projectDetails,
  country: countryDetails,
};

/**
 * Show the details of what is picked.
 * @param {HTMLElement} element
 * @param {import("../modules/main.js").Context} context
 * @param {Picked} picked
 */
export function showDetails(element, context, picked) {
  const at = picked.key.indexOf(":");
  const [kind, id] = [picked.key.slice(0, at), picked.key.slice(at + 1)];
  const details = KINDS[kind];
  if (!details) {
    fill(
      element,
      h("h2", {}, "Details"),
      h("p", { class: "hint" }, "Choose a link, a border, a zone, a pipeline, a project or a country on the map or in the list."),
    );
    return;
  }
  fill(
    element,
    h(
      "button",
      { type: "button", class: "close", "aria-label": "Close details", onclick: () => context.state.set({ pick: null }) },
      "×",
    ),
    ...details(picked, id, context),
  );
}

/**
 * Build a list of figures with the run, the compared run and the change.
 * @param {Picked} picked
 * @param {Figure[]} figures
 */
function figureTable(picked, figures) {
  const both = Boolean(picked.minus);
  const shown = figures.filter(
    (figure) => (figure.values.run !== null && figure.values.run !== undefined) || figure.values.minus,
  );
  if (!shown.length) return h("p", { class: "hint" }, "The run has no figures for it.");
  const head = h(
    "tr",
    {},
    h("th", { scope: "col" }, ""),
    h("th", { scope: "col", class: "number" }, "Run"),
    both && h("th", { scope: "col", class: "number" }, "Compared"),
    both && h("th", { scope: "col", class: "number" }, "Change"),
  );
  return h(
    "table",
    { class: "figures" },
    h("thead", {}, head),
    h(
      "tbody",
      {},
      shown.map(({ label, values, write }) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, label),
          h("td", { class: "number" }, write(values.run)),
          both && h("td", { class: "number" }, write(values.minus)),
          both && h("td", { class: "number" }, write(values.difference, { sign: true })),
        ),
      ),
    ),
  );
}

/**
 * Build a figure of a column.
 * @param {Row} row
 * @param {string} column
 * @param {string} label
 * @param {string} unit
 */
function figure(row, column, label, unit) {
  const write = (/** @type {any} */ value, options = {}) => (unit === "t" ? tonnes(value, options) : number(value, options));
  return { label: unit && unit !== "t" ? `${label}, ${unit}` : label, values: bothOf(row, column), write };
}

/** @param {Picked} picked @param {string} id @param {import("../modules/main.js").Context} context */
function linkDetails(picked, id, context) {
  const feature = find(picked.base.links, id);
  if (!feature) return [h("p", {}, `The region has no link ${id}.`)];
  const { properties } = feature;
  const row = (picked.flows?.layers.links ?? []).find((/** @type {Row} */ each) => each.link === id) ?? {};
  return [
    h("h2", {}, linkName(properties, placeNames(picked.base))),
    h(
      "p",
      { class: "hint" },
      [words(properties.mode), quantity(properties.length_km, "km"), properties.status && words(properties.status), id]
        .filter(Boolean)
        .join(" · "),
    ),
    figureTable(picked, [
      figure(row, "tonnes", "Freight a year", "t"),
      figure(row, "forward_t", "forward", "t"),
      figure(row, "back_t", "back", "t"),
      figure(row, "domestic_t", "Domestic traffic", "t"),
      figure(row, "capacity_t", "Capacity", "t"),
      figure(row, "v_c", "Volume–capacity ratio", ""),
    ]),
    closeButton(context, "links", id),
    usersOf(picked, id, context),
  ];
}

/** @param {Picked} picked @param {string} id @param {import("../modules/main.js").Context} context */
function usersOf(picked, id, context) {
  const run = picked.show === "minus" ? picked.minus : picked.run;
  if (!run) return null;
  const path = `runs/${run.id}/tables/link_users`;
  const caption = picked.show === "minus" ? "Who uses it, compared run" : "Who uses it";
  const place = h("div", {}, h("p", { class: "loading" }, "Loading its users…"));
  context.api.once(path, { link: id, sort: "-tonnes", limit: 200 }).then(
    (page) => {
      fill(
        place,
        createTable(localSource(page.columns, page.rows), {
          caption,
          pageSize: USERS_SHOWN,
          files: remoteFiles(context.api, path, { link: id }),
          shown: (column) => column.name !== "link",
          empty: "No freight uses it in this run.",
        }).element,
      );
    },
    (error) => fill(place, h("h3", {}, caption), problemOf(error)),
  );
  return place;
}

/** @param {Picked} picked @param {string} id @param {import("../modules/main.js").Context} context */
function stationDetails(picked, id, context) {
  const [kind] = picked.key.split(":");
  const isBorder = kind === "border";
  const feature = find(isBorder ? picked.base.borders : picked.base.terminals, id);
  if (!feature) return [h("p", {}, `The region has no ${kind} ${id}.`)];
  const rows = (picked.flows?.layers.stations ?? []).filter(
    (/** @type {Row} */ row) => row.place === id && row.kind === (isBorder ? "crossing" : "transfer"),
  );
  return [
    h("h2", {}, `${feature.properties.name}, ${kind}`),
    ...rows.flatMap((/** @type {Row} */ row) => [
      h("h3", {}, words(String(row.mode).replace(">", " → "))),
      figureTable(picked, [
        figure(row, "tonnes", "Throughput a year", "t"),
        figure(row, "capacity_t", "Capacity", "t"),
        figure(row, "queue_h", "Queue beyond usual dwell", "h"),
      ]),
    ]),
    isBorder ? closeButton(context, "crossings", id) : null,
  ];
}

/** @param {Picked} picked @param {string} id */
function zoneDetails(picked, id) {
  const feature = find(picked.base.zones, id);
  const rows = (picked.flows?.layers.generation ?? []).filter((/** @type {Row} */ row) => row.zone === id);
  const price = (picked.flows?.layers.prices ?? []).find((/** @type {Row} */ row) => row.bus === id);
  return [
    h("h2", {}, `${feature?.properties.name ?? id}, electricity`),
    price
      ? figureTable(picked, [
          figure(price, "price_usd_per_mwh", "Price, mean", "USD/MWh"),
          figure(price, "most_usd_per_mwh", "Price, highest", "USD/MWh"),
        ])
      : null,
    h("h3", {}, "Generation a year"),
    figureTable(
      picked,
      rows.map((/** @type {Row} */ row) => figure(row, "generation_gwh", words(String(row.carrier)), "GWh")),
    ),
    h("h3", {}, "Capacity"),
    figureTable(
      picked,
      rows.map((/** @type {Row} */ row) => figure(row, "capacity_mw", words(String(row.carrier)), "MW")),
    ),
  ];
}

/** @param {Picked} picked @param {string} id */
function lineDetails(picked, id) {
  const feature = find(picked.base.lines, id);
  const rows = (picked.flows?.layers.lines ?? []).filter((/** @type {Row} */ row) => row.line === id);
  const names = new Map(picked.base.zones.features.map((/** @type {any} */ zone) => [zone.properties.id, zone.properties.name]));
  const name = (/** @type {string} */ bus) => names.get(bus.split("/")[0]) ?? bus;
  const use = (/** @type {Row} */ row) => {
    const [sent, limit] = [bothOf(row, "sent_gwh"), bothOf(row, "capacity_mw")];
    const share = (/** @type {"run" | "minus"} */ of) => (sent[of] === null ? null : 100 * (useOf(sent[of], limit[of]) ?? 0));
    const [run, minus] = [share("run"), share("minus")];
    return {
      label: "Mean use of the limit",
      values: { run, minus, difference: run === null || minus === null ? null : run - minus },
      write: (/** @type {any} */ value, options = {}) => quantity(value, "%", options),
    };
  };
  return [
    h("h2", {}, id),
    h(
      "p",
      { class: "hint" },
      [quantity(feature?.properties.voltage_kv, "kV"), words(feature?.properties.status ?? "")]
        .filter((text) => text && text !== "–")
        .join(" · "),
    ),
    ...rows.flatMap((/** @type {Row} */ row) => [
      h("h3", {}, `${name(row.from_bus)} → ${name(row.to_bus)}`),
      figureTable(picked, [
        figure(row, "sent_gwh", "Sent a year", "GWh"),
        figure(row, "capacity_mw", "Limit", "MW"),
        use(row),
        figure(row, "full_h", "Hours at the limit", "h"),
      ]),
    ]),
  ];
}

/** @param {Picked} picked @param {string} id */
function pipelineDetails(picked, id) {
  const feature = find(picked.base.pipelines, id);
  if (!feature) return [h("p", {}, `The region has no pipeline ${id}.`)];
  const { properties } = feature;
  return [
    h("h2", {}, properties.name),
    factList([
      ["Product", words(properties.product ?? "")],
      ["Status", words(properties.status ?? "")],
      ["Capacity", capacityOf(properties).text],
      ["Operator", properties.operator],
      ["Owners", properties.partner_shareholders],
    ]),
  ];
}

/** @param {[string, any][]} facts Those without a value are left out. */
function factList(facts) {
  return h(
    "dl",
    {},
    facts.filter(([, value]) => value).flatMap(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]),
  );
}

/** @param {Picked} picked @param {string} id @param {import("../modules/main.js").Context} context */
function projectDetails(picked, id, context) {
  const feature = find(picked.base.projects, id);
  if (!feature) return [h("p", {}, `The region has no project ${id}.`)];
  const { properties } = feature;
  /** @type {[string, any][]} */
  const facts = [
    ["Sector", words(properties.sector ?? "")],
    ["Status", words(properties.status ?? "")],
    ["Cost", properties.capex_musd ? quantity(properties.capex_musd, "USD million") : "not published"],
    ["Start", properties.start_year],
    ["Completion", properties.completion_year],
    ["Contractor", properties.contractor],
    ["Partners", properties.partners],
    ["Changes", properties.edits.join(", ")],
  ];
  return [
    h("h2", {}, properties.name),
    factList(facts),
    h("button", { type: "button", onclick: () => context.navigate("plan", { add: id }) }, "Add to a plan"),
  ];
}

/** @param {Picked} picked @param {string} id @param {import("../modules/main.js").Context} context */
function countryDetails(picked, id, context) {
  const layers = picked.flows?.layers ?? {};
  const row = (/** @type {string} */ layer, /** @type {string} */ key) =>
    (layers[layer] ?? []).find((/** @type {Row} */ each) => each[key] === id) ?? {};
  const name = picked.base.names?.get(id) ?? id;
  const [economy, transit, power] = [row("economies", "economy"), row("transit", "territory"), row("countries", "iso3")];
  return [
    h("h2", {}, name),
    figureTable(picked, [
      figure(economy, "gain_musd", "Gain against the run's baseline", "USD million"),
      figure(economy, "gdp_pct", "Gain, share of GDP", "%"),
      figure(transit, "transit_t", "Transit freight", "t"),
      figure(power, "generation_gwh", "Generation", "GWh"),
      figure(power, "net_imports_gwh", "Net imports of electricity", "GWh"),
      figure(power, "price_usd_per_mwh", "Electricity price", "USD/MWh"),
    ]),
    picked.base.homes.includes(id) ? exposureOf(id, picked, context) : null,
  ];
}

/** @param {string} home @param {Picked} picked @param {import("../modules/main.js").Context} context */
function exposureOf(home, picked, context) {
  const place = h("div", {}, h("p", { class: "loading" }, "Loading its exposure…"));
  const all = h(
    "button",
    { type: "button", onclick: () => context.navigate("partners", { home }) },
    "Losses if partners withdraw",
  );
  context.api
    .once("runs", { kind: "dependence" })
    .then(async (studies) => {
      const study = studies.find((/** @type {RunInfo} */ each) => each.plan === picked.run?.plan) ?? studies[0];
      if (!study) {
        fill(
          place,
          h("h3", {}, "Exposure to partners"),
          h("p", { class: "hint" }, "No study of dependence is stored. The view Partners shows how to run one."),
        );
        return;
      }
      const path = `runs/${study.id}/tables/exposure`;
      const page = await context.api.once(path, { home, sort: "-share_pct", limit: 500 });
      fill(
        place,
        createTable(localSource(page.columns, page.rows), {
          caption: "Exposure to partners",
          pageSize: USERS_SHOWN,
          sort: "-share_pct",
          files: remoteFiles(context.api, path, { home }),
          shown: (column) => ["measure", "name", "share_pct"].includes(column.name),
        }).element,
        h("p", { class: "hint" }, `Study of ${words(study.plan)}, ${study.year}.`),
      );
    })
    .catch((error) => fill(place, problemOf(error)));
  return h("div", {}, place, all);
}

/** @param {import("../modules/main.js").Context} context @param {string} table @param {string} id */
function closeButton(context, table, id) {
  return h(
    "button",
    { type: "button", onclick: () => context.navigate("plan", { close: `${table}:${id}` }) },
    "Close it in a scenario",
  );
}

/** @param {{features: any[]}} collection @param {string} id */
function find(collection, id) {
  return collection.features.find((feature) => feature.properties.id === id);
}
