// @ts-check
// One socket to the server that comes back by itself: waits that grow and vary, a watchdog over
// the server's heartbeat, frames to handlers. What streams are and where they stand is not its
// business (see Streams.js).

import { observable } from '../utils/state.js';

/** The longest first wait before another try, in ms; it doubles with each failed try. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** So long may the way to the first word take, in ms. */
const CONNECT_MS = 15_000;
/** A connection that lived this long was a good one: the next wait is a first wait again, in ms. */
const STABLE_MS = 10_000;
/** So many heartbeats may be late before the connection counts as dead. */
const PATIENCE_HEARTBEATS = 2.5;
/** After so many heartbeats of silence a connection is not trusted by somebody who comes back to it. */
const TRUST_HEARTBEATS = 1.2;
/** Until `welcome` says another, in s. */
const USUAL_HEARTBEAT_S = 25;

/**
 * @typedef {{type: string, payload: any, stream?: string, seq?: number}} Frame
 * @typedef {(frame: Frame) => void} Handler
 * @typedef {'idle' | 'connecting' | 'open' | 'waiting'} SocketState
 */

export class WebSocketManager {
  /** @type {string} */
  url;
  /** @type {WebSocket | null} */
  ws = null;
  /** Tries since the last good connection. */
  reconnectAttempts = 0;
  /** @type {Map<string, Set<Handler>>} */
  handlers = new Map();
  /** Whether a frame may go to its handlers. @type {(frame: Frame) => boolean} */
  accept = () => true;

  state$ = observable(/** @type {SocketState} */ ('idle'));
  /** Who we are to the server on this connection; `null` also before it said so. @type {string | null} */
  account = null;

  #WebSocket;
  #random;
  #now;
  /** When the server was last heard, in ms. */
  #heardAt = 0;
  #heartbeatMs = USUAL_HEARTBEAT_S * 1000;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #watchdog;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stableTimer;

  /**
   * @param {string} url
   * @param {object} [parts] the world, passed in for tests
   * @param {typeof globalThis.WebSocket} [parts.WebSocket]
   * @param {() => number} [parts.random]
   * @param {() => number} [parts.now] in ms; a clock that goes on while the device sleeps
   */
  constructor(url, { WebSocket = globalThis.WebSocket, random = Math.random, now = Date.now } = {}) {
    this.url = url;
    this.#WebSocket = WebSocket;
    this.#random = random;
    this.#now = now;
    this.on('welcome', ({ payload }) => this.#welcomed(payload));
    // A server that is going down still serves until the time it gave us.
    this.on('draining', ({ payload }) => this.#connectIn(payload.after_ms));
  }

  // Lifecycle

  connect() {
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.state$.set('connecting');
    const ws = new this.#WebSocket(this.url);
    this.ws = ws;
    ws.onopen = () => this.onOpen();
    ws.onmessage = (event) => this.onMessage(event);
    ws.onerror = () => this.onError();
    ws.onclose = (event) => this.onClose(event.code);
    this.#watch(CONNECT_MS);
  }

  /** Ends the connection, until `connect`. */
  close() {
    clearTimeout(this.#retryTimer);
    this.#drop();
    this.state$.set('idle');
  }

  // Actions

  /** @param {string} type @param {unknown} payload @returns {boolean} whether it was handed to the network */
  send(type, payload) {
    if (this.ws?.readyState !== this.#WebSocket.OPEN) return false;
    this.ws.send(JSON.stringify({ type, payload }));
    return true;
  }

  /** @param {string} type @param {Handler} handler @returns {() => void} */
  on(type, handler) {
    const all = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, all.add(handler));
    return () => all.delete(handler);
  }

  /** Somebody is back, or the network is: tries at once instead of waiting, and does not trust a connection that has been silent. */
  retry() {
    const state = this.state$.get();
    const silent = state === 'open' && this.#now() - this.#heardAt > this.#heartbeatMs * TRUST_HEARTBEATS;
    if (silent || state === 'waiting') this.connect();
  }

  // Internal

  onOpen() {
    this.#heardAt = this.#now();
    this.state$.set('open');
    this.#watch();
    this.#stableTimer = setTimeout(() => (this.reconnectAttempts = 0), STABLE_MS);
  }

  /** @param {MessageEvent} event */
  onMessage(event) {
    this.#heardAt = this.#now();
    this.#watch();
    /** @type {Frame} */
    const frame = JSON.parse(event.data);
    if (this.accept(frame)) this.#tell(frame);
  }

  /** Nothing to do: a browser says nothing of the cause, and `close` follows. */
  onError() {}

  /** @param {number} [code] why the server closed it, as docs/realtime.md lists them */
  onClose(code) {
    this.#drop();
    this.state$.set('waiting');
    this.#tell({ type: 'closed', payload: { code } });
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.reconnectAttempts);
    this.reconnectAttempts += 1;
    this.#connectIn(this.#random() * longest);
  }

  /** @param {Frame} frame */
  #tell(frame) {
    for (const handler of this.handlers.get(frame.type) ?? []) handler(frame);
  }

  /** @param {number} ms */
  #connectIn(ms) {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.connect(), ms);
  }

  /** @param {{heartbeat?: number, user?: {id: string} | null}} payload in s */
  #welcomed({ heartbeat = USUAL_HEARTBEAT_S, user }) {
    this.account = user?.id ?? null;
    this.#heartbeatMs = heartbeat * 1000;
    this.#watch();
  }

  /** A connection can die without a word, as when a phone changes networks. */
  #watch(patience = this.#heartbeatMs * PATIENCE_HEARTBEATS) {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.onClose(), patience);
  }

  /** Lets the socket go without hearing of it again. */
  #drop() {
    clearTimeout(this.#watchdog);
    clearTimeout(this.#stableTimer);
    const ws = this.ws;
    if (!ws) return;
    this.ws = this.account = null;
    ws.onopen = ws.onmessage = ws.onerror = ws.onclose = null;
    ws.close();
  }
}
