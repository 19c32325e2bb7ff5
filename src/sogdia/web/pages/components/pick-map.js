// @ts-check
/** The map of the plan view: click a border or link to close it, or place what the plan adds. */

import { BLUE, GREY, INK, ORANGE, VERMILION } from "../modules/colours.js";
import { fill, h } from "../modules/dom.js";
import { homePlaces } from "../modules/picture.js";
import { MapCanvas, hasWebGl } from "./map-canvas.js";

const WIDTH = 2;
const CLOSED_WIDTH = 5;

/** @typedef {{closed: {places: string[], links: string[]}, own: {geometry: any}[]}} Shown */

/**
 * Build the map.
 * @param {any} base Answer of `map/base`.
 * @param {{onClose: (key: "places" | "links", id: string, label: string) => void,
 *   onPick: (picked: {place?: string, lon?: number, lat?: number, iso3?: string}) => void}} options
 */
export function pickMap(base, options) {
  const place = h("div", { class: "map-place pick-map" });
  const about = h("p", { class: "note", "aria-live": "polite" });
  /** @type {"ends" | "site" | null} */
  let picking = null;
  /** @type {Shown} */
  let shown = { closed: { places: [], links: [] }, own: [] };
  const links = new Map(base.links.features.map((/** @type {any} */ each) => [each.properties.id, each]));
  const places = new Map(base.places.features.map((/** @type {any} */ each) => [each.properties.id, each]));
  const homes = homePlaces(base);
  // Ocean routes between places far away would cross the map as straight lines.
  const drawn = [...links.values()].filter(({ properties }) =>
    properties.mode !== "sea" || !homes || homes.has(properties.from) || homes.has(properties.to));
  const borders = base.borders.features;
  const nameOf = (/** @type {string} */ id) => places.get(id)?.properties.name ?? id;
  const linkName = (/** @type {any} */ each) => `${nameOf(each.properties.from)} – ${nameOf(each.properties.to)}, ${each.properties.mode}`;

  const canvas = hasWebGl() ? new MapCanvas(place, base, { onPick: pick, describe }) : null;

  /** @param {{id: string, kind: string}} picked */
  function describe(picked) {
    if (picked.kind === "link") return `${linkName(links.get(picked.id))}: click to close it or open it again`;
    return picking ? nameOf(picked.id) : `${nameOf(picked.id)}: click to close it or open it again`;
  }

  /** @param {{id: string, kind: string} | null} picked */
  function pick(picked) {
    if (!picked) return;
    if (picking === "ends" && picked.kind === "place") options.onPick({ place: picked.id });
    if (picking) return;
    if (picked.kind === "link") options.onClose("links", picked.id, linkName(links.get(picked.id)));
    if (picked.kind === "border") options.onClose("places", picked.id, nameOf(picked.id));
  }

  function draw() {
    if (!canvas) return;
    const closed = new Set(shown.closed.links);
    canvas.setLines("freight", drawn.map((feature) => ({
      feature, id: feature.properties.id,
      width: closed.has(feature.properties.id) ? CLOSED_WIDTH : WIDTH,
      colour: closed.has(feature.properties.id) ? VERMILION : feature.properties.mode === "rail" ? BLUE : GREY,
    })));
    const ends = picking === "ends" ? [...places.values()].map((feature) => point(feature, "place", 3.5, BLUE)) : [];
    const crossings = picking ? [] : borders.map((/** @type {any} */ feature) =>
      shown.closed.places.includes(feature.properties.id)
        ? { ...point(feature, "border", 8, VERMILION), edge: INK } : point(feature, "border", 5, ORANGE));
    canvas.setPoints([...ends, ...crossings]);
    canvas.mark(shown.own);
    fill(about, picking === "ends" ? "Click the two ends of the link." : picking === "site" ? "Click the site of the plant."
      : "Orange points are border crossings, blue lines railways, grey lines roads, ferries and sea routes. Click one to close it: it turns red and larger.");
  }

  return {
    element: h("div", {}, place, about, h("p", { class: "note" }, base.notes.join(" "))),
    async open() {
      if (!canvas) {
        fill(place, h("p", { class: "notice" }, "This browser draws no WebGL, which the map needs. Search for borders and links instead."));
        return;
      }
      await canvas.open("");
      canvas.setCountries(() => undefined);
      canvas.map.on("click", (/** @type {any} */ event) => {
        if (picking !== "site") return;
        const [country] = canvas.map.queryRenderedFeatures(event.point, { layers: ["countries"] });
        options.onPick({ lon: event.lngLat.lng, lat: event.lngLat.lat, iso3: country?.properties.iso3 });
      });
      draw();
    },
    /** @param {Shown} next */
    update(next) {
      shown = next;
      draw();
    },
    /** @param {"ends" | "site" | null} what */
    startPicking(what) {
      if (picking === what) return;
      picking = what;
      draw();
    },
    close: () => canvas?.close(),
  };
}

/**
 * @param {any} feature
 * @param {string} kind
 * @param {number} radius
 * @param {string} colour
 */
function point(feature, kind, radius, colour) {
  return { at: feature.geometry.coordinates, id: feature.properties.id, kind, radius, colour };
}

/**
 * Return the features of projects of one's own.
 * @param {any[]} choices Projects of a plan.
 * @param {any} base
 */
export function ownFeatures(choices, base) {
  const at = new Map(base.places.features.map((/** @type {any} */ each) => [each.properties.id, each.geometry.coordinates]));
  return choices.flatMap((choice) => {
    const { links = [], plants = [] } = choice.new?.adds ?? {};
    const lines = links.filter((/** @type {any} */ row) => at.has(row.from) && at.has(row.to))
      .map((/** @type {any} */ row) => ({ geometry: { type: "LineString", coordinates: [at.get(row.from), at.get(row.to)] } }));
    const points = plants.filter((/** @type {any} */ row) => Number.isFinite(row.lon) && Number.isFinite(row.lat))
      .map((/** @type {any} */ row) => ({ geometry: { type: "Point", coordinates: [row.lon, row.lat] } }));
    return [...lines, ...points];
  });
}
