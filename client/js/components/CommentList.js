// @ts-check
// The posts of a thread in order, with a line where a silence was long and one where the unread begin.

import { PostItem } from './Post.js';
import { silence } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Post, ThreadPage } from '../types.js' */
/** @import { ThreadActs } from './ThreadActs.js' */

/** @typedef {{key: string, post: Post, words: null} | {key: string, post: null, words: string, unread: boolean}} Entry */

/**
 * @param {Scope} scope
 * @param {Readable<readonly Post[]>} posts$
 * @param {App} app
 * @param {ThreadActs} acts
 * @param {ThreadPage['mark']} mark how far one had read when the page was opened
 * @param {string} [target] id of the post that the address names
 */
export function CommentList(scope, posts$, app, acts, mark, target) {
  const entries$ = posts$.map((posts) => withLines(posts, mark));
  return scope.h('div', { class: 'posts' }, scope.list(entries$, (entry) => entry.key, (entry$, row) => {
    const entry = entry$.get();
    if (entry.post) return PostItem(row, entry$.map((now) => /** @type {Post} */ (now.post)), app, acts, entry.post.id === target);
    return row.h('p', { class: entry.unread ? 'divider' : 'gap-of-time' }, entry$.map((now) => now.words));
  }));
}

/** @param {readonly Post[]} posts @param {ThreadPage['mark']} mark @returns {Entry[]} */
export function withLines(posts, mark) {
  /** @type {Entry[]} */
  const entries = [];
  /** @type {string | null} */
  let before = null;
  for (const post of posts) {
    const at = post.deleted ? null : post.created_at;
    const words = before && at && silence(before, at);
    if (mark && post.position === mark.position + 1) entries.push({ key: 'unread', post: null, words: 'Continue where you were', unread: true });
    else if (words) entries.push({ key: `silence-${post.id}`, post: null, words, unread: false });
    entries.push({ key: post.id, post, words: null });
    before = at ?? before;
  }
  return entries;
}
