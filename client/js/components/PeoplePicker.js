// @ts-check
// Choosing people by typing.

import { computed, observable } from '../utils/state.js';
import { Portrait } from './Face.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Person } from '../types.js' */

/** A rest after which people are looked for, ms. */
const REST_MS = 150;
const MOST = 8;

/** @param {Scope} scope @param {App} app @param {Observable<readonly Person[]>} chosen$ @param {readonly string[]} [without] ids of people that are not offered */
export function PeoplePicker(scope, app, chosen$, without = []) {
  const { h } = scope;
  const found$ = observable(/** @type {readonly Person[]} */ ([]));
  const state$ = observable('');
  let stop = () => {};
  const find = async () => {
    try {
      found$.set((await app.api.users.search({ q: field.value.trim(), limit: MOST + without.length + 1, signal: scope.signal })).items);
      state$.set('');
    } catch {
      if (!scope.signal.aborted) state$.set('People could not be looked for just now.');
    }
  };
  const field = h('input', {
    class: 'input', type: 'search', autocomplete: 'off', 'aria-label': 'Find people', placeholder: 'Find people',
    oninput: () => {
      stop();
      stop = scope.timeout(() => void find(), REST_MS);
    },
  });
  const offered$ = computed([found$, chosen$], (found, chosen) => {
    const out = new Set([app.session.me$.get()?.id, ...without, ...chosen.map(({ id }) => id)]);
    return found.filter(({ id }) => !out.has(id)).slice(0, MOST);
  });
  const choose = (/** @type {Person} */ person) => {
    chosen$.update((chosen) => [...chosen, person]);
    field.focus();
  };
  void find();
  return h('div', { class: 'people-picker' },
    h('ul', { class: 'picked plain', 'aria-label': 'Chosen' }, scope.list(chosen$, ({ id }) => id, (person$, row) => row.h('li', { class: 'tag-chosen' }, person$.get().nickname,
      row.h('button', { type: 'button', 'aria-label': `Without ${person$.get().nickname}`, onclick: () => chosen$.update((chosen) => chosen.filter(({ id }) => id !== person$.get().id)) }, icon('x', 'small'))))),
    field,
    h('p', { class: 'quiet', role: 'status' }, state$),
    h('ul', { class: 'plain', 'aria-label': 'People' }, scope.list(offered$, ({ id }) => id, (person$, row) => row.h('li', {},
      row.h('button', { class: 'menu-item', type: 'button', onclick: () => choose(person$.get()) }, Portrait(row, person$.get()), row.h('span', { dir: 'auto' }, person$.get().nickname))))));
}
