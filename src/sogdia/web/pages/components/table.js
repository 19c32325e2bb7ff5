// @ts-check
/** A table of results: sort, search, page, units and sources in the head, and the files to take away. */

import { fill, h, save } from "../modules/dom.js";
import { cell } from "../modules/format.js";
import { notify, problemOf } from "../modules/messages.js";

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} [label]
 * @property {string} [unit]
 * @property {"number" | "text" | "boolean" | "date"} [kind] Numbers are aligned on the right.
 * @property {string} [description]
 * @property {string} [source]
 * @property {(value: any, row: any[]) => string | Node} [show] Writes a cell.
 */
/** @typedef {{sort: string, search: string, offset: number, limit: number}} Query `sort` is `-name` if descending. */
/** @typedef {{columns: Column[], rows: any[][], total: number}} Page */
/** @typedef {(query: Query) => Promise<Page> | Page} Source */
/**
 * @typedef {object} Options
 * @property {string} [caption]
 * @property {number} [pageSize]
 * @property {string} [sort] Order at the start.
 * @property {{formats: string[], fetch: (format: string, query: Query) => Promise<{content: Blob, name: string}>}} [files]
 * @property {(row: any[], columns: Column[]) => string} [key] Names a row, for `highlight`.
 * @property {(key: string, row: any[]) => void} [onSelect] A row is clicked, or Enter is pressed on it.
 * @property {(key: string | null) => void} [onHover]
 * @property {(column: Column) => boolean} [shown] Columns to show.
 * @property {string} [empty] Text of a table without rows.
 * @property {(column: Column, value: any) => string | undefined} [write] Writes a cell of a table that the server has.
 */

/**
 * Return a source of rows that the page has.
 * @param {Column[]} columns
 * @param {any[][]} rows
 * @returns {Source}
 */
export function localSource(columns, rows) {
  return ({ sort, search, offset, limit }) => {
    const needle = search.trim().toLowerCase();
    const found = needle
      ? rows.filter((row) =>
          row.some((value) =>
            String(value ?? "")
              .toLowerCase()
              .includes(needle),
          ),
        )
      : [...rows];
    const name = sort.replace(/^-/, "");
    const at = columns.findIndex((column) => column.name === name);
    if (at >= 0) found.sort((one, other) => compareCells(one[at], other[at], sort.startsWith("-")));
    return { columns, rows: found.slice(offset, offset + limit), total: found.length };
  };
}

/**
 * Return a source of rows of a table that the server has.
 * @param {import("../modules/api.js").Api} api
 * @param {string} path Route of the table.
 * @param {import("../modules/api.js").Parameters} [filters]
 * @returns {Source}
 */
export function remoteSource(api, path, filters = {}) {
  return async ({ sort, search, offset, limit }) => api.once(path, { ...filters, sort, search, offset, limit });
}

/**
 * Return the files of a table that the server has.
 * @param {import("../modules/api.js").Api} api
 * @param {string} path
 * @param {import("../modules/api.js").Parameters} [filters]
 */
export function remoteFiles(api, path, filters = {}) {
  return {
    formats: ["csv", "xlsx", "parquet"],
    /** @param {string} format @param {Query} query */
    fetch: (format, query) => api.file(path, { ...filters, sort: query.sort, search: query.search, format }),
  };
}

/**
 * Compare two cells; missing values come last in both orders.
 * @param {any} one
 * @param {any} other
 * @param {boolean} descending
 */
export function compareCells(one, other, descending) {
  const isMissing = (/** @type {any} */ value) => value === null || value === undefined || value === "";
  if (isMissing(one) || isMissing(other)) return Number(isMissing(one)) - Number(isMissing(other));
  const order =
    typeof one === "number" && typeof other === "number"
      ? one - other
      : String(one).localeCompare(String(other), "en", { numeric: true });
  return descending ? -order : order;
}

/**
 * Write rows as CSV; the unit is in brackets after the name, and cells that a spreadsheet would run as a formula
 * are quoted as text.
 * @param {Column[]} columns
 * @param {any[][]} rows
 */
