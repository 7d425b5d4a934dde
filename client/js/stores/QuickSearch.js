// @ts-check
// What is found while one types: asked once typing rests, an older question is called off, and what is shown stays until
// the next answer is there.

import { batch, observable } from '../utils/state.js';
/** @import { ApiError } from '../api/client.js' */
/** @import { Found } from '../types.js' */

/** A rest after which is asked, ms: shorter than the pause between two words. */
const REST_MS = 120;

/** @typedef {{q: string, found: Found}} Answer */

export class QuickSearch {
  #find;
  #asked = '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asking = new AbortController();

  /** The last answer, also while the next one is awaited. */
  answer$ = observable(/** @type {Answer | null} */ (null));
  state$ = observable(/** @type {'idle' | 'loading' | 'ready' | 'failed'} */ ('idle'));
  /** Why there was no answer. */
  fault$ = observable(/** @type {ApiError | null} */ (null));

  /** @param {(q: string, signal: AbortSignal) => Promise<Found>} find */
  constructor(find) {
    this.#find = find;
  }

  /** Asks once no more is typed. A space at the end says that the last word is whole. @param {string} words */
  look(words) {
    const q = words.trimStart();
    if (q === this.#asked) return;
    this.end();
    this.#asked = q;
    if (q === '') this.#show(null, 'idle');
    else {
      this.state$.set('loading');
      this.#timer = setTimeout(() => void this.#ask(), REST_MS);
    }
  }

  /** Asks the same once more, after a failure or for another place. */
  again() {
    if (this.#asked === '') return;
    this.end();
    this.state$.set('loading');
    void this.#ask();
  }

  /** Calls off what is asked. */
  end() {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#asking = new AbortController();
  }

  async #ask() {
    const { signal } = this.#asking;
    const q = this.#asked;
    try {
      const found = await this.#find(q, signal);
      if (!signal.aborted) this.#show({ q, found }, 'ready');
    } catch (error) {
      if (!signal.aborted) this.#show(null, 'failed', /** @type {ApiError} */ (error));
    }
  }

  /** @param {Answer | null} answer @param {'idle' | 'ready' | 'failed'} state @param {ApiError | null} [fault] */
  #show(answer, state, fault = null) {
    batch(() => {
      this.answer$.set(answer);
      this.fault$.set(fault);
      this.state$.set(state);
    });
  }
}
