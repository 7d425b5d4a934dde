// @ts-check
// A board as one row: its sign, what it is for, what was said last.

import { hueClass } from './Face.js';
import { Time } from './Time.js';
import { count, short } from './words.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Board, BoardRef } from '../types.js' */

/** The first letter of a board's name on its hue. @param {Scope} scope @param {BoardRef} board */
export function BoardSign(scope, board) {
  const letter = [...board.title.trim()][0] ?? '';
  return scope.h('span', { class: `board-sign ${hueClass(board.hue)}`, 'aria-hidden': 'true' }, letter.toUpperCase());
}

/**
 * @param {Scope} scope
 * @param {Readable<Board>} board$
 * @param {App} app
 */
export function BoardRow(scope, board$, app) {
  const { h } = scope;
  const board = board$.get();
  return h('li', { class: 'row board-row', dataset: { id: board.id } },
    scope.show(board$.map((now) => now.title + now.hue), (_, inner) => BoardSign(inner, board$.get())),
    h('div', { class: 'row-main' },
      h('h2', { class: 'row-title' },
        h('a', { class: 'row-link', href: board$.map((now) => now.url), dir: 'auto' }, board$.map((now) => now.title)),
        scope.show(board$.map((now) => now.rights.read), (read, inner) => Readers(inner, read))),
      h('p', { class: 'row-sub' },
        h('span', { class: 'excerpt', dir: 'auto' }, board$.map((now) => now.description)))),
    h('div', { class: 'board-last' },
      scope.show(board$.map((now) => now.last_thread), (last, inner) => last && LastThread(inner, last, app))),
    h('span', { class: 'row-count', title: board$.map((now) => count(now.thread_count, 'thread')) },
      icon('replies', 'small'), board$.map((now) => short(now.thread_count))));
}

/** Who may read, where it is not everyone. @param {Scope} scope @param {string} read */
function Readers(scope, read) {
  if (read === 'everyone') return null;
  return scope.h('span', { class: 'role' }, read === 'members' ? 'members only' : read === 'staff' ? 'staff only' : 'private');
}

/**
 * @param {Scope} scope
 * @param {{title: string, url: string, bumped_at: string}} last
 * @param {App} app
 */
function LastThread(scope, last, app) {
  const { h } = scope;
  return [
    h('a', { class: 'one-line board-last-title', href: last.url, dir: 'auto' }, last.title),
    h('div', {}, Time(scope, app, last.bumped_at)),
  ];
}
