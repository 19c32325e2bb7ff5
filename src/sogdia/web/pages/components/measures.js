// @ts-check
/** Measures of several runs: rows for a chart, and a table with the differences from the first run. */

import { h } from "../modules/dom.js";
import { CATEGORIES, FAINT } from "../modules/colours.js";
import { number, tonnes, words } from "../modules/format.js";
import { createTable, localSource } from "./table.js";

const FIRST = ["home_gain", "corridor_share", "corridor", "waiting", "undelivered"];

/**
 * @typedef {object} Measure
 * @property {string} measure
 * @property {string} label
 * @property {string} of Country or corridor; empty for all.
 * @property {string} unit
 * @property {(number | null)[]} values
 * @property {(number | null)[]} differences
 */

/**
 * Return one row for each run and part.
 * @param {Measure[]} measures
 * @param {string[]} runs Names.
 * @param {Map<string, string>} names Countries and corridors.
 * @param {string[]} homes
 */
export function measureRows(measures, runs, names, homes) {
  return measures.flatMap((each) =>
    runs.map((run, at) => ({
      run,
      key: homes.includes(each.of) ? `country:${each.of}` : `of:${each.of}`,
      ofName: names.get(each.of) ?? words(each.of),
      label: labelOf(each.label),
      unit: each.unit,
      value: each.values[at] ?? 0,
      difference: each.differences[at] ?? 0,
    })),
  );
}

/**
 * Build the table of measures.
 * @param {Measure[]} measures
 * @param {string[]} runs Names, the reference first.
 * @param {Map<string, string>} names
 * @param {(measure: string, of: string) => void} onSelect
 */
export function measureTable(measures, runs, names, onSelect) {
  /** @type {import("./table.js").Column[]} */
  const columns = [
    { name: "label", label: "Measure" },
    { name: "of", label: "Of" },
    ...runs.map(
      (run, at) =>
        /** @type {import("./table.js").Column} */ ({
          name: `value ${at}`,
          label: run,
          kind: "number",
          show: (value, row) => write(value, row),
        }),
    ),
    ...runs.slice(1).map(
      (run, at) =>
        /** @type {import("./table.js").Column} */ ({
          name: `difference ${at}`,
          label: `Change, ${run}`,
          kind: "number",
          show: (value, row) => write(value, row, true),
        }),
    ),
    { name: "measure" },
    { name: "key" },
  ];
  const rows = [...measures]
    .sort((one, other) => rankOf(one) - rankOf(other))
    .map((each) => [
      `${labelOf(each.label)}, ${each.unit}`,
      names.get(each.of) ?? words(each.of),
      ...each.values,
      ...each.differences.slice(1),
      each.measure,
      each.of,
    ]);
  return h(
    "div",
    {},
    createTable(localSource(columns, rows), {
      caption: "Measures",
      pageSize: 30,
      shown: (column) => column.name !== "measure" && column.name !== "key",
      key: (row) => `${row.at(-2)}:${row.at(-1)}`,
      onSelect: (_, row) => onSelect(String(row.at(-2)), String(row.at(-1))),
    }).element,
  );
}

/** @param {Measure} measure Gains come first, corridors before the power system. */
function rankOf(measure) {
  const at = FIRST.findIndex((start) => measure.measure.startsWith(start));
  return at < 0 ? FIRST.length : at;
}

/**
 * Write a value in the unit of its row.
 * @param {number | null} value
 * @param {any[]} row
 */
function write(value, row, sign = false) {
  return String(row[0]).endsWith(", t/a") ? tonnes(value, { sign }) : number(value, { sign });
}

/**
 * Make a name of a measure readable: its unit has a column of its own.
 * @param {string} label
 */
export function labelOf(label) {
  const text = label.replace(/ (pct|t|musd|gwh|mt)$/, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * Return the chart of a measure: a bar for each run, by country or corridor.
 * @param {any} Plot
 * @param {ReturnType<typeof measureRows>} rows
 * @param {string[]} runs
 * @param {string} focus Key of the country that has the focus; others are paler then.
 */
export function measureChart(Plot, rows, runs, focus) {
  const parts = [...new Set(rows.map((row) => row.ofName))];
  const isFocused = rows.some((row) => row.key === focus);
  const text = (/** @type {boolean} */ isNegative) =>
    Plot.text(
      rows.filter((row) => row.value < 0 === isNegative),
      {
        x: "value",
        y: "run",
        fy: "ofName",
        text: (/** @type {any} */ row) => number(row.value),
        textAnchor: isNegative ? "end" : "start",
        dx: isNegative ? -4 : 4,
      },
    );
  return {
    marginLeft: parts.some(Boolean) ? 130 : 20,
    marginRight: 50,
    height: 60 + rows.length * 22 + parts.length * 12,
    style: { fontSize: "12px" },
    x: { label: rows[0].unit, grid: true, nice: true, inset: 46 },
    y: { axis: null, domain: runs },
    fy: { label: null, domain: parts, axis: "left" },
    color: { domain: runs, range: CATEGORIES },
    marks: [
      Plot.barX(rows, {
        x: "value",
        y: "run",
        fy: "ofName",
        fill: "run",
        fillOpacity: (/** @type {any} */ row) => (!isFocused || row.key === focus ? 1 : 0.3),
      }),
      Plot.tip(
        rows,
        Plot.pointerY({
          x: "value",
          y: "run",
          fy: "ofName",
          title: (/** @type {any} */ row) => `${row.ofName} ${row.run}\n${number(row.value)} ${row.unit}`,
        }),
      ),
      text(false),
      text(true),
      Plot.ruleX([0], { stroke: FAINT }),
    ],
  };
}
