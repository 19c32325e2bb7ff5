// @ts-check
/**
 * Rows of a run joined with the map: what is drawn at each link, border, zone and line.
 *
 * A map of two runs has `COLUMN_first` (the run that is subtracted), `COLUMN_second` (the run) and
 * `COLUMN_difference` for each column.
 */

import { DECREASE, INCREASE, modeColour } from "./colours.js";
import { niceMaximum } from "./format.js";

/** @typedef {"run" | "minus" | "difference"} Show */
/** @typedef {Record<string, any>} Row */
/** @typedef {{type: string, features: any[]}} Collection */
/**
 * @typedef {object} Drawn
 * @property {any} feature Feature of the map's base.
 * @property {string} id
 * @property {number} value Tonnes or gigawatt-hours; a change has its sign.
 * @property {number} width Pixels.
 * @property {string} colour
 * @property {Row} row
 */

const SUFFIX = { run: "second", minus: "first", difference: "difference" };
const WIDEST = 11;
const THINNEST = 0.4;
const HOURS_PER_YEAR = 8760;
/** Changes below this share of the largest are not drawn. */
const LEAST_SHARE = 0.002;
/** Widest line outside the home countries, relative to the widest inside. */
const OUTSIDE = 0.5;

/**
 * Return a column of a row, of the run or of the difference; 0 for a row that a run does not have.
 * @param {Row} row
 * @param {string} column
 * @param {Show} show
 * @returns {number}
 */
export function valueOf(row, column, show) {
  if (`${column}_difference` in row) return row[`${column}_${SUFFIX[show]}`] ?? 0;
  return show === "run" ? (row[column] ?? 0) : 0;
}

/**
 * Return both values and the change, for tables; null where there is one run only.
 * @param {Row} row
 * @param {string} column
 */
export function bothOf(row, column) {
  if (!(`${column}_difference` in row)) return { run: row[column] ?? null, minus: null, difference: null };
  return { run: row[`${column}_second`], minus: row[`${column}_first`], difference: row[`${column}_difference`] };
}

/**
 * Join the base's links with freight, the widest last.
 * @param {Collection} links
 * @param {Row[]} rows
 * @param {{show: Show, modes?: Set<string>, home?: Set<string>, tonnesOf?: (link: string) => number}} options `tonnesOf`
 *   gives the tonnes of one commodity instead of all.
 * @returns {{drawn: Drawn[], largest: number}}
 */
export function drawFreight(links, rows, options) {
  const { show, modes, home } = options;
  const byLink = new Map(rows.map((row) => [row.link, row]));
  const known = links.features.flatMap((feature) => {
    const { id, mode } = feature.properties;
    const row = byLink.get(id);
    if (!row || (modes?.size && !modes.has(mode))) return [];
    const isHome = !home || isAtHome(feature.properties, home);
    const value = options.tonnesOf ? options.tonnesOf(id) : valueOf(row, "tonnes", show);
    return [{ feature: acrossDateline(feature), id, value, row, isHome }];
  });
  const largest = niceMaximum(Math.max(0, ...known.filter((each) => each.isHome).map((each) => Math.abs(each.value))));
  const drawn = known
    .filter((each) => Math.abs(each.value) > (show === "difference" ? LEAST_SHARE * largest : 0))
    .map(({ feature, id, value, row, isHome }) => ({
      feature,
      id,
      value,
      row,
      width: lineWidth(value, largest, isHome ? WIDEST : WIDEST * OUTSIDE),
      colour: show === "difference" ? changeColour(value) : modeColour(feature.properties.mode),
    }))
    .sort((one, other) => Math.abs(one.value) - Math.abs(other.value));
  return { drawn, largest };
}

/**
 * @param {Row} properties
 * @param {Set<string>} home Places of home countries.
 */
function isAtHome(properties, home) {
  return home.has(properties.from) || home.has(properties.to);
}

/**
 * Return the width of a line: in proportion to its value, visible for small ones, limited for those outside.
 * @param {number} value
 * @param {number} largest
 * @param {number} [widest]
 */
export function lineWidth(value, largest, widest = WIDEST) {
  return Math.min(widest, Math.max(THINNEST, (WIDEST * Math.abs(value)) / largest));
}

/** @param {number} change */
export function changeColour(change) {
  return change < 0 ? DECREASE : INCREASE;
}

/**
 * Sum the throughput of borders or terminals by place, with the longest queue.
 * @param {Collection} stations Base of borders or of terminals.
 * @param {Row[]} rows
 * @param {"crossing" | "transfer"} kind
 * @param {Show} show
 */
