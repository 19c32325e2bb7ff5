// @ts-check
/** The map as a picture: outlines and flows in an equal-area conic projection, with legend, title and notes. */

import { INK, SOFT } from "../modules/colours.js";
import { s, save } from "../modules/dom.js";
import { reaches } from "../modules/flows.js";
import { middleOf } from "../modules/shapes.js";
import { loadPlot, rasterise } from "./chart.js";
import { pieRadius, pieSectors } from "./pie.js";

const WIDTH = 960;
const LEGEND_WIDTH = 300;
/** Letters of a line of the legend. */
const LEGEND_LETTERS = 36;
/** Degrees beyond the window in which outlines are drawn. */
const NEAR_DEG = 10;
const TITLE_HEIGHT = 34;
const NOTE_HEIGHT = 46;
const MARGIN_SHARE = 0.12;
const LINE = 17;
/** Position of the standard parallels between the edges (Snyder 1987, p. 99). */
const PARALLELS = [1 / 6, 5 / 6];

/**
 * Draw the map as SVG.
 * @param {any} d3
 * @param {any} base
 * @param {import("../modules/picture.js").Picture} picture
 * @param {string} title
 * @returns {{svg: SVGElement, width: number, height: number}}
 */
export function drawPrintMap(d3, base, picture, title) {
  const window = widened(base.window);
  const [west, south, east, north] = window;
  const parallels = PARALLELS.map((share) => south + share * (north - south));
  const edge = edgeOf(window);
  const projection = d3
    .geoConicEqualArea()
    .parallels(parallels)
    .rotate([-(west + east) / 2, 0])
    .fitWidth(WIDTH, edge);
  const path = d3.geoPath(projection);
  const [[, top], [, bottom]] = path.bounds(edge);
  const height = Math.round(bottom - top);
  const [x, y] = projection.translate();
  projection.translate([x, y - top]).clipExtent([
    [0, 0],
    [WIDTH, height],
  ]);
  const at = (/** @type {[number, number]} */ point) => projection(point);
  const inside = (/** @type {[number, number]} */ point) => {
    const [left, upper] = at(point);
    return left >= 0 && left <= WIDTH && upper >= 0 && upper <= height;
  };
  const full = { width: WIDTH + LEGEND_WIDTH, height: height + TITLE_HEIGHT + NOTE_HEIGHT };
  const svg = s(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width: full.width,
      height: full.height,
      viewBox: `0 0 ${full.width} ${full.height}`,
      "font-family": "DejaVu Sans, sans-serif",
      fill: INK,
    },
    s("title", {}, title),
    s("clipPath", { id: "map-frame" }, s("rect", { width: WIDTH, height })),
    s("rect", { width: full.width, height: full.height, fill: "#ffffff" }),
    s("text", { x: 6, y: 23, "font-size": 17, "font-weight": "bold" }, title),
    s(
      "g",
      { transform: `translate(0 ${TITLE_HEIGHT})`, "clip-path": "url(#map-frame)" },
      s("rect", { width: WIDTH, height, fill: "#dfe9f0" }),
      base.countries.features.map((/** @type {any} */ country) =>
        s("path", {
          d: outlinePath(country, window, at),
          "fill-rule": "evenodd",
          fill: picture.fillOf(country.properties) ?? "#f1efe9",
          stroke: "#a9b1bb",
          "stroke-width": 0.7,
        }),
      ),
      picture.network.map((link) => s("path", { d: path(link) ?? "", fill: "none", stroke: "#c9ced6", "stroke-width": 0.5 })),
      [...picture.freight, ...picture.power].map((each) =>
        s("path", {
          d: path(each.feature) ?? "",
          fill: "none",
          stroke: each.colour,
          "stroke-width": each.width.toFixed(2),
          "stroke-linecap": "round",
        }),
      ),
      picture.points
        .filter((point) => inside(point.at))
        .map((point) =>
          s("circle", {
            cx: at(point.at)[0].toFixed(1),
            cy: at(point.at)[1].toFixed(1),
            r: point.radius.toFixed(1),
            fill: point.colour,
            stroke: INK,
            "stroke-width": 0.8,
          }),
        ),
      pies(picture, at, inside),
      picture.arrows
        .filter((arrow) => inside(arrow.at))
        .map((arrow) => {
          const [left, upper] = at(arrow.at);
          return s("path", {
            d: "M0,-6L5,5L0,2L-5,5Z",
            fill: INK,
            stroke: "#ffffff",
            "stroke-width": 0.8,
            transform: `translate(${left.toFixed(1)} ${upper.toFixed(1)}) rotate(${arrow.bearing.toFixed(0)})`,
          });
        }),
      names(base, at, inside),
    ),
    legend(picture),
    notes(base.notes, height + TITLE_HEIGHT),
  );
  return { svg, ...full };
}

/**
 * @param {import("../modules/picture.js").Picture} picture
 * @param {(point: [number, number]) => [number, number]} at
 * @param {(point: [number, number]) => boolean} inside
 */
