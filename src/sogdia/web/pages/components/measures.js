// @ts-check
/** Measures of several runs: rows for a chart, and a table with the differences from the first run. */

import { h } from "../modules/dom.js";
import { CATEGORIES, FAINT, INK } from "../modules/colours.js";
import { large, tonnes, words, number } from "../modules/format.js";
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
 * @property {(number | null)[]} low Ends of the 80 % interval of each difference.
 * @property {(number | null)[]} high
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
      low: isKnown(each.low[at]) ? (each.values[0] ?? 0) + each.low[at] : null,
      high: isKnown(each.high[at]) ? (each.values[0] ?? 0) + each.high[at] : null,
    })),
  );
}

/**
 * Build the table of measures.
 * @param {Measure[]} measures
 * @param {string[]} runs Names, the reference first.
 * @param {Map<string, string>} names
 * @param {(number | null)[]} samples Samples of the intervals of each run.
 * @param {(measure: string, of: string) => void} onSelect
 */
export function measureTable(measures, runs, names, samples, onSelect) {
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
    ...runs.slice(1).flatMap((run, at) =>
      ["Change", ...(samples[at + 1] ? ["Low", "High"] : [])].map(
        (label) =>
          /** @type {import("./table.js").Column} */ ({
            name: `${label} ${at}`,
            label: runs.length === 2 ? label : `${label}, ${run}`,
            kind: "number",
            description: label === "Change" ? "" : "End of the 80 % interval of the change over the samples of the ensemble.",
            show: (value, row) => write(value, row, true),
          }),
      ),
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
      ...each.differences.slice(1).flatMap((value, at) => [value, ...(samples[at + 1] ? [each.low[at + 1], each.high[at + 1]] : [])]),
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

/**
 * Say where the intervals come from, or why there are none.
 * @param {string[]} runs Names, the reference first.
 * @param {(number | null)[]} samples Samples of each run; 0 without an ensemble, null where none can have any.
 */
export function intervalNotes(runs, samples) {
  return runs.slice(1).map((run, at) => {
    const count = samples[at + 1];
    if (count) return `Intervals of ${run}: 80 % of ${count} samples of all uncertain figures.`;
    return count === 0
      ? `No ensemble of ${run} is stored, so its changes have no interval; sogdia ensemble makes one.`
      : `Changes of ${run} have no interval: an ensemble compares a plan with its baseline under the same scenario.`;
  });
}

/** @param {number | null | undefined} value @returns {value is number} */
function isKnown(value) {
  return value !== null && value !== undefined;
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
  return String(row[0]).endsWith(", t/a") ? tonnes(value, { sign }) : large(value, { sign });
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
        x: (/** @type {any} */ row) =>
          isNegative ? Math.min(row.value, row.low ?? row.value) : Math.max(row.value, row.high ?? row.value),
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
      Plot.ruleY(
        rows.filter((row) => row.low !== null && row.high !== null),
        { x1: "low", x2: "high", y: "run", fy: "ofName", stroke: INK, strokeWidth: 1.5 },
      ),
      text(false),
      text(true),
      Plot.ruleX([0], { stroke: FAINT }),
    ],
  };
}
