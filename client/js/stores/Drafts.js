// @ts-check
// What is being written, kept on this device for each account and place until it is sent.
// localStorage, because it is written before a closing tab is gone.

import { observable } from '../utils/state.js';

/** Between two writings while one types, in ms. */
const PAUSE_MS = 300;

/** @typedef {{body: string, title?: string, tags?: string[], reply_to?: string}} Draft */

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
    const key = `folkmoot.draft.${this.#account() ?? 'guest'}.${place}`;
    const there = this.#places.get(key) ?? new DraftPlace(this.#storage, key);
    this.#places.set(key, there);
    return there;
  }

  /** Writes what has not been written: the page is about to go. */
  flush() {
    for (const place of this.#places.values()) place.flush();
  }
}

export class DraftPlace {
  #storage;
  #key;
  /** @type {Draft | null} */
  #value;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Whether all that was typed is kept. */
  saved$ = observable(true);

  /** @param {Storage} storage @param {string} key */
  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#value = read(storage, key);
  }

  /** @returns {Draft | null} */
  get() {
    return this.#value;
  }

  /** @param {Draft} value */
  put(value) {
    this.#value = value;
    this.saved$.set(false);
    this.#timer ??= setTimeout(() => this.flush(), PAUSE_MS);
  }

  clear() {
    this.#value = null;
    this.flush();
  }

  flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      if (this.#value && !isEmpty(this.#value)) this.#storage.setItem(this.#key, JSON.stringify(this.#value));
      else this.#storage.removeItem(this.#key);
      this.saved$.set(true);
    } catch {
      // No room: it stays in memory, and `saved$` stays false for the composer to say so.
    }
  }
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
