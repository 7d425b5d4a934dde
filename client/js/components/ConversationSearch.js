// @ts-check
// Finding words in a conversation.

import { observable } from '../utils/state.js';
import { openDialog } from './Dialog.js';
import { explain } from './explain.js';
import { Time } from './Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { LivingMessage, Message } from '../types.js' */

/** A rest after which is looked, ms. */
const REST_MS = 250;

/** @param {Scope} scope @param {App} app @param {ConversationStore} store */
export function openSearch(scope, app, store) {
  openDialog(scope, 'Search this conversation', (inner, close) => {
    const { h } = inner;
    const found$ = observable(/** @type {readonly Message[]} */ ([]));
    const state$ = observable('');
    let cursor = /** @type {string | null} */ (null);
    const more$ = observable(false);
    let stop = () => {};
    let asked = 0;
    const find = async (/** @type {boolean} */ further) => {
      const q = field.value.trim();
      asked += 1;
      const mine = asked;
      if (q === '') return found$.set([]);
      try {
        const { items, next } = await app.api.messages.search(store.id, { q, cursor: further ? cursor : null, signal: inner.signal });
        if (mine !== asked) return undefined;
        found$.set(further ? [...found$.get(), ...items] : items);
        state$.set(found$.get().length === 0 ? 'Nothing was found.' : '');
        cursor = next;
        return more$.set(next !== null);
      } catch (error) {
        return inner.signal.aborted ? undefined : state$.set(explain(/** @type {any} */ (error)));
      }
    };
    const field = h('input', {
      class: 'input', type: 'search', 'aria-label': 'Words to find', placeholder: 'Words', autocomplete: 'off',
      oninput: () => {
        stop();
        stop = inner.timeout(() => void find(false), REST_MS);
      },
    });
    return h('div', { class: 'members' }, field, h('p', { class: 'quiet', role: 'status' }, state$),
      h('ol', { class: 'plain' }, inner.list(found$, ({ id }) => id, (message$, row) => {
        const message = /** @type {LivingMessage} */ (message$.get());
        return row.h('li', {}, row.h('a', { class: 'found', href: message.url, onclick: close },
          row.h('span', { class: 'quiet' }, row.h('b', {}, message.author.nickname), ' ', Time(row, app, message.created_at)),
          row.h('span', { dir: 'auto' }, message.excerpt)));
      })),
      inner.show(more$, (more, part) => more && part.h('button', { class: 'button', type: 'button', onclick: () => void find(true) }, 'More')));
  });
}
