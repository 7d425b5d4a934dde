// @ts-check
// A thread as one row of a list: title, where, what about, who, how many, when.

import { Faces, hueClass } from './Face.js';
import { icon } from './icons.js';
import { Time } from './Time.js';
import { pageOf } from '../utils/pages.js';
import { count, short } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Row } from '../stores/ThreadList.js' */
/** @import { BoardRef, Thread } from '../types.js' */

/** What lists of threads may leave out. @typedef {{board?: boolean}} Shown */

/**
 * @param {Scope} scope
 * @param {Readable<Row>} thread$
 * @param {App} app
 * @param {Shown} [shown]
 */
export function PostCard(scope, thread$, app, shown = {}) {
  const { h } = scope;
  const classes = {
    'is-unread': thread$.map((thread) => unreadCount(thread) > 0),
    'is-gone': thread$.map((thread) => thread.gone ?? false),
    'is-read': thread$.map((thread) => thread.unread?.count === 0),
  };
  return h('li', { class: 'row', classes, dataset: { id: thread$.get().id } },
    h('div', { class: 'row-main' },
      h('h2', { class: 'row-title' },
        scope.show(thread$.map((thread) => thread.pinned), (pinned) => pinned && Mark(scope, 'pin', 'Pinned')),
        scope.show(thread$.map((thread) => thread.locked && !thread.archived), (locked) => locked && Mark(scope, 'lock', 'Locked')),
        scope.show(thread$.map((thread) => thread.archived), (archived) => archived && Mark(scope, 'archive', 'Archived')),
        h('a', { class: 'row-link', href: thread$.map((thread) => thread.url), dir: 'auto' }, thread$.map((thread) => thread.title)),
        scope.show(thread$.map(unreadCount), (unread, inner) => unread > 0 && NewCount(inner, thread$.get()))),
      Line(scope, thread$, shown)),
    h('div', { class: 'row-faces' },
      scope.show(thread$.pick((thread) => thread.faces), (faces, inner) => Faces(inner, faces))),
    h('span', { class: 'row-count', title: thread$.map((thread) => count(thread.reply_count, 'reply', 'replies')) },
      icon('replies', 'small'), thread$.map((thread) => short(thread.reply_count))),
    h('a', { class: 'row-time', href: thread$.map((thread) => thread.last_post.url), 'aria-label': 'Last post' },
      Time(scope, app, thread$.map((thread) => thread.bumped_at))));
}

/**
 * The quiet second line.
 *
 * @param {Scope} scope
 * @param {Readable<Row>} thread$
 * @param {Shown} shown
 */
function Line(scope, thread$, { board = true }) {
  const { h } = scope;
  return h('p', { class: 'row-sub' },
    board && scope.show(thread$.pick((thread) => thread.board), (there, inner) => BoardChip(inner, there)),
    scope.show(thread$.pick((thread) => thread.tags.slice(0, 3)), (tags, inner) => tags.map((tag) => TagLink(inner, tag))),
    h('span', { class: 'excerpt', dir: 'auto' }, thread$.map((thread) => thread.excerpt)));
}

/** @param {Scope} scope @param {BoardRef} board */
export function BoardChip(scope, board) {
  return scope.h('a', { class: 'chip', href: board.url },
    scope.h('span', { class: `swatch ${hueClass(board.hue)}` }), scope.h('span', { dir: 'auto' }, board.title));
}

/** @param {Scope} scope @param {string} tag */
export function TagLink(scope, tag) {
  return scope.h('a', { class: 'tag', href: `/tags/${encodeURIComponent(tag)}`, dir: 'auto' }, tag);
}

/** A small mark whose words only screen readers and pointers find. @param {Scope} scope @param {string} name @param {string} words */
export function Mark(scope, name, words) {
  return scope.h('span', { class: 'state-mark', title: words }, icon(name, 'small'), scope.h('span', { class: 'unseen' }, words));
}

/** @param {Scope} scope @param {Thread} thread */
function NewCount(scope, thread) {
  const first = thread.unread?.first;
  const href = first ? `${thread.url}?page=${pageOf(first.position)}#post-${first.post_id}` : thread.last_post.url;
  const unread = unreadCount(thread);
  return scope.h('a', { class: 'row-new', href }, `${unread > 99 ? '99+' : unread} new`);
}

/** @param {Thread} thread */
function unreadCount(thread) {
  return thread.unread?.count ?? 0;
}
