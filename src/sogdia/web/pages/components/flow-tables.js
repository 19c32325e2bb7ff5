// @ts-check
/** Tables under the map: corridors with their shares, transit by territory. */

import { bothOf } from "../modules/flows.js";
import { number, tonnes } from "../modules/format.js";
import { createTable, localSource } from "./table.js";

/** @typedef {import("../modules/flows.js").Row} Row */
/** @typedef {import("./table.js").Column} Column */

/**
 * Build a column of a figure, and one of its change where two runs are compared.
 * @param {string} name
 * @param {string} label
 * @param {string} unit
 * @param {boolean} both
 * @returns {Column[]}
 */
function columnsOf(name, label, unit, both) {
  const write = (/** @type {number | null} */ value, sign = false) =>
    unit === "t/a" ? tonnes(value, { sign }) : number(value, { sign });
  const own = /** @type {Column} */ ({
    name,
    label,
    unit: unit === "t/a" ? "a year" : unit,
    kind: "number",
    show: (value) => write(value),
  });
  if (!both) return [own];
  return [own, { name: `${name}_change`, label: "Change", unit: own.unit, kind: "number", show: (value) => write(value, true) }];
}

/**
 * @param {Row} row
 * @param {string} column
 * @param {boolean} both
 */
function cellsOf(row, column, both) {
  const values = bothOf(row, column);
  return both ? [values.run, values.difference] : [values.run];
}

/**
 * Build both tables.
 * @param {Record<string, Row[]>} layers
 * @param {Map<string, string>} names Countries.
 * @param {string[]} homes
 * @param {boolean} both Two runs are compared.
 * @param {(iso3: string) => void} onCountry
 */
export function flowTables(layers, names, homes, both, onCountry) {
  /** @type {Column[]} */
  const corridors = [
    { name: "name", label: "Corridor" },
    ...columnsOf("tonnes", "Freight", "t/a", both),
    ...columnsOf("share_pct", "Share of all freight", "%", both),
    ...columnsOf("home_share_pct", "Share of the region's trade", "%", both),
  ];
  const corridorRows = (layers.corridors ?? []).map((row) => [
    row.name,
    ...cellsOf(row, "tonnes", both),
    ...cellsOf(row, "share_pct", both),
    ...cellsOf(row, "home_share_pct", both),
  ]);
  const transit = (layers.transit ?? []).map((row) => ({ row, both: bothOf(row, "transit_t") }));
  const total = transit.reduce((sum, each) => sum + (homes.includes(each.row.territory) ? (each.both.run ?? 0) : 0), 0);
  /** @type {Column[]} */
  const territories = [
    { name: "name", label: "Territory" },
    ...columnsOf("transit_t", "Transit", "t/a", both),
    ...columnsOf("home_t", "of which trade of the region", "t/a", both),
    { name: "share", label: "Share of the home countries' transit", unit: "%", kind: "number", show: (value) => number(value) },
    { name: "territory", label: "" },
  ];
  const transitRows = transit
    .filter((each) => (each.both.run ?? 0) > 0 || (each.both.minus ?? 0) > 0)
    .map(({ row, both: values }) => [
      names.get(row.territory) ?? row.territory,
      ...cellsOf(row, "transit_t", both),
      ...cellsOf(row, "home_t", both),
      homes.includes(row.territory) && total > 0 ? (100 * (values.run ?? 0)) / total : null,
      row.territory,
    ]);
  return [
    createTable(localSource(corridors, corridorRows), { caption: "Corridors", sort: "-tonnes", pageSize: 12 }).element,
    createTable(localSource(territories, transitRows), {
      caption: "Transit by territory",
      sort: "-share",
      pageSize: 12,
      shown: (column) => column.name !== "territory",
      key: (row) => String(row.at(-1)),
      onSelect: onCountry,
    }).element,
  ];
}
