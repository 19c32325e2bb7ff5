// @ts-check
/** Article: paste or drop it, decide on each claim, draft a plan, run it, write the brief. */

import { claimEditor, RELATIONS } from "../components/claim-editor.js";
import { jobList } from "../components/job-list.js";
import { fill, h, uniqueId } from "../modules/dom.js";
import { pieces } from "../modules/highlights.js";
import { draftsOf, firstScenario } from "../modules/library.js";
import { problemOf } from "../modules/messages.js";
import { rowsOf } from "../modules/rows.js";

const LARGEST_FILE = 2 * 2 ** 20;

/**
 * The article, which outlives a change of view.
 * @type {{text: string, data: string | null, file: string, read: any, decisions: Map<number, any>, plan: any} | null}
 */
let kept = null;

/** @type {import("../modules/main.js").Mount} */
export async function mount(element, context) {
  const { api } = context;
  const list = async (/** @type {string} */ path) => rowsOf(await api.once(path, { limit: 10_000 }));
  const [region, projects, parties] = await Promise.all([api.once("region"), list("lists/projects"), list("region/tables/parties")]);
  const view = new ArticleView(element, context, {
    region,
    projects: projects.map((row) => ({ value: row.id, label: row.name })),
    parties: parties.map((row) => ({ value: row.code, label: `${row.name} (${row.code})` })),
  });
  view.draw();
}

class ArticleView {
  /**
   * @param {HTMLElement} element
   * @param {import("../modules/main.js").Context} context
   * @param {any} names
   */
  constructor(element, context, names) {
    this.context = context;
    this.names = names;
    kept ??= { text: "", data: null, file: "", read: null, decisions: new Map(), plan: null };
    this.article = kept;
    const id = uniqueId("article");
    this.text = /** @type {HTMLTextAreaElement} */ (h("textarea", { id, rows: 10, placeholder: "Paste the text of an article, or drop a text or HTML file here" }));
    this.text.value = this.article.text;
    const file = /** @type {HTMLInputElement} */ (h("input", {
      type: "file", accept: ".txt,.html,.htm,text/plain,text/html", "aria-label": "Open a file",
      onchange: () => void this.open(file.files?.[0]),
    }));
    this.problems = h("div", { "aria-live": "polite" });
    this.result = h("div", {});
    this.planPlace = h("div", {});
    this.jobs = jobList(context, { most: 5, onFinished: (job) => context.notify(`${job.label}: finished`) });
    this.text.addEventListener("dragover", (event) => event.preventDefault());
    this.text.addEventListener("drop", (event) => {
      const [dropped] = event.dataTransfer?.files ?? [];
      if (!dropped) return;
      event.preventDefault();
      void this.open(dropped);
    });
    fill(element,
      h("h1", {}, "Article"),
      h("div", { class: "field wide" }, h("label", { for: id }, "Text"), this.text),
      h("div", { class: "bar" }, h("button", { type: "button", class: "primary", onclick: () => void this.read({ text: this.text.value }) }, "Read"), file),
      h("p", { class: "note" }, "Rules read it on this machine; nothing is sent elsewhere."),
      this.problems, this.result, this.planPlace,
      h("section", { "aria-label": "Jobs" }, h("h2", {}, "Jobs"), this.jobs.element));
  }

