import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { Api, ApiError, address, errorOf, part } from "../../../src/sogdia/web/pages/modules/api.js";

const original = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = original;
});

/** Answer each request with a status and a body; returns the requests. */
function answer(status, body) {
  const requests = [];
  globalThis.fetch = async (url, init) => {
    requests.push({ url, ...init });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return requests;
}

test("lists repeat a parameter, missing values are omitted, names are escaped", () => {
  assert.equal(
    address("runs", { mode: ["rail", "road"], year: null, q: "a&b", zero: 0 }),
    "api/v1/runs?mode=rail&mode=road&q=a%26b&zero=0",
  );
  assert.equal(part("../a b/c"), "..%2Fa%20b%2Fc");
});

test("each request has the header that other sites cannot send", async () => {
  const requests = answer(200, {});
  await new Api().post("jobs", { command: "run" });
  assert.equal(requests[0].headers.get("X-Sogdia"), "1");
  assert.equal(requests[0].method, "POST");
  assert.equal(requests[0].body, '{"command":"run"}');
});

test("token is sent where there is one", async () => {
  const requests = answer(200, {});
  await new Api({ token: "abc" }).get("region");
  await new Api().get("region");
  assert.equal(requests[0].headers.get("Authorization"), "Bearer abc");
  assert.equal(requests[1].headers.get("Authorization"), null);
});

test("error has message, hint and all faults", async () => {
  answer(422, {
    message: "2 errors",
    hint: "see below",
    faults: [{ file: "links.csv", row: 4, message: "bad" }, { message: "worse" }],
  });
  await assert.rejects(new Api().get("plans"), (error) => {
    assert.ok(error instanceof ApiError);
    assert.equal(error.message, "2 errors");
    assert.equal(error.faults.length, 2);
    return true;
  });
});

test("error of the framework's own validation names the field", () => {
  const error = errorOf(422, { detail: [{ loc: ["query", "limit"], msg: "not a number" }] });
  assert.deepEqual(error.faults, [{ field: "limit", message: "not a number" }]);
});

test("answer that is no JSON is an error with its status", async () => {
  answer(502, "<html>");
  await assert.rejects(new Api().get("runs"), { status: 502 });
});

test("server that does not answer is an error with a hint", async () => {
  globalThis.fetch = async () => {
    throw new TypeError("failed");
  };
  await assert.rejects(new Api().get("runs"), (error) => error.status === 0 && error.hint.includes("sogdia serve"));
});

test("stored results are fetched once, failures again", async () => {
  const requests = answer(200, { a: 1 });
  const api = new Api();
  await Promise.all([api.once("runs/x"), api.once("runs/x")]);
  assert.equal(requests.length, 1);
  answer(500, {});
  await assert.rejects(api.once("runs/y"));
  const later = answer(200, {});
  await api.once("runs/y");
  assert.equal(later.length, 1);
});
