// @ts-check
// What is being written, kept on this device for each account and place until it is sent.
// localStorage, because it is written before a closing tab is gone. Tabs share a draft: what one writes
// the others take over, unless something typed in them is still to be written.

import { observable } from '../utils/state.js';

/** Between two writings while one types, in ms. */
const PAUSE_MS = 300;

/**
 * `board`: slug of the chosen one. `version`: of the post that is edited, as one found it. `flavour`: what the words are written in.
 *
 * @typedef {{body: string, title?: string, tags?: string[], board?: string, reply_to?: string, version?: number, flavour?: 'markdown' | 'html'}} Draft
 */

/** Whether this browser holds the words: `refused` when it had no room for them. @typedef {'empty' | 'kept' | 'refused'} Keeping */

export class Drafts {
  #storage;
  #account;
  /** @type {Map<string, DraftPlace>} */
  #places = new Map();

  /** @param {Storage} storage @param {() => string | null} account whose drafts they are */
  constructor(storage, account) {
    this.#storage = storage;
    this.#account = account;
  }

  /** @param {string} place such as `thread:7`, `board:talk`, `post:9` @returns {DraftPlace} */
  at(place) {
    const key = prefixOf(this.#account()) + place;
    const there = this.#places.get(key) ?? new DraftPlace(this.#storage, key);
    this.#places.set(key, there);
    return there;
  }

  /** Writes what has not been written: the page is about to go. */
  flush() {
    for (const place of this.#places.values()) place.flush();
  }

  /** Another tab wrote. @param {string | null} key of the storage; `null` when it may have been any */
  heard(key) {
    for (const [own, place] of this.#places) if (key === null || key === own) place.reread();
  }

  /** How many there are, of the account that is signed in. */
  count() {
    this.flush();
    return this.#keysOf(this.#account()).length;
  }

  /** Throws all of them away. @param {string} account */
  forget(account) {
    for (const [key, place] of this.#places) if (key.startsWith(prefixOf(account))) place.clear();
    for (const key of this.#keysOf(account)) this.#storage.removeItem(key);
    this.heard(null);
  }

  /** @param {string | null} account */
  #keysOf(account) {
    const { length } = this.#storage;
    const keys = Array.from({ length }, (_, at) => this.#storage.key(at) ?? '');
    return keys.filter((key) => key.startsWith(prefixOf(account)));
  }
}

export class DraftPlace {
  #storage;
  #key;
  /** @type {Draft | null} */
  #value;
  /** Whether it holds what is not written yet. */
  #dirty = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Set<(value: Draft | null) => void>} */
  #followers = new Set();
  kept$;

  /** @param {Storage} storage @param {string} key */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#value = read(storage, key);
    this.kept$ = observable(/** @type {Keeping} */ (this.#value ? 'kept' : 'empty'));
  }

  /** @returns {Draft | null} */
  get() {
    return this.#value;
  }

  /** @param {Draft} value */
  put(value) {
    this.#value = value;
    this.#dirty = true;
    this.#timer ??= setTimeout(() => this.flush(), PAUSE_MS);
  }

  clear() {
    this.#value = null;
    this.#dirty = true;
    this.flush();
  }

  /** Writes what was typed since the last time. What another tab wrote meanwhile is otherwise left alone. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#dirty) return;
    const any = this.#value && !isEmpty(this.#value);
    try {
      if (any) this.#storage.setItem(this.#key, JSON.stringify(this.#value));
      else this.#storage.removeItem(this.#key);
      this.#dirty = false;
      this.kept$.set(any ? 'kept' : 'empty');
    } catch {
      this.kept$.set('refused'); // it stays in memory, and the next letter tries again
    }
  }

  /** Takes over what another tab wrote. */
  reread() {
    if (this.#dirty) return;
    this.#value = read(this.#storage, this.#key);
    this.kept$.set(this.#value ? 'kept' : 'empty');
    for (const follower of this.#followers) follower(this.#value);
  }

  /** Calls `follower` with what other tabs write. @param {(value: Draft | null) => void} follower @returns {() => void} */
  follow(follower) {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}

/** @param {string | null} account */
function prefixOf(account) {
  return `folkmoot.draft.${account ?? 'guest'}.`;
}

/** @param {Draft} draft */
function isEmpty({ body, title = '', tags = [] }) {
  return body.trim() === '' && title.trim() === '' && tags.length === 0;
}

/** @param {Storage} storage @param {string} key @returns {Draft | null} */
function read(storage, key) {
  try {
    return JSON.parse(storage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
