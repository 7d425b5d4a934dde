// @ts-check
// Short words about what happened, with what can be done about it.

import { observableList } from '../utils/state.js';

/** How long a notice stands, in ms; one that offers something or tells of a failure stands longer. */
const STANDS_MS = 4000;
const OFFERS_MS = 8000;

/**
 * @typedef {'info' | 'error'} Kind
 * @typedef {{label: string, run: () => void}} Action
 * @typedef {{id: string, text: string, kind: Kind, action: Action | null, close: () => void, hold: () => void, release: () => void}} Notice `hold`: somebody is at it, so it stays until `release`
 */

export class Notices {
  items$ = observableList(/** @type {Notice[]} */ ([]));
  #last = 0;

  /** `stays`: until it is closed. @param {string} text @param {{kind?: Kind, action?: Action, stays?: boolean}} [options] @returns {Notice} */
  say(text, { kind = 'info', action, stays = false } = {}) {
    this.#last += 1;
    const id = String(this.#last);
    const close = () => this.items$.remove((notice) => notice.id === id);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const hold = () => clearTimeout(timer);
    const release = () => {
      hold();
      if (!stays) timer = setTimeout(close, action || kind === 'error' ? OFFERS_MS : STANDS_MS);
    };
    const notice = { id, text, kind, action: action ?? null, close, hold, release };
    // The same words twice are one notice, which begins anew.
    this.items$.set([...this.items$.get().filter((other) => other.text !== text), notice]);
    release();
    return notice;
  }
}
