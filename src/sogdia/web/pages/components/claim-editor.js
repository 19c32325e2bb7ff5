// @ts-check
/** One claim of an article: accept it, correct it, or reject it. */

import { fill, h, select } from "../modules/dom.js";
import { number, words } from "../modules/format.js";
import { field, labelOf, namesInput, searchBox } from "./names-input.js";

/** @type {Record<string, string>} Relations of a claim to the ledger. */
export const RELATIONS = {
  same: "in the ledger", update: "changes a row", conflict: "contradicts a row", new: "not in the ledger", statistic: "a figure, not a deal",
};
const STATUSES = ["", "interest", "planned", "announced", "approved", "signed", "construction", "operating", "suspended", "cancelled"];

/**
 * @typedef {object} Decision
 * @property {number} number
 * @property {boolean} accepted
 * @property {string} [project_id]
 * @property {string[]} [partners]
 * @property {number} [amount_musd]
 * @property {number} [year]
 * @property {string} [status]
 */

/**
 * Build the editor.
 * @param {any} claim
 * @param {Decision} start
 * @param {{projects: {value: string, label: string}[], parties: {value: string, label: string}[]}} names
 * @param {(decision: Decision) => void} onChange
 */
export function claimEditor(claim, start, names, onChange) {
  let decision = { ...start };
  const item = h("li", { id: `claim-${claim.number}`, tabindex: -1, class: "claim" });
  const change = (/** @type {Partial<Decision>} */ values) => {
    decision = { ...decision, ...values };
    item.classList.toggle("is-rejected", !decision.accepted);
    onChange(decision);
  };
  const party = (/** @type {string} */ code) => labelOf(names.parties, code);
  const group = `claim-${claim.number}-decision`;
  const radio = (/** @type {boolean} */ accepted, /** @type {string} */ label) => h("label", { class: "field check" },
    h("input", { type: "radio", name: group, checked: decision.accepted === accepted, onchange: () => change({ accepted }) }), label);
  const project = h("span", {}, decision.project_id ? labelOf(names.projects, decision.project_id) : claim.project || "none");
  const facts = [
    words(claim.type), claim.status && words(claim.status),
    claim.partners.length ? `from ${claim.partners.map(party).join(", ")}` : "",
    claim.recipients.length ? `to ${claim.recipients.map(party).join(", ")}` : "",
    claim.amount, claim.capacity_mw ? `${number(claim.capacity_mw)} MW` : "", claim.length_km ? `${number(claim.length_km)} km` : "", claim.date,
  ];
  fill(item,
    h("fieldset", { class: "bar" }, h("legend", {}, h("strong", {}, `Claim ${claim.number}`), " ", h("mark", { class: `is-${claim.match.relation}` }, claim.match.relation)),
      radio(true, "accept"), radio(false, "reject")),
    h("p", {}, facts.filter(Boolean).join(" · ")),
    h("p", {}, "Project: ", project),
    h("p", { class: "note" }, [
      claim.match.row ? `${claim.match.table} ${claim.match.row}` : "", claim.match.reason,
      `read with ${number(100 * claim.confidence, { digits: 2 })} % confidence`,
    ].filter(Boolean).join(" · ")),
    h("details", {}, h("summary", {}, "Correct"),
      searchBox({ label: "Project", options: names.projects, onChoose: (option) => { fill(project, option.label); change({ project_id: option.value }); } }),
      namesInput({ label: "Partners", options: names.parties, value: decision.partners ?? claim.partners, onChange: (partners) => change({ partners }) }),
      h("div", { class: "bar" },
        field("Amount, USD million", { type: "number", min: 0, step: "any", value: decision.amount_musd ?? claim.amount_musd ?? "",
          onchange: (/** @type {any} */ event) => change({ amount_musd: event.target.value === "" ? undefined : Number(event.target.value) }) }),
        field("Year", { type: "number", min: 1950, max: 2100, value: decision.year ?? (claim.date.slice(0, 4) || ""),
          onchange: (/** @type {any} */ event) => change({ year: event.target.value === "" ? undefined : Number(event.target.value) }) }),
        select("Status", statusOptions(claim.status), decision.status ?? claim.status, (status) => change({ status })))));
  item.classList.toggle("is-rejected", !decision.accepted);
  return item;
}

/** @param {string} own */
function statusOptions(own) {
  return [...new Set([...STATUSES, own])].map((value) => ({ value, label: value ? words(value) : "not stated" }));
}
