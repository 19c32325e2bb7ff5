// @ts-check
/** Colours of countries: transit, gain or price of the chosen run. */

import { valueOf } from "./flows.js";
import { number } from "./format.js";

/** @typedef {import("./flows.js").Row} Row */
/** @typedef {import("./picture.js").Choice} Choice */

const AREAS = ["#eef3f7", "#c6dbe8", "#8fbbd6", "#4d93be", "#0b5a8a"];
const LOSSES = ["#fbe6d8", "#f3b78c", "#d55e00"];

/**
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 * @returns {{label: string, unit: string, values: Map<string, number>, largest: number} | null}
 */
function areaValues(layers, choice) {
    const kinds = /** @type {Record<string, {rows: Row[], key: string, column: string, label: string, unit: string}>} */ ({
        transit: { rows: layers.transit ?? [], key: "territory", column: "transit_t", label: "Transit", unit: "t a year" },
        gain: {
            rows: (layers.economies ?? []).filter((row) => row.home !== false),
            key: "economy",
            column: "gain_musd",
            label: "Gain against the run's baseline",
            unit: "USD million a year",
        },
        price: {
            rows: layers.countries ?? [],
            key: "iso3",
            column: "price_usd_per_mwh",
            label: "Electricity price",
            unit: "USD/MWh",
        },
    });
    const kind = kinds[choice.area];
    if (!kind) return null;
    const values = new Map(kind.rows.map((row) => [String(row[kind.key]), valueOf(row, kind.column, choice.show)]));
    return { label: kind.label, unit: kind.unit, values, largest: Math.max(1e-9, ...[...values.values()].map(Math.abs)) };
}

/**
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 */
export function areaColour(layers, choice) {
    const found = areaValues(layers, choice);
    return (/** @type {any} */ properties) => {
        const value = found?.values.get(properties.iso3);
        if (found === null || value === undefined || value === 0) return undefined;
        const share = Math.min(1, Math.abs(value) / found.largest);
        const scale = value < 0 ? LOSSES : AREAS;
        return scale[Math.min(scale.length - 1, Math.floor(share * scale.length))];
    };
}

/**
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 */
export function areaLegend(layers, choice) {
    const found = areaValues(layers, choice);
    if (!found) return [];
    const hasLosses = [...found.values.values()].some((value) => value < 0);
    const label = (/** @type {number} */ at, /** @type {number} */ count) =>
        number((found.largest * (at + 1)) / count, { digits: 2 });
    const entries = AREAS.map((colour, at) => ({ label: `to ${label(at, AREAS.length)}`, colour }));
    const losses = hasLosses
        ? [...LOSSES].reverse().map((colour, at) => ({ label: `to −${label(LOSSES.length - 1 - at, LOSSES.length)}`, colour }))
        : [];
    const sign = choice.show === "difference" ? ", change" : "";
    return [
        {
            title: `${found.label}${sign}, ${found.unit}`,
            colours: [...losses, ...entries],
            shape: /** @type {const} */ ("square"),
            widths: [],
        },
    ];
}
