// @ts-check
/** What the map shows for the chosen run, theme and filters: lines, points, colours of countries, legend, list. */

import { areas } from "./areas.js";
import { BLUE, DECREASE, GREEN, GREY, INCREASE, ORANGE, SKY, VERMILION, YELLOW, modeColour } from "./colours.js";
import { bySize, powerLegend, powerPicture } from "./electricity.js";
import { drawFreight, drawStations, valueOf } from "./flows.js";
import { quantity, tonnes, words } from "./format.js";
import { pipelinePicture } from "./pipelines.js";

/** @typedef {import("./flows.js").Show} Show */
/** @typedef {import("./flows.js").Row} Row */
/**
 * @typedef {object} Choice
 * @property {Show} show
 * @property {"freight" | "power" | "pipelines" | "projects"} theme
 * @property {string} mode Empty for all.
 * @property {string} area What colours countries: `transit`, `gain`, or empty.
 * @property {((link: string) => number) | undefined} tonnesOf Tonnes of the chosen commodity.
 */
/**
 * @typedef {object} Item
 * @property {string} kind
 * @property {string} id
 * @property {string} name
 * @property {string} detail Mode, country, status.
 * @property {number | null} value
 * @property {string} text The value with its unit.
 * @property {string} more Queue, share of the limit, cost.
 * @property {any} geometry
 * @property {number} [width]
 * @property {number} [radius]
 */
/**
 * @typedef {object} LegendPart
 * @property {string} title
 * @property {{label: string, colour: string}[]} colours
 * @property {"line" | "dot" | "square"} shape
 * @property {{label: string, width: number}[]} widths
 */
/**
 * @typedef {object} Picture
 * @property {any[]} network Links as a faint network.
 * @property {any[]} freight
 * @property {any[]} power
 * @property {{at: [number, number], bearing: number}[]} arrows
 * @property {{at: [number, number], id: string, kind: string, radius: number, colour: string, edge?: string}[]} points
 * @property {{at: [number, number], mix: {carrier: string, gwh: number}[], value: number, name: string}[]} pies
 * @property {(properties: any) => string | undefined} fillOf
 * @property {LegendPart[]} legend
 * @property {Item[]} items The list that is in step with the map, largest first.
 */

/** @type {Record<string, string>} */
const STATUS_COLOURS = {
  operating: GREEN,
  completed: GREEN,
  under_construction: BLUE,
  construction: BLUE,
  committed: SKY,
  financed: SKY,
  planned: ORANGE,
  announced: YELLOW,
  proposed: YELLOW,
  suspended: GREY,
  cancelled: "#4d4d4d",
};
/**
 * Compose the picture.
 * @param {any} base Answer of `map/base`.
 * @param {any} flows Answer of `runs/{id}/map`, or null without runs.
 * @param {Choice} choice
 * @returns {Picture}
 */
export function compose(base, flows, choice) {
  const layers = flows?.layers ?? {};
  /** @type {Picture} */
  const empty = {
    network: base.links.features.filter((/** @type {any} */ link) => link.properties.mode === "rail"),
    freight: [],
    power: [],
    arrows: [],
    points: [],
    pies: [],
    ...areas(layers, choice, base.homes ?? []),
    items: [],
  };
  if (choice.theme === "power")
    return { ...empty, ...powerPicture(base, layers, choice), legend: [...powerLegend(layers, choice), ...empty.legend] };
  if (choice.theme === "projects") return { ...empty, ...projectPicture(base), legend: [projectLegend(base), ...empty.legend] };
  if (choice.theme === "pipelines") {
    const { legend, ...pipelines } = pipelinePicture(base);
    return { ...empty, ...pipelines, legend: [legend, ...empty.legend] };
  }
  const freight = freightPicture(base, layers, choice);
  return { ...empty, ...freight, legend: [...freight.legend, ...empty.legend] };
}

/**
 * @param {any} base
 * @param {Record<string, Row[]>} layers
 * @param {Choice} choice
 */
function freightPicture(base, layers, choice) {
  const names = placeNames(base);
  const { drawn, largest } = drawFreight(base.links, layers.links ?? [], {
    show: choice.show,
    tonnesOf: choice.tonnesOf,
    home: homePlaces(base),
    modes: choice.mode ? new Set([choice.mode]) : undefined,
  });
  const sign = choice.show === "difference";
  /** @type {Item[]} */
  const links = drawn.map((each) => ({
    kind: "link",
    id: each.id,
    name: linkName(each.feature.properties, names),
    detail: words(each.feature.properties.mode),
    value: each.value,
    text: tonnes(each.value, { sign }),
    more: fullness(each.row, choice.show),
    geometry: each.feature.geometry,
    width: each.width,
  }));
  const stations = [
    ...stationItems(base.borders, layers.stations ?? [], "crossing", choice),
    ...stationItems(base.terminals, layers.stations ?? [], "transfer", choice),
  ];
  const modes = [...new Set(base.links.features.map((/** @type {any} */ link) => link.properties.mode))];
  const colours = sign
    ? [
        { label: "more freight", colour: INCREASE },
        { label: "less freight", colour: DECREASE },
      ]
    : modes.map((mode) => ({ label: words(String(mode)), colour: modeColour(String(mode)) }));
  const widths = [1, 0.4, 0.1].map((share) => ({ label: `${tonnes(share * largest)} a year`, width: 11 * share }));
  const queues = sign
    ? [
        { label: "longer queue at a border or terminal", colour: VERMILION },
        { label: "shorter queue", colour: BLUE },
        { label: "no change", colour: "#ffffff" },
      ]
    : [
        { label: "queue of a day or more", colour: VERMILION },
        { label: "queue of an hour or more", colour: ORANGE },
        { label: "no queue", colour: "#ffffff" },
      ];
  return {
    freight: drawn,
    points: stations.map((each) => ({
      at: each.geometry.coordinates,
      id: each.id,
      kind: each.kind,
      radius: each.radius ?? 4,
      colour: each.colour,
      edge: "#1d2733",
    })),
    legend: [
      { title: sign ? "Change of freight" : "Freight", colours, shape: /** @type {const} */ ("line"), widths },
      { title: "Borders and terminals", colours: queues, shape: /** @type {const} */ ("dot"), widths: [] },
    ],
    items: [...links, ...stations].sort(bySize),
  };
}

