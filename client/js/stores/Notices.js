// @ts-check
// Short words about what happened, with what can be done about it.

import { observableList } from '../utils/state.js';

/** How long a notice stands, in ms; one that offers something stands longer. */
const STANDS_MS = 4000;
const OFFERS_MS = 8000;

/**
 * @typedef {'info' | 'error'} Kind
 * @typedef {{label: string, run: () => void}} Action
 * @typedef {{id: string, text: string, kind: Kind, action: Action | null, close: () => void}} Notice
 */

export class Notices {
  items$ = observableList(/** @type {Notice[]} */ ([]));
  #last = 0;

  /** @param {string} text @param {{kind?: Kind, action?: Action}} [options] @returns {Notice} */
  say(text, { kind = 'info', action } = {}) {
    this.#last += 1;
    const id = String(this.#last);
    const close = () => this.items$.remove((notice) => notice.id === id);
    const notice = { id, text, kind, action: action ?? null, close };
    // The same words twice are one notice, which begins anew.
    this.items$.set([...this.items$.get().filter((other) => other.text !== text), notice]);
    setTimeout(close, action ? OFFERS_MS : STANDS_MS);
    return notice;
  }
}
