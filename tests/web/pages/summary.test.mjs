import assert from "node:assert/strict";
import { test } from "node:test";

import { sentences } from "../../../src/sogdia/web/pages/modules/summary.js";

const measure = (name, of, difference, ends = [null, null]) => ({
  measure: name, label: name, of, unit: "", values: [0, difference], differences: [0, difference],
  low: [null, ends[0]], high: [null, ends[1]],
});
const names = { of: new Map([["HOM", "Home"], ["FAR", "Farland"]]), link: (id) => `link ${id}`, place: (id) => `place ${id}` };

test("closure in sentences: loss, country, undelivered freight, freight that moves, queues", () => {
  const measures = [
    measure("home_gain_musd", "", -197.3),
    measure("home_gain_pct_of_gdp", "FAR", -0.01),
    measure("home_gain_pct_of_gdp", "HOM", -0.0518),
    measure("undelivered_t", "", 2_000_000),
  ];
  const layers = {
    links: [
      { link: "a", tonnes_difference: -25_800_000 }, { link: "b", tonnes_difference: 14_300_000 }, { link: "c", tonnes_difference: 5 },
    ],
    stations: [
      { place: "abroad", country: "FAR", tonnes_second: 9, queue_h_difference: 99, queue_h_second: 324 },
      { place: "closed", country: "HOM", tonnes_second: 0, queue_h_difference: -22, queue_h_second: 0 },
      { place: "open", country: "HOM", tonnes_second: 9, queue_h_difference: 56.4, queue_h_second: 57.8 },
    ],
  };
  assert.deepEqual(sentences(measures, 1, layers, names, ["HOM"]).map((text) => text.replaceAll("\u202f", " ")), [
    "The home countries together lose USD 197 million a year.",
    "Home loses most: 0.0518 % of its GDP.",
    "2 Mt of freight a year can no longer be delivered.",
    "Freight falls most on link a: −25.8 Mt a year.",
    "Freight grows most on link b: +14.3 Mt a year.",
    "The queue at place open grows by 56.4 h to 57.8 h.",
  ]);
});

test("gain has its interval; what hardly changes has no sentence", () => {
  const texts = sentences([measure("home_gain_musd", "", 120, [74, 181])], 1, {}, names, []);
  assert.deepEqual(texts, ["The home countries together gain USD 120 million a year (80 % interval of the change: +74 to +181)."]);
  assert.deepEqual(sentences([measure("home_gain_musd", "", 0.1)], 1, {}, names, []), ["The home countries together neither gain nor lose."]);
});