export function toCsv(columns, rows) {
  const head = columns.map((column) => (column.unit ? `${column.name} [${column.unit}]` : column.name));
  return [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/** @param {any} value */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Build a table.
 * @param {Source} source
 * @param {Options} [options]
 * @returns {{element: HTMLElement, update: (source: Source) => void, highlight: (keys: Set<string> | null) => void}}
 */
export function createTable(source, options = {}) {
  const limit = options.pageSize ?? 25;
  const query = { sort: options.sort ?? "", search: "", offset: 0, limit };
  const body = h("div", { class: "table-scroll", tabindex: 0, role: "region", "aria-label": options.caption ?? "Table" });
  const foot = h("div", { class: "table-foot" });
  /** @type {Set<string> | null} */
  let marked = null;
  let turn = 0;

  const search = h("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": `Search ${options.caption ?? "table"}`,
    oninput: () => {
      query.search = /** @type {HTMLInputElement} */ (search).value;
      query.offset = 0;
      void draw();
    },
  });
  const head = h(
    "div",
    { class: "table-head" },
    options.caption && h("h3", {}, options.caption),
    search,
    fileButtons(options, query, () => source),
  );
  const element = h("section", { class: "table" }, head, body, foot);

  async function draw() {
    turn += 1;
    const own = turn;
    try {
      const page = await source({ ...query });
      if (own !== turn) return;
      drawPage(page);
    } catch (error) {
      if (own === turn) fill(body, problemOf(error));
    }
  }

  /** @param {Page} page */
  function drawPage(page) {
    const shown = page.columns.map((_, at) => at).filter((at) => options.shown?.(page.columns[at]) ?? true);
    const header = h(
      "tr",
      {},
      shown.map((at) => headCell(page.columns[at])),
    );
    const rows = page.rows.map((row) => bodyRow(row, page.columns, shown));
    const note = page.rows.length ? null : h("p", { class: "empty" }, options.empty ?? "No rows.");
    fill(body, h("table", {}, h("thead", {}, header), h("tbody", {}, rows)), note);
    head.classList.toggle("is-short", page.total <= limit && !query.search);
    fill(foot, pager(page));
    mark();
  }

  /** @param {Column} column */
  function headCell(column) {
    const isSorted = query.sort.replace(/^-/, "") === column.name;
    const order = isSorted ? (query.sort.startsWith("-") ? "descending" : "ascending") : null;
    const about = [column.description, column.source && `Source: ${column.source}`].filter(Boolean).join("\n");
    return h(
      "th",
      { scope: "col", "aria-sort": order, class: column.kind === "number" ? "number" : null, title: about || null },
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            query.sort =
              isSorted && order === "descending"
                ? column.name
                : isSorted
                  ? `-${column.name}`
                  : column.kind === "number"
                    ? `-${column.name}`
                    : column.name;
            query.offset = 0;
            void draw();
          },
        },
        column.label ?? column.name,
        column.unit && h("span", { class: "unit" }, column.unit),
      ),
    );
  }

  /**
   * @param {any[]} row
   * @param {Column[]} columns
   * @param {number[]} shown
   */
  function bodyRow(row, columns, shown) {
    const key = options.key?.(row, columns) ?? "";
    const choose = () => options.onSelect?.(key, row);
    return h(
      "tr",
      {
        "data-key": key || null,
        tabindex: options.onSelect ? 0 : null,
        class: options.onSelect ? "can-select" : null,
        onclick: options.onSelect ? choose : null,
        onkeydown: options.onSelect
          ? (/** @type {KeyboardEvent} */ event) => {
              if (event.key === "Enter" && event.target === event.currentTarget) choose();
            }
          : null,
        onmouseenter: options.onHover ? () => options.onHover?.(key) : null,
        onmouseleave: options.onHover ? () => options.onHover?.(null) : null,
      },
      shown.map((at) => {
        const column = columns[at];
        const content = column.show?.(row[at], row) ?? options.write?.(column, row[at]) ?? cell(row[at], column.kind ?? "text");
        return h("td", { class: column.kind === "number" ? "number" : null }, content);
      }),
    );
  }

  /** @param {Page} page */
  function pager(page) {
    const last = Math.min(query.offset + limit, page.total);
    const turnTo = (/** @type {number} */ offset) => () => {
      query.offset = offset;
      void draw();
    };
    return [
      h("span", {}, page.total ? `${query.offset + 1}–${last} of ${page.total}` : ""),
      page.total > limit &&
        h(
          "button",
          { type: "button", disabled: query.offset === 0, onclick: turnTo(Math.max(0, query.offset - limit)) },
          "Previous",
        ),
      page.total > limit &&
        h("button", { type: "button", disabled: last >= page.total, onclick: turnTo(query.offset + limit) }, "Next"),
    ];
  }

  function mark() {
    for (const row of body.querySelectorAll("tbody tr")) {
      row.classList.toggle("is-marked", marked?.has(row.getAttribute("data-key") ?? "") ?? false);
    }
  }

  void draw();
  return {
    element,
    update(next) {
      source = next;
      query.offset = 0;
      void draw();
    },
    highlight(keys) {
      marked = keys;
      mark();
    },
  };
}

/**
 * Build the buttons that save the table; a table that only the page has is saved as CSV.
 * @param {Options} options
 * @param {Query} query
 * @param {() => Source} current
 */
function fileButtons(options, query, current) {
  const formats = options.files?.formats ?? ["csv"];
  const get = async (/** @type {string} */ format) => {
    if (options.files) return options.files.fetch(format, query);
    const page = await current()({ ...query, offset: 0, limit: Number.MAX_SAFE_INTEGER });
    const name = `${(options.caption ?? "table").toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.csv`;
    return { content: new Blob([toCsv(page.columns, page.rows)], { type: "text/csv" }), name };
  };
  return h(
    "span",
    { class: "files" },
    formats.map((format) =>
      h(
        "button",
        {
          type: "button",
          "aria-label": `Save ${options.caption ?? "table"} as ${format}`,
          onclick: async () => {
            try {
              const { content, name } = await get(format);
              save(content, name);
            } catch (error) {
              notify(error instanceof Error ? error.message : String(error));
            }
          },
        },
        format === "parquet" ? "Parquet" : format === "csv" ? "CSV" : format,
      ),
    ),
  );
}
