// @ts-check
// How far one has read a thread: only ever grows, and is told to the server now and then.

import { observable } from '../utils/state.js';

/** Between two tellings, in ms: reading on is many small steps. */
const PAUSE_MS = 2000;

/** @typedef {{position: number, post_id: string}} At */

export class ReadMark {
  #tell;
  #pause;
  /** The furthest post that was on screen. @type {At | null} */
  #seen = null;
  /** The last one the server was told of. */
  #told = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  mark$;

  /** @param {At | null} mark @param {(mark: At) => Promise<unknown>} tell @param {number} [pause] between two tellings, ms */
  constructor(mark, tell, pause = PAUSE_MS) {
    this.#pause = pause;
    this.mark$ = observable(mark);
    this.#told = mark?.position ?? 0;
    this.#tell = tell;
  }

  /** @param {At} at */
  seen(at) {
    if (at.position <= Math.max(this.#told, this.#seen?.position ?? 0)) return;
    this.#seen = at;
    this.#timer ??= setTimeout(() => void this.#send(), this.#pause);
  }

  /** Another tab or device has read on. @param {At} at */
  told(at) {
    this.#told = Math.max(this.#told, at.position);
    if (at.position > (this.mark$.get()?.position ?? 0)) this.mark$.set({ position: at.position, post_id: at.post_id });
  }

  /** Tells at once what has not been told. */
  end() {
    if (this.#timer !== undefined) void this.#send();
  }

  /** There is nothing to have read any more. */
  forget() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seen = null;
  }

  async #send() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const seen = this.#seen;
    if (!seen || seen.position <= this.#told) return;
    try {
      await this.#tell(seen);
      this.told(seen);
    } catch {
      // The next post that is seen tells again; at worst something read is shown as new.
      if (this.#seen === seen) this.#seen = null;
    }
  }
}
