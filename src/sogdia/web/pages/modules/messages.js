// @ts-check
/** Messages to the user: errors with all their parts, and short notices. */

import { ApiError } from "./api.js";
import { h } from "./dom.js";

const SHOWN_MS = 6000;

/**
 * Build the element that shows an error: message, suggested fix, and all errors of a file.
 * @param {unknown} error
 * @returns {HTMLElement}
 */
export function problemOf(error) {
  const text = error instanceof Error ? error.message : String(error);
  const element = h("div", { class: "problem", role: "alert" }, h("p", {}, text));
  if (!(error instanceof ApiError)) return element;
  if (error.hint) element.append(h("p", { class: "hint" }, error.hint));
  if (error.faults.length)
    element.append(
      h(
        "ul",
        {},
        error.faults.map((fault) => h("li", {}, faultText(fault))),
      ),
    );
  return element;
}

/**
 * Write an error of a file as one line: `links.csv:41 length_km: -3 is negative; expected a length > 0`.
 * @param {import("./api.js").Fault} fault
 */
export function faultText(fault) {
  const where = [fault.file ? `${fault.file}${fault.row ? `:${fault.row}` : ""}` : "", fault.field ?? ""];
  const place = where.filter(Boolean).join(" ");
  const text = place ? `${place}: ${fault.message}` : fault.message;
  return fault.suggestion ? `${text}; ${fault.suggestion}` : text;
}

/**
 * Show a short message for some seconds; screen readers read it.
 * @param {string} text
 */
export function notify(text) {
  const place = document.getElementById("messages");
  if (!place) return;
  const message = h("p", {}, text);
  place.append(message);
  setTimeout(() => message.remove(), SHOWN_MS);
}
