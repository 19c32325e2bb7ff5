// @ts-check
/** The shell: the rail of views, and one view at a time. */

import { Api, ApiError, tokenOf } from "./api.js";
import { fill, h } from "./dom.js";
import { notify, problemOf } from "./messages.js";
import { State } from "./state.js";

/**
 * @typedef {object} Context
 * @property {Api} api
 * @property {State} state
 * @property {(view: string, values?: Record<string, string>) => void} navigate
 * @property {AbortSignal} signal Aborted when the view is closed.
 * @property {(text: string) => void} notify Show a short message.
 */
/** @typedef {(element: HTMLElement, context: Context) => Promise<(() => void) | void>} Mount */

const VIEWS = [
  { name: "map", label: "Map" },
  { name: "plan", label: "Plan" },
  { name: "compare", label: "Compare" },
  { name: "partners", label: "Partners" },
  { name: "money", label: "Money" },
  { name: "portfolio", label: "Portfolio" },
  { name: "article", label: "Article" },
  { name: "runs", label: "Runs" },
];
const FIRST = "map";
/** Values that a view passes to the next: the chosen runs. */
const SHARED = ["run", "minus", "runs"];

const state = new State(window);
const api = new Api({ token: tokenOf(window) });
const place = /** @type {HTMLElement} */ (document.getElementById("view"));
let opened = 0;
/** @type {() => void} */
let close = () => {};

/** Values that stay when another view is opened. */
function sharedValues() {
  const values = state.all();
  return Object.fromEntries(SHARED.filter((key) => values[key]).map((key) => [key, values[key]]));
}

/** @param {string} active */
function drawRail(active) {
  const rail = /** @type {HTMLElement} */ (document.getElementById("views"));
  fill(
    rail,
    VIEWS.map((view) =>
      h(
        "li",
        {},
        h(
          "a",
          {
            href: `#${view.name}`,
            "aria-current": view.name === active ? "page" : null,
            onclick: (/** @type {MouseEvent} */ event) => {
              if (event.ctrlKey || event.metaKey || event.shiftKey) return;
              event.preventDefault();
              state.open(view.name, sharedValues());
            },
          },
          view.label,
        ),
      ),
    ),
  );
}

/** Open the view that the address names. */
async function openView() {
  const view = VIEWS.find((entry) => entry.name === state.view) ?? VIEWS.find((entry) => entry.name === FIRST);
  if (!view) return;
  close();
  const ending = new AbortController();
  close = () => ending.abort();
  opened += 1;
  const turn = opened;
  drawRail(view.name);
  document.title = `${view.label} · Sogdia`;
  const element = h("div", { class: `view view-${view.name}` }, h("p", { class: "loading" }, "Loading…"));
  fill(place, element);
  try {
    /** @type {{mount: Mount}} */
    const module = await import(`../views/${view.name}.js`);
    if (turn !== opened) return;
    const end = await module.mount(element, {
      api,
      state,
      notify,
      signal: ending.signal,
      navigate: (name, values = {}) => state.open(name, { ...sharedValues(), ...values }),
    });
    if (!end) return;
    if (turn === opened)
      close = () => {
        ending.abort();
        end();
      };
    else end();
  } catch (error) {
    if (turn !== opened || ending.signal.aborted) return;
    fill(element, h("h1", {}, view.label), problemOf(error));
    if (!(error instanceof ApiError)) throw error;
  }
}

async function nameRegion() {
  const name = /** @type {HTMLElement} */ (document.getElementById("region-name"));
  try {
    const region = await api.once("region");
    name.textContent = region.title ?? region.name;
  } catch (error) {
    notify(error instanceof ApiError ? `${error.message} ${error.hint}` : String(error));
  }
}

document.getElementById("skip")?.addEventListener("click", (event) => {
  event.preventDefault();
  place.focus();
});
state.subscribe((changed) => {
  if (changed.includes("view")) void openView();
});
void nameRegion();
void openView();
