// @ts-check
/** Oil and gas pipelines on the map: width by capacity, colour by product, grey for those that do not operate. */

import { GREY, INK, PURPLE, VERMILION } from "./colours.js";
import { bySize } from "./electricity.js";
import { niceMaximum, quantity, words } from "./format.js";

/** @typedef {import("./picture.js").Item} Item */

const WIDEST = 10;
const THINNEST = 1;
/** @type {Record<string, string>} */
const PRODUCTS = { crude_oil: INK, oil_products: PURPLE, natural_gas: VERMILION };
const OPERATING = "operating";

/**
 * Return the capacity of a pipeline with its unit; oil in million tonnes, gas in billion cubic metres a year.
 * @param {any} properties
 */
export function capacityOf(properties) {
  const { capacity_mt: mt, capacity_bcm: bcm } = properties;
  if (mt !== null && mt !== undefined) return { value: mt, text: quantity(mt, "Mt a year") };
  if (bcm !== null && bcm !== undefined) return { value: bcm, text: quantity(bcm, "bcm a year") };
  return { value: null, text: "not published" };
}

/**
 * Compose lines, legend and list.
 * @param {any} base Answer of `map/base`.
 */
export function pipelinePicture(base) {
  const features = /** @type {any[]} */ (base.pipelines.features);
  const largest = niceMaximum(Math.max(0, ...features.map((each) => capacityOf(each.properties).value ?? 0)));
  const drawn = features.map((feature) => {
    const { value, text } = capacityOf(feature.properties);
    const { id, name, product, status, operator } = feature.properties;
    const colour = status === OPERATING ? (PRODUCTS[product] ?? INK) : GREY;
    const width = Math.max(THINNEST, (WIDEST * (value ?? 0)) / largest);
    return { feature, id, kind: "pipeline", name, product, status, operator, value, text, colour, width };
  });
  const products = [...new Set(drawn.map((each) => String(each.product)))];
  return {
    power: [...drawn].sort((one, other) => other.width - one.width),
    items: drawn
      .map((each) => /** @type {Item} */ ({
        kind: each.kind, id: each.id, name: each.name, detail: `${words(each.product)}, ${words(each.status)}`, value: each.value,
        text: each.text, more: each.operator ?? "", geometry: each.feature.geometry, width: each.width,
      }))
      .sort(bySize),
    legend: {
      title: "Pipelines: width by capacity",
      shape: /** @type {const} */ ("line"),
      colours: [
        ...products.map((product) => ({ label: words(product), colour: PRODUCTS[product] ?? INK })),
        { label: "planned, under construction or suspended", colour: GREY },
      ],
      widths: [1, 0.4, 0.1].map((share) => ({ label: `${share * largest} Mt or bcm a year`, width: WIDEST * share })),
    },
  };
}
