// @ts-check
/** Redraw a part of the page under the user's hands: focus, and what is being typed, stay. */

const CONTROLS = "input, select, textarea, button, summary, a[href]";

/**
 * Redraw the content of an element; the control at the same place among its controls gets the focus back.
 * @param {Element} element
 * @param {() => void} draw
 */
export function keepFocus(element, draw) {
  const active = document.activeElement;
  const at = active ? [...element.querySelectorAll(CONTROLS)].indexOf(active) : -1;
  const typed = active instanceof window.HTMLInputElement && active.type !== "file" && active.value !== active.defaultValue ? active.value : null;
  draw();
  if (at < 0 || !active || active.isConnected) return;
  const next = [...element.querySelectorAll(CONTROLS)][at];
  if (!next || next.tagName !== active.tagName) return;
  /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
  const isText = next instanceof window.HTMLInputElement && !["checkbox", "radio", "file"].includes(next.type);
  if (typed !== null && isText) next.value = typed;
}
