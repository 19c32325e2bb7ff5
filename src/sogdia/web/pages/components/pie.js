// @ts-check
/** A small pie of generation by carrier, for markers on the map and for the printed map. */

import { carrierColour } from "../modules/colours.js";
import { s } from "../modules/dom.js";

/**
 * Return the sectors of a pie as paths around (0, 0), clockwise from the top.
 * @param {{carrier: string, gwh: number}[]} mix
 * @param {number} radius
 */
export function pieSectors(mix, radius) {
  const parts = mix.filter((part) => part.gwh > 0);
  const total = parts.reduce((sum, part) => sum + part.gwh, 0);
  let from = 0;
  return parts.map((part) => {
    const share = part.gwh / total;
    const path = sector(from, from + share, radius);
    from += share;
    return { path, colour: carrierColour(part.carrier), carrier: part.carrier, share };
  });
}

/**
 * @param {number} from Share of the turn.
 * @param {number} to
 * @param {number} radius
 */
function sector(from, to, radius) {
  // An arc from a point to itself draws nothing: a full turn is two halves.
  if (to - from > 0.9999) return `M0,${-radius}A${radius},${radius} 0 1 1 0,${radius}A${radius},${radius} 0 1 1 0,${-radius}Z`;
  const at = (/** @type {number} */ share) => {
    const angle = 2 * Math.PI * share;
    return `${(radius * Math.sin(angle)).toFixed(2)},${(-radius * Math.cos(angle)).toFixed(2)}`;
  };
  return `M0,0L${at(from)}A${radius},${radius} 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z`;
}

/**
 * Return the radius of a zone's pie: its area is in proportion to generation.
 * @param {number} value
 * @param {number} largest
 */
export function pieRadius(value, largest) {
  return 7 + 15 * Math.sqrt(Math.max(0, value) / Math.max(1e-9, largest));
}

/**
 * Draw a pie as an element.
 * @param {{carrier: string, gwh: number}[]} mix
 * @param {number} radius
 */
export function pie(mix, radius) {
  const size = 2 * radius + 2;
  return s(
    "svg",
    { width: size, height: size, viewBox: `${-radius - 1} ${-radius - 1} ${size} ${size}`, "aria-hidden": "true" },
    pieSectors(mix, radius).map((part) => s("path", { d: part.path, fill: part.colour, stroke: "#ffffff", "stroke-width": 0.6 })),
    s("circle", { r: radius, fill: "none", stroke: "#1d2733", "stroke-width": 1 }),
  );
}
