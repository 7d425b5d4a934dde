// @ts-check
// All boards one may read.

import { BoardRow } from '../components/BoardRow.js';
import { EmptyState } from '../components/EmptyState.js';
import { ListSkeleton } from '../components/ListSkeleton.js';
import { PageHead } from '../components/PageHead.js';
/** @import { RoutedView } from '../router.js' */
/** @import { Board, Snapshot } from '../types.js' */

/** @type {RoutedView<{items: Board[]} & Snapshot>} */
export const view = {
  load: (_, { app, signal }) => app.api.boards.all(signal),
  title: () => 'Boards',
  skeleton: (scope) => ListSkeleton(scope, 'Boards'),
  render(data, scope, app) {
    const { h } = scope;
    app.boards.take(data);
    const boards$ = app.boards.all$;
    const me = app.session.me$.get();
    return h('div', { class: 'page' }, h('div', { class: 'page-main' },
      PageHead(scope, 'Boards', 'Each has its own subject, and its own rules on who may read and write.',
        Boolean(me?.may.administer) && h('a', { class: 'button', href: '/admin/boards' }, 'Manage boards')),
      h('ol', { class: 'rows plain' }, scope.list(boards$, (board) => board.id, (board$, row) => BoardRow(row, board$, app))),
      scope.show(boards$.map((boards) => boards.length === 0), (none, inner) => none && EmptyState(inner, me?.may.administer
        ? { icon: 'boards', title: 'No boards yet', words: 'A board is a place for threads on one subject.', link: { href: '/admin/boards', words: 'Make a board' } }
        : { icon: 'boards', title: 'No boards yet', words: 'Whoever runs this community has not opened a board that you may read.' }))));
  },
};
