// @ts-check
/** The plan and the scenario that the user works on: opened, changed, checked, saved. They outlive a change of view. */

import { freeName, nameOf } from "./drafts.js";

/** @typedef {"plans" | "scenarios"} Kind */
/**
 * @typedef {object} Entry
 * @property {string} name
 * @property {string} title
 * @property {string} description
 * @property {boolean} is_saved
 * @property {boolean} has_errors
 * @property {number[]} years
 * @property {number} count
 * @property {boolean} is_without_shocks
 */
/**
 * @typedef {object} Checked
 * @property {string} name
 * @property {string} yaml
 * @property {Record<string, any>} content
 * @property {string} title
 * @property {string} digest
 * @property {import("./api.js").Fault[]} faults
 * @property {boolean} is_saved
 * @property {any[]} projects
 */

/** A plan or scenario being edited. */
export class Draft {
  /**
   * @param {import("./api.js").Api} api
   * @param {Kind} kind
   */
  constructor(api, kind) {
    this.api = api;
    this.kind = kind;
    /** @type {Entry[]} */
    this.entries = [];
    /** @type {Checked | null} */
    this.checked = null;
    /** @type {Record<string, any>} */
    this.content = {};
    this.name = "";
    this.isSaved = false;
    this.isChanged = false;
    /** The user has not typed a title: it follows the content. */
    this.hasOwnTitle = true;
    this.turn = 0;
  }

  async list() {
    this.entries = await this.api.get(this.kind);
    return this.entries;
  }

  /** @param {string} name */
  async open(name) {
    const checked = /** @type {Checked} */ (await this.api.get(`${this.kind}/${encodeURIComponent(name)}`));
    this.#take(checked);
    this.name = name;
    this.isSaved = checked.is_saved;
    this.isChanged = false;
    this.hasOwnTitle = true;
  }

  /**
   * Open what is named, else keep what is being edited, else open the first.
   * @param {string} name
   * @param {Entry | undefined} first
   */
  async openFirst(name, first) {
    const isKnown = this.entries.some((entry) => entry.name === name);
    if (isKnown && name !== this.name) await this.open(name);
    else if (!this.checked && first) await this.open(first.name);
  }

  /**
   * Take a draft that is not in the library, such as that of an article.
   * @param {Checked} checked
   */
  take(checked) {
    this.#take(checked);
    this.name = "";
    this.isSaved = false;
    this.isChanged = true;
  }

  /** @param {Checked} checked */
  #take(checked) {
    this.turn += 1;
    this.checked = checked;
    this.content = structuredClone(checked.content);
  }

  /**
   * Change the content; a shipped plan or scenario becomes one of the user's own.
   * @param {Record<string, any>} content
   */
  change(content) {
    this.content = content;
    this.isChanged = true;
    if (!this.isSaved) this.name = "";
  }

  /** Check the content; returns false if a later check has begun. */
  async check() {
    return this.#check({ name: this.nameToSave(), content: this.content });
  }

  /**
   * Check a text, and take its content if it is YAML.
   * @param {string} yaml
   */
  async checkText(yaml) {
    const isLast = await this.#check({ name: this.nameToSave(), yaml });
    if (isLast && this.checked && Object.keys(this.checked.content).length) {
      this.change(structuredClone(this.checked.content));
      this.hasOwnTitle = true;
    }
    return isLast;
  }

  /** @param {{name: string, content?: object, yaml?: string}} body */
  async #check(body) {
    this.turn += 1;
    const own = this.turn;
    const checked = await this.api.post(`${this.kind}/check`, body);
    if (own !== this.turn) return false;
    this.checked = checked;
    return true;
  }

  /** Name under which it would be saved. */
  nameToSave() {
    if (this.name) return this.name;
    const title = typeof this.content.title === "string" ? this.content.title : "";
    return freeName(nameOf(title, this.kind === "plans" ? "plan" : "scenario").slice(0, 56), this.entries.map((entry) => entry.name));
  }

  /** Save it unless it is as it was opened; return its name. */
  async save() {
    if (!this.isChanged) return this.name;
    const name = this.nameToSave();
    // The text that was checked, so that comments typed by the user are kept.
    const yaml = this.checked && this.checked.faults.length === 0 && this.checked.name === name ? this.checked.yaml : null;
    this.checked = await this.api.post(this.kind, yaml === null ? { name, content: this.content } : { name, yaml });
    Object.assign(this, { name, isSaved: true, isChanged: false });
    await this.list();
    return name;
  }
}

/** @type {{plans: Draft, scenarios: Draft} | null} */
let drafts = null;

/**
 * Return the drafts of this page.
 * @param {import("./api.js").Api} api
 */
export function draftsOf(api) {
  drafts ??= { plans: new Draft(api, "plans"), scenarios: new Draft(api, "scenarios") };
  return drafts;
}

/** Names of the plan that others are compared with, the first that there is. */
const REFERENCE_PLANS = ["committed", "as_is"];

/**
 * Return the plan to begin with: the baseline.
 * @param {Entry[]} entries
 */
export function firstPlan(entries) {
  return REFERENCE_PLANS.map((name) => entries.find((entry) => entry.name === name)).find(Boolean) ?? entries[0];
}

/**
 * Return the scenario to begin with: one without shocks, of the region before those of the user.
 * @param {Entry[]} entries
 */
export function firstScenario(entries) {
  const plain = entries.filter((entry) => entry.is_without_shocks && !entry.has_errors);
  return plain.find((entry) => !entry.is_saved) ?? plain[0] ?? entries[0];
}

/**
 * Return the scenario without shocks that another is compared with: of the same year if there is one.
 * @param {Entry[]} entries
 * @param {number} year
 */
export function referenceOf(entries, year) {
  const plain = entries.filter((entry) => entry.is_without_shocks && !entry.has_errors);
  return plain.find((entry) => entry.years.includes(year)) ?? plain[0];
}
