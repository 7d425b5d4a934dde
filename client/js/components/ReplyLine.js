// @ts-check
// The one line that says whom a post answers; it opens in place.

import { observable } from '../utils/state.js';
import { Portrait } from './Face.js';
import { icon } from './icons.js';
import { Prose } from './Prose.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ReplyTo } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {ReplyTo} answered
 * @param {App} app
 */
export function ReplyLine(scope, answered, app) {
  const { h } = scope;
  const open$ = observable(/** @type {string | null} */ (null));
  const toggle = async (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (open$.get() !== null) return open$.set(null);
    try {
      const { post } = await app.api.posts.get(answered.id, scope.signal);
      if (post.deleted) app.notices.say('That post has been deleted.');
      else open$.set(post.html);
    } catch {
      // The line is a link: without an answer it leads there.
      if (!scope.signal.aborted) app.router.go(answered.url);
    }
  };
  return h('div', { class: 'reply-to' },
    h('a', {
      class: 'reply-to-line', href: answered.url, onclick: toggle,
      'aria-label': `In reply to ${answered.author.nickname}, post ${answered.position}`,
      'aria-expanded': open$.map((words) => (words === null ? null : 'true')),
    },
    icon('reply', 'small'), Portrait(scope, answered.author), h('b', { dir: 'auto' }, answered.author.nickname),
    h('span', { class: 'excerpt', dir: 'auto' }, answered.excerpt)),
    scope.show(open$, (words, inner) => words !== null && Opened(inner, words, answered, app)));
}

/** @param {Scope} scope @param {string} words @param {ReplyTo} answered @param {App} app */
function Opened(scope, words, answered, app) {
  return scope.h('div', { class: 'reply-to-open' },
    Prose(scope, observable(words), app),
    scope.h('a', { class: 'link', href: answered.url }, `Go to #${answered.position}`));
}
