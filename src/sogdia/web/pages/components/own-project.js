// @ts-check
/** A project of one's own: a link between two places, or a power plant, typed or placed on the map. */

import { fill, h, select } from "../modules/dom.js";
import { nameOf, ownProject } from "../modules/drafts.js";
import { words } from "../modules/format.js";
import { field, searchBox } from "./names-input.js";

/** @typedef {{value: string, label: string}} Named */
/** @typedef {{id: string, name: string, iso3: string, lon: number, lat: number}} Place */
/** @typedef {{id: string, from: string, to: string, mode: string}} Link */
/** @typedef {{id: string, place: string, from_iso3: string, to_iso3: string, mode: string}} Crossing */
/** @typedef {{id: string, name: string, iso3: string, carrier: string}} Plant */
/** @typedef {{places: Place[], links: Link[], crossings: Crossing[], plants: Plant[]}} Network */

const EARTH_KM = 6371;
/** Length of a road or railway over the great circle. */
const DETOUR = 1.3;
const NEEDS_CROSSINGS = ["rail", "road"];

/**
 * Return the great-circle distance, km.
 * @param {{lon: number, lat: number}} one
 * @param {{lon: number, lat: number}} other
 */
export function distanceKm(one, other) {
  const turn = Math.PI / 180;
  const height = Math.sin(((other.lat - one.lat) * turn) / 2) ** 2;
  const side = Math.cos(one.lat * turn) * Math.cos(other.lat * turn) * Math.sin(((other.lon - one.lon) * turn) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(height + side)));
}

/**
 * Return the rows of crossings of a link over a border, in both directions, after those of another crossing of its mode.
 * @param {Place} from
 * @param {Place} to
 * @param {string} mode
 * @param {Crossing[]} crossings
 * @returns {Record<string, any>[]}
 */
export function crossingRows(from, to, mode, crossings) {
  if (from.iso3 === to.iso3 || !NEEDS_CROSSINGS.includes(mode)) return [];
  const pairs = [[from.iso3, to.iso3], [to.iso3, from.iso3]];
  return pairs.map(([a, b]) => {
    const like = crossings.find((row) => row.mode === mode && row.from_iso3 === a && row.to_iso3 === b)
      ?? crossings.find((row) => row.mode === mode && (row.from_iso3 === a || row.to_iso3 === b))
      ?? crossings.find((row) => row.mode === mode);
    return { place: to.id, from_iso3: a, to_iso3: b, mode, ...(like ? { like: like.id } : {}) };
  });
}

/**
 * Build the form.
 * @param {Network} network
 * @param {(project: {project: string, opening_year: number, new: any}) => void} onDone
 * @param {{startPicking: (what: "ends" | "site" | null) => void}} map Asks the map to hand on what is clicked.
 */
