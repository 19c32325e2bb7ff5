import assert from "node:assert/strict";
import { test } from "node:test";

import {
  acrossDateline,
  bearing,
  bothOf,
  drawFreight,
  drawLines,
  drawStations,
  drawZones,
  reaches,
  useOf,
  valueOf,
} from "../../../src/sogdia/web/pages/modules/flows.js";

const line = (id, from, to, properties = {}) => ({
  geometry: { type: "LineString", coordinates: [from, to] },
  properties: { id, ...properties },
});
const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);

test("difference is the run minus the other, and both sides are kept", () => {
  const row = { tonnes_first: 5, tonnes_second: 8, tonnes_difference: 3 };
  assert.deepEqual(
    ["run", "minus", "difference"].map((show) => valueOf(row, "tonnes", show)),
    [8, 5, 3],
  );
  assert.deepEqual(bothOf(row, "tonnes"), { run: 8, minus: 5, difference: 3 });
});

test("row of one run has no other value", () => {
  assert.equal(valueOf({ tonnes: 5 }, "tonnes", "run"), 5);
  assert.equal(valueOf({ tonnes: 5 }, "tonnes", "difference"), 0);
  assert.deepEqual(bothOf({ tonnes: 5 }, "tonnes"), { run: 5, minus: null, difference: null });
});

const links = {
  features: [
    line("a", [0, 0], [1, 0], { mode: "rail", from: "x", to: "y" }),
    line("b", [0, 0], [1, 1], { mode: "road", from: "x", to: "z" }),
    line("sea", [0, 0], [9, 9], { mode: "sea", from: "p", to: "q" }),
    line("empty", [0, 0], [2, 2], { mode: "rail", from: "x", to: "y" }),
  ],
};
const rows = [
  { link: "a", tonnes: 100 },
  { link: "b", tonnes: 50 },
  { link: "sea", tonnes: 10_000 },
  { link: "empty", tonnes: 0 },
  { link: "unknown", tonnes: 7 },
];

test("width is in proportion to tonnes, the widest is drawn last, empty links are not drawn", () => {
  const { drawn, largest } = drawFreight(links, rows.slice(0, 2), { show: "run" });
  assert.deepEqual(
    drawn.map((each) => each.id),
    ["b", "a"],
  );
  assert.equal(largest, 100);
  near(drawn[1].width / drawn[0].width, 2);
});

test("scale is that of the home countries; a busier link outside is limited", () => {
  const { drawn, largest } = drawFreight(links, rows, { show: "run", home: new Set(["x"]) });
  assert.equal(largest, 100);
  const width = Object.fromEntries(drawn.map((each) => [each.id, each.width]));
  assert.ok(width.sea < width.a);
});

test("filter by mode", () => {
  const { drawn } = drawFreight(links, rows, { show: "run", modes: new Set(["road"]) });
  assert.deepEqual(
    drawn.map((each) => each.id),
    ["b"],
  );
});

test("decrease and increase have different colours, tiny changes are not drawn", () => {
  const changes = [
    { link: "a", tonnes_first: 100, tonnes_second: 0, tonnes_difference: -100 },
    { link: "b", tonnes_first: 0, tonnes_second: 60, tonnes_difference: 60 },
    { link: "empty", tonnes_first: 0, tonnes_second: 0.01, tonnes_difference: 0.01 },
  ];
  const { drawn } = drawFreight(links, changes, { show: "difference" });
  assert.deepEqual(
    drawn.map((each) => [each.id, each.value]),
    [
      ["b", 60],
      ["a", -100],
    ],
  );
  assert.notEqual(drawn[0].colour, drawn[1].colour);
});

test("stations sum tonnes and show the longest queue", () => {
  const stations = { features: [{ geometry: {}, properties: { id: "gate" } }] };
  const [drawn] = drawStations(
    stations,
    [
      { place: "gate", kind: "crossing", tonnes: 3, queue_h: 2 },
      { place: "gate", kind: "crossing", tonnes: 4, queue_h: 9 },
      { place: "gate", kind: "transfer", tonnes: 50, queue_h: 99 },
    ],
    "crossing",
    "run",
  );
  assert.equal(drawn.value, 7);
  assert.equal(drawn.queue, 9);
});

test("zones have their mix, the largest carrier first", () => {
  const zones = { features: [{ properties: { id: "north" } }] };
  const [zone] = drawZones(
    zones,
    [
      { zone: "north", carrier: "wind", generation_gwh: 1 },
      { zone: "north", carrier: "coal", generation_gwh: 5 },
      { zone: "south", carrier: "gas", generation_gwh: 9 },
    ],
    "run",
  );
  assert.deepEqual(
    zone.mix.map((part) => part.carrier),
    ["coal", "wind"],
  );
  assert.equal(zone.value, 6);
});

test("line has its net direction, and its use of the limit", () => {
  const lines = { features: [line("l", [0, 0], [0, 10], { from_bus: "A", to_bus: "B" })] };
  const { drawn } = drawLines(
    lines,
    [
      { line: "l", from_bus: "A", to_bus: "B/A", capacity_mw: 100, sent_gwh: 10 },
      { line: "l", from_bus: "B/A", to_bus: "A", capacity_mw: 100, sent_gwh: 40 },
    ],
    "run",
  );
  assert.equal(drawn[0].net, -30);
  assert.equal(drawn[0].value, 50);
  near(drawn[0].use, 50_000 / (100 * 8760));
});

test("line without a limit has no use", () => assert.equal(useOf(5, 0), null));

test("bearing: north, east, south, west", () => {
  [
    [0, 1],
    [1, 0],
    [0, -1],
    [-1, 0],
  ].forEach((to, k) => near(bearing([0, 0], to), 90 * k));
});

test("link over the 180th meridian takes the short side", () => {
  assert.deepEqual(acrossDateline(line("p", [170, 0], [-170, 0])).geometry.coordinates, [
    [170, 0],
    [190, 0],
  ]);
  assert.deepEqual(acrossDateline(line("p", [-170, 0], [170, 0])).geometry.coordinates, [
    [-170, 0],
    [-190, 0],
  ]);
});

test("feature reaches into a window if its box does", () => {
  const window = [0, 0, 10, 10];
  assert.ok(reaches({ type: "Point", coordinates: [5, 5] }, window));
  assert.ok(
    reaches(
      {
        type: "LineString",
        coordinates: [
          [-5, 5],
          [15, 5],
        ],
      },
      window,
    ),
  );
  assert.ok(!reaches({ type: "Point", coordinates: [5, 11] }, window));
});