/**
 * @param {any} stations
 * @param {Row[]} rows
 * @param {"crossing" | "transfer"} kind
 * @param {Choice} choice
 */
function stationItems(stations, rows, kind, choice) {
  const sign = choice.show === "difference";
  const drawn = drawStations(stations, rows, kind, choice.show).filter(
    (each) => Math.abs(each.value) > 1 || Math.abs(each.queue) >= 1,
  );
  const largest = Math.max(1, ...drawn.map((each) => Math.abs(each.value)));
  return drawn.map((each) => ({
    kind: kind === "crossing" ? "border" : "terminal",
    id: each.id,
    name: each.feature.properties.name,
    detail: kind === "crossing" ? "border" : "terminal",
    value: each.value,
    text: tonnes(each.value, { sign }),
    more: Math.abs(each.queue) >= 0.05 ? `queue ${quantity(each.queue, "h", { sign })}` : "",
    geometry: each.feature.geometry,
    radius: 2.5 + 6 * Math.sqrt(Math.abs(each.value) / largest),
    colour: queueColour(each.queue, sign),
  }));
}

/**
 * @param {number} queue
 * @param {boolean} isChange
 */
function queueColour(queue, isChange) {
  if (isChange) return queue > 0.5 ? VERMILION : queue < -0.5 ? BLUE : "#ffffff";
  return queue >= 24 ? VERMILION : queue >= 1 ? ORANGE : "#ffffff";
}

/** @param {any} base */
function projectPicture(base) {
  const features = /** @type {any[]} */ (base.projects.features);
  const largest = Math.max(1, ...features.map((each) => each.properties.capex_musd ?? 0));
  return {
    points: features.map((each) => ({
      at: each.geometry.coordinates,
      id: each.properties.id,
      kind: "project",
      edge: "#1d2733",
      radius: 4 + 10 * Math.sqrt((each.properties.capex_musd ?? 0) / largest),
      colour: STATUS_COLOURS[each.properties.status] ?? GREY,
    })),
    items: features
      .map((each) => {
        const cost = each.properties.capex_musd;
        return /** @type {Item} */ ({
          kind: "project",
          id: each.properties.id,
          name: each.properties.name,
          detail: words(each.properties.status ?? ""),
          value: cost ?? null,
          text: cost ? quantity(cost, "USD million") : "cost not published",
          more: [each.properties.contractor ?? each.properties.partners, each.properties.completion_year]
            .filter(Boolean)
            .join(", "),
          geometry: each.geometry,
          radius: 4 + 10 * Math.sqrt((cost ?? 0) / largest),
        });
      })
      .sort(bySize),
  };
}

/** @param {any} base */
function projectLegend(base) {
  const found = [...new Set(base.projects.features.map((/** @type {any} */ each) => String(each.properties.status)))];
  return {
    title: "Projects: status; area by cost",
    shape: /** @type {const} */ ("dot"),
    widths: [],
    colours: found.map((status) => ({ label: words(status), colour: STATUS_COLOURS[status] ?? GREY })),
  };
}

/** @param {any} base */
export function placeNames(base) {
  return new Map(base.places.features.map((/** @type {any} */ place) => [place.properties.id, place.properties.name]));
}

/** @param {any} base */
export function homePlaces(base) {
  const homes = new Set(base.homes ?? []);
  const own = base.places.features.filter((/** @type {any} */ place) => homes.has(place.properties.iso3));
  return homes.size ? new Set(own.map((/** @type {any} */ place) => place.properties.id)) : undefined;
}

/**
 * @param {any} properties
 * @param {Map<string, string>} names
 */
export function linkName(properties, names) {
  return `${names.get(properties.from) ?? properties.from} – ${names.get(properties.to) ?? properties.to}`;
}

/**
 * @param {Row} row
 * @param {Show} show
 */
function fullness(row, show) {
  const use = valueOf(row, "v_c", show);
  if (!use) return "";
  return show === "difference"
    ? `${quantity(100 * use, "%", { sign: true })} of capacity`
    : `${quantity(100 * use, "%")} of capacity`;
}

/**
 * Return the names of countries: those of the region, and of the outlines for the others.
 * @param {any} region
 * @param {any} base
 * @returns {Map<string, string>}
 */
export function countryNames(region, base) {
  const outlines = base.countries.features.map((/** @type {any} */ each) => [each.properties.iso3, each.properties.name]);
  const named = [...region.partners, ...region.homes].map((/** @type {any} */ each) => [each.id, each.name]);
  return new Map([...outlines, ...named]);
}
