// @ts-check
/** Choose the runs to compare: the first is the one that the others are compared with. */

import { h } from "../modules/dom.js";
import { findRun, partnerOf, chosenRuns, runNames } from "../modules/runs.js";

/** @typedef {import("../modules/runs.js").RunInfo} RunInfo */

const MOST = 8;

/**
 * Return the runs of the address: `runs`, the reference first, else `minus` and `run`, else the first choice.
 * @param {RunInfo[]} runs
 * @param {{runs: string, run: string, minus: string}} asked
 * @returns {RunInfo[]}
 */
export function comparedRuns(runs, asked) {
  const named = asked.runs.split(",").map((id) => findRun(runs, id.trim()));
  const found = [...new Set(named.filter((run) => run !== undefined))];
  if (found.length >= 2) return found.slice(0, MOST);
  const { run, minus } = chosenRuns(runs, found[0]?.id ?? asked.run, asked.minus === "none" ? "" : asked.minus);
  const other = run ? (minus ?? partnerOf(runs, run)) : undefined;
  return run && other ? [other, run] : [];
}

/**
 * Build the list of runs with ticks, and the choice of the reference.
 * @param {RunInfo[]} runs
 * @param {RunInfo[]} chosen
 * @param {(ids: string[]) => void} onChange
 */
export function runSet(runs, chosen, onChange) {
  const names = runNames(runs);
  const ids = chosen.map((run) => run.id);
  const tick = (/** @type {RunInfo} */ run) => {
    const next = ids.includes(run.id) ? ids.filter((id) => id !== run.id) : [...ids, run.id];
    onChange(next);
  };
  const row = (/** @type {RunInfo} */ run) => {
    const isChosen = ids.includes(run.id);
    const isLast = isChosen ? ids.length <= 2 : ids.length >= MOST;
    const name = names.get(run.id) ?? run.id;
    return h(
      "tr",
      {},
      h(
        "td",
        {},
        h(
          "label",
          { class: "field check" },
          h("input", { type: "checkbox", checked: isChosen, disabled: isLast, onchange: () => tick(run) }),
          name,
        ),
      ),
      h(
        "td",
        {},
        isChosen &&
          h(
            "label",
            { class: "field check" },
            h("input", {
              type: "radio",
              name: "reference",
              checked: run.id === ids[0],
              "aria-label": `Compare the others with ${name}`,
              onchange: () => onChange([run.id, ...ids.filter((id) => id !== run.id)]),
            }),
            "reference",
          ),
      ),
      h("td", { class: "hint" }, run.created.slice(0, 16).replace("T", " ")),
    );
  };
  return h(
    "details",
    { class: "run-set" },
    h(
      "summary",
      {},
      `Runs: ${chosen
        .slice(1)
        .map((run) => names.get(run.id))
        .join("; ")}, compared with ${names.get(ids[0]) ?? "none"}`,
    ),
    h("p", { class: "hint" }, `Tick two to ${MOST} runs. The reference is subtracted from each of the others.`),
    h("div", { class: "table-scroll" }, h("table", {}, h("tbody", {}, runs.map(row)))),
  );
}
