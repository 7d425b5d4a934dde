// @ts-check
// Bearer tokens for programs: made, shown once, taken back.

import { observable, observableList } from '../utils/state.js';
import { explain } from './explain.js';
import { Field, FormFault, formState, SubmitButton } from './Form.js';
import { Time } from './Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { AccessToken } from '../types.js' */

const LIVES = [['365', 'A year'], ['90', '90 days'], ['30', '30 days'], ['3650', 'Ten years']];

/** @param {Scope} scope @param {App} app @param {readonly AccessToken[]} tokens */
export function Tokens(scope, app, tokens) {
  const { h } = scope;
  const tokens$ = observableList(tokens);
  const made$ = observable(/** @type {string | null} */ (null));
  const state = formState();
  const revoke = async (/** @type {string} */ id) => {
    try {
      await app.api.auth.revokeToken(id);
      tokens$.remove((token) => token.id === id);
    } catch (error) {
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
    }
  };
  const form = h('form', {
    class: 'form',
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, nameFaults, async ({ name, expires_in_days: days }) => {
        const { token } = await app.api.auth.createToken(name.trim(), Number(days));
        tokens$.set((await app.api.auth.tokens(scope.signal)).items);
        made$.set(token);
        form.reset();
      });
    },
  },
  h('div', { class: 'pair' },
    Field(scope, state, { name: 'name', label: 'What it is for', input: { maxlength: '60', autocomplete: 'off', dir: 'auto' } }),
    Field(scope, state, { name: 'expires_in_days', label: 'How long it works', control: (attributes) => h('select', attributes, LIVES.map(([value, words]) => h('option', { value }, words))) })),
  FormFault(scope, state),
  h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Make a token')));
  return h('div', { class: 'form' },
    scope.show(made$, (token, inner) => token && inner.h('div', { class: 'note good' }, inner.h('div', {},
      inner.h('p', {}, 'Copy it now: it is not shown again.'), inner.h('code', { class: 'secret' }, token)))),
    h('div', { class: 'table-wrap', hidden: tokens$.map((all) => all.length === 0) }, h('table', { class: 'table' },
      h('thead', {}, h('tr', {}, ['Token', 'Last used', 'Until', ''].map((words) => h('th', { scope: 'col' }, words)))),
      h('tbody', {}, scope.list(tokens$, (token) => token.id, (token$, row) => TokenRow(row, token$.get(), app, revoke))))),
    form);
}

/** @param {Scope} scope @param {AccessToken} token @param {App} app @param {(id: string) => void} revoke */
function TokenRow(scope, token, app, revoke) {
  const { h } = scope;
  return h('tr', {},
    h('td', { dir: 'auto' }, token.name),
    h('td', {}, token.last_used_at ? Time(scope, app, token.last_used_at) : h('span', { class: 'quiet' }, 'never')),
    h('td', {}, Time(scope, app, token.expires_at)),
    h('td', {}, h('button', { class: 'link', type: 'button', onclick: () => revoke(token.id) }, 'Take back')));
}

/** @param {Record<string, string>} values @returns {Record<string, string>} */
function nameFaults({ name }) {
  return name.trim() ? {} : { name: 'Say what it is for, so that you know it later.' };
}
