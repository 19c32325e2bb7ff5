// @ts-check
/** A chart by Observable Plot, drawn to the width of its place, with its files: SVG, PNG. */

import { fill, h, s, save } from "../modules/dom.js";
import { problemOf } from "../modules/messages.js";
import { colourLegend } from "./legend.js";

/**
 * @typedef {object} Options
 * @property {string} title
 * @property {string} [note] Line under the chart: source, definition.
 * @property {string} alt Text alternative: what the chart shows.
 * @property {(plot: any, d3: any, width: number) => object} draw Returns the options of `Plot.plot`.
 * @property {{label: string, colour: string}[]} [legend]
 * @property {(datum: any) => void} [onHover] The mark under the pointer, null for none; needs a mark with `tip`.
 * @property {(datum: any) => void} [onSelect] The mark that is clicked.
 */

const PNG_SCALE = 2;
const LEGEND_LINE = 18;
/** Plot's own style, which it would add inside the picture, where the content security policy refuses it. */
const STYLE = `
.chart-plot { --plot-background: white; display: block; height: auto; height: intrinsic; max-width: 100%; }
.chart-plot text, .chart-plot tspan { white-space: pre; }
`;

/** @type {Promise<{Plot: any, d3: any}> | null} */
let library = null;

/** Load Plot and D3 at the first chart. */
export function loadPlot() {
  library ??= (async () => {
    await script("vendor/d3.min.js");
    await script("vendor/plot.umd.min.js");
    const page = /** @type {any} */ (window);
    return { Plot: page.Plot, d3: page.d3 };
  })();
  return library;
}

/** @param {string} address */
function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = () => resolve(undefined);
    element.onerror = () =>
      reject(new Error(`The chart library is not installed (${address}); install Sogdia again with access to npm.`));
    document.head.append(element);
  });
}

/**
 * Build a chart.
 * @param {Options} options
 * @returns {{element: HTMLElement, update: (changes?: Partial<Options>) => void, destroy: () => void}}
 */
export function createChart(options) {
  const current = { ...options };
  const place = h("div", { class: "chart-place" });
  const title = h("h3", {}, current.title);
  const legend = h("div", {});
  const note = h("p", { class: "note" }, current.note ?? "");
  const buttons = h(
    "span",
    { class: "files" },
    h("button", { type: "button", "aria-label": `Save ${current.title} as SVG`, onclick: () => saveSvg() }, "SVG"),
    h("button", { type: "button", "aria-label": `Save ${current.title} as PNG`, onclick: () => void savePng() }, "PNG"),
  );
  const element = h(
    "figure",
    { class: "chart" },
    h("div", { class: "chart-head" }, title, buttons),
    legend,
    place,
    h("figcaption", {}, note),
  );
  let drawnWidth = 0;

  const observer = new ResizeObserver(() => {
    const width = place.clientWidth;
    if (width > 0 && Math.abs(width - drawnWidth) > 4) void draw();
  });
  observer.observe(place);

  async function draw() {
    const width = place.clientWidth;
    if (width === 0) return;
    drawnWidth = width;
    fill(legend, current.legend ? colourLegend(current.legend, { shape: "square" }) : null);
    try {
      const { Plot, d3 } = await loadPlot();
      const made = Plot.plot({ className: "chart-plot", width, ...current.draw(Plot, d3, width) });
      for (const style of made.querySelectorAll("style")) style.remove();
      const picture = made.matches("svg") ? made : made.querySelector(":scope > svg");
      // The picture has one name; a group has no role that may carry another.
      for (const group of picture.querySelectorAll("g[aria-label]")) {
        group.setAttribute("data-mark", group.getAttribute("aria-label"));
        group.removeAttribute("aria-label");
      }
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", current.alt || current.title);
      if (current.onHover) made.addEventListener("input", () => current.onHover?.(made.value ?? null));
      if (current.onSelect) made.addEventListener("click", () => made.value && current.onSelect?.(made.value));
      fill(place, made);
    } catch (error) {
      fill(place, problemOf(error));
    }
  }

  const name = () => current.title.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-");

  function saveSvg() {
    const text = pictureText(place, current.legend ?? []);
    if (text) save(new Blob([text], { type: "image/svg+xml" }), `${name()}.svg`);
  }

  async function savePng() {
    const picture = place.querySelector(":scope > svg, :scope > figure > svg");
    const text = pictureText(place, current.legend ?? []);
    if (!picture || !text) return;
    const extra = LEGEND_LINE * (current.legend?.length ?? 0);
    save(await rasterise(text, picture.clientWidth, picture.clientHeight + extra), `${name()}.png`);
  }

  return {
    element,
    update(changes = {}) {
      Object.assign(current, changes);
      title.textContent = current.title;
      note.textContent = current.note ?? "";
      void draw();
    },
    destroy: () => observer.disconnect(),
  };
}

/**
 * Return the picture as a file of its own: with its style and a white background.
 * @param {Element} place
 * @param {{label: string, colour: string}[]} legend Written under the picture.
 */
function pictureText(place, legend) {
  const picture = place.querySelector(":scope > svg, :scope > figure > svg");
  if (!picture) return "";
  const copy = /** @type {SVGElement} */ (picture.cloneNode(true));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("style", "background: white; font-family: sans-serif; color: #1d2733");
  const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
  style.textContent = STYLE;
  copy.prepend(style);
  const [width, height] = ["width", "height"].map((name) => Number(copy.getAttribute(name)));
  const full = height + LEGEND_LINE * legend.length;
  copy.setAttribute("height", String(full));
  copy.setAttribute("viewBox", `0 0 ${width} ${full}`);
  legend.forEach((entry, at) => {
    const y = height + LEGEND_LINE * at;
    copy.append(
      s("rect", { x: 8, y, width: 12, height: 12, fill: entry.colour }),
      s("text", { x: 26, y: y + 10, "font-size": 12 }, entry.label),
    );
  });
  return new XMLSerializer().serializeToString(copy);
}

/**
 * Draw SVG into pixels.
 * @param {string} svg
 * @param {number} width
 * @param {number} height
 * @returns {Promise<Blob>}
 */
export async function rasterise(svg, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser drew no picture"))), "image/png");
  });
}
