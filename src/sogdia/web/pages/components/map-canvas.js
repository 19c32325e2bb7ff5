// @ts-check
/** The map on screen: MapLibre without tiles or glyphs; names and pies are HTML markers. */

import { FAINT, INK } from "../modules/colours.js";
import { h } from "../modules/dom.js";

/** @typedef {import("../modules/flows.js").Drawn} Drawn */
/** @typedef {{id: string, kind: string}} Picked */
/**
 * @typedef {object} Reactions
 * @property {(picked: Picked | null) => void} onPick
 * @property {(picked: Picked) => string} describe
 * @property {(at: string) => void} [onMove]
 * @property {() => void} [onResize]
 */

const WATER = "#dfe9f0";
const COUNTRY = "#f1efe9";
const EMPTY = { type: "FeatureCollection", features: [] };
const MARGIN_DEG = 1.5;
/** Pixels around a click in which a feature counts as meant. */
const REACH = 5;
const PICKABLE = ["points", "power", "freight", "countries"];

/** @type {Promise<any> | null} */
let library = null;

/** Load MapLibre at the first map; its worker is a file of its own, as the content security policy asks. */
export function loadMapLibre() {
  library ??= (async () => {
    const style = h("link", { rel: "stylesheet", href: "vendor/maplibre-gl.css" });
    document.head.append(style);
    const module = await import(new URL("vendor/maplibre-gl.mjs", document.baseURI).href);
    module.setWorkerUrl(new URL("vendor/maplibre-gl-worker.mjs", document.baseURI).href);
    return module;
  })();
  return library;
}

/**
 * Return whether the browser can draw with WebGL, which MapLibre needs.
 */
export function hasWebGl() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2"));
}

/** Layers from bottom to top. Widths and colours are properties of the features. */
function layers() {
  const line = { "line-cap": "round", "line-join": "round" };
  return [
    { id: "water", type: "background", paint: { "background-color": WATER } },
    { id: "countries", type: "fill", source: "countries", paint: { "fill-color": ["coalesce", ["get", "fill"], COUNTRY] } },
    { id: "outlines", type: "line", source: "countries", paint: { "line-color": "#a9b1bb", "line-width": 0.7 } },
    { id: "outlined", type: "line", source: "outlined", paint: { "line-color": INK, "line-width": 2.5 } },
    { id: "network", type: "line", source: "network", paint: { "line-color": FAINT, "line-width": 0.5 } },
    {
      id: "chosen",
      type: "line",
      source: "chosen",
      layout: line,
      paint: { "line-color": INK, "line-width": ["+", 5, ["get", "width"]] },
    },
    {
      id: "freight",
      type: "line",
      source: "freight",
      layout: line,
      paint: { "line-color": ["get", "colour"], "line-width": widthByZoom(), "line-opacity": 0.85 },
    },
    {
      id: "power",
      type: "line",
      source: "power",
      layout: line,
      paint: { "line-color": ["get", "colour"], "line-width": widthByZoom(), "line-opacity": 0.9 },
    },
    {
      id: "arrows",
      type: "symbol",
      source: "arrows",
      layout: {
        "icon-image": "arrow",
        "icon-rotate": ["get", "bearing"],
        "icon-rotation-alignment": "map",
        "icon-allow-overlap": true,
        "icon-size": 0.6,
      },
    },
    {
      id: "points",
      type: "circle",
      source: "points",
      layout: { "circle-sort-key": ["get", "radius"] },
      paint: {
        "circle-radius": ["get", "radius"],
        "circle-color": ["get", "colour"],
        "circle-stroke-color": ["get", "edge"],
        "circle-stroke-width": 1.2,
        "circle-opacity": 0.85,
      },
    },
    {
      id: "marked",
      type: "circle",
      source: "marked",
      paint: {
        "circle-radius": ["+", 4, ["get", "radius"]],
        "circle-color": "rgba(0,0,0,0)",
        "circle-stroke-color": INK,
        "circle-stroke-width": 3,
      },
    },
  ];
}

/** Lines grow a little when the map is enlarged. */
function widthByZoom() {
  return [
    "interpolate",
    ["linear"],
    ["zoom"],
    2,
    ["*", 0.7, ["get", "width"]],
    5,
    ["get", "width"],
    9,
    ["*", 1.8, ["get", "width"]],
  ];
}

