// @ts-check
/** Runs: jobs and their progress, stored runs and their files. */

import { jobList } from "../components/job-list.js";
import { createTable, localSource, remoteFiles, remoteSource } from "../components/table.js";
import { fill, h, save } from "../modules/dom.js";
import { quantity } from "../modules/format.js";
import { notify, problemOf } from "../modules/messages.js";
import { runName } from "../modules/runs.js";

const COLUMNS = /** @type {import("../components/table.js").Column[]} */ ([
  { name: "name", label: "Run" },
  { name: "kind", label: "Kind" },
  { name: "created", label: "Finished", show: (value) => String(value).slice(0, 16).replace("T", " ") },
  { name: "seconds", label: "Time", unit: "s", kind: "number" },
  { name: "version", label: "Version" },
  { name: "id", label: "Id", show: (value) => String(value).slice(0, 12) },
]);
/** Kinds of run that have a view of their own. */
const SHOWN = new Set(["joint", "dependence", "portfolio"]);
const FORMATS = [["xlsx", "Excel workbook"], ["gpkg", "GeoPackage"], ["csv", "CSV files"]];

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api, state } = context;
  const details = h("section", { "aria-label": "Chosen run" });
  const table = createTable(localSource(COLUMNS, []), {
    caption: "Stored runs", sort: "-created", key: (row) => String(row[5]),
    onSelect: (key) => state.set({ run: key }), empty: "The store has no runs yet: start one in the Plan view.",
  });

  async function list() {
    const runs = await api.get("runs", { kind: "" }, context);
    const rows = runs.filter((/** @type {any} */ run) => SHOWN.has(run.kind)).map((/** @type {any} */ run) => [
      runName(run), run.kind, run.created, Math.round(run.seconds), run.is_current ? "current" : "older", run.id,
    ]);
    table.update(localSource(COLUMNS, rows));
  }

  async function describe() {
    const id = state.get("run");
    table.highlight(new Set([id]));
    if (!id) return;
    try {
      fill(details, runDetails(context, await api.once(`runs/${encodeURIComponent(id)}`)));
    } catch (error) {
      fill(details, problemOf(error));
    }
  }

  const jobs = jobList(context, { onFinished: () => void list() });
  fill(element, h("h1", {}, "Runs"), h("h2", {}, "Jobs"), jobs.element, table.element, details);
  await list();
  await describe();
  return state.subscribe((changed) => { if (changed.includes("run")) void describe(); });
}

/**
 * @param {import("../modules/main.js").Context} context
 * @param {any} run
 */
function runDetails(context, run) {
  const { api } = context;
  const place = h("div", {});
  const show = (/** @type {any} */ info) => {
    const path = `runs/${run.id}/tables/${info.name}`;
    const made = createTable(remoteSource(api, path), { caption: info.title, files: remoteFiles(api, path) });
    fill(place, h("p", { class: "note" }, info.description), made.element);
  };
  const isJoint = run.kind === "joint";
  return [
    h("h2", {}, runName(run)),
    h("div", { class: "bar" },
      isJoint && h("button", { type: "button", onclick: () => context.navigate("map", { run: run.id }) }, "Show on the map"),
      run.kind === "dependence" && h("button", { type: "button", onclick: () => context.navigate("partners", { study: run.id }) }, "Show partners"),
      isJoint && FORMATS.map(([format, label]) => h("button", { type: "button", onclick: () => void download(api, run.id, format) }, label))),
    run.headline.length > 0 && h("table", { class: "headline" }, h("caption", {}, "Against the baseline"),
      h("tbody", {}, run.headline.map((/** @type {any} */ figure) => h("tr", {},
        h("th", { scope: "row" }, `${figure.figure}${figure.of ? `, ${figure.of}` : ""}`),
        h("td", { class: "number" }, quantity(figure.value, figure.unit)))))),
    h("h3", {}, "Tables"),
    h("ul", { class: "table-names" }, run.tables.map((/** @type {any} */ info) => h("li", {},
      h("button", { type: "button", onclick: () => show(info) }, info.title), h("span", { class: "note" }, ` ${info.rows} rows`)))),
    place,
  ];
}

/**
 * @param {import("../modules/api.js").Api} api
 * @param {string} run
 * @param {string} format
 */
async function download(api, run, format) {
  try {
    const { content, name } = await api.file(`runs/${run}/export`, { format });
    save(content, name);
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error));
  }
}
