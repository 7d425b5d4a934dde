// @ts-check
// One's own words on their way: shown where they will stand, with what keeps them.

import { Face } from './Face.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { OutboxItem } from '../outbox/Outbox.js' */

/**
 * @param {Scope} scope
 * @param {Readable<OutboxItem>} item$
 * @param {App} app
 * @param {(item: OutboxItem) => void} takeBack puts the words into the composer again
 */
export function PendingPost(scope, item$, app, takeBack) {
  const { h } = scope;
  const me = app.session.me$.get();
  const { client_id: id, body } = item$.get();
  return h('article', { class: 'post is-pending', 'aria-label': 'Your post, not sent yet' },
    me && Face(scope, me, 'large'),
    h('div', { class: 'post-body' },
      h('header', { class: 'post-head' },
        h('span', { class: 'post-name', dir: 'auto' }, me?.nickname ?? 'You'),
        h('span', { class: 'post-state', role: 'status', classes: { bad: item$.map((item) => item.state === 'failed') } }, item$.map(told))),
      h('div', { class: 'prose', dir: 'auto' }, h('p', { class: 'as-written' }, body)),
      scope.show(item$.map((item) => item.state === 'failed'), (failed, inner) => failed && inner.h('footer', { class: 'post-foot' },
        inner.h('button', { class: 'button', type: 'button', onclick: () => app.outbox.retry(id) }, 'Try again'),
        inner.h('button', { class: 'button', type: 'button', onclick: () => takeBack(item$.get()) }, 'Edit')))));
}

/** @param {OutboxItem} item */
function told(item) {
  if (item.state === 'failed') return item.problem?.message ?? 'Not accepted';
  return item.state === 'sending' ? 'sending' : 'waiting for the network';
}
