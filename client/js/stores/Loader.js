// @ts-check
// One direction of a list that is loaded bit by bit: what comes next, and whether it is on its way.

import { batch, observable } from '../utils/state.js';

/**
 * `end`: nothing more this way. `failed`: the last try went wrong, another may go well.
 *
 * @typedef {'idle' | 'loading' | 'end' | 'failed'} LoaderState
 */

/** @template P the page that a load gives */
export class Loader {
  #load;
  #take;
  #cursor;
  #controller = new AbortController();
  state$;

  /**
   * @param {string | null} cursor
   * @param {(cursor: string, signal: AbortSignal) => Promise<P>} load
   * @param {(page: P) => string | null} take puts the page where it belongs, gives the next cursor
   */
  constructor(cursor, load, take) {
    this.#cursor = cursor;
    this.#load = load;
    this.#take = take;
    this.state$ = observable(/** @type {LoaderState} */ (cursor === null ? 'end' : 'idle'));
  }

  get cursor() {
    return this.#cursor;
  }

  /** Loads the next page, unless one is on its way or there is none. */
  async more() {
    if (this.#cursor === null || this.state$.get() === 'loading') return;
    const { signal } = this.#controller;
    this.state$.set('loading');
    try {
      const page = await this.#load(this.#cursor, signal);
      if (!signal.aborted) batch(() => this.restart(this.#take(page)));
    } catch {
      // The state says so, beside a button to try again.
      if (!signal.aborted) this.state$.set('failed');
    }
  }

  /** Goes on from another place. @param {string | null} cursor */
  restart(cursor) {
    this.end();
    this.#cursor = cursor;
    this.state$.set(cursor === null ? 'end' : 'idle');
  }

  /** Calls off what is on its way. */
  end() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }
}
