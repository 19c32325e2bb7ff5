// @ts-check
/** Pieces of an article's text: plain, or the sentence of one or more claims. */

/** @typedef {{number: number, start: number, end: number}} Span */
/** @typedef {{text: string, claims: number[]}} Piece */

/**
 * Cut a text where claims begin and end. Positions count code points, as the server does.
 * @param {string} text
 * @param {Span[]} claims
 * @returns {Piece[]}
 */
export function pieces(text, claims) {
  const signs = [...text];
  const cuts = new Set([0, signs.length]);
  for (const { start, end } of claims) {
    cuts.add(Math.min(Math.max(start, 0), signs.length));
    cuts.add(Math.min(Math.max(end, 0), signs.length));
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(0, -1).map((start, at) => {
    const end = places[at + 1];
    const own = claims.filter((claim) => claim.start <= start && claim.end >= end).map((claim) => claim.number);
    return { text: signs.slice(start, end).join(""), claims: own };
  });
}
