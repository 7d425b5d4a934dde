// @ts-check
// The row of reactions under a post. One's own is pressed; pointing at one or coming to it by keyboard says whose they are.

import { icon } from './icons.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { LivingPost, Reaction } from '../types.js' */
/** @import { ThreadActs } from './ThreadActs.js' */

/**
 * @param {Scope} scope
 * @param {Readable<LivingPost>} post$
 * @param {App} app
 * @param {ThreadActs} acts
 */
export function Reactions(scope, post$, app, acts) {
  const { h } = scope;
  return h('div', { class: 'reactions' },
    scope.show(post$.map((post) => post.imported_likes), (likes, inner) => likes > 0 && OldLikes(inner, likes)),
    scope.list(post$.map((post) => post.reactions), (reaction) => reaction.emoji,
      (reaction$, row) => OneReaction(row, reaction$, post$, app, acts)));
}

/** Likes that came with an import: only their number is known. @param {Scope} scope @param {number} likes */
function OldLikes(scope, likes) {
  const title = `${count(likes, 'like')} from before the move`;
  return scope.h('span', { class: 'reaction old', title },
    icon('heart', 'small'), String(likes), scope.h('span', { class: 'unseen' }, ' likes'));
}

/**
 * @param {Scope} scope
 * @param {Readable<Reaction>} reaction$
 * @param {Readable<LivingPost>} post$
 * @param {App} app
 * @param {ThreadActs} acts
 */
function OneReaction(scope, reaction$, post$, app, acts) {
  const { h } = scope;
  const { emoji } = reaction$.get();
  const post = post$.get();
  if (!post.may.react) {
    return h('span', { class: 'reaction' }, emoji, h('span', {}, reaction$.map((now) => now.count)));
  }
  const button = h('button', {
    class: 'reaction', type: 'button', 'aria-pressed': reaction$.map((now) => String(Boolean(now.mine))),
    'aria-label': reaction$.map((now) => `${emoji} ${count(now.count, 'person', 'people')}`),
    onclick: () => acts.react(post$.get(), emoji),
  }, emoji, h('span', {}, reaction$.map((now) => now.count)));
  for (const type of ['pointerenter', 'focus']) {
    scope.on(button, type, async () => {
      button.title = await whose(app, post.id, emoji, scope.signal);
    });
  }
  return button;
}

/** @param {App} app @param {string} id @param {string} emoji @param {AbortSignal} signal */
async function whose(app, id, emoji, signal) {
  try {
    const { items } = await app.api.posts.reactions(id, signal);
    return items.find((one) => one.emoji === emoji)?.people.map((person) => person.nickname).join(', ') ?? '';
  } catch {
    return '';
  }
}
