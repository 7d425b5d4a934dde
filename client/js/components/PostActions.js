// @ts-check
// What one may do with a post: shown on hover and focus, always on touch.

import { copyText } from './copyText.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { LivingPost } from '../types.js' */
/** @import { ThreadActs } from './ThreadActs.js' */

/**
 * Guests have none: for them the time and the number are the links to keep.
 *
 * @param {Scope} scope
 * @param {Readable<LivingPost>} post$
 * @param {App} app
 * @param {ThreadActs} acts
 * @param {() => void} edit
 */
export function PostActions(scope, post$, app, acts, edit) {
  if (!app.session.me$.get()) return null;
  const { h } = scope;
  const { may } = post$.get();
  const tool = (/** @type {string} */ name, /** @type {string} */ words, /** @type {(button: HTMLElement) => void} */ act, popup = '') => h('button', {
    class: 'tool', type: 'button', title: words, 'aria-label': words,
    ...(popup && { 'aria-haspopup': popup, 'aria-expanded': 'false' }),
    onclick: (/** @type {MouseEvent} */ event) => act(/** @type {HTMLElement} */ (event.currentTarget)),
  }, icon(name));
  return h('div', { class: 'post-acts' },
    may.react && tool('smile', 'React', async (button) => {
      const { openEmojiPicker } = await import('./EmojiPicker.js');
      openEmojiPicker(scope, button, (emoji) => acts.react(post$.get(), emoji));
    }, 'dialog'),
    scope.show(acts.mayReply$, (may) => may && tool('reply', 'Reply (r)', () => acts.reply(post$.get()))),
    may.edit && tool('pencil', 'Edit', edit),
    tool('more', 'More', async (button) => {
      const { openMenu } = await import('./Menu.js');
      openMenu(scope, button, items(post$.get(), app, acts));
    }, 'menu'));
}

/** @param {LivingPost} post @param {App} app @param {ThreadActs} acts */
function items(post, app, acts) {
  return [
    { icon: 'link', words: 'Copy link', run: () => copyLink(post, app) },
    acts.mayReply$.get() && { icon: 'quote', words: 'Quote (q)', run: () => acts.quote(post) },
    post.may.edit && post.edit_count > 0 && { icon: 'history', words: 'Earlier versions', run: () => acts.history(post) },
    post.may.delete && { icon: 'trash', words: 'Delete', danger: true, run: () => acts.remove(post) },
  ].filter((item) => item !== false);
}

/** @param {LivingPost} post @param {App} app */
function copyLink(post, app) {
  const address = new URL(post.url, location.href).href;
  return copyText(app, address, 'Link copied', () => app.notices.say(`The link is ${address}`));
}
