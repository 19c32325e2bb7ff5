// @ts-check
/** Legends of maps and charts: colours, and widths of lines. */

import { h, s } from "../modules/dom.js";

const [WHITE, EDGE] = ["#ffffff", "#1d2733"];

/**
 * Build the legend of a map, part by part.
 * @param {import("../modules/picture.js").LegendPart[]} parts
 */
export function mapLegend(parts) {
  return parts.map((part) =>
    h(
      "div",
      {},
      h("h3", {}, part.title),
      colourLegend(part.colours, { shape: part.shape }),
      part.widths.length ? widthLegend(part.widths) : null,
    ),
  );
}

/**
 * Build a legend of colours.
 * @param {{label: string, colour: string, dashed?: boolean}[]} entries
 * @param {{shape?: "line" | "dot" | "square"}} [options]
 */
export function colourLegend(entries, options = {}) {
  const shape = options.shape ?? "line";
  return h(
    "ul",
    { class: "legend" },
    entries.map((entry) => h("li", {}, swatch(entry, shape), entry.label)),
  );
}

/**
 * @param {{colour: string, dashed?: boolean}} entry
 * @param {string} shape
 */
function swatch(entry, shape) {
  const mark =
    shape === "line"
      ? s("line", {
          x1: 1,
          x2: 23,
          y1: 6,
          y2: 6,
          stroke: entry.colour,
          "stroke-width": 4,
          "stroke-dasharray": entry.dashed ? "5 3" : null,
        })
      : shape === "dot"
        ? s("circle", { cx: 12, cy: 6, r: 5, fill: entry.colour, stroke: EDGE, "stroke-width": entry.colour === WHITE ? 1 : 0 })
        : s("rect", { x: 6, y: 0, width: 12, height: 12, fill: entry.colour });
  return s("svg", { width: 24, height: 12, "aria-hidden": "true" }, mark);
}

/**
 * Build a legend of widths: the line of each value as wide as on the map.
 * @param {{label: string, width: number}[]} entries
 */
export function widthLegend(entries) {
  return h(
    "ul",
    { class: "legend" },
    entries.map((entry) => {
      const height = Math.max(4, Math.ceil(entry.width) + 2);
      return h(
        "li",
        {},
        s(
          "svg",
          { width: 24, height, "aria-hidden": "true" },
          s("line", { x1: 1, x2: 23, y1: height / 2, y2: height / 2, stroke: "#5b6673", "stroke-width": entry.width }),
        ),
        entry.label,
      );
    }),
  );
}
