// @ts-check
/** A form for a shock of a scenario, made from the description that the server gives of its keys. */

import { fill, h, select, uniqueId } from "../modules/dom.js";
import { words } from "../modules/format.js";
import { field, namesInput, searchBox, labelOf } from "./names-input.js";

/**
 * @typedef {object} KeyForm
 * @property {string} key
 * @property {"text" | "number" | "integer" | "choice" | "choices" | "names" | "name"} input
 * @property {string} meaning
 * @property {boolean} is_required
 * @property {string[]} choices
 * @property {string} vocabulary
 * @property {number | null} minimum
 * @property {number | null} maximum
 * @property {any} default
 */
/** @typedef {{kind: string, title: string, keys: KeyForm[]}} ShockForm */
/** @typedef {{shocks: ShockForm[], vocabularies: Record<string, {value: string, label: string}[]>, years: number[]}} Forms */

/** Keys that most users need; the others are behind a fold. */
const RARE = new Set(["place_kinds", "corridors", "users", "systems", "commodities", "scopes", "cargos", "at", "years_since"]);

/** Names that are listed at once; more are searched. */
const MOST_LISTED = 12;

/**
 * Return the vocabulary of each key.
 * @param {Forms} forms
 * @returns {Record<string, string>}
 */
export function vocabularies(forms) {
  const keys = forms.shocks.flatMap((form) => form.keys).filter((key) => key.vocabulary);
  return Object.fromEntries(keys.map((key) => [key.key, key.vocabulary]));
}

/**
 * Build the form of a kind of shock.
 * @param {Forms} forms
 * @param {ShockForm} form
 * @param {Record<string, any>} start Values at the start.
 * @param {(shock: Record<string, any>) => void} onDone
 * @param {() => void} onCancel
 */
export function shockForm(forms, form, start, onDone, onCancel) {
  /** @type {Record<string, any>} */
  const shock = { ...start, kind: form.kind };
  const make = (/** @type {KeyForm} */ key) => keyInput(forms, key, shock);
  const usual = form.keys.filter((key) => !RARE.has(key.key));
  const rare = form.keys.filter((key) => RARE.has(key.key));
  return h("form", {
    class: "shock-form", "aria-label": form.title,
    onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); onDone(shock); },
  },
  h("p", { class: "note" }, `${form.title}.`),
  usual.map(make),
  rare.length ? h("details", {}, h("summary", {}, "More"), rare.map(make)) : null,
  h("div", { class: "bar" }, h("button", { type: "submit", class: "primary" }, "Add to the scenario"),
    h("button", { type: "button", onclick: onCancel }, "Cancel")));
}

/**
 * @param {Forms} forms
 * @param {KeyForm} key
 * @param {Record<string, any>} shock Changed by the input.
 */
function keyInput(forms, key, shock) {
  const label = words(key.key);
  const about = h("p", { class: "hint" }, key.meaning);
  const options = forms.vocabularies[key.vocabulary] ?? [];
  if (key.input === "names") {
    return h("div", { class: "key" }, namesInput({
      label, options, value: shock[key.key] ?? [],
      onChange: (value) => { shock[key.key] = value; },
    }), about);
  }
  if (key.input === "choices") return h("div", { class: "key" }, checks(label, key, shock), about);
  const isShort = key.input === "choice" || (key.input === "name" && options.length <= MOST_LISTED);
  if (isShort) return h("div", { class: "key" }, choice(label, key, options, shock), about);
  if (key.input === "name") {
    const shown = h("span", {}, shock[key.key] ? labelOf(options, shock[key.key]) : "none chosen");
    return h("div", { class: "key" }, searchBox({
      label, options, onChoose: (option) => { shock[key.key] = option.value; fill(shown, option.label); },
    }), h("p", {}, shown), about);
  }
  const isNumber = key.input !== "text";
  const set = (/** @type {any} */ event) => {
    shock[key.key] = isNumber && event.target.value !== "" ? Number(event.target.value) : event.target.value;
  };
  return h("div", { class: "key" }, field(label, {
    type: isNumber ? "number" : "text", step: key.input === "integer" ? 1 : "any", required: key.is_required,
    min: key.minimum, max: key.maximum, value: shock[key.key] ?? key.default ?? "", oninput: set,
  }), about);
}

/**
 * @param {string} label
 * @param {KeyForm} key
 * @param {{value: string, label: string}[]} options
 * @param {Record<string, any>} shock
 */
function choice(label, key, options, shock) {
  const values = options.length ? options : key.choices.map((value) => ({ value, label: words(value) }));
  const first = shock[key.key] ?? key.default ?? values[0]?.value ?? "";
  if (shock[key.key] === undefined && key.is_required) shock[key.key] = first;
  return select(label, values, first, (value) => { shock[key.key] = value; });
}

/**
 * @param {string} label
 * @param {KeyForm} key
 * @param {Record<string, any>} shock
 */
function checks(label, key, shock) {
  const chosen = new Set(shock[key.key] ?? key.default ?? []);
  return h("fieldset", {}, h("legend", {}, label), key.choices.map((value) => {
    const id = uniqueId("check");
    return h("span", { class: "field check" }, h("input", {
      id, type: "checkbox", checked: chosen.has(value),
      onchange: (/** @type {any} */ event) => {
        if (event.target.checked) chosen.add(value);
        else chosen.delete(value);
        shock[key.key] = key.choices.filter((each) => chosen.has(each));
      },
    }), h("label", { for: id }, words(value)));
  }));
}
