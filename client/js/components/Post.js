// @ts-check
// One post of a thread: who, when, to whom, the words, reactions, and what one may do with it.

import { observable } from '../utils/state.js';
import { Face, RoleMark } from './Face.js';
import { icon } from './icons.js';
import { PostActions } from './PostActions.js';
import { Prose } from './Prose.js';
import { Reactions } from './Reactions.js';
import { ReplyLine } from './ReplyLine.js';
import { Time } from './Time.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { LivingPost, Post, Tombstone } from '../types.js' */
/** @import { ThreadActs } from './ThreadActs.js' */

/**
 * @param {Scope} scope
 * @param {Readable<Post>} post$
 * @param {App} app
 * @param {ThreadActs} acts
 * @param {boolean} [isTarget] whether the address names it
 */
export function PostItem(scope, post$, app, acts, isTarget = false) {
  const { h } = scope;
  const { id, position } = post$.get();
  return h('article', {
    class: post$.map((post) => (post.deleted ? 'tombstone' : isTarget ? 'post is-target' : 'post')), id: `post-${id}`,
    dataset: { position: String(position) }, tabindex: '-1', 'aria-label': `Post ${position}`,
  }, scope.show(post$.map((post) => post.deleted), (deleted, inner) => (
    deleted
      ? Grave(inner, /** @type {Tombstone} */ (post$.get()), app, acts)
      : Living(inner, livingOnly(post$), app, acts)
  )));
}

/**
 * The post while it lives: what is bound keeps its last words in the moment of deletion.
 *
 * @param {Readable<Post>} post$
 * @returns {Readable<LivingPost>}
 */
function livingOnly(post$) {
  /** @type {LivingPost} */
  let last;
  return post$.map((post) => (post.deleted ? last : (last = post)));
}

/**
 * @param {Scope} scope
 * @param {Readable<LivingPost>} post$
 * @param {App} app
 * @param {ThreadActs} acts
 */
function Living(scope, post$, app, acts) {
  const { h } = scope;
  const editing$ = observable(false);
  const post = post$.get();
  return [
    scope.show(post$.pick((now) => now.author), (author, inner) => Face(inner, author, 'large')),
    h('div', { class: 'post-body' },
      Head(scope, post$, app, acts),
      post.reply_to && ReplyLine(scope, post.reply_to, app),
      scope.show(editing$, (editing, inner) => (
        editing ? acts.editor(inner, post$.get(), editing$) : Prose(inner, post$.map((now) => now.html), app))),
      h('footer', { class: 'post-foot' },
        Reactions(scope, post$, app, acts),
        PostActions(scope, post$, app, acts, () => editing$.set(true)))),
  ];
}

/**
 * @param {Scope} scope
 * @param {Readable<LivingPost>} post$
 * @param {App} app
 * @param {ThreadActs} acts
 */
function Head(scope, post$, app, acts) {
  const { h } = scope;
  const post = post$.get();
  return h('header', { class: 'post-head' },
    scope.show(post$.pick((now) => now.author), (author, inner) => [
      inner.h('a', { class: 'post-name', href: author.url, dir: 'auto' }, author.nickname),
      RoleMark(inner, author),
    ]),
    h('a', { class: 'post-when', href: post.url }, Time(scope, app, post.created_at)),
    scope.show(post$.map((now) => now.edit_count), (edits, inner) => edits > 0 && Edited(inner, post$.get(), acts)),
    h('a', { class: 'post-number', href: post.url, 'aria-label': `Permalink of post ${post.position}` }, `#${post.position}`));
}

/** @param {Scope} scope @param {LivingPost} post @param {ThreadActs} acts */
function Edited(scope, post, acts) {
  const title = `Edited ${post.edit_count === 1 ? 'once' : count(post.edit_count, 'time')}`;
  if (!post.may.edit) return scope.h('span', { class: 'post-edited', title }, 'edited');
  return scope.h('button', { class: 'post-edited', type: 'button', title, onclick: () => acts.history(post) }, 'edited');
}

/**
 * What stands where a post was.
 *
 * @param {Scope} scope
 * @param {Tombstone} post
 * @param {App} app
 * @param {ThreadActs} acts
 */
function Grave(scope, post, app, acts) {
  const { h } = scope;
  return [
    icon('trash', 'small'),
    h('span', {}, post.by_author ? 'Deleted by its author ' : 'Removed by a moderator ', Time(scope, app, post.deleted_at)),
    post.may.restore && h('button', { class: 'link', type: 'button', onclick: () => acts.restore(post) }, 'Restore'),
    h('span', { class: 'post-number' }, `#${post.position}`),
  ];
}
