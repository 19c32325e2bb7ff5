// @ts-check
/** Jobs with their progress: cancel them, open what they made. */

import { fill, h, save } from "../modules/dom.js";
import { words } from "../modules/format.js";
import { followJobs, isActive, shownRuns, stateText } from "../modules/jobs.js";
import { notify, problemOf } from "../modules/messages.js";

/** @typedef {import("../modules/jobs.js").Job} Job */

const NAMES = { run: "Run", dependence: "Dependence", brief: "Brief" };

/**
 * Build the list and keep it up to date.
 * @param {import("../modules/main.js").Context} context
 * @param {{most?: number, onFinished?: (job: Job) => void}} [options] `onFinished` is called for a job that ends while shown.
 */
export function jobList(context, options = {}) {
  const { api, signal } = context;
  const list = h("ul", { class: "jobs", "aria-label": "Jobs" });
  const problem = h("div", {});
  /** @type {Map<string, boolean>} */
  const active = new Map();
  let shown = "";

  const ask = followJobs(api, signal, (jobs) => {
    fill(problem);
    for (const job of jobs) {
      if (active.get(job.id) && job.state === "finished") options.onFinished?.(job);
      active.set(job.id, isActive(job));
    }
    const text = JSON.stringify(jobs);
    // Drawn again only if something changed, so that the focus stays where it is.
    if (text === shown) return;
    shown = text;
    const focus = document.activeElement?.getAttribute("data-action") ?? "";
    fill(list, jobs.slice(0, options.most ?? 100).map((job) => item(job)));
    if (focus) [...list.querySelectorAll("button")].find((button) => button.dataset.action === focus)?.focus();
    if (!jobs.length) fill(list, h("li", { class: "empty" }, "No jobs yet."));
  }, (error) => fill(problem, problemOf(error)));

  /** @param {Job} job */
  function item(job) {
    const total = job.total || 1;
    return h("li", { class: `job is-${job.state}` },
      h("div", { class: "bar" },
        h("strong", {}, `${NAMES[/** @type {keyof typeof NAMES} */ (job.command)] ?? job.command}: ${words(job.label)}`),
        h("span", { class: "note" }, stateText(job)),
        isActive(job) && h("progress", { max: total, value: job.state === "running" && job.total ? job.finished : null, "aria-label": `Progress of ${job.label}` }),
        isActive(job) && h("button", { type: "button", "data-action": `cancel ${job.id}`, onclick: () => void act(`jobs/${job.id}/cancel`) }, "Cancel"),
        job.state === "finished" && results(job)),
      job.error ? h("pre", { class: "problem" }, job.error) : null);
  }

  /** @param {Job} job */
  function results(job) {
    if (job.command === "brief") return h("span", { class: "files" }, job.files.map((name) => fileButton(job, name)));
    if (job.command === "dependence") {
      return h("button", { type: "button", "data-action": `open ${job.id}`, onclick: () => context.navigate("partners", { study: job.runs[0] ?? "" }) }, "Show partners");
    }
    return h("span", { class: "bar" },
      h("button", { type: "button", "data-action": `compare ${job.id}`, onclick: () => void show(job, "compare") }, "Compare"),
      h("button", { type: "button", "data-action": `map ${job.id}`, onclick: () => void show(job, "map") }, "Map"));
  }

  /**
   * @param {Job} job
   * @param {string} view
   */
  async function show(job, view) {
    const runs = shownRuns(job, await api.get("runs"));
    if (runs) context.navigate(view, { ...runs, runs: [runs.minus, runs.run].filter(Boolean).join(",") });
  }

  /**
   * @param {Job} job
   * @param {string} name
   */
  function fileButton(job, name) {
    return h("button", { type: "button", "data-action": `${name} ${job.id}`, "aria-label": `Save ${name} of ${job.label}`, onclick: async () => {
      try {
        const { content } = await api.file(`jobs/${job.id}/files/${encodeURIComponent(name)}`);
        save(content, name);
      } catch (error) {
        notify(error instanceof Error ? error.message : String(error));
      }
    } }, name);
  }

  /** @param {string} path */
  async function act(path) {
    try {
      await api.post(path, {});
      ask();
    } catch (error) {
      fill(problem, problemOf(error));
    }
  }

  /** @param {string} text Shown until the list is read again, so that an older job is not taken for the new one. */
  function announce(text) {
    fill(problem, h("p", { class: "loading", role: "status" }, text));
    fill(list);
    shown = "";
  }

  return { element: h("div", {}, problem, list), ask, announce };
}