function pies(picture, at, inside) {
  const largest = Math.max(0, ...picture.pies.map((each) => each.value));
  return picture.pies
    .filter((each) => inside(each.at))
    .map((each) => {
      const [x, y] = at(each.at);
      return s(
        "g",
        { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` },
        pieSectors(each.mix, pieRadius(each.value, largest)).map((part) =>
          s("path", { d: part.path, fill: part.colour, stroke: "#ffffff", "stroke-width": 0.6 }),
        ),
      );
    });
}

/**
 * @param {any} base
 * @param {(point: [number, number]) => [number, number]} at
 * @param {(point: [number, number]) => boolean} inside
 */
function names(base, at, inside) {
  const homes = new Set(base.homes);
  return base.countries.features
    .filter((/** @type {any} */ each) => homes.has(each.properties.iso3))
    .map((/** @type {any} */ each) => {
      const middle = middleOf(each.geometry);
      if (!inside(middle)) return null;
      const [x, y] = at(middle);
      return s(
        "text",
        {
          x: x.toFixed(1),
          y: y.toFixed(1),
          "text-anchor": "middle",
          "font-size": 13,
          fill: INK,
          stroke: "#ffffff",
          "stroke-width": 3,
          "paint-order": "stroke",
        },
        each.properties.name,
      );
    });
}

/** @param {import("../modules/picture.js").Picture} picture */
function legend(picture) {
  let y = TITLE_HEIGHT + 14;
  /** @type {SVGElement[]} */
  const marks = [];
  const write = (/** @type {string} */ text, /** @type {number} */ x, weight = "normal") =>
    marks.push(s("text", { x, y, "font-size": 12, "font-weight": weight }, text));
  for (const part of picture.legend) {
    for (const line of linesOf(part.title)) {
      write(line, WIDTH + 14, "bold");
      y += LINE;
    }
    for (const entry of part.colours) {
      marks.push(
        part.shape === "line"
          ? s("line", { x1: WIDTH + 14, x2: WIDTH + 38, y1: y - 4, y2: y - 4, stroke: entry.colour, "stroke-width": 4 })
          : s("rect", {
              x: WIDTH + 20,
              y: y - 10,
              width: 12,
              height: 12,
              rx: part.shape === "dot" ? 6 : 0,
              fill: entry.colour,
              stroke: SOFT,
              "stroke-width": 0.6,
            }),
      );
      write(entry.label, WIDTH + 46);
      y += LINE;
    }
    for (const entry of part.widths) {
      marks.push(s("line", { x1: WIDTH + 14, x2: WIDTH + 38, y1: y - 4, y2: y - 4, stroke: SOFT, "stroke-width": entry.width }));
      write(entry.label, WIDTH + 46);
      y += LINE;
    }
    y += LINE / 2;
  }
  return s("g", {}, marks);
}

/**
 * Break a text into lines of the legend.
 * @param {string} text
 */
function linesOf(text) {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LEGEND_LETTERS) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {string[]} texts
 * @param {number} top
 */
function notes(texts, top) {
  return texts.map((text, k) => s("text", { x: 6, y: top + 16 + 15 * k, "font-size": 11, fill: SOFT }, text));
}

/**
 * Widen the window of the home countries by a margin.
 * @param {[number, number, number, number]} window
 * @returns {[number, number, number, number]}
 */
function widened([west, south, east, north]) {
  const [x, y] = [MARGIN_SHARE * (east - west), MARGIN_SHARE * (north - south)];
  return [west - x, south - y, east + x, north + y];
}

/**
 * Return the edge of a window as a line that follows its parallels.
 * @param {[number, number, number, number]} window
 */
function edgeOf([west, south, east, north]) {
  const steps = Array.from({ length: 41 }, (_, k) => west + ((east - west) * k) / 40);
  return {
    type: "LineString",
    coordinates: [...steps.map((lon) => [lon, south]), ...steps.reverse().map((lon) => [lon, north])],
  };
}

/**
 * Return the outline of a country near the window as a path in the plane. Rings are projected point by point: along the
 * edges of the cut atlas, D3's polygons on the sphere turn inside out.
 * @param {any} country
 * @param {[number, number, number, number]} window
 * @param {(point: [number, number]) => [number, number]} at
 */
export function outlinePath(country, [west, south, east, north], at) {
  const near = [west - NEAR_DEG, south - NEAR_DEG, east + NEAR_DEG, north + NEAR_DEG];
  const { type, coordinates } = country.geometry;
  const rings = (type === "Polygon" ? [coordinates] : coordinates).flat();
  return rings
    .filter((/** @type {any} */ ring) => reaches({ type: "LineString", coordinates: ring }, /** @type {any} */ (near)))
    .map(
      (/** @type {[number, number][]} */ ring) =>
        `M${ring
          .map((point) =>
            at(point)
              .map((each) => each.toFixed(1))
              .join(","),
          )
          .join("L")}Z`,
    )
    .join("");
}

/**
 * Save the map as a file.
 * @param {any} base
 * @param {import("../modules/picture.js").Picture} picture
 * @param {string} title
 * @param {"svg" | "png"} format
 */
export async function savePrintMap(base, picture, title, format) {
  const { d3 } = await loadPlot();
  const { svg, width, height } = drawPrintMap(d3, base, picture, title);
  const text = new XMLSerializer().serializeToString(svg);
  const name = `map-${title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}`;
  const content = format === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await rasterise(text, width, height);
  save(content, `${name}.${format}`);
}
