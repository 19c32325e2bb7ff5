// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { matching } from "../../../src/sogdia/web/pages/components/names-input.js";
import { crossingRows, distanceKm, projectOf } from "../../../src/sogdia/web/pages/components/own-project.js";
import { foundProjects } from "../../../src/sogdia/web/pages/components/plan-projects.js";
import {
  closureAt, financedShare, freeName, nameOf, ownProject, shockText, withChoice, withClosure, withProject, withoutEmpty,
} from "../../../src/sogdia/web/pages/modules/drafts.js";
import { pieces } from "../../../src/sogdia/web/pages/modules/highlights.js";
import { shownRuns, stateText } from "../../../src/sogdia/web/pages/modules/jobs.js";
import { payments } from "../../../src/sogdia/web/pages/modules/money.js";
import { coalitionOf, lossOf, matrixOf } from "../../../src/sogdia/web/pages/modules/partners.js";

test("name of a file is plain and free", () => {
  assert.equal(nameOf("Öl & Gas: 2030!", "plan"), "o_l_gas_2030");
  assert.equal(nameOf("Ферри", "plan"), "plan");
  assert.equal(freeName("a", ["a", "a_2"]), "a_3");
});

test("project of an extended plan is excluded, not dropped", () => {
  const plan = { title: "p", projects: [{ project: "b" }] };
  assert.deepEqual(withProject(plan, "a", true).projects, [{ project: "a" }, { project: "b" }]);
  assert.deepEqual(withProject(plan, "a", false, true).excludes, ["a"]);
  assert.equal(withProject({ ...plan, excludes: ["a"] }, "a", true, true).excludes, undefined);
});

test("closure of one place is found, one of several places is not", () => {
  const scenario = { title: "s", year: 2030, shocks: [{ kind: "closure", places: ["a", "b"] }, { kind: "closure", places: ["a"] }] };
  assert.equal(closureAt(scenario, "places", "a"), 1);
  assert.equal(closureAt(scenario, "places", "b"), -1);
  assert.equal(closureAt(scenario, "links", "a"), -1);
});

test("choice without a year has no key for it", () => {
  const plan = withChoice({ title: "p", projects: [] }, "a", { opening_year: 2030, finance: [{ partner: "X", share_pct: 60 }, { partner: "Y" }] });
  assert.equal(financedShare(plan.projects?.[0]), 160);
  assert.deepEqual(withChoice(plan, "a", { opening_year: undefined, finance: [] }).projects, [{ project: "a" }]);
});

test("closure of the same link again opens it", () => {
  const open = { title: "s", year: 2030 };
  const closed = withClosure(open, "links", "l", "why");
  assert.deepEqual(closed.shocks, [{ kind: "closure", links: ["l"], reason: "why" }]);
  assert.deepEqual(withClosure(closed, "links", "l", "why").shocks, []);
  assert.equal(shockText(closed.shocks?.[0] ?? {}, (_, value) => value.toUpperCase(), { links: "links" }), "closure: links L");
});

test("empty cells are dropped, zeros are not", () => {
  assert.deepEqual(withoutEmpty({ a: "", b: null, c: [], d: 0, e: Number.NaN }), { d: 0 });
});

test("names that begin with the text come first", () => {
  const options = [{ value: "x", label: "Old port" }, { value: "y", label: "Port" }, { value: "z", label: "Airport" }];
  assert.deepEqual(matching(options, "port").map((each) => each.value), ["y", "x", "z"]);
  assert.deepEqual(matching(options, "port old").map((each) => each.value), ["x"]);
});

test("operating projects are not offered", () => {
  const project = { id: "a", name: "A", iso3: "XAA", sector: "rail", capex_musd: null, status: "planned", completion_year: null };
  assert.deepEqual(foundProjects([project, { ...project, id: "b", status: "operating" }], "rail xaa").map((each) => each.id), ["a"]);
});

test("quarter of a meridian is 10,008 km", () => {
  assert.ok(Math.abs(distanceKm({ lon: 0, lat: 0 }, { lon: 0, lat: 90 }) - 10007.5) < 1);
});

