// @ts-check
// Words that are looked for in messages while they are typed: only the answer to the last question counts.

import { batch, observable } from '../utils/state.js';
/** @import { FoundIn, LivingMessage } from '../types.js' */

/** A rest after which is looked, ms. */
const REST_MS = 250;

/** @typedef {{items: LivingMessage[], next: string | null, conversations?: FoundIn[]}} Found */
/** @typedef {{message: LivingMessage, where: FoundIn | null}} Hit `where`: if it was looked for in all conversations */

export class MessageSearch {
  #find;
  #shortest;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Aborts what is asked. */
  #asking = new AbortController();
  /** @type {string | null} */
  #cursor = null;
  #asked = '';

  /** What the hits answer. */
  words$ = observable('');
  /** The newest first. */
  hits$ = observable(/** @type {readonly Hit[]} */ ([]));
  state$ = observable(/** @type {'idle' | 'loading' | 'found' | 'nothing' | 'failed'} */ ('idle'));
  more$ = observable(/** @type {'idle' | 'loading' | 'end' | 'failed'} */ ('end'));

  /**
   * @param {(options: {q: string, cursor?: string | null, signal: AbortSignal}) => Promise<Found>} find
   * @param {number} [shortest] so many letters are a word worth looking for
   */
  constructor(find, shortest = 1) {
    this.#find = find;
    this.#shortest = shortest;
  }

  /** Looks for words once no more are typed. @param {string} words */
  look(words) {
    const q = words.trim();
    if (q === this.#asked) return;
    this.#stop();
    this.#asked = q;
    if (q.length < this.#shortest) this.#show([], q, 'idle');
    else {
      if (this.hits$.get().length === 0) this.state$.set('loading');
      this.#timer = setTimeout(() => void this.#ask(), REST_MS);
    }
  }

  /** Looks for the same again. */
  again() {
    this.#stop();
    this.state$.set('loading');
    return this.#ask();
  }

  async more() {
    const { signal } = this.#asking;
    if (this.#cursor === null || this.more$.get() === 'loading') return;
    this.more$.set('loading');
    try {
      const page = await this.#find({ q: this.#asked, cursor: this.#cursor, signal });
      if (!signal.aborted) this.#take(page, this.hits$.get());
    } catch {
      if (!signal.aborted) this.more$.set('failed');
    }
  }

  end() {
    this.#stop();
  }

  async #ask() {
    const { signal } = this.#asking;
    try {
      const page = await this.#find({ q: this.#asked, signal });
      if (!signal.aborted) this.#take(page, []);
    } catch {
      if (!signal.aborted) this.#show([], this.#asked, 'failed');
    }
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asking.abort();
    this.#asking = new AbortController();
  }

  /** @param {Found} page @param {readonly Hit[]} before */
  #take({ items, next, conversations = [] }, before) {
    const places = new Map(conversations.map((one) => [one.id, one]));
    const hits = [...before, ...items.map((message) => ({ message, where: places.get(message.conversation_id) ?? null }))];
    this.#show(hits, this.#asked, hits.length > 0 ? 'found' : 'nothing', next);
  }

  /** @param {readonly Hit[]} hits @param {string} words @param {'idle' | 'found' | 'nothing' | 'failed'} state @param {string | null} [next] */
  #show(hits, words, state, next = null) {
    batch(() => {
      this.#cursor = next;
      this.words$.set(words);
      this.hits$.set(hits);
      this.state$.set(state);
      this.more$.set(next === null ? 'end' : 'idle');
    });
  }
}
