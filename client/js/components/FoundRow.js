// @ts-check
// One thing that was found, as a row of the page of results.

import { BoardSign } from './BoardRow.js';
import { Portrait, RoleMark } from './Face.js';
import { icon } from './icons.js';
import { Pieces } from './Pieces.js';
import { BoardChip, TagLink } from './PostCard.js';
import { Time } from './Time.js';
import { count } from './words.js';
import { searchAddress } from '../utils/search.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { FoundBoard, FoundItem, FoundMessage, FoundPerson, FoundPost, FoundTag, Piece } from '../types.js' */

/** @param {Scope} scope @param {FoundItem} item @param {App} app @param {string} q what it was found by */
export function FoundRow(scope, item, app, q) {
  switch (item.kind) {
    case 'post': return PostRow(scope, item, app, q);
    case 'message': return MessageRow(scope, item, app);
    case 'person': return PersonRow(scope, item);
    case 'board': return BoardRow(scope, item);
    default: return TagRow(scope, item);
  }
}

/** @param {Scope} scope @param {FoundPost} post @param {App} app @param {string} q */
function PostRow(scope, { url, author, at, thread, opening, position, excerpt, more_in_thread: more }, app, q) {
  const { h } = scope;
  return h('li', { class: 'row post-row' },
    Title(scope, url, thread.title),
    Excerpt(scope, excerpt),
    h('p', { class: 'row-sub found-sub' },
      BoardChip(scope, thread.board),
      h('a', { class: 'one-line', href: author.url, dir: 'auto' }, author.nickname),
      h('span', {}, opening ? count(thread.post_count - 1, 'reply', 'replies') : `reply #${position}`),
      Time(scope, app, at),
      more > 0 && h('a', { class: 'link', href: searchAddress({ q, thread: thread.id }) }, `${more} more in this thread`),
      thread.tags.slice(0, 3).map((tag) => TagLink(scope, tag))));
}

/** @param {Scope} scope @param {FoundMessage} message @param {App} app */
function MessageRow(scope, { url, author, at, excerpt, conversation }, app) {
  const { h } = scope;
  const where = conversation.title ?? conversation.people.map(({ nickname }) => nickname).join(', ');
  return h('li', { class: 'row post-row' },
    h('h2', { class: 'row-title' }, icon('chat', 'small'), h('a', { class: 'row-link', href: url, dir: 'auto' }, where)),
    Excerpt(scope, excerpt),
    h('p', { class: 'row-sub' }, h('span', { dir: 'auto' }, author.id === app.session.me$.get()?.id ? 'You' : author.nickname), Time(scope, app, at)));
}

/** @param {Scope} scope @param {FoundPerson} found */
function PersonRow(scope, { url, person, nickname, excerpt }) {
  const { h } = scope;
  return h('li', { class: 'row sign-row' },
    Portrait(scope, person, 'large'),
    h('div', { class: 'row-main' },
      h('h2', { class: 'row-title' }, h('a', { class: 'row-link', href: url, dir: 'auto' }, Pieces(scope, nickname)), RoleMark(scope, person)),
      excerpt.length > 0 && Excerpt(scope, excerpt)));
}

/** @param {Scope} scope @param {FoundBoard} found */
function BoardRow(scope, { url, board, title, excerpt }) {
  const { h } = scope;
  return h('li', { class: 'row sign-row' },
    BoardSign(scope, board),
    h('div', { class: 'row-main' }, Title(scope, url, title), excerpt.length > 0 && Excerpt(scope, excerpt)));
}

/** @param {Scope} scope @param {FoundTag} found */
function TagRow(scope, { url, title, thread_count: threads }) {
  const { h } = scope;
  return h('li', { class: 'row sign-row' },
    h('span', { class: 'tag-sign', 'aria-hidden': 'true' }, '#'),
    h('div', { class: 'row-main' },
      Title(scope, url, title),
      h('p', { class: 'post-row-words' }, count(threads, 'thread'))));
}

/** @param {Scope} scope @param {string} url @param {readonly Piece[]} title */
function Title(scope, url, title) {
  const { h } = scope;
  return h('h2', { class: 'row-title' }, h('a', { class: 'row-link', href: url, dir: 'auto' }, Pieces(scope, title)));
}

/** @param {Scope} scope @param {readonly Piece[]} excerpt */
function Excerpt(scope, excerpt) {
  return scope.h('p', { class: 'post-row-words', dir: 'auto' }, Pieces(scope, excerpt));
}
