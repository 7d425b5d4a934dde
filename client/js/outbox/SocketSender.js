// @ts-check
// Messages over the socket that is open anyway: one frame there, one back. Whenever it is not certain what became of
// one, nothing is said, and the outbox sends it by HTTP under the same name, which makes it the same message.

import { ApiError } from '../api/client.js';
/** @import { WebSocketManager } from '../websocket/WebSocketManager.js' */
/** @import { LivingMessage } from '../types.js' */

/** So long an answer is waited for, ms. */
const ANSWER_MS = 5000;
/** The longest body that goes into a frame of 64 KiB however it is written, in units of UTF-16: each takes six bytes at most. */
const LONGEST = 10_000;
/** So many go over the socket within a time, ms; a socket that says more than the server allows is closed. */
const MOST = 20;
const WITHIN_MS = 10_000;
/** Refusals that HTTP explains better: who one is, and how long to wait. */
const ASK_AGAIN = new Set([401, 429]);

/** @typedef {{body: string, client_id: string, reply_to?: string}} Said */

export class SocketSender {
  #socket;
  #online;
  #now;
  /** When the last ones went, ms. @type {number[]} */
  #sends = [];

  /** @param {WebSocketManager} socket @param {{online?: () => boolean, now?: () => number}} [parts] the world, passed in for tests */
  constructor(socket, { online = () => navigator.onLine, now = () => performance.now() } = {}) {
    this.#socket = socket;
    this.#online = online;
    this.#now = now;
  }

  /**
   * Sends a message in the name of an account.
   *
   * @param {string} account
   * @param {string} conversation
   * @param {Said} said
   * @returns {Promise<LivingMessage | null>} `null` when it has to be sent otherwise
   * @throws {ApiError} when it was refused
   */
  async send(account, conversation, said) {
    if (!this.#may(account, said)) return null;
    const answer = this.#answerTo(said.client_id);
    if (!this.#socket.send('send_message', { conversation_id: conversation, ...said })) answer.stop();
    else this.#sends.push(this.#now());
    return answer.comes;
  }

  /** @param {string} account @param {Said} said */
  #may(account, { body }) {
    this.#sends = this.#sends.filter((at) => this.#now() - at < WITHIN_MS);
    return this.#socket.account === account && this.#online() && body.length <= LONGEST && this.#sends.length < MOST;
  }

  /** @param {string} clientId */
  #answerTo(clientId) {
    const { promise: comes, resolve, reject } = withResolvers();
    const timer = setTimeout(() => stop(), ANSWER_MS);
    const endings = [
      this.#socket.on('ack', ({ payload }) => payload.client_id === clientId && stop(payload.message)),
      this.#socket.on('nack', ({ payload: { client_id: id, error } }) => id === clientId && (isFinal(error.status) ? stop(null, refusal(error)) : stop())),
      this.#socket.state$.subscribe((state) => state !== 'open' && stop()),
    ];
    const stop = (/** @type {LivingMessage | null} */ message = null, /** @type {ApiError | null} */ error = null) => {
      clearTimeout(timer);
      for (const end of endings) end();
      if (error) reject(error);
      else resolve(message);
    };
    return { comes, stop };
  }
}

/** Those of the sockets that are there. @type {WeakMap<WebSocketManager, SocketSender>} */
const senders = new WeakMap();

/** The one sender of a socket. @param {WebSocketManager} socket */
export function senderOver(socket) {
  const sender = senders.get(socket) ?? new SocketSender(socket);
  senders.set(socket, sender);
  return sender;
}

/** @param {number} status */
function isFinal(status) {
  return status >= 400 && status < 500 && !ASK_AGAIN.has(status);
}

/** @param {any} problem as the server writes it */
function refusal({ status, code, detail, errors, request_id: requestId }) {
  return new ApiError({ status, code, detail, fields: errors, requestId });
}

function withResolvers() {
  let resolve = (/** @type {LivingMessage | null} */ _message) => {};
  let reject = (/** @type {unknown} */ _error) => {};
  /** @type {Promise<LivingMessage | null>} */
  const promise = new Promise((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
