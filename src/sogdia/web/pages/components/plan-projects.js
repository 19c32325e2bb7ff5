// @ts-check
/** Projects of a plan: tick them in a list, then set year, partners, shares and terms. */

import { fill, h, uniqueId } from "../modules/dom.js";
import { choiceOf, financedShare, withChoice, withProject } from "../modules/drafts.js";
import { number, words } from "../modules/format.js";
import { field } from "./names-input.js";

/** @typedef {import("../modules/drafts.js").PlanContent} PlanContent */
/** @typedef {import("../modules/drafts.js").Finance} Finance */
/**
 * @typedef {object} Project
 * @property {string} id
 * @property {string} name
 * @property {string} iso3
 * @property {string} sector
 * @property {number | null} capex_musd
 * @property {string} status
 * @property {number | null} completion_year
 */
/** @typedef {{lender_class: string, partner: string}} Terms */
/** @typedef {{value: string, label: string}} Named */
/** @typedef {{projects: Project[], parties: Named[], terms: Terms[]}} Catalogue */

const OPERATING = "operating";

/**
 * Return the projects whose name, code, country or sector contain every word of a text; operating ones are left out.
 * @param {Project[]} projects
 * @param {string} text
 * @param {Set<string>} [ticked] Come first.
 */
export function foundProjects(projects, text, ticked = new Set()) {
  const parts = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const found = projects.filter((project) => {
    const all = `${project.id} ${project.name} ${project.iso3} ${project.sector} ${project.status}`.toLowerCase();
    return project.status !== OPERATING && parts.every((part) => all.includes(part));
  });
  return found.sort((one, other) => Number(ticked.has(other.id)) - Number(ticked.has(one.id)) || one.name.localeCompare(other.name, "en"));
}

/**
 * Build the list of projects to tick.
 * @param {Catalogue} catalogue
 * @param {(project: string, isBuilt: boolean) => void} onTick
 */
export function projectList(catalogue, onTick) {
  /** @type {Set<string>} */
  let ticked = new Set();
  const id = uniqueId("projects");
  const search = /** @type {HTMLInputElement} */ (
    h("input", { id, type: "search", placeholder: "Name, country or sector", oninput: () => draw() }));
  const list = h("ul", { class: "ticks", "aria-label": "Projects" });
  const count = h("p", { class: "note", "aria-live": "polite" });

  function draw() {
    const found = foundProjects(catalogue.projects, search.value, ticked);
    const ids = new Set(found.map((project) => project.id));
    fill(count, `${found.length} projects, ${[...ticked].filter((each) => ids.has(each)).length} of them in the plan`);
    fill(list, found.map((project) => {
      const box = uniqueId("tick");
      return h("li", {}, h("input", {
        id: box, type: "checkbox", checked: ticked.has(project.id), "data-project": project.id,
        onchange: (/** @type {any} */ event) => onTick(project.id, event.target.checked),
      }), h("label", { for: box }, project.name, h("span", { class: "note" }, about(project))));
    }));
  }

  return {
    element: h("div", { class: "project-list" },
      h("div", { class: "field" }, h("label", { for: id }, "Search projects"), search), count, list),
    /** @param {Set<string>} next */
    update(next) {
      // Rows keep their place while a user ticks them; the search sorts them again.
      const listed = new Set([...list.querySelectorAll("input")].map((input) => input.dataset.project));
      const isFirst = listed.size === 0 || ![...next].every((each) => ticked.has(each) || listed.has(each));
      ticked = next;
      if (isFirst) draw();
      for (const input of list.querySelectorAll("input")) input.checked = ticked.has(input.dataset.project ?? "");
      const shown = [...list.querySelectorAll("input")];
      fill(count, `${shown.length} projects, ${shown.filter((input) => input.checked).length} of them in the plan`);
    },
  };
}

/** @param {Project} project */
function about(project) {
  const cost = project.capex_musd === null ? "cost not published" : `${number(project.capex_musd)} USD million`;
  const parts = [project.iso3.replaceAll(";", ", "), project.sector, cost, project.status, project.completion_year];
  return ` ${parts.filter(Boolean).join(" · ")}`;
}

/** @typedef {(change: (plan: PlanContent) => PlanContent) => void} Edit Changes the plan as it is by then. */

/**
 * Build the editors of the projects that a plan builds.
 * @param {Catalogue} catalogue
 * @param {PlanContent} plan
 * @param {{project: string, name: string, opening_year: number | null, cost_musd: number | null, is_in_baseline: boolean}[]} built
 *   With those of plans that it extends.
 * @param {Edit} edit
 */
