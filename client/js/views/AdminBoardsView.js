// @ts-check
// Boards: making them, naming them, saying who may do what on them.

import { AdminPage, mayAdminister } from '../components/AdminPage.js';
import { openBoardForm } from '../components/BoardForm.js';
import { BoardSign } from '../components/BoardRow.js';
import { EmptyState } from '../components/EmptyState.js';
import { icon } from '../components/icons.js';
import { grouped } from '../components/words.js';
import { observableList } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { Board, Group } from '../types.js' */

/** @type {RoutedView<{boards: Board[], groups: Group[]} | null>} */
export const view = {
  async load(_, { app, signal }) {
    if (!mayAdminister(app)) return null;
    const [boards, groups] = await Promise.all([app.api.boards.all(signal), app.api.admin.groups(signal)]);
    return { boards: boards.items, groups: groups.items };
  },
  title: () => 'Boards',
  render(data, scope, app) {
    if (!data) return AdminPage(scope, app, '/admin/boards');
    const { h } = scope;
    const boards$ = observableList(data.boards);
    const made = (/** @type {Board} */ board) => {
      if (boards$.get().some((one) => one.id === board.id)) boards$.replace((one) => one.id === board.id, () => board);
      else boards$.append([board]);
      void app.boards.load();
    };
    return AdminPage(scope, app, '/admin/boards',
      h('div', { class: 'page-head' }, h('div', { class: 'lead' }, 'Who may read decides for everything on a board: pages, lists, counts and live updates.'),
        h('button', { class: 'button primary', type: 'button', onclick: () => openBoardForm(scope, app, { board: null, position: data.boards.length, groups: data.groups, done: made }) },
          icon('plus'), 'New board')),
      h('div', { class: 'table-wrap', hidden: boards$.map((boards) => boards.length === 0) }, h('table', { class: 'table' },
        h('thead', {}, h('tr', {}, ['Board', 'Read', 'Start', 'Reply', 'Threads', ''].map((words) => h('th', { scope: 'col' }, words)))),
        h('tbody', {}, scope.list(boards$, (board) => board.id, (board$, row) => (
          BoardLine(row, board$, () => openBoardForm(scope, app, { board: board$.get(), position: board$.get().position, groups: data.groups, done: made }))))))),
      scope.show(boards$.map((boards) => boards.length === 0), (none, inner) => none && EmptyState(inner, {
        icon: 'boards', title: 'No boards yet', words: 'Threads live on boards. Make one for each subject people come for; two or three are enough to begin with.',
      })));
  },
};

/** @param {Scope} scope @param {Readable<Board>} board$ @param {() => void} edit */
function BoardLine(scope, board$, edit) {
  const { h } = scope;
  const right = (/** @type {'read' | 'start' | 'reply'} */ name) => h('td', { class: 'nowrap' }, board$.map((board) => board.rights[name].replace(/^group:/, '')));
  return h('tr', {},
    h('td', {}, h('div', { class: 'person-cell' },
      scope.show(board$, (board, inner) => BoardSign(inner, board)),
      h('a', { href: board$.map((board) => board.url), dir: 'auto' }, board$.map((board) => board.title)))),
    right('read'), right('start'), right('reply'),
    h('td', { class: 'number' }, board$.map((board) => grouped(board.thread_count))),
    h('td', {}, h('button', { class: 'link', type: 'button', onclick: edit }, 'Change')));
}
