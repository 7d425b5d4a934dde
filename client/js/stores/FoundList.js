// @ts-check
// What was found, page by page.

import { observableList } from '../utils/state.js';
import { keyOf } from '../utils/search.js';
import { Loader } from './Loader.js';
/** @import { Found } from '../types.js' */

export class FoundList {
  #first;
  #loader;
  items$;
  more$;

  /** @param {Found} first @param {(cursor: string, signal: AbortSignal) => Promise<Found>} find */
  constructor(first, find) {
    this.#first = first;
    this.items$ = observableList(first.items);
    this.#loader = new Loader(first.next, find, (page) => {
      // What is written meanwhile may push a row onto the next page.
      const known = new Set(this.items$.get().map(keyOf));
      this.items$.append(page.items.filter((item) => !known.has(keyOf(item))));
      return page.next;
    });
    this.more$ = this.#loader.state$;
  }

  more() {
    return this.#loader.more();
  }

  end() {
    this.#loader.end();
  }

  /** What is shown, in the form it came in. @returns {Found} */
  snapshot() {
    return { ...this.#first, items: [...this.items$.get()], next: this.#loader.cursor };
  }
}
