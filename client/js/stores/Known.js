// @ts-check
// Threads that were seen in a list: enough for the head of their page while the rest comes.

/** @import { Thread } from '../types.js' */

/** More than any list shows at a time. */
const LIMIT = 300;

export class Known {
  /** @type {Map<string, Thread>} */
  #threads = new Map();

  /** @param {readonly Thread[]} threads */
  note(threads) {
    for (const thread of threads.toReversed()) {
      this.#threads.delete(thread.id);
      this.#threads.set(thread.id, thread);
    }
    for (const id of [...this.#threads.keys()].slice(0, -LIMIT)) this.#threads.delete(id);
  }

  /** The latest first. @returns {Thread[]} */
  all() {
    return [...this.#threads.values()].reverse();
  }

  /** @param {string} id @returns {Thread | undefined} */
  thread(id) {
    return this.#threads.get(id);
  }

  /** Forgets all: it was for somebody else. */
  clear() {
    this.#threads.clear();
  }
}
