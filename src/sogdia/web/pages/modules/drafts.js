// @ts-check
/** Plans and scenarios as their files have them: every change returns a new content, so that it can be compared. */

/**
 * @typedef {object} Finance
 * @property {string} partner
 * @property {string} [lender_class]
 * @property {number} [share_pct]
 */
/**
 * @typedef {object} Choice
 * @property {string} project
 * @property {number} [opening_year]
 * @property {Finance[]} [finance]
 * @property {string} [note]
 * @property {any} [new]
 */
/** @typedef {{title: string, extends?: string[], projects?: Choice[], excludes?: string[]} & Record<string, any>} PlanContent */
/** @typedef {{title: string, year: number, shocks?: Record<string, any>[]} & Record<string, any>} ScenarioContent */

const LONGEST_NAME = 60;

/**
 * Return the name of a file for a title: small letters, digits, underscores.
 * @param {string} title
 * @param {string} otherwise
 */
export function nameOf(title, otherwise) {
  const plain = title.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "").slice(0, LONGEST_NAME);
  return plain || otherwise;
}

/**
 * Return a name that is not taken: `name`, else `name_2` and so on.
 * @param {string} name
 * @param {Iterable<string>} taken
 */
export function freeName(name, taken) {
  const known = new Set(taken);
  if (!known.has(name)) return name;
  let number = 2;
  while (known.has(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}

/**
 * Drop empty texts, lists and unset values, which a file would not have.
 * @param {Record<string, any>} content
 * @returns {Record<string, any>}
 */
export function withoutEmpty(content) {
  const isEmpty = (/** @type {any} */ value) =>
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0) || Number.isNaN(value);
  return Object.fromEntries(Object.entries(content).filter(([, value]) => !isEmpty(value)));
}

/**
 * @param {PlanContent} plan
 * @param {string} project
 */
export function choiceOf(plan, project) {
  return (plan.projects ?? []).find((choice) => choice.project === project);
}

/**
 * Build a project, or leave it out. One that an extended plan builds is excluded.
 * @param {PlanContent} plan
 * @param {string} project
 * @param {boolean} isBuilt
 * @param {boolean} [isInherited] A plan that this one extends builds it.
 * @returns {PlanContent}
 */
export function withProject(plan, project, isBuilt, isInherited = false) {
  const others = (plan.projects ?? []).filter((choice) => choice.project !== project);
  const excludes = (plan.excludes ?? []).filter((name) => name !== project);
  if (isBuilt) return tidyPlan({ ...plan, projects: isInherited ? others : [...others, { project }], excludes });
  return tidyPlan({ ...plan, projects: others, excludes: isInherited ? [...excludes, project] : excludes });
}

/**
 * Change the choice of a project: its year, its finance, its note. Empty values are dropped.
 * @param {PlanContent} plan
 * @param {string} project
 * @param {Partial<Choice>} changes
 * @returns {PlanContent}
 */
export function withChoice(plan, project, changes) {
  const before = choiceOf(plan, project) ?? { project };
  const choice = /** @type {Choice} */ (withoutEmpty({ ...before, ...changes }));
  const others = (plan.projects ?? []).filter((other) => other.project !== project);
  return tidyPlan({ ...plan, projects: [...others, choice] });
}

/**
 * @param {PlanContent} plan
 * @returns {PlanContent}
 */
function tidyPlan(plan) {
  const projects = [...(plan.projects ?? [])].sort((one, other) => one.project.localeCompare(other.project, "en"));
  const next = { ...plan, projects };
  if (next.excludes && next.excludes.length === 0) delete next.excludes;
  return next;
}

/**
 * Return the sum of shares of a project's finance, per cent.
 * @param {Choice | undefined} choice
 */
export function financedShare(choice) {
  return (choice?.finance ?? []).reduce((sum, part) => sum + (part.share_pct ?? 100), 0);
}

/**
 * Add a shock at the end, or put it in the place of another.
 * @param {ScenarioContent} scenario
 * @param {Record<string, any>} shock
 * @param {number} [at]
 * @returns {ScenarioContent}
 */
export function withShock(scenario, shock, at) {
  const shocks = [...(scenario.shocks ?? [])];
  if (at === undefined) shocks.push(withoutEmpty(shock));
  else shocks[at] = withoutEmpty(shock);
  return { ...scenario, shocks };
}

/**
 * @param {ScenarioContent} scenario
 * @param {number} at
 * @returns {ScenarioContent}
 */
export function withoutShock(scenario, at) {
  return { ...scenario, shocks: (scenario.shocks ?? []).filter((_, place) => place !== at) };
}

/**
 * Close a border, place or link, or open it again if a closure of it alone is there already.
 * @param {ScenarioContent} scenario
 * @param {"borders" | "places" | "links"} key
 * @param {string} name
 * @param {string} reason
 * @returns {ScenarioContent}
 */
export function withClosure(scenario, key, name, reason) {
  const at = closureAt(scenario, key, name);
  if (at >= 0) return withoutShock(scenario, at);
  return withShock(scenario, { kind: "closure", [key]: [name], reason });
}

/**
 * Return the position of the shock that closes a border, place or link and nothing else; -1 if there is none.
 * @param {ScenarioContent} scenario
 * @param {string} key
 * @param {string} name
 */
export function closureAt(scenario, key, name) {
  return (scenario.shocks ?? []).findIndex((shock) =>
    shock.kind === "closure" && Array.isArray(shock[key]) && shock[key].length === 1 && shock[key][0] === name);
}

/**
 * Describe a shock in one line, with names instead of codes where the forms have them.
 * @param {Record<string, any>} shock
 * @param {(vocabulary: string, value: string) => string} label
 * @param {Record<string, string>} vocabularyOf Vocabulary by key.
 */
export function shockText(shock, label, vocabularyOf) {
  const parts = Object.entries(shock)
    .filter(([key]) => !["kind", "reason", "source"].includes(key))
    .map(([key, value]) => {
      const values = Array.isArray(value) ? value : [value];
      const texts = values.map((each) => (vocabularyOf[key] ? label(vocabularyOf[key], String(each)) : String(each)));
      return `${key.replaceAll("_", " ")} ${texts.join(", ")}`;
    });
  return `${String(shock.kind).replaceAll("_", " ")}: ${parts.join("; ")}`;
}

/**
 * Return the content of a project of one's own: one row that it opens.
 * @param {{name: string, iso3: string, sector: string, capex_musd?: number, note?: string}} about
 * @param {string} table `links` or `plants`.
 * @param {Record<string, any>} row
 * @param {Record<string, any>[]} [crossings] Both directions, for a link over a border.
 */
export function ownProject(about, table, row, crossings = []) {
  /** @type {Record<string, Record<string, any>[]>} */
  const adds = { [table]: [withoutEmpty(row)] };
  if (crossings.length) adds.crossings = crossings.map(withoutEmpty);
  return { ...withoutEmpty(about), adds };
}