export function chosenProjects(catalogue, plan, built, edit) {
  if (!built.length) return h("p", { class: "empty" }, "The plan builds no project yet: tick one in the list, or add your own.");
  return h("ul", { class: "chosen-projects" }, built.map((project) => {
    const choice = choiceOf(plan, project.project);
    const share = financedShare(choice);
    const summary = [
      project.opening_year ?? "no year",
      project.cost_musd === null ? "cost not published" : `${number(project.cost_musd)} USD million`,
      share ? `${number(share)} % financed by the plan` : null,
      choice ? null : project.is_in_baseline ? "of the baseline" : "of the plan that it extends",
    ].filter(Boolean).join(" · ");
    return h("li", {}, h("details", {},
      h("summary", {}, project.name, h("span", { class: "note" }, ` ${summary}`)),
      h("div", { class: "bar" },
        field("Opening year", {
          type: "number", min: 1950, max: 2100, value: choice?.opening_year ?? "", placeholder: project.opening_year ?? "",
          onchange: (/** @type {any} */ event) => {
            const year = event.target.value ? Number(event.target.value) : undefined;
            edit((now) => withChoice(now, project.project, { opening_year: year }));
          },
        }),
        h("button", { type: "button", onclick: () => edit((now) => withProject(now, project.project, false, !choice)) }, "Remove")),
      financeEditor(catalogue, plan, project.project, edit)));
  }));
}

/**
 * @param {Catalogue} catalogue
 * @param {PlanContent} plan
 * @param {string} project
 * @param {Edit} edit
 */
function financeEditor(catalogue, plan, project, edit) {
  const finance = choiceOf(plan, project)?.finance ?? [];
  /** @param {(finance: Finance[]) => Finance[]} next */
  const put = (next) => edit((now) => withChoice(now, project, { finance: next(choiceOf(now, project)?.finance ?? []) }));
  const change = (/** @type {number} */ at, /** @type {Record<string, any>} */ values) =>
    put((parts) => parts.map((part, place) => (place === at ? clean({ ...part, ...values }) : part)));
  const lenders = new Set(catalogue.terms.map((each) => each.partner));
  const parties = [...catalogue.parties].sort((one, other) =>
    Number(lenders.has(other.value)) - Number(lenders.has(one.value)) || one.label.localeCompare(other.label, "en"));
  const left = Math.max(0, 100 - financedShare(choiceOf(plan, project)));
  return h("fieldset", {}, h("legend", {}, "Finance"),
    finance.length ? null : h("p", { class: "note" }, "As the ledger of deals has it."),
    finance.map((part, at) => h("div", { class: "bar" },
      options("Partner", parties, part.partner, (partner) => change(at, { partner, lender_class: "" })),
      field("Share, %", { type: "number", min: 0.01, max: 100, step: "any", value: part.share_pct ?? 100,
        onchange: (/** @type {any} */ event) => change(at, { share_pct: Number(event.target.value) }) }),
      options("Terms", termsOf(catalogue, part.partner), part.lender_class ?? "", (lender) => change(at, { lender_class: lender })),
      h("button", {
        type: "button", "aria-label": "Remove partner", onclick: () => put((parts) => parts.filter((_, place) => place !== at)),
      }, "Remove"))),
    h("button", {
      type: "button", disabled: left <= 0, onclick: () => put((parts) => [...parts, { partner: parties[0]?.value ?? "", share_pct: left }]),
    }, "Add a partner"));
}

/**
 * @param {Catalogue} catalogue
 * @param {string} partner
 */
function termsOf(catalogue, partner) {
  const own = catalogue.terms.filter((each) => each.partner === partner);
  return [{ value: "", label: "not known" }, ...own.map((each) => ({ value: each.lender_class, label: words(each.lender_class) }))];
}

/**
 * @param {Finance & Record<string, any>} part
 * @returns {Finance}
 */
function clean(part) {
  const next = { ...part };
  if (!next.lender_class) delete next.lender_class;
  return next;
}

/**
 * @param {string} label
 * @param {Named[]} values
 * @param {string} value
 * @param {(value: string) => void} onChange
 */
function options(label, values, value, onChange) {
  const id = uniqueId("select");
  const list = /** @type {HTMLSelectElement} */ (h("select", { id, onchange: () => onChange(list.value) },
    values.map((each) => h("option", { value: each.value }, each.label))));
  list.value = value;
  return h("div", { class: "field" }, h("label", { for: id }, label), list);
}
