// @ts-check
/** The file of a plan or scenario: shown, edited, opened from the disk, saved to it. */

import { h, save, uniqueId } from "../modules/dom.js";
import { notify } from "../modules/messages.js";

/**
 * Build the editor of a draft.
 * @param {import("../modules/library.js").Draft} draft
 * @param {() => void} onChange The draft has taken the text.
 */
export function yamlEditor(draft, onChange) {
  const id = uniqueId("yaml");
  const name = `${draft.nameToSave()}.yaml`;
  const text = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, rows: 12, spellcheck: "false", class: "yaml" }));
  text.value = draft.checked?.yaml ?? "";
  const file = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: ".yaml,.yml", "aria-label": `Open a file as the ${draft.kind === "plans" ? "plan" : "scenario"}`, onchange: () => void open() }));

  async function open() {
    const [chosen] = file.files ?? [];
    if (chosen) await take(await chosen.text());
  }

  /** @param {string} yaml */
  async function take(yaml) {
    try {
      if (await draft.checkText(yaml)) onChange();
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error));
    }
  }

  return h("section", { class: "yaml-file" },
    h("div", { class: "bar" }, h("label", { for: id }, h("code", {}, `${draft.kind}/${name}`)),
      h("span", { class: "files" },
        h("button", { type: "button", onclick: () => void take(text.value) }, "Apply the text"),
        h("button", { type: "button", "aria-label": `Download ${name}`, onclick: () => save(new Blob([text.value], { type: "application/yaml" }), name) }, "Download"))),
    text, h("div", { class: "bar" }, file));
}
