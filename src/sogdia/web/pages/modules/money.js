// @ts-check
/** Payments of a country by year and payee, and the names of debt indicators. */

/** @type {Record<string, string>} Debt burden indicators of the debt sustainability framework. */
export const MEASURES = {
  pv_external_gdp_pct: "present value of external debt over GDP",
  pv_external_exports_pct: "present value of external debt over exports",
  service_exports_pct: "external debt service over exports",
  service_revenue_pct: "external debt service over revenue",
  pv_total_gdp_pct: "present value of public debt over GDP",
  paid_abroad_exports_pct: "debt service and payments to owners of plants over exports",
};
/** The payees without a name of their own. */
export const OTHERS = "others";

/** @typedef {{year: number, payee: string, musd: number}} Bar */

/**
 * Return what is paid abroad by year and payee: the largest payees by name, the rest together.
 * @param {Record<string, any>[]} rows Of the table `owed` for one country.
 * @param {(code: string) => string} nameOf
 * @param {number} most Most payees with a name.
 * @returns {{bars: Bar[], payees: string[]}}
 */
export function payments(rows, nameOf, most) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  /** @type {Map<string, number>} */
  const cells = new Map();
  const abroad = rows.filter((row) => !row.domestic && row.paid_musd > 0);
  for (const row of abroad) sums.set(row.party, (sums.get(row.party) ?? 0) + row.paid_musd);
  const largest = [...sums].sort((one, other) => other[1] - one[1]).map(([code]) => code);
  const named = new Set(largest.slice(0, largest.length > most ? most - 1 : most));
  for (const row of abroad) {
    const key = `${row.year} ${named.has(row.party) ? row.party : OTHERS}`;
    cells.set(key, (cells.get(key) ?? 0) + row.paid_musd);
  }
  const label = (/** @type {string} */ code) => (code === OTHERS ? OTHERS : nameOf(code));
  const bars = [...cells].map(([key, musd]) => ({ year: Number(key.slice(0, 4)), payee: label(key.slice(5)), musd }));
  const payees = [...named].map(label);
  if (named.size < largest.length) payees.push(OTHERS);
  return { bars: bars.sort((one, other) => one.year - other.year), payees };
}

/**
 * Return the years of bars in order, each once.
 * @param {Bar[]} bars
 */
export function yearsTo(bars) {
  return [...new Set(bars.map((bar) => bar.year))].sort((one, other) => one - other);
}