test("road over a border has a crossing in each direction", () => {
  const place = { id: "p", name: "P", iso3: "XAA", lon: 0, lat: 0 };
  const other = { ...place, id: "q", iso3: "XAB" };
  const known = [{ id: "p/XAA/XAB/road", place: "p", from_iso3: "XAA", to_iso3: "XAB", mode: "road" }];
  const rows = crossingRows(place, other, "road", known);
  assert.deepEqual(rows.map((row) => [row.from_iso3, row.to_iso3, row.like]), [["XAA", "XAB", "p/XAA/XAB/road"], ["XAB", "XAA", "p/XAA/XAB/road"]]);
  assert.deepEqual(crossingRows(place, other, "ferry", known), []);
});

test("form of a project says what is missing", () => {
  const network = { places: [], links: [], crossings: [], plants: [] };
  assert.equal(projectOf({ kind: "plant", name: "" }, network), "Give the project a name.");
  const made = projectOf({ kind: "plant", name: "Sun", iso3: "XAA", capacity_mw: 5, carrier: "solar_pv", lon: 1, lat: 2, opening_year: 2030 }, network);
  assert.deepEqual(made, {
    project: "own_sun", opening_year: 2030,
    new: ownProject({ name: "Sun", iso3: "XAA", sector: "solar" }, "plants", { carrier: "solar_pv", capacity_mw: 5, lon: 1, lat: 2 }),
  });
});

test("text is cut at claims, by code points", () => {
  assert.deepEqual(pieces("😀ab cd", [{ number: 1, start: 1, end: 3 }]), [
    { text: "😀", claims: [] }, { text: "ab", claims: [1] }, { text: " cd", claims: [] },
  ]);
  assert.deepEqual(pieces("abcd", [{ number: 1, start: 0, end: 3 }, { number: 2, start: 1, end: 9 }]).map((piece) => piece.claims), [[1], [1, 2], [2]]);
});

test("finished job shows the scenario against the reference", () => {
  const run = (/** @type {string} */ id, /** @type {string} */ plan, /** @type {string} */ scenario) =>
    ({ id, plan, scenario, year: 2030 });
  const runs = [run("1", "base", "reference"), run("2", "p", "reference"), run("3", "base", "shut"), run("4", "p", "shut"), run("9", "p", "other")];
  const job = /** @type {any} */ ({ state: "running", finished: 1, total: 4, stage: "runs", runs: ["1", "2", "3", "4"], request: { plans: ["p"], scenarios: ["reference", "shut"] } });
  assert.deepEqual(shownRuns(job, runs), { run: "4", minus: "2" });
  assert.deepEqual(shownRuns({ ...job, request: { plans: ["p"], scenarios: ["reference"] } }, runs), { run: "2", minus: "1" });
  assert.equal(stateText(job), "running: 1 of 4, runs");
});

test("small payees are added up", () => {
  const row = (/** @type {string} */ party, /** @type {number} */ paid) => ({ party, year: 2030, paid_musd: paid, domestic: false });
  const { bars, payees } = payments([row("A", 5), row("B", 3), row("C", 1), row("D", 1), { ...row("E", 9), domestic: true }], (code) => code, 2);
  assert.deepEqual(payees, ["A", "others"]);
  assert.deepEqual(bars, [{ year: 2030, payee: "A", musd: 5 }, { year: 2030, payee: "others", musd: 5 }]);
});

test("coalition is found in any order, cells are of the horizon", () => {
  const losses = [{ horizon: "year_1", home: "H", partners: "b;a", loss_pct: 3 }];
  assert.equal(lossOf(losses, "year_1", "H", coalitionOf(["a", "b"])).loss_pct, 3);
  assert.equal(lossOf(losses, "year_10", "H", coalitionOf(["a", "b"])), undefined);
  const study = {
    exposure: [{ home: "H", partner: "a", channel: "trade", measure: "all", share_pct: 10 }, { home: "H", partner: "a", channel: "energy", measure: "all", share_pct: 30 }],
    shares: [{ horizon: "year_1", home: "H", partner: "a", solo_pct: 2 }, { horizon: "year_10", home: "H", partner: "a", solo_pct: 1 }], channels: [],
  };
  assert.deepEqual([...matrixOf(study, { show: "loss", horizon: "year_10", channel: "" })], [["H a", 1]]);
  assert.deepEqual([...matrixOf(study, { show: "exposure", horizon: "", channel: "" })], [["H a", 30]]);
});
