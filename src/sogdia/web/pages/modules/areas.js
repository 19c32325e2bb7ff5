// @ts-check
/** Colours of countries: transit, gain or price of the chosen run. */

import { valueOf } from "./flows.js";
import { number, tonnes } from "./format.js";

/** @typedef {import("./flows.js").Row} Row */
/** @typedef {import("./picture.js").Choice} Choice */
/** @typedef {{layer: string, key: string, column: string, label: string, unit: string, homesOnly?: boolean}} Kind */

const INCREASES = ["#dfeaf2", "#b3cfe2", "#7fb0d1", "#4189b6", "#0b5a8a"];
const DECREASES = ["#f9dfcd", "#f0b78e", "#e08b51", "#cc5f12", "#9a4000"];
/** Values below this share of the largest count as no change. */
const LEAST_SHARE = 0.01;

/** @type {Record<string, Kind>} */
const KINDS = {
  transit: { layer: "transit", key: "territory", column: "transit_t", label: "Transit", unit: "a year" },
  gain: {
    layer: "economies",
    key: "economy",
    column: "gain_musd",
    label: "Gain against the run's baseline",
    unit: "USD million a year",
    homesOnly: true,
  },
  price: { layer: "countries", key: "iso3", column: "price_usd_per_mwh", label: "Electricity price", unit: "USD/MWh" },
};

/**
 * Return colours and legend of countries. The scale ends at the largest value of a home country; a country beyond it,
 * such as the one that an ocean route passes, has no colour.
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 * @param {string[]} homes
 */
export function areas(layers, choice, homes) {
  const kind = KINDS[choice.area];
  const every = kind ? (layers[kind.layer] ?? []) : [];
  const rows = kind?.homesOnly ? every.filter((row) => homes.includes(String(row[kind.key]))) : every;
  if (!rows.length) return { fillOf: () => undefined, legend: [] };
  const values = new Map(rows.map((row) => [String(row[kind.key]), valueOf(row, kind.column, choice.show)]));
  const largest = Math.max(0, ...homes.map((home) => Math.abs(values.get(home) ?? 0)));
  const fillOf = (/** @type {any} */ properties) => colourOf(values.get(properties.iso3) ?? 0, largest);
  return {
    fillOf,
    legend: [
      legendOf(
        kind,
        choice,
        largest,
        [...values.values()].some((value) => value < -LEAST_SHARE * largest),
      ),
    ],
  };
}

/**
 * @param {number} value
 * @param {number} largest
 */
export function colourOf(value, largest) {
  if (Math.abs(value) < LEAST_SHARE * largest || Math.abs(value) > largest * (1 + 1e-9)) return undefined;
  const scale = value < 0 ? DECREASES : INCREASES;
  return scale[Math.min(scale.length - 1, Math.floor((Math.abs(value) / largest) * scale.length))];
}

/**
 * @param {Kind} kind
 * @param {Choice} choice
 * @param {number} largest
 * @param {boolean} hasDecreases
 */
function legendOf(kind, choice, largest, hasDecreases) {
  const write = (/** @type {number} */ value) =>
    kind.layer === "transit" ? tonnes(value, { digits: 2 }) : number(value, { digits: 2 });
  const entries = (/** @type {string[]} */ scale, /** @type {number} */ sign) =>
    scale.map((colour, at) => {
      const [low, high] = [at, at + 1].map((step) => (sign * largest * step) / scale.length);
      return { label: `${write(low)} to ${write(high)}`, colour };
    });
  const decreases = hasDecreases ? entries(DECREASES, -1).reverse() : [];
  return {
    title: `${kind.label}${choice.show === "difference" ? ", change" : ""}, ${kind.unit}`,
    colours: [...decreases, ...entries(INCREASES, 1)],
    shape: /** @type {const} */ ("square"),
    widths: [],
  };
}
