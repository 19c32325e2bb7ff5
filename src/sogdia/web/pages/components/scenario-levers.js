// @ts-check
/** Levers of a scenario: closures by search or on the map, other shocks by their forms, year and growth. */

import { append, fill, h, select } from "../modules/dom.js";
import { shockText, withClosure, withShock, withoutShock } from "../modules/drafts.js";
import { keepFocus } from "../modules/focus.js";
import { words } from "../modules/format.js";
import { field, labelOf, searchBox } from "./names-input.js";
import { shockForm, vocabularies } from "./shock-form.js";

/** @typedef {import("../modules/drafts.js").ScenarioContent} ScenarioContent */
/** @typedef {import("./shock-form.js").Forms} Forms */

const ANNUAL = "The models are annual: a closure lasts the entire year, which is an upper bound for a closure of some months. The year below is the one that is modelled.";

/**
 * Return what can be closed: crossings by name, borders between two countries, links.
 * @param {Forms} forms
 * @param {Set<string>} crossings Places with a border crossing.
 * @returns {{value: string, label: string, key: "places" | "borders" | "links", name: string}[]}
 */
export function closable(forms, crossings) {
  const { places, borders, links } = forms.vocabularies;
  /**
   * @param {"places" | "borders" | "links"} key
   * @param {{value: string, label: string}} named
   * @param {string} label
   */
  const entry = (key, named, label) => ({ value: `${key} ${named.value}`, label, code: named.value, order: key === "links" ? 1 : 0, key, name: named.value });
  return [
    ...places.filter((each) => crossings.has(each.value)).map((each) => entry("places", each, `${each.label}, border crossing`)),
    ...borders.map((each) => entry("borders", each, `All crossings ${each.label}`)),
    ...links.map((each) => entry("links", each, each.label)),
  ];
}

/** @param {Forms} forms */
function kindOptions(forms) {
  return forms.shocks.map((form) => ({ value: form.kind, label: form.title }));
}

/**
 * Return a title for the shocks of a scenario, for one that the user has not named.
 * @param {ScenarioContent} scenario
 * @param {Forms} forms
 * @param {string} otherwise
 */
export function titleOf(scenario, forms, otherwise) {
  const texts = (scenario.shocks ?? []).map((shock) => {
    const key = ["places", "borders", "links", "territories"].find((each) => shock[each]?.length);
    if (shock.kind !== "closure" || !key) return words(shock.kind);
    const options = forms.vocabularies[vocabularies(forms)[key]] ?? [];
    const names = shock[key].map((/** @type {string} */ name) => labelOf(options, name).replace(/ \(\w+\)$/, "").replace(/:.*$/, ""));
    return `${names.join(", ")} closed`;
  });
  return texts.length ? texts.join("; ") : otherwise;
}

/**
 * Build the levers.
 * @param {Forms} forms
 * @param {Set<string>} crossings
 * @param {(scenario: ScenarioContent) => void} onChange
 */
export function scenarioLevers(forms, crossings, onChange) {
  const list = h("ol", { class: "shocks", "aria-label": "Shocks of the scenario" });
  const formPlace = h("div", {});
  const basics = h("div", { class: "bar" });
  const kinds = vocabularies(forms);
  const label = (/** @type {string} */ vocabulary, /** @type {string} */ value) => labelOf(forms.vocabularies[vocabulary] ?? [], value);
  /** @type {ScenarioContent} */
  let scenario = { title: "", year: 2030 };
  const element = h("div", { class: "levers" });
  append(element, [
    searchBox({
      label: "Close a border, crossing or link", options: closable(forms, crossings), placeholder: "Its name or the countries",
      onChoose: (option) => {
        const chosen = /** @type {any} */ (option);
        onChange(withClosure(scenario, chosen.key, chosen.name, `${option.label}: closed in this what-if`));
      },
    }),
    h("p", { class: "note" }, ANNUAL),
    select("Another shock", [{ value: "", label: "choose a kind" }, ...kindOptions(forms)], "", openForm),
    formPlace, list, basics,
  ]);

  /** @param {string} kind */
  function openForm(kind) {
    const form = forms.shocks.find((each) => each.kind === kind);
    const close = () => {
      formPlace.replaceChildren();
      const lists = element.querySelectorAll("select");
      for (const each of lists) if (each.value === kind) each.value = "";
    };
    if (!form) { close(); return; }
    const add = (/** @type {Record<string, any>} */ shock) => {
      close();
      onChange(withShock(scenario, shock));
    };
    fill(formPlace, shockForm(forms, form, { reason: "assumed in this what-if" }, add, close));
    formPlace.querySelector("input")?.focus();
  }

  function draw() {
    keepFocus(list, drawShocks);
    keepFocus(basics, drawBasics);
  }

  function drawShocks() {
    fill(list, (scenario.shocks ?? []).map((shock, at) => h("li", {},
      shockText(shock, label, kinds),
      h("button", {
        type: "button", "aria-label": `Remove shock ${at + 1}`, onclick: () => onChange(withoutShock(scenario, at)),
      }, "Remove"))));
    list.hidden = !(scenario.shocks ?? []).length;
  }

  function drawBasics() {
    fill(basics,
      field("Year", { type: "number", min: Math.min(...forms.years), max: Math.max(...forms.years), value: scenario.year,
        onchange: (/** @type {any} */ event) => onChange({ ...scenario, year: Number(event.target.value) }) }),
      field("Growth, times the documented rates", { type: "number", min: -1, max: 3, step: 0.1, value: scenario.growth_factor ?? 1,
        onchange: (/** @type {any} */ event) => {
          const next = { ...scenario, growth_factor: Number(event.target.value) };
          if (next.growth_factor === 1) Reflect.deleteProperty(next, "growth_factor");
          onChange(next);
        } }));
  }

  return {
    element,
    /** @param {ScenarioContent} next */
    update(next) {
      scenario = next;
      draw();
    },
  };
}