const SOURCES = ["countries", "outlined", "network", "chosen", "freight", "power", "arrows", "points", "marked"];

export class MapCanvas {
  /**
   * @param {HTMLElement} element
   * @param {any} base Answer of `map/base`.
   * @param {Reactions} options
   */
  constructor(element, base, options) {
    this.element = element;
    this.base = base;
    this.options = options;
    /** @type {any[]} */
    this.markers = [];
    /** @type {any} */
    this.map = null;
    /** @type {Map<string, any>} */
    this.waiting = new Map();
  }

  /**
   * Draw the map.
   * @param {string} at Longitude, latitude and zoom, or empty for the window of the home countries.
   */
  async open(at) {
    const library = await loadMapLibre();
    this.library = library;
    const [west, south, east, north] = this.base.window;
    const home = [west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG];
    const view = readView(at);
    this.map = new library.Map({
      container: this.element,
      style: {
        version: 8,
        sources: Object.fromEntries(SOURCES.map((name) => [name, { type: "geojson", data: EMPTY }])),
        layers: layers(),
      },
      ...(view ?? { bounds: home }),
      attributionControl: false,
      maxZoom: 11,
      minZoom: 1,
      dragRotate: false,
      pitchWithRotate: false,
      cooperativeGestures: false,
      renderWorldCopies: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl({ unit: "metric" }), "bottom-left");
    const canvas = this.map.getCanvas();
    canvas.setAttribute("aria-label", "Map; arrow keys move it, plus and minus enlarge it. The same data are in the list below.");
    await new Promise((resolve) => this.map.once("load", resolve));
    // The page may have been laid out while the map loaded.
    this.map.resize();
    if (!view) this.map.fitBounds(home, { duration: 0 });
    this.map.addImage("arrow", arrow());
    for (const [name, data] of this.waiting) this.map.getSource(name)?.setData(data);
    this.waiting.clear();
    this.#listen();
  }

  /**
   * @param {string} name
   * @param {any[]} features
   */
  #set(name, features) {
    const data = { type: "FeatureCollection", features };
    const source = this.map?.getSource(name);
    if (source) source.setData(data);
    else this.waiting.set(name, data);
  }

