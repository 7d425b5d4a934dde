// @ts-check
// What was written and has not reached the server yet. It belongs to the account, survives a
// closed tab, is sent by one tab at a time in the order it was written, and is accepted once: the
// server knows each `client_id`.

import { ApiError } from '../api/client.js';
import { batch, observable } from '../utils/state.js';
import { uuid } from '../utils/uuid.js';
/** @import { Api } from '../api/index.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { LivingMessage, LivingPost, Thread } from '../types.js' */
/** @import { Keeping } from './OutboxDatabase.js' */

/**
 * @typedef {{kind: 'reply', place: string, body: string, reply_to?: string}} Reply `place`: `thread:ID`
 * @typedef {{kind: 'thread', place: string, title: string, body: string, tags: string[]}} NewThread `place`: `board:SLUG`
 * @typedef {{kind: 'message', place: string, body: string, reply_to?: string}} Written `place`: `conversation:ID`
 * @typedef {Reply | NewThread | Written} Words
 * @typedef {'waiting' | 'sending' | 'failed'} ItemState
 * @typedef {{code: string, message: string, fields: Record<string, string>}} Problem
 * @typedef {Words & {order: number, client_id: string, account: string, at: string, state: ItemState, problem: Problem | null}} OutboxItem
 * @typedef {{post?: LivingPost, thread?: Thread, message?: LivingMessage}} Sent what the server made of it
 * @typedef {'clear' | 'sending' | 'offline' | 'signed-out' | 'later'} Line what the composer says; `later`: the server asked for a pause
 */

/**
 * @typedef {object} Parts
 * @property {Api} api
 * @property {(account: string, conversation: string, said: {body: string, client_id: string, reply_to?: string}) => Promise<LivingMessage | null>} [say] a faster way for messages; `null` when there is none just now
 * @property {Promise<Keeping>} database
 * @property {Pick<LockManager, 'request'> | undefined} locks absent where the page is not secure; sending twice is then harmless, only the order between tabs is not kept
 * @property {BroadcastChannel} channel to the other tabs
 * @property {() => Promise<string | null>} confirm asks the server whose session this is
 * @property {() => number} [random]
 */

const LOCK = 'folkmoot.outbox';
/** Waits before trying again when the server cannot be reached, in ms: doubling, and each shortened by chance. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;
/** A pause that a server asked for without saying how long, in s. */
const USUAL_PAUSE_S = 5;
/** For so long we may trust that the session is still this account's, in ms: another tab could have signed in as somebody else. */
const TRUST_MS = 60_000;
/** For so long another tab may take to tell that it has sent what is no longer there, in ms. */
const NEWS_MS = 1000;
/** @type {Problem} */
const GONE = { code: 'gone', message: 'It was taken back.', fields: {} };
/** So many errors of the server itself make an item one that it cannot take. */
const SERVER_ERRORS = 4;

export class Outbox {
  #parts;
  /** @type {string | null} */
  #account = null;
  /** Whether the session was lost: the account may still write, but nothing can be sent. */
  #suspended = false;
  #confirmedAt = -Infinity;
  /** Tries since the server was last reached. */
  #tries = 0;
  /** Errors of the server itself, by item. @type {Map<string, number>} */
  #errors = new Map();
  /** The `client_id` of what is on its way from this tab. */
  #going = '';
  /** @type {Promise<void> | null} */
  #flushing = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retryTimer;
  /** @type {Set<(item: OutboxItem, sent: Sent) => void>} */
  #listeners = new Set();

