// @ts-check
/** The difference of two runs in a few sentences: gains, freight that moves, queues, what is not delivered. */

import { number, quantity, tonnes } from "./format.js";

/** @typedef {import("../components/measures.js").Measure} Measure */
/** @typedef {Record<string, any>} Row */

const LEAST_TONNES = 1000;
const LEAST_HOURS = 1;

/**
 * Write the sentences.
 * @param {Measure[]} measures
 * @param {number} at Position of the run among those of the measures.
 * @param {Record<string, Row[]>} layers Layers of the map of the difference.
 * @param {{of: Map<string, string>, link: (id: string) => string, place: (id: string) => string}} names
 * @param {string[]} homes Home countries, whose queues come before those abroad.
 * @returns {string[]}
 */
export function sentences(measures, at, layers, names, homes) {
  return [
    gainSentence(measures, at),
    countrySentence(measures, at, names.of),
    deliverySentence(measures, at),
    ...freightSentences(layers.links ?? [], names.link),
    ...queueSentences(layers.stations ?? [], names.place, homes),
  ].filter(Boolean);
}

/** @param {Measure[]} measures @param {number} at */
function gainSentence(measures, at) {
  const gain = measures.find((each) => each.measure === "home_gain_musd");
  const change = gain?.differences[at];
  if (!gain || change === null || change === undefined) return "";
  if (Math.abs(change) < 0.5) return "The home countries together neither gain nor lose.";
  const [low, high] = [gain.low[at], gain.high[at]];
  const ends = [low, high].map((each) => number(each, { sign: true })).join(" to ");
  const interval = low === null || high === null ? "" : ` (80 % interval of the change: ${ends})`;
  return `The home countries together ${change < 0 ? "lose" : "gain"} USD ${number(Math.abs(change))} million a year${interval}.`;
}

/**
 * Return the gain of the country that gains or loses most, as a share of its GDP.
 * @param {Measure[]} measures
 * @param {number} at
 * @returns {Measure | undefined}
 */
export function mostChanged(measures, at) {
  const rows = measures.filter((each) => each.measure === "home_gain_pct_of_gdp");
  return rows.sort((one, other) => Math.abs(other.differences[at] ?? 0) - Math.abs(one.differences[at] ?? 0))[0];
}

/** @param {Measure[]} measures @param {number} at @param {Map<string, string>} names */
function countrySentence(measures, at, names) {
  const first = mostChanged(measures, at);
  const change = first?.differences[at] ?? 0;
  if (!first || Math.abs(change) < 1e-4) return "";
  return `${names.get(first.of) ?? first.of} ${change < 0 ? "loses" : "gains"} most: ${quantity(Math.abs(change), "% of its GDP")}.`;
}

/** @param {Measure[]} measures @param {number} at */
function deliverySentence(measures, at) {
  const change = measures.find((each) => each.measure === "undelivered_t")?.differences[at] ?? 0;
  if (Math.abs(change) < LEAST_TONNES) return "";
  const amount = tonnes(Math.abs(change));
  return change > 0 ? `${amount} of freight a year can no longer be delivered.` : `${amount} of freight a year more can be delivered.`;
}

/** @param {Row[]} links @param {(id: string) => string} nameOf */
function freightSentences(links, nameOf) {
  return extremes(links, "tonnes_difference", LEAST_TONNES).map(
    ([row, change]) => `Freight ${change < 0 ? "falls" : "grows"} most on ${nameOf(row.link)}: ${tonnes(change, { sign: true })} a year.`,
  );
}

/** @param {Row[]} stations @param {(id: string) => string} nameOf @param {string[]} homes */
function queueSentences(stations, nameOf, homes) {
  // A closed station has no queue, which is no relief.
  const open = stations.filter((row) => (row.tonnes_second ?? 0) > 0);
  const own = extremes(open.filter((row) => homes.includes(row.country)), "queue_h_difference", LEAST_HOURS);
  return (own.length ? own : extremes(open, "queue_h_difference", LEAST_HOURS)).map(
    ([row, change]) =>
      `The queue at ${nameOf(row.place)} ${change < 0 ? "shortens" : "grows"} by ${quantity(Math.abs(change), "h")} to ${quantity(row.queue_h_second, "h")}.`,
  );
}

/**
 * Return the rows with the largest fall and the largest growth, the larger first.
 * @param {Row[]} rows
 * @param {string} column
 * @param {number} least
 * @returns {[Row, number][]}
 */
function extremes(rows, column, least) {
  const found = rows.map((row) => /** @type {[Row, number]} */ ([row, row[column] ?? 0])).sort((one, other) => one[1] - other[1]);
  const ends = [found[0], found.at(-1)].filter((each, place) => each && (place === 0 ? each[1] <= -least : each[1] >= least));
  return /** @type {[Row, number][]} */ (ends).sort((one, other) => Math.abs(other[1]) - Math.abs(one[1]));
}
