import assert from "node:assert/strict";
import { test } from "node:test";

import { cell, large, niceMaximum, number, quantity, tonnes } from "../../../src/sogdia/web/pages/modules/format.js";

test("three significant digits, no decimals of large numbers", () => {
  assert.equal(number(1234567), "1 234 567".replaceAll(" ", "\u202f"));
  assert.equal(number(1234), "1234");
  assert.equal(number(12.345), "12.3");
  assert.equal(number(0.012345), "0.0123");
});

test("signs: a real minus, plus only for differences, none for zero", () => {
  assert.equal(number(-5), "−5");
  assert.equal(number(5, { sign: true }), "+5");
  assert.equal(number(0, { sign: true }), "0");
  assert.equal(number(-0, { sign: true }), "0");
});

test("small numbers are about zero, what a solver leaves is zero", () => {
  assert.equal(number(-0.00123), "−0.0012");
  assert.equal(number(0.00001, { sign: true }), "≈ 0");
  assert.equal(number(1e-9), "0");
  assert.equal(cell(0.00001, "number"), "0.00001");
});

test("millions and billions are written as such", () => {
  assert.equal(large(19_277_912_620), "19.3 billion");
  assert.equal(large(-5_860_000, { sign: true }), "−5.86 million");
  assert.equal(large(7497), "7497");
  assert.equal(large(null), "–");
});

test("missing and infinite values are a dash", () => {
  for (const value of [null, undefined, NaN, Infinity]) assert.equal(number(value), "–");
  assert.equal(quantity(null, "t"), "–");
});

test("tonnes change unit where the text is shorter", () => {
  assert.equal(tonnes(999), "999 t");
  assert.equal(tonnes(999.9), "1 kt");
  assert.equal(tonnes(999_999), "1 Mt");
  assert.equal(tonnes(-2_500_000, { sign: true }), "−2.5 Mt");
});

test("cells", () => {
  assert.equal(cell(true, "boolean"), "yes");
  assert.equal(cell(null, "number"), "");
  assert.equal(cell(0, "number"), "0");
});

test("maximum of a legend is 1, 2 or 5 times a power of ten and not below the value", () => {
  for (const value of [1, 1.01, 2, 3, 5, 7, 9.99, 12345, 0.03]) {
    const top = niceMaximum(value);
    assert.ok(top >= value * 0.999 && top <= value * 2.5 + 1e-12);
    assert.ok([1, 2, 5].includes(Math.round(top / 10 ** Math.floor(Math.log10(top * 1.0001)))));
  }
  assert.equal(niceMaximum(0), 1);
});
