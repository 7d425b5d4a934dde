// @ts-check
// New threads that were sent and have not arrived, with what keeps them: nobody else shows them.

import { computed } from '../utils/state.js';
import { Choices, stateWords } from './PendingPost.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { OutboxItem } from '../outbox/Outbox.js' */

/** @typedef {Extract<OutboxItem, {kind: 'thread'}>} UnsentThread */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {Readable<string>} except$ the `client_id` of one that is shown elsewhere
 * @param {Readable<boolean>} mayEdit$
 * @param {(item: UnsentThread) => void} takeBack puts the words into the form again
 */
export function UnsentThreads(scope, app, except$, mayEdit$, takeBack) {
  const items$ = computed([app.outbox.items$, except$], (items, except) => items.filter(isThread).filter((item) => item.client_id !== except));
  return scope.show(items$.map((items) => items.length > 0), (any, part) => any && part.h('section', { class: 'unsent', 'aria-label': 'Not posted yet' },
    part.h('h2', {}, 'Not posted yet'),
    part.list(items$, (item) => item.client_id, (item$, row) => {
      const { h } = row;
      const { title, body } = item$.get();
      return h('article', { class: 'post is-pending', 'aria-label': title },
        h('div', { class: 'post-body' },
          h('header', { class: 'post-head' },
            h('span', { class: 'post-name', dir: 'auto' }, title),
            h('span', { class: 'post-state', role: 'status', classes: { bad: item$.map((item) => item.state === 'failed') } }, computed([item$, app.outbox.line$], stateWords))),
          h('div', { class: 'prose', dir: 'auto' }, h('p', { class: 'as-written' }, body)),
          Choices(row, item$, app, (item) => takeBack(/** @type {UnsentThread} */ (item)), mayEdit$)));
    })));
}

/** @param {OutboxItem} item @returns {item is UnsentThread} */
function isThread(item) {
  return item.kind === 'thread';
}
