// @ts-check
/** Write numbers with units, for tables, charts and maps. */

const MINUS = "−";
const THIN = "\u202f";
/** Decimals of tables for people; smaller numbers are written as about zero. */
const DECIMALS = 4;
/** Below this a difference is what the tolerance of a solver leaves. */
const LEAST = 1e-6;

/**
 * Write a number with three significant digits, thousands apart; numbers of four digits and more have no decimals.
 * @param {number | null | undefined} value
 * @param {{sign?: boolean, digits?: number, decimals?: number}} [options] `sign` writes + too, for differences;
 *   `decimals` are the most that are written.
 */
export function number(value, options = {}) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const digits = options.digits ?? 3;
  const decimals = size === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  const text = size
    .toLocaleString("en", { maximumFractionDigits: Math.min(decimals, options.decimals ?? DECIMALS), useGrouping: size >= 10_000 })
    .replaceAll(",", THIN);
  if (/^[0.]*$/.test(text)) return size < LEAST ? "0" : "≈ 0";
  if (value < 0) return MINUS + text;
  return options.sign ? `+${text}` : text;
}

/**
 * Write a number with its unit.
 * @param {number | null | undefined} value
 * @param {string} unit
 * @param {{sign?: boolean, digits?: number}} [options]
 */
export function quantity(value, unit, options = {}) {
  const text = number(value, options);
  if (!unit || text === "–") return text;
  return unit === "%" ? `${text}${THIN}%` : `${text} ${unit}`;
}

/**
 * Write tonnes a year: thousand and million tonnes where that is shorter.
 * @param {number | null | undefined} tonnes
 * @param {{sign?: boolean, digits?: number}} [options]
 */
export function tonnes(tonnes, options = {}) {
  if (tonnes === null || tonnes === undefined) return "–";
  const size = Math.abs(tonnes);
  if (size >= 999_500) return `${number(tonnes / 1e6, options)} Mt`;
  if (size >= 999.5) return `${number(tonnes / 1e3, options)} kt`;
  return `${number(tonnes, options)} t`;
}

/**
 * Write a number of any size: millions and billions as such.
 * @param {number | null | undefined} value
 * @param {{sign?: boolean, digits?: number}} [options]
 */
export function large(value, options = {}) {
  const size = Math.abs(value ?? 0);
  if (size >= 999.5e6) return `${number((value ?? 0) / 1e9, options)} billion`;
  if (size >= 999_500) return `${number((value ?? 0) / 1e6, options)} million`;
  return number(value, options);
}

/**
 * Write any value of a table's cell.
 * @param {unknown} value
 * @param {string} kind
 */
export function cell(value, kind) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (kind === "number" && typeof value === "number") return number(value, { digits: 4, decimals: 8 });
  return String(value);
}

/**
 * Make a code of the data readable: `rail_wagon` → `rail wagon`.
 * @param {string} name
 */
export function words(name) {
  return name.replaceAll("_", " ");
}

/**
 * Round up to 1, 2 or 5 times a power of ten, for legends.
 * @param {number} value
 */
export function niceMaximum(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return /** @type {number} */ ([1, 2, 5, 10].find((step) => step * power >= value * 0.999)) * power;
}
