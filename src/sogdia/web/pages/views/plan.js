// @ts-check
/** Plan: choose projects and conditions, see the files, run. */

import { jobList } from "../components/job-list.js";
import { field } from "../components/names-input.js";
import { ownProjectForm } from "../components/own-project.js";
import { ownFeatures, pickMap } from "../components/pick-map.js";
import { chosenProjects, projectList } from "../components/plan-projects.js";
import { closable, scenarioLevers, titleOf } from "../components/scenario-levers.js";
import { yamlEditor } from "../components/yaml-editor.js";
import { fill, h, select } from "../modules/dom.js";
import { closureAt, withClosure, withProject } from "../modules/drafts.js";
import { words } from "../modules/format.js";
import { keepFocus } from "../modules/focus.js";
import { draftsOf, firstPlan, firstScenario, referenceOf } from "../modules/library.js";
import { problemOf } from "../modules/messages.js";
import { rowsOf } from "../modules/rows.js";

/** @typedef {import("../modules/drafts.js").PlanContent} PlanContent */
/** @typedef {import("../modules/drafts.js").ScenarioContent} ScenarioContent */

const ALL = { limit: 10_000 };
const CHECK_MS = 300;
/** @type {Record<string, "places" | "links" | "borders">} What an address closes, and the key of the shock. */
const CLOSED_BY = { crossings: "places", places: "places", links: "links", borders: "borders" };

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api } = context;
  const list = async (/** @type {string} */ path) => rowsOf(await api.once(path, ALL));
  const [region, forms, base, projects, parties, terms, places, links, crossings, plants] = await Promise.all([
    api.once("region"), api.once("scenarios/forms"), api.once("map/base"), list("lists/projects"),
    list("region/tables/parties"), list("region/tables/lending_terms"), list("region/tables/places"),
    list("lists/links"), list("lists/crossings"), list("lists/plants"),
  ]);
  const view = new PlanView(element, context, {
    region, forms, base: { ...base, homes: region.homes.map((/** @type {any} */ home) => home.id) },
    network: { places, links, crossings, plants },
    catalogue: { projects, terms, parties: parties.map((row) => ({ value: row.code, label: `${row.name} (${row.code})` })) },
  });
  await view.open();
  const end = context.state.subscribe((changed) => { if (changed.some((key) => key === "close" || key === "add")) view.takeAddress(); });
  return () => { end(); view.close(); };
}

