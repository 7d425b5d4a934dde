// @ts-check
// One's own words on their way: shown where they will stand, with what keeps them, and what one may do about it.

import { computed } from '../utils/state.js';
import { copyText } from './copyText.js';
import { Face } from './Face.js';
import { holdup } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Line, OutboxItem } from '../outbox/Outbox.js' */

/**
 * @param {Scope} scope
 * @param {Readable<OutboxItem>} item$
 * @param {App} app
 * @param {(item: OutboxItem) => void} takeBack puts the words into the composer again
 * @param {Readable<boolean>} mayReply$
 */
export function PendingPost(scope, item$, app, takeBack, mayReply$) {
  const { h } = scope;
  const me = app.session.me$.get();
  const failed$ = item$.map((item) => item.state === 'failed');
  return h('article', { class: 'post is-pending', 'aria-label': 'Your post, not sent yet' },
    me && Face(scope, me, 'large'),
    h('div', { class: 'post-body' },
      h('header', { class: 'post-head' },
        h('span', { class: 'post-name', dir: 'auto' }, me?.nickname ?? 'You'),
        h('span', { class: 'post-state', role: 'status', classes: { bad: failed$ } }, computed([item$, app.outbox.line$], stateWords))),
      h('div', { class: 'prose', dir: 'auto' }, h('p', { class: 'as-written' }, item$.get().body)),
      Choices(scope, item$, app, takeBack, mayReply$)));
}

/**
 * What one may do with words that were refused.
 *
 * @param {Scope} scope
 * @param {Readable<OutboxItem>} item$
 * @param {App} app
 * @param {(item: OutboxItem) => void} takeBack
 * @param {Readable<boolean>} mayEdit$
 */
export function Choices(scope, item$, app, takeBack, mayEdit$) {
  const { outbox } = app;
  const { client_id: id, body } = item$.get();
  return scope.show(item$.map((item) => item.state === 'failed'), (failed, part) => {
    const { h } = part;
    const button = (/** @type {string} */ words, /** @type {() => unknown} */ act) => h('button', { class: 'button', type: 'button', onclick: act }, words);
    return failed && h('footer', { class: 'post-foot' },
      button('Try again', () => outbox.retry(id)),
      part.show(mayEdit$, (may) => may && button('Edit', () => takeBack(item$.get()))),
      button('Copy', () => copyText(app, body)),
      button('Throw away', () => throwAway(app, item$.get())));
  });
}

/** At once; who did not mean it gets it back. @param {App} app @param {OutboxItem} item */
async function throwAway({ outbox, notices }, item) {
  if (await outbox.discard(item.client_id)) notices.say('Thrown away', { action: { label: 'Undo', run: () => void outbox.putBack(item) } });
}

/** @param {OutboxItem} item @param {Line} line */
export function stateWords({ state, problem }, line) {
  if (state === 'failed') return problem?.message ?? 'Not accepted';
  return (state === 'waiting' && holdup(line)) || 'Sending';
}
