import assert from "node:assert/strict";
import { test } from "node:test";

import { compareCells, localSource, toCsv } from "../../../src/sogdia/web/pages/components/table.js";

const columns = [{ name: "link" }, { name: "tonnes", unit: "t", kind: "number" }];
const rows = [
  ["b", 2],
  ["a", null],
  ["c", 10],
  ["a2", -1],
];
const all = { sort: "", search: "", offset: 0, limit: 99 };

test("numbers sort by size, missing ones last in both orders", () => {
  const order = (sort) => localSource(columns, rows)({ ...all, sort }).rows.map((row) => row[1]);
  assert.deepEqual(order("tonnes"), [-1, 2, 10, null]);
  assert.deepEqual(order("-tonnes"), [10, 2, -1, null]);
});

test("sorting leaves the given rows as they are", () => {
  const before = structuredClone(rows);
  localSource(columns, rows)({ ...all, sort: "link" });
  assert.deepEqual(rows, before);
});

test("search ignores case and counts before paging", () => {
  const page = localSource(columns, rows)({ ...all, search: " A", limit: 1 });
  assert.equal(page.total, 2);
  assert.equal(page.rows.length, 1);
});

test("texts with numbers sort as people count", () => {
  assert.ok(compareCells("link 9", "link 10", false) < 0);
});

test("CSV quotes separators, and cells that a spreadsheet would run", () => {
  const text = toCsv(columns, [
    ['say "a, b"', 1],
    ["=1+1", -2],
    [null, 0.5],
  ]);
  assert.equal(text, 'link,tonnes [t]\r\n"say ""a, b""",1\r\n\'=1+1,-2\r\n,0.5\r\n');
});
