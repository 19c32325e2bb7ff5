// @ts-check
/**
 * State of the page in the hash of its address: `#map?run=a&minus=b`. A link to the address opens the same view.
 */

/** @typedef {{view: string, values: Record<string, string>}} Parsed */

/**
 * Read the hash of an address.
 * @param {string} hash
 * @returns {Parsed}
 */
export function parseHash(hash) {
  const text = hash.replace(/^#/, "");
  const at = text.indexOf("?");
  const view = decodeURIComponent(at < 0 ? text : text.slice(0, at));
  /** @type {Record<string, string>} */
  const values = Object.create(null);
  if (at >= 0) for (const [key, value] of new URLSearchParams(text.slice(at + 1))) values[key] = value;
  return { view, values };
}

/**
 * Write the hash of an address; empty values are omitted, keys are in alphabetical order.
 * @param {string} view
 * @param {Record<string, string>} values
 */
export function formatHash(view, values) {
  const query = new URLSearchParams();
  for (const key of Object.keys(values).sort()) if (values[key] !== "") query.set(key, values[key]);
  // Commas separate runs; they need no escape in a hash, and links stay readable.
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return `#${encodeURIComponent(view)}${text ? `?${text}` : ""}`;
}

export class State {
  /** @param {Window} page */
  constructor(page) {
    this.page = page;
    /** @type {Set<(changed: string[]) => void>} */
    this.listeners = new Set();
    this.current = parseHash(page.location.hash);
    page.addEventListener("hashchange", () => this.#read());
  }

  /** Name of the view. */
  get view() {
    return this.current.view;
  }

  /**
   * Return a value of the state.
   * @param {string} key
   * @param {string} [otherwise] Value if the address has none.
   * @returns {string}
   */
  get(key, otherwise = "") {
    return this.current.values[key] ?? otherwise;
  }

  /** Return all values. */
  all() {
    return { ...this.current.values };
  }

  /**
   * Change values of the state; null and the empty string remove a value.
   * @param {Record<string, string | number | null>} values
   * @param {{push?: boolean}} [options] `push` adds an entry to the history of the browser.
   */
  set(values, options = {}) {
    const next = this.all();
    for (const [key, value] of Object.entries(values)) {
      if (value === null || value === "") delete next[key];
      else next[key] = String(value);
    }
    this.#move(formatHash(this.view, next), options.push ?? false);
  }

  /**
   * Open another view. Runs chosen in one view stay chosen in the next.
   * @param {string} view
   * @param {Record<string, string>} [values]
   */
  open(view, values = {}) {
    this.#move(formatHash(view, values), true);
  }

  /**
   * Call a function with the names of changed values after each change; returns a function that ends it.
   * @param {(changed: string[]) => void} listener
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * @param {string} hash
   * @param {boolean} push
   */
  #move(hash, push) {
    if (hash === this.page.location.hash) return;
    const address = this.page.location.pathname + this.page.location.search + hash;
    if (push) this.page.history.pushState(null, "", address);
    else this.page.history.replaceState(null, "", address);
    this.#read();
  }

  #read() {
    const before = this.current;
    this.current = parseHash(this.page.location.hash);
    const keys = new Set([...Object.keys(before.values), ...Object.keys(this.current.values)]);
    const changed = [...keys].filter((key) => before.values[key] !== this.current.values[key]);
    if (before.view !== this.current.view) changed.unshift("view");
    if (changed.length) for (const listener of [...this.listeners]) listener(changed);
  }
}
