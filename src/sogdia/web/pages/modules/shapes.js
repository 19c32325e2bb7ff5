// @ts-check
/** Shapes of countries. */

/**
 * Return the middle of a country's largest part, where its name is written.
 * @param {any} geometry
 * @returns {[number, number]}
 */
export function middleOf(geometry) {
  const rings =
    geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((/** @type {any} */ part) => part[0]);
  const parts = rings.map(centroid).sort((/** @type {any} */ one, /** @type {any} */ other) => other.area - one.area);
  return [parts[0].x, parts[0].y];
}

/**
 * Return area and centroid of a ring by the shoelace formula.
 * @param {[number, number][]} ring
 */
function centroid(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let k = 0; k + 1 < ring.length; k += 1) {
    const cross = ring[k][0] * ring[k + 1][1] - ring[k + 1][0] * ring[k][1];
    area += cross / 2;
    x += ((ring[k][0] + ring[k + 1][0]) * cross) / 6;
    y += ((ring[k][1] + ring[k + 1][1]) * cross) / 6;
  }
  return area === 0 ? { area: 0, x: ring[0][0], y: ring[0][1] } : { area: Math.abs(area), x: x / area, y: y / area };
}
