// @ts-check
/** Choose a run, and the run it is compared with. */

import { h, select } from "../modules/dom.js";
import { runNames } from "../modules/runs.js";

/** @typedef {import("../modules/runs.js").RunInfo} RunInfo */

/**
 * Build the two lists.
 * @param {RunInfo[]} runs
 * @param {{run?: RunInfo, minus?: RunInfo}} chosen
 * @param {(values: {run: string, minus: string}) => void} onChange
 */
export function runPicker(runs, chosen, onChange) {
  const names = runNames(runs);
  const options = runs.map((run) => ({ value: run.id, label: names.get(run.id) ?? run.id }));
  const current = { run: chosen.run?.id ?? "", minus: chosen.minus?.id ?? "none" };
  const change = (/** @type {Partial<typeof current>} */ values) => {
    Object.assign(current, values);
    onChange({ ...current });
  };
  return [
    select("Run", options, current.run, (run) => change({ run, minus: "" })),
    select(
      "Compared with",
      [{ value: "none", label: "no other run" }, ...options.filter((each) => each.value !== current.run)],
      current.minus,
      (minus) => change({ minus }),
    ),
  ];
}

/** Build the text of a store without runs. */
export function noRuns() {
  return h(
    "div",
    { class: "notice" },
    h("p", {}, "The store has no runs of this region yet."),
    h(
      "p",
      {},
      h("a", { href: "#plan" }, "Choose a plan and run it"),
      ", or on the command line: ",
      h("code", {}, "sogdia run study.yaml"),
      ".",
    ),
  );
}