  /** What waits for this account, oldest first. */
  items$ = observable(/** @type {readonly OutboxItem[]} */ ([]));
  line$ = observable(/** @type {Line} */ ('clear'));

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    parts.channel.onmessage = ({ data }) => {
      if (data?.sent) this.#announce(data.sent.item, data.sent.result);
      void this.#refresh();
    };
  }

  // Lifecycle

  /** Whose words may be sent from now on. @param {string | null} account */
  async serve(account) {
    clearTimeout(this.#retryTimer);
    this.#account = account;
    this.#suspended = false;
    this.#confirmedAt = performance.now();
    this.line$.set('clear');
    if (account === null) return this.items$.set([]);
    await this.#refresh();
    return this.flush();
  }

  /** The session was lost: what waits, and what is written now, is kept until its owner signs in again. */
  suspend() {
    clearTimeout(this.#retryTimer);
    this.#suspended = true;
    this.line$.set('signed-out');
  }

  // Actions

  /** @param {Words} words @returns {Promise<OutboxItem>} once it is kept; it is then on its way */
  async add(words) {
    return this.#keep({ ...words, client_id: uuid(), at: new Date().toISOString() });
  }

  /** What was discarded goes on its way again, as the same. @param {OutboxItem} item */
  async putBack({ order: _, ...item }) {
    return this.#keep(item);
  }

  /** @param {any} words @returns {Promise<OutboxItem>} */
  async #keep(words) {
    const account = this.#account;
    if (account === null) throw new Error('nobody is signed in');
    const item = { ...words, account, state: 'waiting', problem: null };
    const kept = await (await this.#parts.database).add(item);
    this.items$.set([...this.items$.get(), kept]);
    void this.flush();
    return kept;
  }

  /** What is on its way to a place. @param {string} place @returns {Readable<OutboxItem[]>} */
  at(place) {
    return this.items$.map((items) => items.filter((item) => item.place === place));
  }

  /** Tries again what was refused. @param {string} clientId */
  async retry(clientId) {
    const item = this.#find(clientId);
    if (!item) return;
    this.#errors.delete(clientId);
    await this.#change(item, { state: 'waiting', problem: null });
    await this.flush();
  }

  /** Takes it back, to be edited or forgotten. @param {string} clientId @returns {Promise<OutboxItem | null>} `null` when it is gone or going */
  async discard(clientId) {
    const item = this.#find(clientId);
    if (!item || item.state === 'sending') return null;
    await (await this.#parts.database).remove(item.order);
    this.#hide(item);
    this.#parts.channel.postMessage({});
    return item;
  }

  /** Throws away all that an account, signed out by now, has left here. @param {string} account */
  async forget(account) {
    const database = await this.#parts.database;
    for (const { order } of await database.of(account)) await database.remove(order);
    this.#parts.channel.postMessage({});
  }

  /**
   * Waits until an item has reached the server, from whichever tab. Fails with the problem when it is refused, and with
   * the code `gone` when somebody took it back.
   *
   * @param {string} clientId
   * @returns {Promise<Sent>}
   */
  sent(clientId) {
    return new Promise((resolve, reject) => {
      let seen = false;
      const fail = (/** @type {Problem} */ problem) => {
        stop();
        reject(Object.assign(new Error(problem.message), problem));
      };
      const look = () => {
        const item = this.#find(clientId);
        seen ||= item !== undefined;
        if (item?.state === 'failed') fail(item.problem ?? GONE);
        else if (seen && !item) setTimeout(fail, NEWS_MS, GONE);
      };
      const endings = [this.items$.subscribe(look), this.onSent((item, result) => {
        if (item.client_id !== clientId) return;
        stop();
        resolve(result);
      })];
      const stop = () => endings.forEach((end) => end());
      look();
    });
  }

  /** @param {(item: OutboxItem, sent: Sent) => void} listener @returns {() => void} */
  onSent(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Sends what waits: something was written, or the network is back. @returns {Promise<void>} */
  flush() {
    clearTimeout(this.#retryTimer);
    if (this.#suspended) return Promise.resolve();
    // A browser that took its storage away may give it back: trying again waits, as for the network.
    this.#flushing ??= this.#whileLocked(() => this.#drain()).catch((error) => this.#pause(error)).finally(() => {
      this.#flushing = null;
      // Written in the moment between the last look and the end.
      if (this.line$.get() === 'clear' && this.#next()) void this.flush();
    });
    return this.#flushing;
  }

  // Internal

  /** @param {() => Promise<void>} work @returns {Promise<void>} */
  async #whileLocked(work) {
    const { locks } = this.#parts;
    if (locks) await locks.request(LOCK, work);
    else await work();
  }

  async #drain() {
    await this.#refresh();
    for (let item = this.#next(); item; item = this.#next()) {
      this.line$.set('sending');
      if (!(await this.#isStillUs()) || !(await this.#send(item))) return;
    }
    if (!this.#suspended) this.line$.set('clear');
  }

  #next() {
    if (this.#suspended) return undefined;
    return this.items$.get().find(({ state, account }) => state === 'waiting' && account === this.#account);
  }

  /** Nothing is sent in the name of whoever signed in here last. */
  async #isStillUs() {
    if (performance.now() - this.#confirmedAt < TRUST_MS) return true;
    try {
      const account = await this.#parts.confirm();
      if (account !== this.#account) return false;
      this.#confirmedAt = performance.now();
      return true;
    } catch (error) {
      this.#pause(error);
      return false;
    }
  }

  /** @param {OutboxItem} item @returns {Promise<boolean>} whether the next one may go */
  async #send(item) {
    this.#going = item.client_id;
    this.#show(item, { state: 'sending' });
    try {
      const result = await this.#deliver(item);
      this.#tries = 0;
      await (await this.#parts.database).remove(item.order);
      this.#parts.channel.postMessage({ sent: { item, result } });
      this.#announce(item, result);
      return true;
    } catch (error) {
      this.#going = '';
      return this.#refused(item, error);
    }
  }

  /** @param {OutboxItem} item @returns {Promise<Sent>} */
  async #deliver(item) {
    const { api, say } = this.#parts;
    const [, id] = item.place.split(/:(.*)/s);
    if (item.kind === 'thread') {
      const { title, body, tags, client_id } = item;
      return api.boards.open(id, { title, body, tags, client_id });
    }
    const { body, reply_to, client_id } = item;
    const words = { body, client_id, ...(reply_to ? { reply_to } : {}) };
    if (item.kind === 'reply') return api.comments.add(id, words);
    const message = await say?.(item.account, id, words);
    return message ? { message } : api.messages.send(id, words);
  }

  /** @param {OutboxItem} item @param {unknown} error @returns {Promise<boolean>} */
  async #refused(item, error) {
    const problem = error instanceof ApiError ? error : new ApiError({ status: 0, code: 'unreachable', detail: String(error) });
    if (problem.status === 401) {
      this.#show(item, { state: 'waiting' });
      this.suspend();
      return false;
    }
    if (problem.passing && !this.#isTooMuch(item, problem)) {
      this.#show(item, { state: 'waiting' });
      this.#pause(problem);
      return false;
    }
    const { code, message, fields } = problem;
    await this.#change(item, { state: 'failed', problem: { code, message, fields } });
    return true;
  }

  /** An item at which the server itself fails again and again must not hold up the others. @param {OutboxItem} item @param {ApiError} problem */
  #isTooMuch({ client_id }, { status }) {
    if (status !== 500) return false;
    const errors = (this.#errors.get(client_id) ?? 0) + 1;
    this.#errors.set(client_id, errors);
    return errors >= SERVER_ERRORS;
  }

  /** Waits and tries again. @param {unknown} error */
  #pause(error) {
    const problem = error instanceof ApiError ? error : null;
    const asked = problem?.retryAfter ?? (problem?.status === 429 ? USUAL_PAUSE_S : null);
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#tries);
    this.#tries += 1;
    this.line$.set(asked === null ? 'offline' : 'later');
    const wait = asked === null ? longest * (0.5 + (this.#parts.random ?? Math.random)() / 2) : asked * 1000;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.flush(), wait);
  }

  /** The item goes and what became of it comes, in one step. @param {OutboxItem} item @param {Sent} result */
  #announce(item, result) {
    batch(() => {
      this.#hide(item);
      for (const listener of this.#listeners) listener(item, result);
    });
  }

  /** Reads what waits; other tabs may have added or sent. */
  async #refresh() {
    const account = this.#account;
    if (account === null) return;
    const items = await (await this.#parts.database).of(account);
    if (account === this.#account) this.items$.set(items.map((item) => (item.client_id === this.#going ? { ...item, state: 'sending' } : item)));
  }

  /** @param {string} clientId */
  #find(clientId) {
    return this.items$.get().find((item) => item.client_id === clientId);
  }

  /** Shows a state that is only for now, and so is not kept. @param {OutboxItem} item @param {Partial<OutboxItem>} change */
  #show({ order }, change) {
    this.items$.set(this.items$.get().map((item) => (item.order === order ? /** @type {OutboxItem} */ ({ ...item, ...change }) : item)));
  }

  /** @param {OutboxItem} item @param {Partial<OutboxItem>} change */
  async #change(item, change) {
    // Its account may have left meanwhile, and thrown it away.
    if (!this.#find(item.client_id)) return;
    this.#show(item, change);
    await (await this.#parts.database).put(/** @type {OutboxItem} */ ({ ...item, ...change }));
    this.#parts.channel.postMessage({});
  }

  /** @param {OutboxItem} item */
  #hide({ client_id }) {
    this.items$.set(this.items$.get().filter((item) => item.client_id !== client_id));
  }
}
