// @ts-check
// Which streams are followed and how far each has come. Says so when the socket opens, asks again
// from where it stands when something is missing, and lets a frame pass once and in order.

import { batch } from '../utils/state.js';
/** @import { Snapshot } from '../types.js' */
/** @import { Frame, WebSocketManager } from './WebSocketManager.js' */

/** A server that cannot read a stream just now is asked again after this, in ms. */
const AGAIN_MS = 3000;

/**
 * @typedef {object} Follower
 * @property {() => void} reload what is shown may have gaps: read it again and follow anew
 * @property {() => void} revoked it is no longer ours to read
 */

export class Streams {
  #socket;
  /** The last event that was taken in, by stream. @type {Map<string, number>} */
  #cursors = new Map();
  /** @type {Map<string, Set<Follower>>} */
  #followers = new Map();
  /** Streams that are to be told the server in this turn. @type {Set<string>} */
  #asking = new Set();
  /** The history that the cursors belong to. */
  #epoch;

  /** @param {WebSocketManager} socket @param {string} epoch of the first page */
  constructor(socket, epoch) {
    this.#socket = socket;
    this.#epoch = epoch;
    socket.accept = (frame) => this.#accept(frame);
    socket.state$.subscribe((state) => {
      if (state === 'open') this.#hello();
    });
    socket.on('welcome', ({ payload }) => this.#welcomed(payload.epoch));
    socket.on('subscribed', ({ payload }) => this.#subscribed(payload.stream, payload.head));
    socket.on('resync', ({ payload }) => this.#reload(payload.stream));
    socket.on('lagged', ({ payload }) => payload.streams.forEach((/** @type {string} */ stream) => this.#ask(stream)));
    socket.on('revoked', ({ payload }) => this.#revoke(payload.stream));
    socket.on('error', ({ payload: { code, stream } }) => {
      if (code === 'not_found' && stream) this.#revoke(stream);
      if (code === 'unavailable' && stream) setTimeout(() => this.#ask(stream), AGAIN_MS);
    });
  }

  /**
   * Follows a stream from where the content was read.
   *
   * @param {Snapshot} snapshot
   * @param {Follower} follower
   * @returns {() => void} ends it
   */
  follow({ epoch, stream, seq }, follower) {
    const others = this.#followers.get(stream);
    if (others) others.add(follower);
    else this.#followers.set(stream, new Set([follower]));
    if (this.#isAnotherHistory(epoch)) this.#begin(epoch);
    // Others may be ahead; they can bear to hear something twice, rows have versions.
    const known = this.#cursors.get(stream);
    if (!others || known === undefined || known > seq) {
      this.#cursors.set(stream, seq);
      this.#ask(stream);
    }
    return () => this.#forget(stream, follower);
  }

  /** Somebody else is signed in: one's own stream was another's. */
  forgetPerson() {
    for (const stream of this.#cursors.keys()) if (stream.startsWith('user:')) this.#cursors.delete(stream);
  }

  /** How far a stream has come, for what is kept of it. @param {string} stream @returns {number | undefined} */
  cursor(stream) {
    return this.#cursors.get(stream);
  }

  /** @param {string} stream @param {Follower} follower */
  #forget(stream, follower) {
    const all = this.#followers.get(stream);
    if (!all?.delete(follower) || all.size > 0) return;
    this.#followers.delete(stream);
    this.#cursors.delete(stream);
    this.#asking.delete(stream);
    this.#socket.send('unsubscribe', { streams: [stream] });
  }

  /** Durable frames pass once and in order; the others always. @param {Frame} frame @returns {boolean} */
  #accept({ stream, seq }) {
    if (stream === undefined || seq === undefined) return true;
    const cursor = this.#cursors.get(stream);
    if (cursor === undefined) {
      // One's own stream comes without being asked for and begins with what comes first.
      if (!stream.startsWith('user:')) return false;
    } else if (seq <= cursor) {
      return false;
    } else if (seq > cursor + 1) {
      this.#ask(stream);
      return false;
    }
    this.#cursors.set(stream, seq);
    return true;
  }

  #hello() {
    this.#asking.clear();
    this.#socket.send('hello', { epoch: this.#epoch, cursors: Object.fromEntries(this.#cursors) });
    // What could not be read again while there was no network.
    for (const [stream, all] of this.#followers) if (!this.#cursors.has(stream)) this.#tellToReload(all);
  }

  /** Asks for all after the cursor, together with what else is asked for in this turn. @param {string} stream */
  #ask(stream) {
    if (this.#asking.size === 0) queueMicrotask(() => this.#askNow());
    this.#asking.add(stream);
  }

  #askNow() {
    const cursors = [...this.#asking].map((stream) => [stream, this.#cursors.get(stream)]).filter(([, seq]) => seq !== undefined);
    this.#asking.clear();
    // Without a connection nothing is lost: `hello` says the same.
    if (cursors.length > 0) this.#socket.send('subscribe', { epoch: this.#epoch, streams: Object.fromEntries(cursors) });
  }

  /** @param {string} epoch */
  #welcomed(epoch) {
    if (this.#isAnotherHistory(epoch)) this.#begin(epoch);
  }

  /** @param {string} epoch */
  #isAnotherHistory(epoch) {
    return epoch !== this.#epoch;
  }

  /** The server's history went back: every number we hold is of another one. @param {string} epoch */
  #begin(epoch) {
    this.#epoch = epoch;
    for (const stream of [...this.#cursors.keys()]) this.#reload(stream);
  }

  /** @param {string} stream @param {number} head */
  #subscribed(stream, head) {
    if (stream.startsWith('user:') && !this.#cursors.has(stream)) this.#cursors.set(stream, head);
  }

  /** @param {string} stream */
  #reload(stream) {
    // Without a cursor it is being read already.
    if (this.#cursors.delete(stream)) this.#tellToReload(this.#followers.get(stream) ?? new Set());
  }

  /** @param {Set<Follower>} followers */
  #tellToReload(followers) {
    batch(() => [...followers].forEach((follower) => follower.reload()));
  }

  /** @param {string} stream */
  #revoke(stream) {
    this.#cursors.delete(stream);
    const all = [...(this.#followers.get(stream) ?? [])];
    this.#followers.delete(stream);
    for (const follower of all) follower.revoked();
  }
}
