// @ts-check
// All boards one may read, kept up to date by the site's stream.

import { observable } from '../utils/state.js';
/** @import { Api } from '../api/index.js' */
/** @import { Board, BoardRef, Snapshot } from '../types.js' */
/** @import { Streams } from '../websocket/Streams.js' */

export class Boards {
  #api;
  #streams;
  #stop = () => {};
  #follower = { reload: () => this.load(), revoked: () => void this.load().catch(() => {}) }; // the next page asks again
  /** In their order; empty until `load`. */
  all$ = observable(/** @type {readonly Board[]} */ ([]));
  /** For the rail: known from the first page on. */
  refs$;

  /** @param {Api} api @param {Streams} streams @param {readonly BoardRef[]} refs what the page came with */
  constructor(api, streams, refs) {
    this.#api = api;
    this.#streams = streams;
    this.refs$ = observable(refs);
  }

  /** @param {string} slug @returns {Board | undefined} */
  bySlug(slug) {
    return this.all$.get().find((board) => board.slug === slug);
  }

  /** Reads them anew and follows what changes from there. */
  async load() {
    this.take(await this.#api.boards.all());
  }

  /** They have changed: reads them until they came. */
  changed() {
    this.#streams.reread(this.#follower);
  }

  /** What a page has just read. @param {{items: Board[]} & Snapshot} answer */
  take(answer) {
    this.all$.set(answer.items);
    this.refs$.set(answer.items.map(({ id, slug, url, title, hue }) => ({ id, slug, url, title, hue })));
    this.#stop();
    this.#stop = this.#streams.follow(answer, this.#follower);
  }
}
