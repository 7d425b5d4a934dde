// @ts-check
// A list that comes in pages and has no stream of its own.

import { observable, observableList } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Page } from '../types.js' */
/** @import { Loading } from './More.js' */

/**
 * @template {{id: string}} T
 * @param {Scope} scope
 * @param {Page<T>} first
 * @param {(cursor: string | null, signal: AbortSignal) => Promise<Page<T>>} fetchPage
 */
export function pagedList(scope, first, fetchPage) {
  const items$ = observableList(first.items);
  const more$ = observable(/** @type {Loading} */ (first.next ? 'idle' : 'end'));
  let next = first.next;
  /** Answers to an older question are thrown away. */
  let turn = 0;
  /** What did not come, to be asked for again. @type {(() => Promise<void>) | null} */
  let failed = null;

  /** @param {string | null} cursor @param {(page: Page<T>) => void} take */
  const fetchInto = async (cursor, take) => {
    const mine = (turn += 1);
    failed = null;
    more$.set('loading');
    try {
      const page = await fetchPage(cursor, scope.signal);
      if (mine !== turn) return;
      take(page);
      next = page.next;
      more$.set(next ? 'idle' : 'end');
    } catch {
      if (mine !== turn || scope.signal.aborted) return;
      failed = () => fetchInto(cursor, take);
      more$.set('failed');
    }
  };
  return {
    items$,
    more$,
    /** The next page, or once more what did not come. */
    loadMore: () => (failed ?? (() => fetchInto(next, (page) => {
      const known = new Set(items$.get().map((item) => item.id));
      items$.append(page.items.filter((item) => !known.has(item.id)));
    })))(),
    /** From the beginning, with another question. */
    restart: () => fetchInto(null, (page) => items$.set(page.items)),
    /** What is shown, in the form it came in. @returns {Page<T>} */
    snapshot: () => ({ items: [...items$.get()], next }),
  };
}
