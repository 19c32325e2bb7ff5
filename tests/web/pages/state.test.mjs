import assert from "node:assert/strict";
import { test } from "node:test";

import { State, formatHash, parseHash } from "../../../src/sogdia/web/pages/modules/state.js";

/** A window with an address and a history, as far as the state uses them. */
function page(hash) {
  const listeners = [];
  const location = { hash, pathname: "/", search: "" };
  const go = (_state, _title, address) => {
    location.hash = address.slice(address.indexOf("#"));
  };
  return {
    location,
    pushed: 0,
    history: {
      pushState(...values) {
        this.pushed = (this.pushed ?? 0) + 1;
        go(...values);
      },
      replaceState: go,
    },
    addEventListener: (_name, listener) => listeners.push(listener),
    type(next) {
      location.hash = next;
      for (const listener of listeners) listener();
    },
  };
}

test("hash read and written again is the same", () => {
  const hash = "#compare?runs=plan_a/reference,base/reference&sort=-tonnes";
  const { view, values } = parseHash(hash);
  assert.equal(view, "compare");
  assert.equal(values.runs, "plan_a/reference,base/reference");
  assert.equal(formatHash(view, values), hash);
});

test("any text survives the address", () => {
  for (const text of ["a&b=c", "50% + 1", "#?/", "“ж”", "a\nb", "__proto__", "+1"]) {
    assert.equal(parseHash(formatHash("map", { key: text })).values.key, text);
  }
});

test("keys of objects are not values", () => {
  assert.equal(new State(page("#map")).get("constructor"), "");
});

test("empty values are omitted and listeners get the changed keys", () => {
  const state = new State(page("#map?run=a&minus=b"));
  const heard = [];
  const end = state.subscribe((changed) => heard.push(changed));
  state.set({ minus: null, year: 2030 });
  state.set({ year: 2030 });
  assert.deepEqual(heard, [["minus", "year"]]);
  assert.deepEqual(state.all(), { run: "a", year: "2030" });
  end();
  state.set({ year: 2031 });
  assert.equal(heard.length, 1);
});

test("address typed by the user changes view and values", () => {
  const window = page("#map?run=a");
  const state = new State(window);
  const heard = [];
  state.subscribe((changed) => heard.push(changed));
  window.type("#runs");
  assert.deepEqual(heard, [["view", "run"]]);
  assert.equal(state.view, "runs");
});

test("only a step that is pushed adds to the history", () => {
  const window = page("#map");
  const state = new State(window);
  state.set({ a: 1 });
  assert.equal(window.history.pushed, undefined);
  state.open("plan");
  assert.equal(window.history.pushed, 1);
});
