// @ts-check
/** Build elements. Text is always set as text, so that no markup of data is ever interpreted. */

/** @typedef {Node | string | number | null | undefined | false} Child */

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Build an HTML element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `on…` is a listener, `class` and others are attributes; null, undefined
 *   and false are omitted, true is an empty attribute; `style` is an object of properties.
 * @param {...(Child | Child[])} children Nodes or texts.
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  apply(element, attributes);
  append(element, children);
  return element;
}

/**
 * Build an SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function s(tag, attributes = {}, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(NAMESPACE, tag));
  apply(element, attributes);
  append(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {(Child | Child[])[]} children
 */
export function append(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * Replace the content of an element.
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * @param {Element} element
 * @param {Record<string, any>} attributes
 */
function apply(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") setStyle(/** @type {HTMLElement} */ (element), value);
    else if (name === "value" && "value" in element) /** @type {any} */ (element).value = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {HTMLElement | SVGElement} element
 * @param {Record<string, string>} properties
 */
function setStyle(element, properties) {
  // Through the object model: a style attribute would break the content security policy.
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
}

let counter = 0;

/**
 * Return an id that no other element of the page has.
 * @param {string} prefix
 */
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

/**
 * Build a labelled drop-down list.
 * @param {string} label
 * @param {{value: string, label: string}[]} options
 * @param {string} value The chosen one.
 * @param {(value: string) => void} onChange
 * @returns {HTMLElement}
 */
export function select(label, options, value, onChange) {
  const list = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { onchange: () => onChange(list.value) },
      options.map((option) => h("option", { value: option.value }, option.label)),
    )
  );
  list.value = value;
  return h("label", { class: "field" }, h("span", {}, label), list);
}

/**
 * Offer a file for download that the page itself made.
 * @param {Blob} content
 * @param {string} name
 */
export function save(content, name) {
  const address = URL.createObjectURL(content);
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
