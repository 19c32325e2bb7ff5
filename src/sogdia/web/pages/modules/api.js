// @ts-check
/** Requests to the server's API, `api/v1`. */

/** @typedef {{file?: string, row?: number, field?: string, message: string, suggestion?: string}} Fault */
/** @typedef {Record<string, string | number | boolean | null | undefined | (string | number)[]>} Parameters */

const ROOT = "api/v1";
const TOKEN = "sogdia-token";

/** Answer of the server that is an error. */
export class ApiError extends Error {
  /**
   * @param {number} status Status of HTTP; 0 if the server did not answer.
   * @param {string} message
   * @param {string} [hint] Suggested fix.
   * @param {Fault[]} [faults] All errors of a file.
   */
  constructor(status, message, hint = "", faults = []) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.hint = hint;
    this.faults = faults;
  }
}

/**
 * Read the error in an answer.
 * @param {number} status
 * @param {any} body Parsed JSON, or undefined.
 */
export function errorOf(status, body) {
  const content = body && typeof body.detail === "object" && !Array.isArray(body.detail) ? body.detail : body;
  if (Array.isArray(content?.detail)) {
    /** @type {Fault[]} */
    const faults = content.detail.map((/** @type {any} */ fault) => ({
      field: (fault.loc ?? []).slice(1).join("."),
      message: String(fault.msg ?? ""),
    }));
    return new ApiError(status, "The server refused the values of a request.", "", faults);
  }
  const text = content?.message ?? content?.detail ?? `The server answered with status ${status}.`;
  return new ApiError(status, String(text), content?.hint ?? "", content?.faults ?? []);
}

/**
 * Return the address of a route, with its parameters.
 * @param {string} path `runs/abc/tables/links`; each part is to be escaped by `part`.
 * @param {Parameters} [parameters] A list repeats the parameter; null and undefined are omitted.
 */
export function address(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value === null || value === undefined || value === "") continue;
    for (const item of Array.isArray(value) ? value : [value]) query.append(key, String(item));
  }
  const text = query.toString();
  return `${ROOT}/${path}${text ? `?${text}` : ""}`;
}

/**
 * Escape a name as one part of a path.
 * @param {string} name
 */
export function part(name) {
  return encodeURIComponent(name);
}

export class Api {
  /** @param {{token?: string}} [options] Token of a server that others on the network can reach. */
  constructor(options = {}) {
    this.token = options.token ?? "";
    /** @type {Map<string, Promise<any>>} */
    this.cache = new Map();
  }

  /**
   * Fetch JSON.
   * @param {string} path
   * @param {Parameters} [parameters]
   * @param {{signal?: AbortSignal}} [options]
   */
  async get(path, parameters = {}, options = {}) {
    return this.#request(address(path, parameters), { signal: options.signal });
  }

  /**
   * Fetch JSON once: for results of stored runs, which never change, and for the region.
   * @param {string} path
   * @param {Parameters} [parameters]
   */
  once(path, parameters = {}) {
    const key = address(path, parameters);
    const known = this.cache.get(key);
    if (known) return known;
    const answer = this.#request(key, {});
    this.cache.set(key, answer);
    answer.catch(() => this.cache.delete(key));
    return answer;
  }

  /**
   * Send JSON, or a form with files.
   * @param {string} path
   * @param {object | FormData} body
   * @param {{signal?: AbortSignal, method?: string}} [options]
   */
  async post(path, body, options = {}) {
    const isForm = body instanceof FormData;
    return this.#request(address(path), {
      method: options.method ?? "POST",
      signal: options.signal,
      body: isForm ? body : JSON.stringify(body),
      headers: isForm ? {} : { "Content-Type": "application/json" },
    });
  }

  /**
   * Fetch a file and offer it for download; a plain link could not send the token.
   * @param {string} path
   * @param {Parameters} [parameters]
   * @returns {Promise<{content: Blob, name: string}>}
   */
  async file(path, parameters = {}) {
    const answer = await this.#send(address(path, parameters), {});
    const named = /filename="?([^";]+)"?/.exec(answer.headers.get("Content-Disposition") ?? "");
    return { content: await answer.blob(), name: named ? named[1] : path.split("/").slice(-1)[0] };
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async #request(url, init) {
    const answer = await this.#send(url, init);
    return answer.status === 204 ? null : answer.json();
  }

  /**
   * @param {string} url
   * @param {RequestInit} init
   */
  async #send(url, init) {
    const headers = new Headers(init.headers);
    // The server refuses changes without this header, which pages of other sites cannot send.
    headers.set("X-Sogdia", "1");
    if (this.token) headers.set("Authorization", `Bearer ${this.token}`);
    let answer;
    try {
      answer = await fetch(url, { ...init, headers, credentials: "same-origin" });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(0, "The server does not answer.", "Is `sogdia serve` still running? Start it again, then reload.");
    }
    if (answer.ok) return answer;
    let body;
    try {
      body = await answer.json();
    } catch {
      body = undefined;
    }
    throw errorOf(answer.status, body);
  }
}

/**
 * Return the token in the address (`?token=…`), which is then removed from it, or that of this browser tab.
 * @param {Window} page
 */
export function tokenOf(page) {
  const query = new URLSearchParams(page.location.search);
  const given = query.get("token");
  if (!given) return page.sessionStorage.getItem(TOKEN) ?? "";
  page.sessionStorage.setItem(TOKEN, given);
  query.delete("token");
  const rest = query.toString();
  page.history.replaceState(null, "", `${page.location.pathname}${rest ? `?${rest}` : ""}${page.location.hash}`);
  return given;
}
