// @ts-check
// Which streams are followed and how far each has come. Says so when the socket opens, asks again
// from where it stands when something is missing, and lets a frame pass once and in order.

/** @import { Snapshot } from '../types.js' */
/** @import { Frame, WebSocketManager } from './WebSocketManager.js' */

/** A server that cannot read a stream just now is asked again after this, in ms. */
const AGAIN_MS = 3000;
/** The longest first wait before what could not be read again is asked for once more, in ms; it doubles with each try. */
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;
/** After a gap browsers read their lists again within this time, in ms: not all of them at once. */
const SPREAD_MS = 3000;

/** Streams that come to their people without being asked for. @param {string} stream */
const comesByItself = (stream) => /^(user|conversation):/.test(stream);

/**
 * @typedef {object} Follower
 * @property {() => Promise<unknown>} reload what is shown may have gaps: read it again and follow anew
 * @property {() => void} revoked it is no longer ours to read
 * @property {boolean} [fleeting] whether some of what is shown is told only once, as counts in lists are: a gap is closed by reading it again
 */

export class Streams {
  #socket;
  /** The last event that was taken in, by stream. @type {Map<string, number>} */
  #cursors = new Map();
  /** @type {Map<string, Set<Follower>>} */
  #followers = new Map();
  /** Streams that are to be told the server in this turn. @type {Set<string>} */
  #asking = new Set();
  /** Followers that wait to be read again, by timer, and those that are being read: `null`. @type {Map<Follower, ReturnType<typeof setTimeout> | null>} */
  #readings = new Map();
  /** Streams whose cursors the present connection began with. @type {ReadonlySet<string>} */
  #told = new Set();
  /** The history that the cursors belong to. */
  #epoch;
  #random;
  /** Whether a connection was had before, and whether it was lost since. */
  #greeted = false;
  #gap = false;

  /** @param {WebSocketManager} socket @param {string} epoch of the first page @param {() => number} [random] */
  constructor(socket, epoch, random = Math.random) {
    this.#socket = socket;
    this.#epoch = epoch;
    this.#random = random;
    socket.accept = (frame) => this.#accept(frame);
    socket.state$.subscribe((state) => {
      if (state === 'open') this.#hello();
      else this.#gap ||= this.#greeted || state === 'waiting';
    });
    socket.on('welcome', ({ payload }) => this.#welcomed(payload));
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
    // Others may be ahead; they can bear to hear something twice, rows have versions. Others may be behind: what lies
    // between is still theirs to hear.
    const known = this.#cursors.get(stream);
    if (!others && known !== undefined && known <= seq && comesByItself(stream)) this.#cursors.set(stream, seq);
    else if (!others || known === undefined || known > seq) {
      this.#cursors.set(stream, seq);
      this.#ask(stream);
    }
    return () => this.#forget(stream, follower);
  }

  /**
   * Has what a follower shows read again: once at a time, and again and again until it came.
   *
   * @param {Follower} follower
   * @param {number} [wait] ms
   * @param {number} [tries] that went wrong
   */
  reread(follower, wait = 0, tries = 0) {
    const timer = this.#readings.get(follower);
    // What is being read answers this too, and a try that comes sooner or later stays where it is.
    if (timer === null || (timer !== undefined && wait > 0)) return;
    clearTimeout(timer);
    if (wait === 0) return void this.#read(follower, tries);
    this.#readings.set(follower, setTimeout(() => {
      this.#readings.delete(follower);
      if (this.#isFollowed(follower)) void this.#read(follower, tries);
    }, wait));
  }

  /** Somebody else is signed in: one's own streams were another's. */
  forgetPerson() {
    for (const stream of this.#cursors.keys()) if (comesByItself(stream)) this.#cursors.delete(stream);
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
    if (comesByItself(stream)) return;
    this.#cursors.delete(stream);
    this.#asking.delete(stream);
    this.#socket.send('unsubscribe', { streams: [stream] });
  }

  /** Durable frames pass once and in order; the others always. @param {Frame} frame @returns {boolean} */
  #accept({ stream, seq }) {
    if (stream === undefined || seq === undefined) return true;
    const cursor = this.#cursors.get(stream);
    if (cursor === undefined) {
      // One that comes without being asked for begins with what comes first.
      if (!comesByItself(stream)) return false;
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
    this.#told = new Set(this.#cursors.keys());
    this.#socket.send('hello', { epoch: this.#epoch, cursors: Object.fromEntries(this.#cursors) });
    // What could not be read while there was no network, and what was told meanwhile and is not told again.
    for (const follower of this.#readings.keys()) this.reread(follower);
    const all = new Set([...this.#followers.values()].flatMap((followers) => [...followers]));
    for (const follower of all) if (this.#gap && follower.fleeting) this.reread(follower, 1 + this.#random() * SPREAD_MS);
    this.#greeted = true;
    this.#gap = false;
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

  /** @param {{epoch: string, conversations?: Record<string, number>}} welcome with the heads of one's conversations */
  #welcomed({ epoch, conversations = {} }) {
    if (this.#isAnotherHistory(epoch)) this.#begin(epoch);
    for (const [stream, head] of Object.entries(conversations)) {
      const cursor = this.#cursors.get(stream);
      if (cursor === undefined) this.#cursors.set(stream, head);
      else if (cursor < head && !this.#told.has(stream)) this.#ask(stream);
    }
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
    if (comesByItself(stream) && !this.#cursors.has(stream)) this.#cursors.set(stream, head);
  }

  /** @param {string} stream */
  #reload(stream) {
    // Without a cursor it is being read already.
    if (!this.#cursors.delete(stream)) return;
    for (const follower of this.#followers.get(stream) ?? []) this.reread(follower);
  }

  /** @param {Follower} follower @param {number} tries */
  async #read(follower, tries) {
    this.#readings.set(follower, null);
    /** @type {any} */
    let failure = null;
    try {
      await follower.reload();
    } catch (error) {
      failure = error;
    }
    this.#readings.delete(follower);
    if (failure === null || !this.#isFollowed(follower)) return;
    if (failure.passing === undefined) throw failure; // a fault of ours is reported as such
    if (!failure.passing) return follower.revoked();
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries) * (0.5 + this.#random() / 2);
    this.reread(follower, Math.max(wait, (failure.retryAfter ?? 0) * 1000), tries + 1);
  }

  /** @param {Follower} follower */
  #isFollowed(follower) {
    return [...this.#followers.values()].some((all) => all.has(follower));
  }

  /** @param {string} stream */
  #revoke(stream) {
    this.#cursors.delete(stream);
    const all = [...(this.#followers.get(stream) ?? [])];
    this.#followers.delete(stream);
    for (const follower of all) follower.revoked();
  }
}
