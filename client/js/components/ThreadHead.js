// @ts-check
// The head of a thread: where it is, what it is called, how it stands, and for staff what to do with it.

import { icon } from './icons.js';
import { BoardChip, Mark, TagLink } from './PostCard.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { Thread } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {Readable<Thread>} thread$
 * @param {Node | DocumentFragment | null} [tools] what one may do with it
 */
export function ThreadHead(scope, thread$, tools = null) {
  const { h } = scope;
  return h('header', { class: 'thread-head' },
    h('div', { class: 'crumbs' }, scope.show(thread$.map((thread) => thread.board), (board, inner) => BoardChip(inner, board))),
    h('h1', { dir: 'auto' }, thread$.map((thread) => thread.title)),
    h('div', { class: 'thread-facts' },
      scope.show(thread$, (thread, inner) => [
        thread.pinned && inner.h('span', {}, Mark(inner, 'pin', 'Pinned'), 'pinned'),
        thread.locked && inner.h('span', {}, Mark(inner, 'lock', 'Locked'), 'locked'),
        ...thread.tags.map((tag) => TagLink(inner, tag)),
        inner.h('span', {}, count(thread.reply_count, 'reply', 'replies')),
        inner.h('span', {}, count(thread.view_count, 'view')),
      ].filter(Boolean)),
      tools));
}

/**
 * The way to what its starter and the staff may do with it.
 *
 * @param {Scope} scope
 * @param {ThreadStore} store
 * @param {App} app
 */
export function ThreadTools(scope, store, app) {
  return scope.show(store.may$, (may, inner) => (may.edit || may.lock || may.pin || may.move || may.delete) && inner.h('button', {
    class: 'tool', type: 'button', title: 'Manage this thread', 'aria-label': 'Manage this thread', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    onclick: async (/** @type {MouseEvent} */ event) => {
      const button = /** @type {HTMLElement} */ (event.currentTarget);
      const { openThreadMenu } = await import('./threadMenu.js');
      openThreadMenu(scope, button, store, app);
    },
  }, icon('more')));
}
