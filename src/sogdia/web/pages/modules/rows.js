// @ts-check
/** Rows of a table of the API as objects. */

/**
 * Return rows as objects by the names of the columns.
 * @param {{columns: {name: string}[], rows: any[][]}} page
 * @returns {Record<string, any>[]}
 */
export function rowsOf(page) {
  const names = page.columns.map((column) => column.name);
  return page.rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
}

/**
 * Group rows by the value of a column, in the order of their first appearance.
 * @template T
 * @param {T[]} rows
 * @param {(row: T) => string} keyOf
 * @returns {Map<string, T[]>}
 */
export function groupBy(rows, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}
