// @ts-check
/** Values of a study of dependence: the cells of the matrix, the loss of a coalition. */

const SEPARATOR = ";";

/**
 * Write a coalition as the study's tables do: partners joined in alphabetical order.
 * @param {string[]} partners
 */
export function coalitionOf(partners) {
  return [...partners].sort().join(SEPARATOR);
}

/**
 * Return the row of a coalition's loss, if it was run; the order of partners has no meaning.
 * @param {any[]} losses
 * @param {string} horizon
 * @param {string} home
 * @param {string} coalition
 */
export function lossOf(losses, horizon, home, coalition) {
  const own = losses.filter((row) => row.horizon === horizon && row.home === home);
  return own.find((row) => coalitionOf(String(row.partners).split(SEPARATOR)) === coalition);
}

/**
 * Return the cells of the matrix by `home partner`.
 * @param {any} study
 * @param {{show: string, horizon: string, channel: string}} chosen An empty channel: the loss of all channels together,
 *   or the channel in which the partner has its largest share.
 * @returns {Map<string, number | null>}
 */
export function matrixOf(study, chosen) {
  /** @type {Map<string, number | null>} */
  const cells = new Map();
  if (chosen.show === "exposure") {
    for (const row of study.exposure) {
      if (row.measure !== "all" || (chosen.channel && row.channel !== chosen.channel)) continue;
      const key = `${row.home} ${row.partner}`;
      cells.set(key, Math.max(cells.get(key) ?? 0, row.share_pct ?? 0));
    }
    return cells;
  }
  const rows = chosen.channel ? study.channels.filter((/** @type {any} */ row) => row.channel === chosen.channel) : study.shares;
  for (const row of rows) {
    if (row.horizon === chosen.horizon) cells.set(`${row.home} ${row.partner}`, chosen.channel ? row.loss_pct : row.solo_pct);
  }
  return cells;
}
