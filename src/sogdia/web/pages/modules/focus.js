// @ts-check
/** Redraw a part of the page under the user's hands: focus, and what is being typed, stay. */

const CONTROLS = "input, select, textarea, button, summary, a[href]";
/** Inputs that are not typed in. */
const NOT_TYPED = new Set(["checkbox", "radio", "file", "button", "submit"]);

/**
 * Return an input or text area that is typed in.
 * @param {Element | null} element
 */
function typedIn(element) {
  if (element instanceof window.HTMLTextAreaElement) return element;
  return element instanceof window.HTMLInputElement && !NOT_TYPED.has(element.type) ? element : null;
}

/**
 * Redraw the content of an element; the control at the same place among its controls gets the focus back, and the text
 * that is typed in it.
 * @param {Element} element
 * @param {() => void} draw
 */
export function keepFocus(element, draw) {
  const active = document.activeElement;
  const at = active ? [...element.querySelectorAll(CONTROLS)].indexOf(active) : -1;
  const before = typedIn(active);
  const text = before && { value: before.value, start: before.selectionStart, end: before.selectionEnd };
  draw();
  if (at < 0 || !active || active.isConnected) return;
  const next = [...element.querySelectorAll(CONTROLS)][at];
  if (!next || next.tagName !== active.tagName) return;
  const after = typedIn(next);
  if (text && after) after.value = text.value;
  /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
  // Numbers have no selection.
  if (text && after && text.start !== null) after.setSelectionRange(text.start, text.end);
}
