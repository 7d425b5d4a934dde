// @ts-check
// What one looked for lately, the latest first. It stays in this browser, for each account by itself.

import { observable } from '../utils/state.js';

const MOST = 6;
/** A single letter is not worth remembering, unless it is a word as in Chinese. */
const WORTH = /[^\u0000-\u024f]|../u;

export class RecentSearches {
  #storage;
  #key;
  list$;

  /** @param {Storage} storage @param {string | null} account id; `null` for guests */
  constructor(storage, account) {
    this.#storage = storage;
    this.#key = `folkmoot.searches.${account ?? 'guest'}`;
    this.list$ = observable(this.#read());
  }

  /** @param {string} words */
  add(words) {
    const q = words.trim();
    if (!WORTH.test(q)) return;
    const folded = q.toLowerCase();
    // Another tab may have added some since.
    this.#write([q, ...this.#read().filter((one) => one.toLowerCase() !== folded)].slice(0, MOST));
  }

  forget() {
    this.#write([]);
  }

  /** @returns {readonly string[]} */
  #read() {
    try {
      const list = JSON.parse(this.#storage.getItem(this.#key) ?? '[]');
      return Array.isArray(list) ? list.filter((one) => typeof one === 'string').slice(0, MOST) : [];
    } catch {
      return []; // not written by us
    }
  }

  /** @param {readonly string[]} list */
  #write(list) {
    try {
      if (list.length > 0) this.#storage.setItem(this.#key, JSON.stringify(list));
      else this.#storage.removeItem(this.#key);
    } catch {
      // Without room they live as long as what shows them.
    }
    this.list$.set(list);
  }
}
