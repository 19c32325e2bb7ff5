// @ts-check
/** Stored runs: their names for people, and which two are shown at first. */

/**
 * @typedef {object} RunInfo
 * @property {string} id
 * @property {string} label
 * @property {string} plan
 * @property {string} scenario
 * @property {number} year
 * @property {string} created
 * @property {string} [region]
 * @property {boolean} [is_current]
 * @property {boolean} [is_baseline]
 * @property {string} [family] Equal for a run and the run of its baseline plan.
 */

/** How plans are named that a study made by taking out the projects which it decides. */
const BASELINE = /(^committed|_without_|^as_is$|^baseline$|^base$)/;

/** The scenario without shocks. */
const REFERENCE = "reference";

/**
 * Name a run: plan, scenario, year.
 * @param {RunInfo} run
 */
export function runName(run) {
  const text = [run.plan, run.scenario].map((each) => each.replaceAll("_", " ")).join(" · ");
  return `${text} · ${run.year}`;
}

/**
 * Name runs so that no two have one name: those with the same plan, scenario and year get the start of their id.
 * @param {RunInfo[]} runs
 * @returns {Map<string, string>}
 */
export function runNames(runs) {
  /** @type {Map<string, number>} */
  const count = new Map();
  for (const run of runs) count.set(runName(run), (count.get(runName(run)) ?? 0) + 1);
  return new Map(
    runs.map((run) => {
      const name = runName(run);
      return [run.id, (count.get(name) ?? 0) > 1 ? `${name} · ${run.id.slice(0, 8)}` : name];
    }),
  );
}

/**
 * Find a run by its id, or the start of it.
 * @param {RunInfo[]} runs
 * @param {string} id
 */
export function findRun(runs, id) {
  return id ? runs.find((run) => run.id.startsWith(id)) : undefined;
}

/** @param {RunInfo} run */
export function isBaseline(run) {
  return run.is_baseline || BASELINE.test(run.plan);
}

/**
 * Return the run that another is best compared with: its own baseline, else a baseline in the same year under the same scenario, else the
 * baseline without shocks, else the same plan under another scenario.
 * @param {RunInfo[]} runs
 * @param {RunInfo} run
 */
export function partnerOf(runs, run) {
  const others = runs.filter((other) => other.id !== run.id && (!run.region || other.region === run.region));
  const sameYear = others.filter((other) => other.year === run.year);
  return (
    (run.is_baseline ? undefined : sameYear.find((other) => other.is_baseline && other.family === run.family)) ??
    sameYear.find((other) => isBaseline(other) && other.scenario === run.scenario && other.plan !== run.plan) ??
    sameYear.find((other) => other.plan === run.plan && other.scenario !== run.scenario) ??
    sameYear.find((other) => isBaseline(other)) ??
    others[0]
  );
}

/**
 * Return the run shown at first: the latest plan; of a study of more than two scenarios that without shocks.
 * @param {RunInfo[]} runs The latest first.
 * @returns {RunInfo | undefined}
 */
export function firstRun(runs) {
  const latest = runs.find((each) => !isBaseline(each)) ?? runs[0];
  if (!latest) return undefined;
  const like = runs.filter((each) => each.plan === latest.plan && each.year === latest.year && each.region === latest.region);
  const usual = like.find((each) => each.scenario === REFERENCE);
  return new Set(like.map((each) => each.scenario)).size > 2 ? (usual ?? latest) : latest;
}

/**
 * Return the run and the one it is compared with at first: those of the address if they exist, else the first run.
 * @param {RunInfo[]} runs The latest first.
 * @param {string} run
 * @param {string} minus `none` for no comparison.
 */
export function chosenRuns(runs, run, minus) {
  const first = findRun(runs, run) ?? firstRun(runs);
  if (!first) return { run: undefined, minus: undefined };
  const second = minus === "none" ? undefined : (findRun(runs, minus) ?? partnerOf(runs, first));
  return { run: first, minus: second?.id === first.id ? undefined : second };
}

/**
 * Name runs by what they differ in alone: the plan, the scenario, the year, or several of these.
 * @param {RunInfo[]} runs
 * @returns {string[]}
 */
export function shortNames(runs) {
  const parts = runs.map((run) => [run.plan, run.scenario].map((each) => each.replaceAll("_", " ")).concat(String(run.year)));
  const differing = [0, 1, 2].filter((at) => new Set(parts.map((part) => part[at])).size > 1);
  const texts = parts.map((part) => (differing.length ? differing.map((at) => part[at]) : part).join(" · "));
  return new Set(texts).size === runs.length ? texts : texts.map((text, at) => `${text} · ${runs[at].id.slice(0, 8)}`);
}