class PlanView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any} data
   */
  constructor(element, context, data) {
    this.context = context;
    this.data = data;
    this.drafts = draftsOf(context.api);
    /** @type {Record<string, ReturnType<typeof setTimeout>>} Checks that wait, of the plan and of the scenario. */
    this.timers = {};
    /** @type {{element: HTMLElement, pick: (picked: any) => void} | null} */
    this.own = null;
    this.crossings = new Set(data.base.borders.features.map((/** @type {any} */ each) => each.properties.id));
    this.map = pickMap(data.base, {
      onClose: (key, id, label) => this.changeScenario(withClosure(this.scenario, key, id, `${label}: closed in this what-if`)),
      onPick: (picked) => this.own?.pick(picked),
    });
    this.list = projectList(data.catalogue, (project, isBuilt) =>
      this.changePlan(withProject(this.plan, project, isBuilt, this.inherited().has(project))));
    this.levers = scenarioLevers(data.forms, this.crossings, (scenario) => this.changeScenario(scenario));
    this.planHead = h("div", { class: "bar" });
    this.scenarioHead = h("div", { class: "bar" });
    this.chosen = h("div", {});
    this.ownPlace = h("div", {});
    this.problems = h("div", { "aria-live": "polite" });
    this.actions = h("div", { class: "bar actions" });
    this.files = h("div", { class: "columns" });
    this.jobs = jobList(context, { most: 8, onFinished: (job) => context.notify(`${words(job.label)}: finished`) });
    this.element = element;
  }

  #lay() {
    fill(this.element,
      h("h1", {}, "Plan"),
      h("p", { class: "note" }, "Choose what happens and what is built, then run. What if a border closes? Close it under Conditions and run."),
      h("div", { class: "columns" },
        h("section", { "aria-labelledby": "conditions" }, h("h2", { id: "conditions" }, "Conditions"), this.scenarioHead, this.levers.element),
        h("section", { "aria-label": "Map to close and to place" }, this.map.element)),
      h("section", { "aria-label": "Run", class: "run-bar" }, this.problems, this.actions),
      h("section", { "aria-labelledby": "jobs-title" }, h("h2", { id: "jobs-title" }, "Jobs"), this.jobs.element),
      h("div", { class: "columns" },
        h("section", { "aria-labelledby": "projects-title" }, h("h2", { id: "projects-title" }, "Projects"), this.planHead, this.list.element),
        h("section", { "aria-labelledby": "built-title" }, h("h2", { id: "built-title" }, "Projects of the plan"), this.chosen,
          h("button", { type: "button", onclick: () => this.startOwn() }, "Add a project of your own"), this.ownPlace)),
      h("h2", {}, "Files"), this.files);
  }

  get plan() {
    return /** @type {PlanContent} */ (this.drafts.plans.content);
  }

  get scenario() {
    return /** @type {ScenarioContent} */ (this.drafts.scenarios.content);
  }

  /** Projects that a plan which this one extends builds. */
  inherited() {
    const own = new Set((this.plan.projects ?? []).map((choice) => choice.project));
    const built = (this.drafts.plans.checked?.projects ?? []).map((project) => project.project);
    return new Set([...built, ...(this.plan.excludes ?? [])].filter((project) => !own.has(project)));
  }

  async open() {
    const { state } = this.context;
    const { plans, scenarios } = this.drafts;
    await Promise.all([plans.list(), scenarios.list()]);
    await Promise.all([
      plans.openFirst(state.get("plan"), firstPlan(plans.entries)),
      scenarios.openFirst(state.get("scenario"), firstScenario(scenarios.entries)),
    ]);
    this.#lay();
    this.draw();
    this.takeAddress();
    await this.map.open();
  }

  /** Close and add what the address names, as the buttons of the map do: `close=links:ID`, `add=PROJECT`. */
  takeAddress() {
    const { state } = this.context;
    const [close, add] = [state.get("close"), state.get("add")];
    if (!close && !add) return;
    state.set({ close: null, add: null });
    const at = close.indexOf(":");
    const [key, id] = [CLOSED_BY[close.slice(0, at)], close.slice(at + 1)];
    const named = closable(this.data.forms, this.crossings).find((each) => each.key === key && each.name === id);
    if (close && !named) this.context.notify(`The region has nothing to close that is called ${close}.`);
    else if (named && closureAt(this.scenario, key, id) < 0) {
      this.changeScenario(withClosure(this.scenario, key, id, `${named.label}: closed in this what-if`));
    }
    const project = this.data.catalogue.projects.find((/** @type {any} */ each) => each.id === add);
    if (add && !project) this.context.notify(`The region has no project that is called ${add}.`);
    const isBuilt = (this.drafts.plans.checked?.projects ?? []).some((each) => each.project === add);
    if (project && !isBuilt) this.changePlan(withProject(this.plan, add, true));
  }

  /**
   * @param {"plans" | "scenarios"} kind
   * @param {string} name
   */
  async openEntry(kind, name) {
    await this.#try(() => this.drafts[kind].open(name));
  }

  /** @param {PlanContent} plan */
  changePlan(plan) {
    const draft = this.drafts.plans;
    // A shipped plan that is changed is no longer the one that its title names.
    const isFirst = !draft.isSaved && !draft.isChanged;
    draft.change(isFirst && plan.title === this.plan.title ? { ...plan, title: `${plan.title}, changed` } : plan);
    this.checkSoon("plans");
  }

  /** @param {ScenarioContent} scenario */
  changeScenario(scenario) {
    const draft = this.drafts.scenarios;
    // A shipped scenario that is changed is no longer the one that its title and description name.
    if (!draft.isSaved && !draft.isChanged) draft.hasOwnTitle = false;
    const next = { ...scenario };
    if (!draft.hasOwnTitle) {
      next.title = titleOf(scenario, this.data.forms, "What-if");
      delete next.description;
    }
    draft.change(next);
    this.checkSoon("scenarios");
  }

  /** @param {"plans" | "scenarios"} kind */
  checkSoon(kind) {
    this.#drawConditions();
    clearTimeout(this.timers[kind]);
    this.timers[kind] = setTimeout(() => void this.#try(async () => { await this.drafts[kind].check(); }), CHECK_MS);
  }

  #stopChecks() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
  }

  draw() {
    const { plans, scenarios } = this.drafts;
    this.context.state.set({ plan: plans.isChanged ? "" : plans.name, scenario: scenarios.isChanged ? "" : scenarios.name });
    this.#drawConditions();
    this.#drawPlan();
    const faults = this.#faults();
    fill(this.problems, faults.length ? faultList(faults) : null);
    this.#drawActions(faults.length > 0);
    keepFocus(this.files, () => fill(this.files, yamlEditor(plans, () => this.draw()), yamlEditor(scenarios, () => this.draw())));
  }

  #drawConditions() {
    this.#drawHead(this.planHead, "plans", "Plan");
    this.#drawHead(this.scenarioHead, "scenarios", "Scenario");
    this.levers.update(this.scenario);
    const closed = (/** @type {"places" | "links"} */ key) => (this.scenario.shocks ?? [])
      .filter((shock) => shock.kind === "closure").flatMap((shock) => (Array.isArray(shock[key]) ? shock[key] : []));
    this.map.update({ closed: { places: closed("places"), links: closed("links") }, own: ownFeatures(this.plan.projects ?? [], this.data.base) });
  }

  #drawPlan() {
    const built = this.drafts.plans.checked?.projects ?? [];
    const open = new Set([...this.chosen.querySelectorAll("details[open]")].map((each) => each.parentElement?.dataset.project));
    const list = chosenProjects(this.data.catalogue, this.plan, built, (change) => this.changePlan(change(this.plan)));
    for (const [at, project] of built.entries()) {
      const row = /** @type {HTMLElement} */ (list.children[at]);
      row.dataset.project = project.project;
      if (open.has(project.project)) row.querySelector("details")?.setAttribute("open", "");
    }
    keepFocus(this.chosen, () => fill(this.chosen, list));
    this.list.update(new Set(built.map((project) => project.project)));
  }

  /**
   * @param {HTMLElement} place
   * @param {"plans" | "scenarios"} kind
   * @param {string} label
   */
  #drawHead(place, kind, label) {
    const draft = this.drafts[kind];
    const isListed = draft.entries.some((entry) => entry.name === draft.name);
    const options = draft.entries.map((entry) => ({ value: entry.name, label: `${entry.title}${entry.is_saved ? " (saved)" : ""}` }));
    const unsaved = { value: "", label: `${draft.content.title ?? ""} (not saved)` };
    keepFocus(place, () => fill(place,
      select(label, isListed ? options : [unsaved, ...options], isListed ? draft.name : "", (name) => { if (name) void this.openEntry(kind, name); }),
      field(`Title of the ${label.toLowerCase()}`, { type: "text", value: draft.content.title ?? "", maxlength: 200, onchange: (/** @type {any} */ event) => {
        draft.hasOwnTitle = true;
        draft.change({ ...draft.content, title: event.target.value });
        this.checkSoon(kind);
      } })));
  }

  /** @param {boolean} hasFaults */
  #drawActions(hasFaults) {
    const isReadOnly = this.data.region.read_only;
    const button = (/** @type {string} */ label, /** @type {() => Promise<void>} */ action, isFirst = false) => h("button", {
      type: "button", class: isFirst ? "primary" : null, disabled: hasFaults || isReadOnly, onclick: () => void this.#act(action),
    }, label);
    keepFocus(this.actions, () => fill(this.actions,
      button("Run", () => this.run(), true),
      button("Save", () => this.save()),
      button("Dependence on partners", () => this.start("dependence")),
      button("Write a brief", () => this.start("brief")),
      isReadOnly ? h("p", { class: "note" }, "The server is read-only: it runs and saves nothing.") : null));
  }

  /** @param {() => Promise<void>} action */
  async #act(action) {
    for (const button of this.actions.querySelectorAll("button")) button.disabled = true;
    await this.#try(action);
    this.jobs.ask();
    this.#drawActions(this.#faults().length > 0);
  }

  #faults() {
    return [...(this.drafts.plans.checked?.faults ?? []), ...(this.drafts.scenarios.checked?.faults ?? [])];
  }

  /** @param {() => Promise<void>} action */
  async #try(action) {
    try {
      await action();
      if (!this.context.signal.aborted) this.draw();
    } catch (error) {
      fill(this.problems, problemOf(error));
    }
  }

  async #saveBoth() {
    this.#stopChecks();
    return { plan: await this.drafts.plans.save(), scenario: await this.drafts.scenarios.save() };
  }

  async save() {
    const { plan, scenario } = await this.#saveBoth();
    this.context.notify(`Saved: plan ${plan}, scenario ${scenario}`);
  }

  /** Run the plan with the shocks and without them, so that the two can be compared. */
  async run() {
    this.jobs.announce("Starting the run…");
    const { plan, scenario } = await this.#saveBoth();
    const { year } = this.scenario;
    const reference = referenceOf(this.drafts.scenarios.entries, year);
    const scenarios = [...new Set([reference?.name ?? scenario, scenario])];
    await this.context.api.post("jobs", { command: "run", plans: [plan], scenarios, year });
    this.jobs.ask();
    this.context.notify("The run is in the queue; its progress is under Jobs.");
    this.jobs.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {"dependence" | "brief"} command */
  async start(command) {
    const { plan, scenario } = await this.#saveBoth();
    const conditions = command === "brief" ? { scenarios: [scenario] } : { scenario };
    await this.context.api.post("jobs", { command, plan, ...conditions, year: this.scenario.year });
    this.jobs.ask();
    this.context.notify("It is in the queue; its progress is under Jobs.");
  }

  startOwn() {
    this.own = ownProjectForm(this.data.network, (project) => {
      this.own?.element.remove();
      this.own = null;
      const others = (this.plan.projects ?? []).filter((choice) => choice.project !== project.project);
      this.changePlan({ ...this.plan, projects: [...others, project] });
    }, this.map);
    fill(this.ownPlace, this.own.element);
    this.own.element.querySelector("select")?.focus();
  }

  close() {
    this.#stopChecks();
    this.map.close();
  }
}

/** @param {import("../modules/api.js").Fault[]} faults */
function faultList(faults) {
  const text = (/** @type {import("../modules/api.js").Fault} */ fault) =>
    `${fault.file ?? ""}${fault.row ? `:${fault.row}` : ""} ${fault.field ? `${fault.field}: ` : ""}${fault.message}${fault.suggestion ? `; ${fault.suggestion}` : ""}`;
  return h("div", { class: "problem", role: "alert" },
    h("p", {}, faults.length === 1 ? "One error: correct it, then run." : `${faults.length} errors: correct them, then run.`),
    h("ul", {}, faults.map((fault) => h("li", {}, text(fault)))));
}