  /** @param {File | undefined} file */
  async open(file) {
    if (!file) return;
    if (file.size > LARGEST_FILE) {
      fill(this.problems, problemOf(new Error("The file is larger than 2 MiB; save the article alone as text.")));
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    await this.read({ data: window.btoa(binary), file: file.name });
  }

  /** @param {{text?: string, data?: string, file?: string}} body */
  async read(body) {
    if (body.text !== undefined && !body.text.trim()) {
      fill(this.problems, problemOf(new Error("Paste a text first.")));
      return;
    }
    await this.#try(async () => {
      fill(this.problems, h("p", { class: "loading" }, "Reading…"));
      const read = await this.context.api.post("articles/read", body);
      Object.assign(this.article, { text: body.text ?? read.text, data: body.data ?? null, file: body.file ?? "", read, plan: null, decisions: new Map() });
      this.text.value = this.article.text;
      this.draw();
    });
  }

  /** @param {() => Promise<void>} action */
  async #try(action) {
    try {
      await action();
      fill(this.problems);
    } catch (error) {
      fill(this.problems, problemOf(error));
    }
  }

  draw() {
    const { read } = this.article;
    if (!read) {
      fill(this.result);
      return;
    }
    const notes = [
      ...(read.is_read ? [] : ["Claims are not read from this language."]), ...read.remarks,
      ...(read.claims.length ? [] : ["No claims were found."]),
    ];
    fill(this.result,
      h("h2", {}, read.title || "Article without a headline"),
      h("p", { class: "note" }, [read.source, read.author, read.date || "no date"].filter(Boolean).join(" · ")),
      notes.map((note) => h("p", { class: "notice" }, note)),
      h("div", { class: "columns" },
        h("section", { "aria-label": "Text with claims" }, h("h3", {}, "Text"), relationLegend(), this.#highlighted(read)),
        h("section", { "aria-label": "Claims" }, h("h3", {}, `${read.claims.length} claims`),
          h("ul", { class: "claims" }, read.claims.map((/** @type {any} */ claim) => claimEditor(
            claim, this.article.decisions.get(claim.number) ?? { number: claim.number, accepted: true }, this.names,
            (decision) => { this.article.decisions.set(claim.number, decision); this.#markRejected(); }))),
          read.claims.length ? h("button", { type: "button", class: "primary", onclick: () => void this.draftPlan() }, "Draft a plan") : null)));
    this.#markRejected();
    this.#drawPlan();
  }

  /** @param {any} read */
  #highlighted(read) {
    const byNumber = new Map(read.claims.map((/** @type {any} */ claim) => [claim.number, claim]));
    return h("div", { class: "article-text" }, pieces(read.text, read.claims).map((piece) => {
      if (!piece.claims.length) return piece.text;
      const relation = byNumber.get(piece.claims[0])?.match.relation ?? "new";
      return h("mark", { class: `is-${relation}`, "data-claims": piece.claims.join(" ") }, piece.text,
        piece.claims.map((number) => h("a", {
          href: `#claim-${number}`, class: "claim-number", "aria-label": `Claim ${number}`,
          onclick: (/** @type {Event} */ event) => {
            event.preventDefault();
            const target = document.getElementById(`claim-${number}`);
            target?.scrollIntoView({ block: "center" });
            target?.focus();
          },
        }, String(number))));
    }));
  }

  #markRejected() {
    for (const mark of this.result.querySelectorAll("mark")) {
      const numbers = (mark.getAttribute("data-claims") ?? "").split(" ").map(Number);
      mark.classList.toggle("is-rejected", numbers.every((number) => this.article.decisions.get(number)?.accepted === false));
    }
  }

  /** The article and the decisions, as the server takes them. */
  #body() {
    const { text, data, file, decisions } = this.article;
    return { ...(data === null ? { text } : { data, file }), claims: [...decisions.values()] };
  }

  async draftPlan() {
    await this.#try(async () => {
      this.article.plan = await this.context.api.post("articles/plan", this.#body());
      this.#drawPlan();
      this.planPlace.querySelector("h2")?.scrollIntoView();
    });
  }

  #drawPlan() {
    const { plan } = this.article;
    if (!plan) {
      fill(this.planPlace);
      return;
    }
    const { projects, faults, yaml } = plan.plan;
    const isReady = projects.length > 0 && faults.length === 0;
    const isReadOnly = this.names.region.read_only;
    const button = (/** @type {string} */ label, /** @type {() => Promise<void>} */ action) =>
      h("button", { type: "button", disabled: !isReady || isReadOnly, onclick: () => void this.#try(action) }, label);
    fill(this.planPlace,
      h("h2", {}, "Plan"),
      projects.length
        ? h("ul", {}, projects.map((/** @type {any} */ project) => h("li", {}, `${project.name}, ${project.opening_year ?? "no year"}`,
          h("span", { class: "note" }, ` from claims ${(plan.claims_by_project[project.project] ?? []).join(", ")}`))))
        : h("p", { class: "notice" }, "No accepted claim names a project that the region knows and that is still to open: set the project of a claim, then draft again."),
      plan.unused.length > 0 && h("details", {}, h("summary", {}, `${plan.unused.length} claims are not used`),
        h("ul", {}, plan.unused.map((/** @type {any} */ each) => h("li", {}, `Claim ${each.claim}: ${each.subject}: ${each.reason}`)))),
      h("details", {}, h("summary", {}, "File"), h("pre", { class: "yaml" }, yaml)),
      h("div", { class: "bar" },
        button("Run", () => this.run()),
        button("Write the brief", () => this.brief()),
        button("Open in the plan view", async () => {
          draftsOf(this.context.api).plans.take(plan.plan);
          this.context.navigate("plan");
        })));
  }

  /** Save the plan once; return its name. */
  async #savedPlan() {
    const { plans } = draftsOf(this.context.api);
    await plans.list();
    plans.take(this.article.plan.plan);
    return plans.save();
  }

  async run() {
    const plan = await this.#savedPlan();
    const { scenarios } = draftsOf(this.context.api);
    const scenario = firstScenario(await scenarios.list());
    await this.context.api.post("jobs", { command: "run", plans: [plan], scenarios: [scenario.name] });
    this.jobs.ask();
    this.context.notify("The run is in the queue.");
  }

  async brief() {
    const plan = await this.#savedPlan();
    const { text, read } = this.article;
    await this.context.api.post("jobs", { command: "brief", plan, article: text || read.text });
    this.jobs.ask();
    this.context.notify("The brief is in the queue.");
  }
}

/** Build the legend of the colours of claims. */
function relationLegend() {
  return h("ul", { class: "legend" }, Object.entries(RELATIONS).map(([relation, label]) =>
    h("li", {}, h("mark", { class: `is-${relation}` }, relation), label)));
}
