// @ts-check
// One board: what it is for and its threads.

import { ListSkeleton } from '../components/ListSkeleton.js';
import { PageHead } from '../components/PageHead.js';
import { ThreadList } from '../components/ThreadList.js';
import { icon } from '../components/icons.js';
import { count } from '../components/words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { Board, Page, Snapshot, Thread } from '../types.js' */

/** @type {RoutedView<Page<Thread> & {board: Board} & Snapshot>} */
export const view = {
  load: ({ slug }, { app, query, signal }) => app.api.boards.threads(slug, { cursor: query.get('cursor'), tag: query.get('tag'), signal }),
  title: (data) => data.board.title,
  skeleton(scope, { slug }, app) {
    const known = app.boards.bySlug(slug) ?? app.boards$.get().find((board) => board.slug === slug);
    return ListSkeleton(scope, known?.title ?? slug, app.boards.bySlug(slug)?.description);
  },
  render(data, scope, app, { query }) {
    const { h } = scope;
    const { board } = data;
    const tag = query.get('tag');
    const list = app.stores.threads(scope, data, {
      more: (cursor, signal) => app.api.boards.threads(board.slug, { cursor, tag, signal }),
      reload: (signal) => app.api.boards.threads(board.slug, { tag, signal }),
      accepts: (thread) => tag === null || thread.tags.includes(tag),
    });
    return h('div', { class: 'page with-context' },
      h('div', { class: 'page-main' },
        PageHead(scope, board.title, board.description,
          board.may.start && h('a', { class: 'button primary compact', href: `${board.url}/new` }, icon('plus'), h('span', {}, 'New thread'))),
        tag && h('p', { class: 'finder' }, h('span', { class: 'tag-chosen' }, `#${tag}`,
          h('a', { href: board.url, 'aria-label': 'Show all threads' }, icon('x', 'small')))),
        ThreadList(scope, app, list, { data, query: { tag }, board: false, empty: emptyBoard(board, tag) })),
      h('aside', { class: 'context', 'aria-label': 'About this board' }, About(scope, board)));
  },
};

/** @param {Board} board @param {string | null} tag */
function emptyBoard(board, tag) {
  if (tag) return { icon: 'search', title: `Nothing here is tagged ${tag}`, words: 'Other boards may have threads with this tag.', link: { href: `/tags/${encodeURIComponent(tag)}`, words: 'Look on all boards' } };
  return {
    icon: 'replies', title: 'No threads yet', words: 'Ask something, show something, tell something.',
    link: board.may.start ? { href: `${board.url}/new`, words: 'Start the first thread' } : null,
  };
}

/** @param {Scope} scope @param {Board} board */
function About(scope, board) {
  const { h } = scope;
  const slow = board.policy.slow_mode_seconds;
  return h('section', {},
    h('h2', {}, 'About this board'),
    h('p', {}, `${count(board.thread_count, 'thread')}, ${count(board.post_count, 'post')}`),
    h('p', { class: 'quiet' }, `${capitalised(who(board.rights.read))} may read, ${who(board.rights.reply)} may reply.`),
    slow > 0 && h('p', { class: 'quiet' }, `Slow mode: one post each ${count(slow, 'second')}.`));
}

/** A right is its own word, except that of a group. @param {string} right */
function who(right) {
  return right.startsWith('group:') ? 'a group' : right;
}

/** @param {string} text */
function capitalised(text) {
  return text[0].toUpperCase() + text.slice(1);
}