export function ownProjectForm(network, onDone, map) {
  const byPlace = new Map(network.places.map((place) => [place.id, place]));
  const places = network.places.map((place) => ({ value: place.id, label: `${place.name} (${place.iso3})` }));
  /** @type {Record<string, any>} */
  const values = { kind: "link", name: "", opening_year: 2030, from: null, to: null, like: "", iso3: "", length_km: null };
  const rows = h("div", {});
  const problem = h("p", { class: "hint", "aria-live": "polite" });
  /**
   * @param {string} label
   * @param {string} key
   * @param {Record<string, any>} [attributes]
   */
  const input = (label, key, attributes = {}) => field(label, {
    type: "number", step: "any", ...attributes, value: values[key] ?? "", "data-key": key,
    oninput: (/** @type {any} */ event) => {
      const text = event.target.value;
      values[key] = event.target.type === "number" && text !== "" ? Number(text) : text;
    },
  });

  function drawLink() {
    const modes = new Map(network.links.map((link) => [link.id, link.mode]));
    const names = (/** @type {string} */ id) => byPlace.get(id)?.name ?? id;
    const links = network.links.map((link) => ({ value: link.id, label: `${names(link.from)} – ${names(link.to)}, ${link.mode}` }));
    const text = (/** @type {Place | null} */ place) => (place ? `${place.name} (${place.iso3})` : "not chosen");
    fill(rows,
      h("p", { class: "note" }, "Choose both ends: search, or click two places on the map."),
      h("div", { class: "bar" }, end("From", "from"), h("span", { class: "note" }, text(values.from))),
      h("div", { class: "bar" }, end("To", "to"), h("span", { class: "note" }, text(values.to))),
      h("div", { class: "bar" }, input("Length, km", "length_km", { min: 0.1 })),
      h("div", { class: "bar" }, searchBox({ label: "Like the link", options: links, onChoose: (option) => {
        Object.assign(values, { like: option.value, mode: modes.get(option.value), likeLabel: option.label });
        drawLink();
      } }),
      h("span", { class: "note" }, values.likeLabel ?? "not chosen: mode, speed and tracks are taken from it")));
    map.startPicking("ends");
  }

  /**
   * @param {string} label
   * @param {"from" | "to"} key
   */
  function end(label, key) {
    return searchBox({ label, options: places, onChoose: (option) => setEnd(key, option.value) });
  }

  /**
   * @param {"from" | "to"} key
   * @param {string} id
   */
  function setEnd(key, id) {
    values[key] = byPlace.get(id) ?? null;
    if (values.from && values.to) values.length_km = Math.round(DETOUR * distanceKm(values.from, values.to));
    drawLink();
  }

  function drawPlant() {
    const carriers = [...new Set(network.plants.map((plant) => plant.carrier))].sort();
    values.carrier ??= carriers[0];
    fill(rows,
      h("p", { class: "note" }, "Click the site on the map, or type its coordinates."),
      h("div", { class: "bar" }, input("Longitude", "lon", { min: -180, max: 180 }), input("Latitude", "lat", { min: -90, max: 90 }),
        input("Country", "iso3", { type: "text", maxlength: 3, size: 5 }), input("Capacity, MW", "capacity_mw", { min: 0.1 })),
      h("div", { class: "bar" }, select("Carrier", carriers.map((value) => ({ value, label: words(value) })), values.carrier,
        (carrier) => { values.carrier = carrier; })));
    map.startPicking("site");
  }

  function draw() {
    values.like = "";
    values.likeLabel = null;
    if (values.kind === "link") drawLink();
    else drawPlant();
  }

  function finish() {
    const project = projectOf(values, network);
    if (typeof project === "string") fill(problem, project);
    else {
      map.startPicking(null);
      onDone(project);
    }
  }

  const element = h("form", { class: "own-project", "aria-label": "A project of your own",
    onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); finish(); } },
  h("div", { class: "bar" }, select("Kind", [{ value: "link", label: "link" }, { value: "plant", label: "power plant" }], "link",
    (kind) => { values.kind = kind; draw(); }),
  input("Name", "name", { type: "text", required: true }), input("Opening year", "opening_year", { min: 1950, max: 2100, step: 1 }),
  input("Cost, USD million", "capex_musd", { min: 0 })),
  rows, problem,
  h("div", { class: "bar" }, h("button", { type: "submit", class: "primary" }, "Add to the plan"),
    h("button", { type: "button", onclick: () => { map.startPicking(null); element.remove(); } }, "Cancel")));
  draw();
  return {
    element,
    /** @param {{place?: string, lon?: number, lat?: number, iso3?: string}} picked What was clicked on the map. */
    pick(picked) {
      if (values.kind === "link" && picked.place) setEnd(values.from && !values.to ? "to" : "from", picked.place);
      if (values.kind === "plant" && picked.lon !== undefined && picked.lat !== undefined) {
        Object.assign(values, { lon: Number(picked.lon.toFixed(3)), lat: Number(picked.lat.toFixed(3)), iso3: picked.iso3 ?? values.iso3 });
        drawPlant();
      }
    },
  };
}

/**
 * Return the project of the form's values, or what is missing.
 * @param {Record<string, any>} values
 * @param {Network} network
 */
export function projectOf(values, network) {
  const key = `own_${nameOf(values.name, "project")}`;
  const cost = typeof values.capex_musd === "number" ? values.capex_musd : undefined;
  const about = { name: values.name, capex_musd: cost };
  if (!values.name) return "Give the project a name.";
  if (values.kind === "plant") {
    if (!values.iso3 || !values.capacity_mw) return "Give country and capacity.";
    const row = { carrier: values.carrier, capacity_mw: values.capacity_mw, lon: values.lon, lat: values.lat };
    const all = { ...about, iso3: values.iso3, sector: sectorOf(values.carrier) };
    return { project: key, opening_year: values.opening_year, new: ownProject(all, "plants", row) };
  }
  const { from, to } = values;
  if (!from || !to || from.id === to.id) return "Choose two different ends.";
  if (!values.like) return "Choose a link like it.";
  if (!(values.length_km > 0)) return "Give the length.";
  const row = { from: from.id, to: to.id, length_km: values.length_km, like: values.like };
  const countries = [...new Set([from.iso3, to.iso3])].join(";");
  const all = { ...about, iso3: countries, sector: NEEDS_CROSSINGS.includes(values.mode) ? values.mode : "other" };
  const crossings = crossingRows(from, to, values.mode, network.crossings);
  return { project: key, opening_year: values.opening_year, new: ownProject(all, "links", row, crossings) };
}

/** @param {string | undefined} carrier */
function sectorOf(carrier) {
  return ["solar", "wind", "hydro", "nuclear", "coal", "gas"].find((sector) => carrier?.split("_").includes(sector)) ?? "other";
}
