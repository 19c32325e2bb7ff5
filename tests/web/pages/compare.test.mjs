import assert from "node:assert/strict";
import { test } from "node:test";

import { intervalNotes, labelOf, measureRows } from "../../../src/sogdia/web/pages/components/measures.js";
import { comparedRuns } from "../../../src/sogdia/web/pages/components/run-set.js";
import { partsOf } from "../../../src/sogdia/web/pages/components/why.js";
import { shortNames } from "../../../src/sogdia/web/pages/modules/runs.js";

const run = (id, plan, scenario, year = 2030) => ({ id, plan, scenario, year, label: "", created: "" });
const runs = [
  run("1", "mine", "shock"),
  run("2", "mine", "reference"),
  run("3", "committed", "shock"),
  run("4", "committed", "reference"),
];
const ids = (asked) => comparedRuns(runs, { runs: "", run: "", minus: "", ...asked }).map((each) => each.id);

test("address names the runs, the reference first; unknown and repeated ones are ignored", () => {
  assert.deepEqual(ids({ runs: "4,1,2" }), ["4", "1", "2"]);
  assert.deepEqual(ids({ runs: "4,zz,4,2" }), ["4", "2"]);
});

test("run is compared with its own baseline, not with a later one of another study", () => {
  const own = { ...run("6", "committed_without_mine", "shock"), is_baseline: true, family: "f" };
  const later = { ...run("5", "committed", "shock"), is_baseline: true, family: "g" };
  const mine = { ...run("7", "mine", "shock"), is_baseline: false, family: "f" };
  assert.deepEqual(comparedRuns([later, mine, own], { runs: "", run: "7", minus: "" }), [own, mine]);
});

test("runs of the map are compared where the address names no set", () => {
  assert.deepEqual(ids({ run: "1", minus: "2" }), ["2", "1"]);
  assert.deepEqual(ids({}), ["3", "1"]);
  assert.deepEqual(ids({ runs: "2" }), ["4", "2"]);
  assert.deepEqual(comparedRuns(runs.slice(0, 1), { runs: "", run: "", minus: "" }), []);
});

test("short names have what differs alone, and the id where nothing does", () => {
  assert.deepEqual(shortNames([runs[0], runs[2]]), ["mine", "committed"]);
  assert.deepEqual(shortNames([runs[0], runs[3]]), ["mine · shock", "committed · reference"]);
  assert.deepEqual(shortNames([run("aaaaaaaaaa", "p", "s"), run("bbbbbbbbbb", "p", "s")]), [
    "p · s · 2030 · aaaaaaaa",
    "p · s · 2030 · bbbbbbbb",
  ]);
});

test("each run has a row for each part of a measure", () => {
  const none = [null, null];
  const measure = { measure: "gain", label: "Gain", of: "HOM", unit: "%", values: [1, null], differences: [0, null], low: none, high: none };
  const rows = measureRows([measure], ["base", "plan"], new Map([["HOM", "Home"]]), ["HOM"]);
  assert.deepEqual(
    rows.map((row) => [row.run, row.ofName, row.key, row.value]),
    [
      ["base", "Home", "country:HOM", 1],
      ["plan", "Home", "country:HOM", 0],
    ],
  );
});

test("interval of a change is drawn around the value of the reference", () => {
  const numbers = { values: [10, 12], differences: [0, 2], low: [null, -1], high: [null, 3] };
  const rows = measureRows([{ measure: "gain", label: "Gain", of: "HOM", unit: "%", ...numbers }], ["base", "plan"], new Map(), []);
  assert.deepEqual(
    rows.map((row) => [row.low, row.high]),
    [
      [null, null],
      [9, 13],
    ],
  );
});

test("note says where intervals come from, or why there are none", () => {
  const [own, missing, other] = intervalNotes(["base", "a", "b", "c"], [null, 8, 0, null]);
  assert.match(own, /80 % of 8 samples/);
  assert.match(missing, /No ensemble of b/);
  assert.match(other, /Changes of c have no interval/);
});

test("unit of a measure is not in its name", () => {
  assert.equal(labelOf("corridor share pct"), "Corridor share");
  assert.equal(labelOf("Unserved energy"), "Unserved energy");
});

test("parts are read by name, whatever the order of columns; the change is run minus reference", () => {
  const column = (name) => ({ name, label: name });
  const first = { columns: [column("by_b"), column("by_a")], rows: [[1, 2]] };
  const second = { columns: [column("economy"), column("by_a"), column("by_b")], rows: [["X", 5, 7]] };
  const parts = partsOf(first, second, (name) => name.startsWith("by_"));
  assert.deepEqual(
    parts.map((part) => [part.part, part.run, part.minus, part.difference]),
    [
      ["by_a", 5, 2, 3],
      ["by_b", 7, 1, 6],
    ],
  );
});

test("row that a run does not have counts as zero", () => {
  const columns = [{ name: "x_usd_per_t", label: "X" }];
  const parts = partsOf({ columns, rows: [] }, { columns, rows: [[4]] }, () => true);
  assert.equal(parts[0].difference, 4);
});