export function drawStations(stations, rows, kind, show) {
  const byPlace = group(rows, kind);
  return stations.features.map((feature) => {
    const own = byPlace.get(feature.properties.id) ?? [];
    const sum = own.reduce((total, row) => total + valueOf(row, "tonnes", show), 0);
    const queues = own.map((row) => valueOf(row, "queue_h", show));
    const queue = queues.reduce((most, each) => (Math.abs(each) > Math.abs(most) ? each : most), 0);
    return { feature, id: feature.properties.id, value: sum, queue, rows: own };
  });
}

/**
 * @param {Row[]} rows
 * @param {string} kind
 */
function group(rows, kind) {
  /** @type {Map<string, Row[]>} */
  const found = new Map();
  for (const row of rows) if (row.kind === kind) found.set(row.place, [...(found.get(row.place) ?? []), row]);
  return found;
}

/**
 * Join zones with their generation by carrier, the largest first.
 * @param {Collection} zones
 * @param {Row[]} rows Table `power_generation`.
 * @param {Show} show
 */
export function drawZones(zones, rows, show) {
  return zones.features.map((feature) => {
    const mix = rows
      .filter((row) => row.zone === feature.properties.id)
      .map((row) => ({ carrier: String(row.carrier), gwh: valueOf(row, "generation_gwh", show) }))
      .filter((part) => Math.abs(part.gwh) > 1e-6)
      .sort((one, other) => Math.abs(other.gwh) - Math.abs(one.gwh));
    return { feature, id: feature.properties.id, mix, value: mix.reduce((total, part) => total + part.gwh, 0) };
  });
}

/**
 * Join interconnectors with what they send each direction; the direction of the larger flow counts.
 * @param {Collection} lines
 * @param {Row[]} rows Table `power_flows`: a row for each direction.
 * @param {Show} show
 */
export function drawLines(lines, rows, show) {
  const known = lines.features.map((feature) => {
    const { id, from_bus: start } = feature.properties;
    const own = rows.filter((row) => row.line === id);
    const sent = (/** @type {boolean} */ isForward) =>
      own
        .filter((row) => (row.from_bus.split("/")[0] === start) === isForward)
        .reduce((total, row) => total + valueOf(row, "sent_gwh", show), 0);
    const capacity = Math.max(0, ...own.map((row) => valueOf(row, "capacity_mw", show === "difference" ? "run" : show)));
    const net = sent(true) - sent(false);
    const total = sent(true) + sent(false);
    return { feature, id, rows: own, capacity, net, value: total, use: useOf(total, capacity) };
  });
  const largest = niceMaximum(Math.max(0, ...known.map((each) => Math.abs(each.value))));
  return { largest, drawn: known.map((each) => ({ ...each, width: lineWidth(each.value, largest) })) };
}

/**
 * Return the mean use of a line as a share of its limit.
 * @param {number} gwh Sent in a year.
 * @param {number} megawatts
 */
export function useOf(gwh, megawatts) {
  return megawatts > 0 ? (gwh * 1000) / (megawatts * HOURS_PER_YEAR) : null;
}

/**
 * Return the compass bearing from one point to another in the plane of the map, degrees clockwise from north.
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
export function bearing(from, to) {
  const mercator = (/** @type {number} */ lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  const x = ((to[0] - from[0]) * Math.PI) / 180;
  const y = mercator(to[1]) - mercator(from[1]);
  return ((Math.atan2(x, y) * 180) / Math.PI + 360) % 360;
}

/**
 * Return a link that crosses the 180th meridian with its second end beyond it, so that its line takes the short side.
 * @param {any} feature
 */
export function acrossDateline(feature) {
  const [from, to] = feature.geometry.coordinates;
  if (Math.abs(to[0] - from[0]) <= 180) return feature;
  const end = [to[0] + (to[0] < from[0] ? 360 : -360), to[1]];
  return { ...feature, geometry: { ...feature.geometry, coordinates: [from, end] } };
}

/**
 * Return whether a feature reaches into a window: west, south, east, north.
 * @param {any} geometry
 * @param {[number, number, number, number]} window
 */
export function reaches(geometry, [west, south, east, north]) {
  const points = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
  const [lons, lats] = [0, 1].map((axis) => points.map((/** @type {number[]} */ point) => point[axis]));
  return Math.max(...lons) >= west && Math.min(...lons) <= east && Math.max(...lats) >= south && Math.min(...lats) <= north;
}
