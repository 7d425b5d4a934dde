// @ts-check
// The keys of a thread: j and k from post to post, r to reply, q to quote what is selected.

import { QuoteButton } from './QuoteButton.js';
import { isSingleKey } from './singleKeys.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { LivingPost, Post } from '../types.js' */
/** @import { ThreadActs } from './ThreadActs.js' */

/**
 * @param {Scope} scope
 * @param {HTMLElement} rows
 * @param {Readable<readonly Post[]>} posts$
 * @param {ThreadActs} acts
 */
export function threadKeys(scope, rows, posts$, acts) {
  /** The post where the selection or the focus is. */
  const chosen = () => {
    const selection = getSelection();
    const node = selection && !selection.isCollapsed ? selection.anchorNode : document.activeElement;
    const element = (node instanceof Element ? node : node?.parentElement)?.closest('[data-position]');
    return at(Number(element?.getAttribute('data-position')));
  };
  const at = (/** @type {number} */ position) => {
    const post = posts$.get().find((one) => one.position === position);
    return post && !post.deleted ? post : null;
  };
  /** @param {1 | -1} step */
  const walk = (step) => {
    const posts = /** @type {HTMLElement[]} */ ([...rows.querySelectorAll('.post')]);
    const focused = posts.findIndex((post) => post.contains(document.activeElement));
    const at = focused >= 0 ? focused + step : posts.findIndex((post) => post.getBoundingClientRect().bottom > 100);
    posts[at]?.focus({ preventScroll: true });
    posts[at]?.scrollIntoView({ block: 'start' });
  };
  scope.on(document, 'keydown', (event) => {
    if (!isSingleKey(event)) return;
    if (event.key === 'j') walk(1);
    else if (event.key === 'k') walk(-1);
    else if (event.key === 'r' && acts.mayReply$.get()) acts.reply(chosen());
    else if (event.key === 'q') quote(chosen());
    else return;
    event.preventDefault();
  });
  const quote = (/** @type {LivingPost | null} */ post) => post && acts.mayReply$.get() && acts.quote(post);
  return scope.show(acts.mayReply$, (may, inner) => may && QuoteButton(inner, rows, (position) => void quote(at(position))));
}
