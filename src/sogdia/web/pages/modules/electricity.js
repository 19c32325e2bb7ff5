// @ts-check
/** Electricity on the map: zones with their mix of generation, lines with use and direction. */

import { BLUE, DECREASE, GREY, INCREASE, ORANGE, VERMILION, carrierColour } from "./colours.js";
import { bearing, changeColour, drawLines, drawZones, valueOf } from "./flows.js";
import { number, quantity, words } from "./format.js";

/** @typedef {import("./flows.js").Row} Row */
/** @typedef {import("./picture.js").Choice} Choice */
/** @typedef {import("./picture.js").Item} Item */

/**
 * @param {any} base
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 */
export function powerPicture(base, layers, choice) {
  const sign = choice.show === "difference";
  const zones = drawZones(base.zones, layers.generation ?? [], choice.show);
  const { drawn } = drawLines(base.lines, layers.lines ?? [], choice.show);
  const names = new Map(base.zones.features.map((/** @type {any} */ zone) => [zone.properties.id, zone.properties.name]));
  const used = drawn.filter((each) => Math.abs(each.value) > 1e-3 || each.capacity > 0);
  /** @type {Item[]} */
  const lines = used.map((each) => {
    const { from_bus: from, to_bus: to } = each.feature.properties;
    const [start, end] = each.net >= 0 ? [from, to] : [to, from];
    return {
      kind: "line",
      id: each.id,
      name: `${names.get(start) ?? start} → ${names.get(end) ?? end}`,
      detail: "line",
      value: each.value,
      text: quantity(each.value, "GWh", { sign }),
      more: sign
        ? ""
        : `${quantity(each.capacity, "MW")}, ${each.use === null ? "no" : quantity(100 * each.use, "%")} of the limit`,
      geometry: each.feature.geometry,
      width: each.width,
    };
  });
  const mixes = zones.filter((each) => Math.abs(each.value) > 1e-3);
  /** @type {Item[]} */
  const items = mixes.map((each) => ({
    kind: "zone",
    id: each.id,
    name: each.feature.properties.name,
    detail: "zone",
    value: each.value,
    text: quantity(each.value, "GWh", { sign }),
    more: each.mix
      .slice(0, 2)
      .map((part) => `${words(part.carrier)} ${number(part.gwh, { sign })}`)
      .join(", "),
    geometry: each.feature.geometry,
    radius: 14,
  }));
  return {
    power: used.map((each) => ({
      ...each,
      width: Math.max(1.5, each.width),
      colour: sign ? changeColour(each.value) : useColour(each.use),
    })),
    arrows: used
      .filter((each) => Math.abs(each.net) > 0.5)
      .map((each) => directionOf(each.feature.geometry.coordinates, each.net)),
    points: mixes.map((each) => ({
      at: each.feature.geometry.coordinates,
      id: each.id,
      kind: "zone",
      radius: 14,
      colour: sign ? changeColour(each.value) : "#ffffff",
      edge: "#1d2733",
    })),
    pies: sign
      ? []
      : mixes.map((each) => ({
          at: each.feature.geometry.coordinates,
          mix: each.mix,
          value: each.value,
          name: each.feature.properties.name,
        })),
    items: [...lines, ...items].sort(bySize),
  };
}

/**
 * @param {[number, number][]} ends
 * @param {number} net
 */
function directionOf(ends, net) {
  const [from, to] = net >= 0 ? ends : [ends[1], ends[0]];
  return { at: /** @type {[number, number]} */ ([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), bearing: bearing(from, to) };
}

/** @param {number | null} use */
export function useColour(use) {
  if (use === null || use < 0.01) return GREY;
  return use >= 0.9 ? VERMILION : use >= 0.5 ? ORANGE : BLUE;
}

/**
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 */
export function powerLegend(layers, choice) {
  if (choice.show === "difference") {
    return [
      {
        title: "Change of electricity",
        shape: /** @type {const} */ ("line"),
        widths: [],
        colours: [
          { label: "more", colour: INCREASE },
          { label: "less", colour: DECREASE },
        ],
      },
    ];
  }
  const carriers = [
    ...new Set(
      (layers.generation ?? [])
        .filter((row) => valueOf(row, "generation_gwh", choice.show) > 0)
        .map((row) => String(row.carrier)),
    ),
  ];
  return [
    {
      title: "Lines: mean use of the limit",
      shape: /** @type {const} */ ("line"),
      widths: [],
      colours: [
        { label: "90 % or more", colour: VERMILION },
        { label: "50 % or more", colour: ORANGE },
        { label: "less", colour: BLUE },
        { label: "no flow", colour: GREY },
      ],
    },
    {
      title: "Zones: generation",
      shape: /** @type {const} */ ("square"),
      widths: [],
      colours: carriers.map((carrier) => ({ label: words(carrier), colour: carrierColour(carrier) })),
    },
  ];
}

/**
 * @param {Item} one
 * @param {Item} other
 */
export function bySize(one, other) {
  return Math.abs(other.value ?? 0) - Math.abs(one.value ?? 0);
}
