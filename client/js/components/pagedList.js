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

  /** @param {string | null} cursor @param {(page: Page<T>) => void} take */
  const fetchInto = async (cursor, take) => {
    const mine = (turn += 1);
    more$.set('loading');
    try {
      const page = await fetchPage(cursor, scope.signal);
      if (mine !== turn) return;
      take(page);
      next = page.next;
      more$.set(next ? 'idle' : 'end');
    } catch {
      if (mine === turn && !scope.signal.aborted) more$.set('failed');
    }
  };
  return {
    items$,
    more$,
    loadMore: () => fetchInto(next, (page) => {
      const known = new Set(items$.get().map((item) => item.id));
      items$.append(page.items.filter((item) => !known.has(item.id)));
    }),
    /** From the beginning, with another question. */
    restart: () => fetchInto(null, (page) => items$.set(page.items)),
  };
}
