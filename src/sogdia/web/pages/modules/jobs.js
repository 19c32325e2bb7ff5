// @ts-check
/** Jobs of the server: follow them, and tell what became of them. */

/**
 * @typedef {object} Job
 * @property {string} id
 * @property {string} command
 * @property {string} label
 * @property {"queued" | "running" | "finished" | "failed" | "cancelled"} state
 * @property {string} created
 * @property {number} finished
 * @property {number} total
 * @property {string} stage
 * @property {number | null} seconds_left
 * @property {string[]} runs
 * @property {string[]} files
 * @property {string} error
 * @property {Record<string, any>} request
 */

const PAUSE_MS = 1000;
const IDLE_MS = 10_000;

/** @param {Job} job */
export function isActive(job) {
  return job.state === "queued" || job.state === "running";
}

/**
 * Describe the state of a job in a few words.
 * @param {Job} job
 */
export function stateText(job) {
  if (job.state === "queued") return "waits";
  if (job.state !== "running") return job.state;
  const parts = [job.total ? `${job.finished} of ${job.total}` : "", job.stage, job.seconds_left ? `about ${job.seconds_left} s left` : ""];
  return `running${parts.some(Boolean) ? `: ${parts.filter(Boolean).join(", ")}` : ""}`;
}

/**
 * Ask for the jobs again and again: every second while one is active.
 * @param {import("./api.js").Api} api
 * @param {AbortSignal} signal
 * @param {(jobs: Job[]) => void} onJobs
 * @param {(error: unknown) => void} onError
 * @returns {() => void} Asks at once.
 */
export function followJobs(api, signal, onJobs, onError) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  async function ask() {
    clearTimeout(timer);
    let pause = IDLE_MS;
    try {
      const jobs = /** @type {Job[]} */ (await api.get("jobs", {}, { signal }));
      if (signal.aborted) return;
      onJobs(jobs);
      if (jobs.some(isActive)) pause = PAUSE_MS;
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
    }
    timer = setTimeout(() => void ask(), pause);
  }
  signal.addEventListener("abort", () => clearTimeout(timer));
  void ask();
  return () => void ask();
}

/**
 * Return the two runs that a finished job is best shown with: the last plan and scenario of its request, and the one it
 * is compared with: the same plan without the shocks, else the baseline.
 * @param {Job} job
 * @param {{id: string, plan: string, scenario: string, year: number}[]} runs Runs of the store.
 */
export function shownRuns(job, runs) {
  const own = runs.filter((run) => job.runs.includes(run.id));
  const plans = job.request.plans ?? [];
  const scenarios = job.request.scenarios ?? [];
  const plan = plans.at(-1);
  const scenario = scenarios.at(-1);
  const run = own.find((each) => each.plan === plan && each.scenario === scenario) ?? own.at(-1);
  if (!run) return null;
  const others = own.filter((each) => each.id !== run.id && each.year === run.year);
  const minus = scenarios.length > 1
    ? others.find((each) => each.plan === run.plan && each.scenario !== run.scenario)
    : others.find((each) => each.scenario === run.scenario);
  return { run: run.id, minus: (minus ?? others[0])?.id ?? "" };
}
