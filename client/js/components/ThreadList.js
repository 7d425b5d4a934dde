// @ts-check
// Threads as rows: news behind a pill, more at the end, words where there is nothing.

import { EmptyState } from './EmptyState.js';
import { More, nextAddress } from './More.js';
import { Pill } from './Pill.js';
import { PostCard } from './PostCard.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadList as Threads } from '../stores/ThreadList.js' */
/** @import { Page, Thread } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {Threads} list
 * @param {object} what
 * @param {Page<Thread>} what.data what the list began with
 * @param {Record<string, string | null>} [what.query]
 * @param {boolean} [what.board] whether rows name their board
 * @param {Parameters<typeof EmptyState>[1]} what.empty
 */
export function ThreadList(scope, app, list, { data, query = {}, board = true, empty }) {
  const { h } = scope;
  const showFresh = () => {
    list.showFresh();
    scrollTo({ top: 0 });
  };
  return h('div', { class: 'list' },
    Pill(scope, list.fresh$, (fresh) => count(fresh, 'new thread'), showFresh),
    h('ol', { class: 'rows plain' },
      scope.list(list.items$, (thread) => thread.id, (thread$, row) => PostCard(row, thread$, app, { board }))),
    scope.show(list.items$.map((items) => items.length === 0), (none, inner) => none && EmptyState(inner, empty)),
    data.next && More(scope, list.more$, () => list.loadMore(), nextAddress(data.next, query)));
}
