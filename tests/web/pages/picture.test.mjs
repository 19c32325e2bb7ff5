import assert from "node:assert/strict";
import { test } from "node:test";

import { pieSectors } from "../../../src/sogdia/web/pages/components/pie.js";
import { readView } from "../../../src/sogdia/web/pages/components/map-canvas.js";
import { colourOf } from "../../../src/sogdia/web/pages/modules/areas.js";
import { compose } from "../../../src/sogdia/web/pages/modules/picture.js";
import { pipelinePicture } from "../../../src/sogdia/web/pages/modules/pipelines.js";
import { chosenRuns, partnerOf, runNames } from "../../../src/sogdia/web/pages/modules/runs.js";
import { middleOf } from "../../../src/sogdia/web/pages/modules/shapes.js";

const point = (id, at, properties = {}) => ({ geometry: { type: "Point", coordinates: at }, properties: { id, ...properties } });
const base = {
  homes: ["HOM"],
  places: { features: [point("x", [0, 0], { name: "Xi", iso3: "HOM" }), point("y", [1, 0], { name: "Yo", iso3: "OUT" })] },
  links: {
    features: [
      {
        geometry: {
          type: "LineString",
          coordinates: [
            [0, 0],
            [1, 0],
          ],
        },
        properties: { id: "xy", mode: "rail", from: "x", to: "y" },
      },
    ],
  },
  borders: { features: [point("x", [0, 0], { name: "Xi" })] },
  terminals: { features: [] },
  zones: { features: [point("HOM", [0, 0], { name: "Home" })] },
  lines: { features: [] },
  projects: { features: [point("p", [0, 0], { name: "Railway", status: "planned", capex_musd: null, edits: [] })] },
};
const flows = {
  layers: {
    links: [{ link: "xy", mode: "rail", tonnes: 2_000_000, v_c: 0.5 }],
    stations: [{ place: "x", kind: "crossing", tonnes: 2_000_000, queue_h: 30 }],
    transit: [
      { territory: "HOM", transit_t: 10 },
      { territory: "OUT", transit_t: 1000 },
    ],
    generation: [{ zone: "HOM", carrier: "coal", generation_gwh: 5 }],
    lines: [],
  },
};
const choice = { show: "run", theme: "freight", mode: "", area: "", tonnesOf: undefined };

test("list has what the map draws, with units and names", () => {
  const { items, freight, points } = compose(base, flows, choice);
  assert.deepEqual(
    items.map((item) => [item.kind, item.name, item.text]),
    [
      ["link", "Xi – Yo", "2 Mt"],
      ["border", "Xi", "2 Mt"],
    ],
  );
  assert.equal(items[1].more, "queue 30 h");
  assert.equal(freight.length + points.length, items.length);
});

test("tonnes of a commodity replace those of all", () => {
  const { items } = compose(base, flows, { ...choice, tonnesOf: () => 500 });
  assert.equal(items.find((item) => item.kind === "link").text, "500 t");
});

test("store without runs still shows the network and the projects", () => {
  assert.deepEqual(compose(base, null, choice).items, []);
  const { items } = compose(base, null, { ...choice, theme: "projects" });
  assert.equal(items[0].text, "cost not published");
});

test("countries beyond the scale of the home countries have no colour", () => {
  const { fillOf } = compose(base, flows, { ...choice, area: "transit" });
  assert.ok(fillOf({ iso3: "HOM" }));
  assert.equal(fillOf({ iso3: "OUT" }), undefined);
  assert.notEqual(colourOf(5, 5), colourOf(-5, 5));
});

test("shares of a pie sum to one; a single carrier is a full disc", () => {
  const parts = pieSectors(
    [
      { carrier: "coal", gwh: 3 },
      { carrier: "wind", gwh: 1 },
      { carrier: "gas", gwh: 0 },
    ],
    10,
  );
  assert.deepEqual(
    parts.map((part) => part.share),
    [0.75, 0.25],
  );
  assert.ok(!pieSectors([{ carrier: "coal", gwh: 3 }], 10)[0].path.includes("L"));
});

test("name of a country is at the centroid of its largest part", () => {
  const square = (x, size) => [
    [x, 0],
    [x + size, 0],
    [x + size, size],
    [x, size],
    [x, 0],
  ];
  const middle = middleOf({ type: "MultiPolygon", coordinates: [[square(0, 1)], [square(10, 4)]] });
  assert.deepEqual(
    middle.map((each) => Number(each.toFixed(9))),
    [12, 2],
  );
});

test("window of the address is read, nonsense is not", () => {
  assert.deepEqual(readView("66.5,41,4.2"), { center: [66.5, 41], zoom: 4.2 });
  for (const text of ["", "a,b,c", "999,0,3", "1,2", "1,2,99"]) assert.equal(readView(text), null);
});

const run = (id, plan, scenario, year = 2030) => ({ id, plan, scenario, year, label: "", created: "" });
const runs = [
  run("1", "mine", "shock"),
  run("2", "mine", "reference"),
  run("3", "committed", "shock"),
  run("4", "committed", "reference"),
];

test("run is compared with the baseline under the same scenario, else without the shock", () => {
  assert.equal(partnerOf(runs, runs[0]).id, "3");
  assert.equal(partnerOf(runs.slice(0, 2), runs[0]).id, "2");
});

test("first choice is the latest plan; the address decides where it names stored runs", () => {
  assert.deepEqual(
    Object.values(chosenRuns(runs, "", "")).map((each) => each.id),
    ["1", "3"],
  );
  assert.deepEqual(
    Object.values(chosenRuns(runs, "4", "2")).map((each) => each.id),
    ["4", "2"],
  );
  assert.equal(chosenRuns(runs, "1", "none").minus, undefined);
  assert.equal(chosenRuns([], "", "").run, undefined);
});

test("of a study of more than two scenarios the one without shocks comes first", () => {
  const three = [run("1", "p", "closed"), run("2", "p", "dry"), run("3", "p", "reference"), run("4", "committed", "closed")];
  assert.equal(chosenRuns(three, "", "").run?.id, "3");
  assert.equal(chosenRuns(three.slice(1), "", "").run?.id, "2");
});

test("runs of one name get the start of their id", () => {
  const names = [...runNames([run("abcdefghij", "p", "s"), run("klmnopqrst", "p", "s"), run("u", "q", "s")]).values()];
  assert.equal(new Set(names).size, 3);
  assert.equal(names[2], "q · s · 2030");
});

test("pipelines are as wide as their capacity; those that do not operate are grey", () => {
  const pipeline = (id, properties) => ({ geometry: { type: "LineString", coordinates: [[0, 0], [1, 1]] }, properties: { id, name: id, ...properties } });
  const features = [
    pipeline("oil", { product: "crude_oil", status: "operating", capacity_mt: 50, capacity_bcm: null }),
    pipeline("gas", { product: "natural_gas", status: "planned", capacity_mt: null, capacity_bcm: 10 }),
    pipeline("old", { product: "natural_gas", status: "operating", capacity_mt: null, capacity_bcm: null }),
  ];
  const { power, items } = pipelinePicture({ pipelines: { features } });
  assert.deepEqual(power.map((each) => [each.id, each.width]), [["oil", 10], ["gas", 2], ["old", 1]]);
  assert.notEqual(power[1].colour, power[2].colour);
  assert.deepEqual(items.map((each) => each.text), ["50 Mt a year", "10 bcm a year", "not published"]);
});
