// @ts-check
// Speaks HTTP with the server: JSON both ways, problems as `ApiError`, reads tried again.

/** How long an answer may take before the call is given up, in ms: longer than the server's own limit for a queued sign-in. */
const TIMEOUT_MS = 20_000;
/** Waits before a failed read is tried again, in ms; each is shortened by chance so that clients do not come back together. */
const RETRY_WAITS_MS = [300, 1200];
/** A server that asks for more patience than this gets no silent second try, in ms. */
const LONGEST_RETRY_WAIT_MS = 3000;
/** Up to this many characters a write is finished by the browser even when the page is closed meanwhile; its limit is 64 KiB in all. */
const KEEPALIVE_CHARS = 8192;
/** The answers after which trying again may help: the way to the server, not the request, is the trouble. */
const PASSING = new Set([0, 502, 503, 504]);

/**
 * What went wrong. `status` 0 means that no answer came: `code` is then `offline`, `unreachable`
 * or `timeout`.
 */
export class ApiError extends Error {
  name = 'ApiError';

  /**
   * @param {object} problem
   * @param {number} problem.status
   * @param {string} problem.code
   * @param {string} problem.detail for a person to read
   * @param {Record<string, string>} [problem.fields] field → why it was refused
   * @param {number | null} [problem.retryAfter] in seconds
   * @param {string | null} [problem.requestId]
   * @param {unknown} [problem.body] all that the server said
   */
  constructor({ status, code, detail, fields = {}, retryAfter = null, requestId = null, body = null }) {
    super(detail);
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
    this.body = /** @type {any} */ (body);
  }

  /** Whether the same request may succeed later without anybody changing anything. */
  get passing() {
    return PASSING.has(this.status) || this.status === 429 || this.status === 500;
  }
}

/** Makes a path of which each part is escaped: `path`/api/users/${nickname}``. @param {TemplateStringsArray} texts @param {...string} parts */
export function path(texts, ...parts) {
  return String.raw({ raw: texts }, ...parts.map(encodeURIComponent));
}

/**
 * @typedef {Record<string, string | number | null | undefined>} Query nothing is sent for `null` and `undefined`
 * @typedef {{query?: Query, signal?: AbortSignal}} ReadOptions
 */

export class Client {
  #fetch;
  #random;
  #online;
  /** Called when the server no longer knows who we are. @type {() => void} */
  onSignedOut = () => {};

  /**
   * @param {object} [parts] the world, passed in for tests
   * @param {typeof globalThis.fetch} [parts.fetch]
   * @param {() => number} [parts.random]
   * @param {() => boolean} [parts.online]
   */
  constructor({ fetch = globalThis.fetch.bind(globalThis), random = Math.random, online = () => navigator.onLine } = {}) {
    this.#fetch = fetch;
    this.#random = random;
    this.#online = online;
  }

  /**
   * Reads; tries again when the way to the server failed.
   *
   * @param {string} address
   * @param {ReadOptions} [options]
   * @returns {Promise<any>}
   */
  async get(address, { query = {}, signal } = {}) {
    const full = address + queryString(query);
    return this.#again(() => this.#call('GET', full, undefined, signal), () => true, signal);
  }

  /**
   * Writes. Tried again only when the server was too busy to begin (a queue for signing in that was full): the outbox
   * does that for what has a `client_id`.
   *
   * @param {'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
   * @param {string} address
   * @param {unknown} [body]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>} `null` when the answer has no body
   */
  async send(method, address, body, signal) {
    return this.#again(() => this.#call(method, address, body, signal), (error) => error.code === 'busy', signal);
  }

  /** @param {() => Promise<any>} call @param {(error: any) => boolean} isWorth @param {AbortSignal} [signal] */
  async #again(call, isWorth, signal) {
    for (const wait of RETRY_WAITS_MS) {
      try {
        return await call();
      } catch (error) {
        const pause = isWorth(error) ? this.#pauseBefore(error, wait) : null;
        if (pause === null) throw error;
        await sleep(pause, signal);
      }
    }
    return call();
  }

  /** How long to wait before another try, or `null` if there should be none. @param {unknown} error @param {number} wait */
  #pauseBefore(error, wait) {
    if (!(error instanceof ApiError) || !PASSING.has(error.status) || error.code === 'offline') return null;
    const asked = (error.retryAfter ?? 0) * 1000;
    return asked > LONGEST_RETRY_WAIT_MS ? null : Math.max(asked, wait * (0.5 + this.#random() / 2));
  }

  /** @param {string} method @param {string} address @param {unknown} body @param {AbortSignal} [signal] */
  async #call(method, address, body, signal) {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const limits = signal ? AbortSignal.any([signal, timeout]) : timeout;
    /** @type {Record<string, string>} */
    const headers = { Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const text = body === undefined ? undefined : JSON.stringify(body);
    try {
      const response = await this.#fetch(address, {
        method,
        headers,
        body: text,
        credentials: 'same-origin',
        keepalive: method !== 'GET' && (text?.length ?? 0) <= KEEPALIVE_CHARS,
        signal: limits,
      });
      if (response.ok) return response.status === 204 ? null : await response.json();
      throw await problemOf(response);
    } catch (error) {
      if (error instanceof ApiError) {
        if (error.status === 401 && !address.startsWith('/api/auth/')) this.onSignedOut();
        throw error;
      }
      signal?.throwIfAborted();
      throw this.#noAnswer(timeout.aborted);
    }
  }

  /** @param {boolean} timedOut */
  #noAnswer(timedOut) {
    if (timedOut) return new ApiError({ status: 0, code: 'timeout', detail: 'The server took too long to answer.' });
    if (!this.#online()) return new ApiError({ status: 0, code: 'offline', detail: 'You are offline.' });
    return new ApiError({ status: 0, code: 'unreachable', detail: 'The server cannot be reached.' });
  }
}

/** @param {Response} response */
async function problemOf(response) {
  const body = await response.json().catch(() => null);
  const after = Number(response.headers.get('Retry-After'));
  return new ApiError({
    status: response.status,
    code: body?.code ?? `http_${response.status}`,
    detail: body?.detail ?? body?.title ?? `The server answered ${response.status}.`,
    fields: body?.errors ?? {},
    retryAfter: after > 0 ? after : null,
    requestId: body?.request_id ?? response.headers.get('X-Request-Id'),
    body,
  });
}

/** @param {Query} query */
function queryString(query) {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}

/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