  /** @param {(properties: any) => string | undefined} fillOf Colour of a country. */
  setCountries(fillOf) {
    this.#set(
      "countries",
      this.base.countries.features.map((/** @type {any} */ feature) => ({
        ...feature,
        properties: {
          ...feature.properties,
          kind: "country",
          id: feature.properties.iso3,
          fill: fillOf(feature.properties) ?? null,
        },
      })),
    );
  }

  /** @param {any[]} features Links without freight, as a faint network. */
  setNetwork(features) {
    this.#set("network", features);
  }

  /**
   * @param {"freight" | "power"} source
   * @param {{feature: any, id: string, width: number, colour: string, kind?: string}[]} drawn `kind` if not that of the source.
   */
  setLines(source, drawn) {
    const kind = source === "freight" ? "link" : "line";
    this.#set(
      source,
      drawn.map(({ feature, id, width, colour, kind: own }) => ({
        type: "Feature",
        geometry: feature.geometry,
        properties: { id, kind: own ?? kind, width, colour },
      })),
    );
  }

  /** @param {{at: [number, number], bearing: number}[]} arrows */
  setArrows(arrows) {
    this.#set(
      "arrows",
      arrows.map((each) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: each.at },
        properties: { bearing: each.bearing },
      })),
    );
  }

  /** @param {{at: [number, number], id: string, kind: string, radius: number, colour: string, edge?: string}[]} points */
  setPoints(points) {
    this.#set(
      "points",
      points.map(({ at, ...properties }) => ({
        type: "Feature",
        geometry: { type: "Point", coordinates: at },
        properties: { edge: "#ffffff", ...properties },
      })),
    );
  }

  /** @param {{at: [number, number], element: HTMLElement, anchor?: string}[]} markers Names and pies. */
  setMarkers(markers) {
    for (const marker of this.markers) marker.remove();
    if (!this.map) return;
    this.markers = markers.map(({ at, element, anchor }) =>
      new this.library.Marker({ element, anchor: anchor ?? "center" }).setLngLat(at).addTo(this.map),
    );
  }

  /**
   * Mark features: lines get a dark edge, points a ring.
   * @param {{geometry: any, width?: number, radius?: number}[]} features
   */
  mark(features) {
    const made = (/** @type {any} */ each) => ({
      type: "Feature",
      geometry: each.geometry,
      properties: { width: each.width ?? 2, radius: each.radius ?? 5 },
    });
    this.#set("chosen", features.filter((each) => each.geometry.type === "LineString").map(made));
    this.#set("marked", features.filter((each) => each.geometry.type === "Point").map(made));
  }

  /** @param {string[]} codes Countries that get a dark outline. */
  outline(codes) {
    const own = this.base.countries.features.filter((/** @type {any} */ each) => codes.includes(each.properties.iso3));
    this.#set("outlined", own);
  }

  /** @param {any} geometry Show a feature that is outside the window. */
  reveal(geometry) {
    const points =
      geometry.type === "Point" ? [geometry.coordinates] : geometry.type === "LineString" ? geometry.coordinates : [];
    if (!this.map || !points.length) return;
    const bounds = this.map.getBounds();
    if (points.every((/** @type {any} */ point) => bounds.contains(point))) return;
    const mean = (/** @type {number} */ axis) =>
      points.reduce((/** @type {number} */ sum, /** @type {any} */ point) => sum + point[axis], 0) / points.length;
    this.map.panTo([mean(0), mean(1)], { duration: 0 });
  }

  #listen() {
    const popup = new this.library.Popup({ closeButton: false, closeOnClick: false, maxWidth: "18rem" });
    const found = (/** @type {any} */ point) => {
      const box = [
        [point.x - REACH, point.y - REACH],
        [point.x + REACH, point.y + REACH],
      ];
      const hits = this.map.queryRenderedFeatures(box, { layers: PICKABLE });
      const best = PICKABLE.map((layer) => hits.find((/** @type {any} */ hit) => hit.layer.id === layer)).find(Boolean);
      return best?.properties.id ? { id: best.properties.id, kind: best.properties.kind } : null;
    };
    this.map.on("click", (/** @type {any} */ event) => this.options.onPick(found(event.point)));
    this.map.on("mousemove", (/** @type {any} */ event) => {
      const picked = found(event.point);
      this.map.getCanvas().style.cursor = picked ? "pointer" : "";
      if (picked && picked.kind !== "country")
        popup.setLngLat(event.lngLat).setText(this.options.describe(picked)).addTo(this.map);
      else popup.remove();
    });
    this.map.on("mouseout", () => popup.remove());
    this.map.on("resize", () => this.options.onResize?.());
    this.map.on("moveend", () => {
      const { lng, lat } = this.map.getCenter();
      this.options.onMove?.(`${lng.toFixed(2)},${lat.toFixed(2)},${this.map.getZoom().toFixed(2)}`);
    });
  }

  /** @returns {[number, number, number, number] | null} West, south, east, north of what is visible. */
  window() {
    if (!this.map) return null;
    const bounds = this.map.getBounds();
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  }

  close() {
    this.setMarkers([]);
    this.map?.remove();
    this.map = null;
  }
}

/**
 * Read longitude, latitude and zoom.
 * @param {string} at
 */
export function readView(at) {
  const [lng, lat, zoom] = at.split(",").map(Number);
  const isView = at !== "" && Math.abs(lng) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 22;
  return isView ? { center: [lng, lat], zoom } : null;
}

/** Draw the arrow head that shows the direction of a line, pointing north. */
function arrow() {
  const size = 24;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.beginPath();
  pen.moveTo(size / 2, 2);
  pen.lineTo(size - 3, size - 4);
  pen.lineTo(size / 2, size - 9);
  pen.lineTo(3, size - 4);
  pen.closePath();
  pen.fillStyle = INK;
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 2;
  pen.stroke();
  pen.fill();
  return pen.getImageData(0, 0, size, size);
}

/**
 * Build the name of a country or town on the map.
 * @param {string} name
 * @param {"country" | "town"} kind
 */
export function nameMarker(name, kind) {
  return h("span", { class: `map-name map-name-${kind}`, "aria-hidden": "true" }, name);
}
