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
    h('div', { class: 'crumbs' }, scope.show(thread$.pick((thread) => thread.board), (board, inner) => BoardChip(inner, board)),
      h('a', { class: 'tool find', href: thread$.map(({ id }) => `/search?thread=${id}`), title: 'Search this thread', 'aria-label': 'Search this thread' }, icon('search'))),
    h('h1', { dir: 'auto' }, thread$.map((thread) => thread.title)),
    h('div', { class: 'thread-facts' },
      ['pin', 'lock', 'archive'].map((name) => scope.show(thread$.map((thread) => stateOf(thread)[name]), (words, inner) => (
        words && inner.h('span', {}, Mark(inner, name, words), words.toLowerCase())))),
      scope.show(thread$.pick((thread) => thread.tags), (tags, inner) => tags.map((tag) => TagLink(inner, tag))),
      h('span', {}, thread$.map((thread) => count(thread.reply_count, 'reply', 'replies'))),
      h('span', {}, thread$.map((thread) => count(thread.view_count, 'view'))),
      tools));
}

/** @param {Thread} thread @returns {Record<string, string | false>} icon → word of what is so */
function stateOf({ pinned, locked, archived }) {
  return { pin: pinned && 'Pinned', lock: locked && !archived && 'Locked', archive: archived && 'Archived' };
}

/**
 * The way to what its starter and the staff may do with it.
 *
 * @param {Scope} scope
 * @param {ThreadStore} store
 * @param {App} app
 */
export function ThreadTools(scope, store, app) {
  return scope.show(store.may$.map((may) => may.edit || may.lock || may.archive || may.pin || may.move || may.delete), (may, inner) => may && inner.h('button', {
    class: 'tool', type: 'button', title: 'Manage this thread', 'aria-label': 'Manage this thread', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    onclick: async (/** @type {MouseEvent} */ event) => {
      const button = /** @type {HTMLElement} */ (event.currentTarget);
      const { openThreadMenu } = await import('./threadMenu.js');
      openThreadMenu(scope, button, store, app);
    },
  }, icon('more')));
}
