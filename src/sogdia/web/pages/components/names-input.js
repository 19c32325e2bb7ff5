// @ts-check
/** Input of names: type to search a list, choose with the keyboard or the mouse, remove with a button each. */

import { append, fill, h, uniqueId } from "../modules/dom.js";

/**
 * @typedef {{value: string, label: string, code?: string, order?: number}} Named `code` is shown after the label, the
 *   value if not given; matches of a lower `order` come first.
 */

const SHOWN = 12;

/**
 * Return the names that a text means: by their order, then those that begin with it, then those that contain its words.
 * @param {Named[]} options
 * @param {string} text
 * @param {number} [most]
 */
export function matching(options, text, most = SHOWN) {
  const parts = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!parts.length) return options.slice(0, most);
  const scored = options.flatMap((option) => {
    const both = `${option.label} ${option.value}`.toLowerCase();
    if (!parts.every((part) => both.includes(part))) return [];
    const starts = option.label.toLowerCase().startsWith(parts[0]) || option.value.toLowerCase().startsWith(parts[0]);
    return [{ option, rank: starts ? 0 : both.split(/[\s:,(]+/).some((word) => word.startsWith(parts[0])) ? 1 : 2 }];
  });
  const place = (/** @type {{option: Named, rank: number}} */ each) => 3 * (each.option.order ?? 0) + each.rank;
  return scored.sort((one, other) => place(one) - place(other)).slice(0, most).map((each) => each.option);
}

/**
 * Build a search box whose matches open below it (pattern: combobox with a list).
 * @param {{label: string, options: Named[], placeholder?: string, onChoose: (option: Named) => void}} settings
 */
export function searchBox(settings) {
  const id = uniqueId("names");
  let active = -1;
  /** @type {Named[]} */
  let shown = [];
  const list = h("ul", { id: `${id}-list`, role: "listbox", class: "matches", hidden: true, "aria-label": "Matches" });
  const input = /** @type {HTMLInputElement} */ (h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": `${id}-list`,
    "aria-autocomplete": "list", placeholder: settings.placeholder ?? "Type to search",
    oninput: () => open(), onfocus: () => open(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => press(event),
    onblur: () => setTimeout(close, 150),
  }));

  function open() {
    shown = matching(settings.options, input.value);
    active = input.value.trim() && shown.length ? 0 : -1;
    draw();
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function draw() {
    fill(list, shown.map((option, at) => h("li", {
      id: `${id}-${at}`, role: "option", "aria-selected": at === active ? "true" : "false",
      onmousedown: (/** @type {MouseEvent} */ event) => { event.preventDefault(); choose(option); },
    }, option.label, h("span", { class: "code" }, option.code ?? (option.label === option.value ? "" : option.value)))));
    list.hidden = shown.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (active >= 0) input.setAttribute("aria-activedescendant", `${id}-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      active = shown.length ? (active + step + shown.length) % shown.length : -1;
      draw();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!list.hidden && shown[active]) choose(shown[active]);
    } else if (event.key === "Escape") close();
  }

  /** @param {Named} option */
  function choose(option) {
    input.value = "";
    close();
    settings.onChoose(option);
  }

  return h("div", { class: "field search-box" }, h("label", { for: id }, settings.label), input, list);
}

/**
 * Build an input of several names.
 * @param {{label: string, options: Named[], value: string[], onChange: (value: string[]) => void}} settings
 */
export function namesInput(settings) {
  let value = [...settings.value];
  const chosen = h("ul", { class: "chips", "aria-label": `${settings.label}, chosen` });
  const change = (/** @type {string[]} */ next) => {
    value = next;
    draw();
    settings.onChange([...value]);
  };
  function draw() {
    fill(chosen, value.map((name) => h("li", {},
      labelOf(settings.options, name),
      h("button", { type: "button", "aria-label": `Remove ${labelOf(settings.options, name)}`, onclick: () => change(value.filter((other) => other !== name)) }, "×"))));
  }
  draw();
  const box = searchBox({
    label: settings.label, options: settings.options,
    onChoose: (option) => { if (!value.includes(option.value)) change([...value, option.value]); },
  });
  const element = h("div", { class: "names" });
  append(element, [box, chosen]);
  return element;
}

/**
 * Return the text of a name.
 * @param {Named[]} options
 * @param {string} value
 */
export function labelOf(options, value) {
  return options.find((option) => option.value === value)?.label ?? value;
}

/**
 * Build a labelled input.
 * @param {string} label
 * @param {Record<string, any>} attributes Of the input; `oninput` and `onchange` as usual.
 */
export function field(label, attributes) {
  const id = uniqueId("field");
  return h("div", { class: "field" }, h("label", { for: id }, label), h("input", { id, ...attributes }));
}
