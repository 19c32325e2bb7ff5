// @ts-check
/** Controls of the map: run, theme, mode, commodity, colours of countries; and its files. */

import { append, fill, h, save, select } from "../modules/dom.js";
import { words } from "../modules/format.js";
import { savePrintMap } from "./print-map.js";
import { runPicker } from "./run-picker.js";

/** @typedef {import("../views/map.js").MapView} MapView */

export const THEMES = [
  { value: "freight", label: "Freight" },
  { value: "power", label: "Electricity" },
  { value: "pipelines", label: "Pipelines" },
  { value: "projects", label: "Projects" },
];
const AREAS = [
  { value: "", label: "nothing" },
  { value: "transit", label: "transit freight" },
  { value: "gain", label: "gain of home countries" },
  { value: "price", label: "electricity price" },
];

/**
 * Draw the controls; the one that has the focus keeps it.
 * @param {HTMLElement} place
 * @param {MapView} view
 */
export function drawControls(place, view) {
  const { state } = view.context;
  const chosen = view.chosen();
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.name : undefined;
  const theme = state.get("theme", "freight");
  const modes = [...new Set(view.base.links.features.map((/** @type {any} */ link) => link.properties.mode))].map(String);
  fill(place);
  append(place, [
    ...(view.runs.length ? runPicker(view.runs, chosen, (values) => state.set(values, { push: true })) : []),
    chosen.minus ? radios(view) : null,
    select("Theme", THEMES, theme, (value) => state.set({ theme: value, pick: null }, { push: true })),
    theme === "freight" &&
      select(
        "Mode",
        [{ value: "", label: "all" }, ...modes.map((mode) => ({ value: mode, label: words(mode) }))],
        state.get("mode"),
        (mode) => state.set({ mode }),
      ),
    theme === "freight" && commodities(view),
    select("Colour countries by", AREAS, state.get("area"), (area) => state.set({ area })),
  ]);
  place.querySelectorAll("select, input").forEach((each, at) => {
    /** @type {HTMLElement} */ (each).dataset.name = String(at);
  });
  if (focused) /** @type {HTMLElement | null} */ (place.querySelector(`[data-name="${focused}"]`))?.focus();
}

/** @param {MapView} view */
function commodities(view) {
  const { state, api } = view.context;
  const field = select("Commodity", [{ value: "", label: "all" }], "", (commodity) => state.set({ commodity }));
  const list = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
  void api.once("region/tables/commodities", { limit: 200 }).then(
    (page) => {
      const at = page.columns.findIndex((/** @type {any} */ column) => column.name === "name");
      const key = page.columns.findIndex((/** @type {any} */ column) => column.is_key);
      append(
        list,
        page.rows.map((/** @type {any[]} */ row) =>
          h("option", { value: row[Math.max(0, key)] }, row[at] ?? words(String(row[0]))),
        ),
      );
      list.value = state.get("commodity");
    },
    () => field.remove(),
  );
  return field;
}

/** @param {MapView} view */
function radios(view) {
  const { state } = view.context;
  const current = view.show();
  const entries = [
    ["run", "Run"],
    ["minus", "Compared run"],
    ["difference", "Difference"],
  ];
  return h(
    "fieldset",
    { class: "segments" },
    h("legend", {}, "Show"),
    entries.map(([value, label]) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: "show",
          value,
          checked: value === current,
          onchange: () => state.set({ show: value }),
        }),
        h("span", {}, label),
      ),
    ),
  );
}

/**
 * Build the buttons that save the map.
 * @param {MapView} view
 */
export function mapFiles(view) {
  const print = async (/** @type {"svg" | "png"} */ format) => {
    if (view.picture) await savePrintMap(view.base, view.picture, view.title(), format);
  };
  const button = (/** @type {string} */ text, /** @type {string | null} */ label, /** @type {() => void} */ onclick) =>
    h("button", { type: "button", "aria-label": label, onclick }, text);
  return h(
    "span",
    { class: "files" },
    button("SVG", "Save map as SVG", () => void print("svg")),
    button("PNG", "Save map as PNG", () => void print("png")),
    button("GeoPackage", "Save results of the run as GeoPackage", () => void saveGeoPackage(view)),
    button("HTML", "Save this view as HTML, a page of its own", () => void savePage(view)),
    button("Copy link", null, () => void copyLink(view.context)),
  );
}

/**
 * Save a file that the server makes of the chosen runs.
 * @param {MapView} view
 * @param {string} path
 * @param {import("../modules/api.js").Parameters} parameters
 */
async function saveFile(view, path, parameters) {
  try {
    const { content, name } = await view.context.api.file(path, parameters);
    save(content, name);
  } catch (error) {
    view.context.notify(error instanceof Error ? error.message : String(error));
  }
}

/** @param {MapView} view */
async function saveGeoPackage(view) {
  const { run } = view.chosen();
  if (run) await saveFile(view, `runs/${run.id}/export`, { format: "gpkg" });
}

/** @param {MapView} view */
async function savePage(view) {
  const { run, minus } = view.chosen();
  const other = view.show() === "difference" ? minus?.id : undefined;
  const state = window.location.hash.slice(1);
  if (run) await saveFile(view, "view.html", { run: view.show() === "minus" ? minus?.id : run.id, minus: other, state });
}

/** @param {import("../modules/main.js").Context} context */
export async function copyLink(context) {
  try {
    await navigator.clipboard.writeText(window.location.href);
    context.notify("The link to this view is on the clipboard.");
  } catch {
    context.notify("The browser refused the clipboard; the address bar has the link.");
  }
}
