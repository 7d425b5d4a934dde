// @ts-check
// A post away from its thread, on its author's page: where it was said, when, and its first lines.

import { BoardChip } from './PostCard.js';
import { Time } from './Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { PersonsPost } from '../types.js' */

/** @param {Scope} scope @param {PersonsPost} post @param {App} app */
export function PostRow(scope, post, app) {
  const { h } = scope;
  return h('li', { class: 'row post-row', dataset: { id: post.id } },
    h('h2', { class: 'row-title' }, h('a', { class: 'row-link', href: post.url, dir: 'auto' }, post.thread.title)),
    h('p', { class: 'post-row-words', dir: 'auto' }, post.excerpt),
    h('p', { class: 'row-sub' }, BoardChip(scope, post.thread.board), h('span', {}, `#${post.position}`), Time(scope, app, post.created_at)));
}
