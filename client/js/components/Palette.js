// @ts-check
// Ctrl-K: go anywhere by typing. Places and boards at once, people as the server finds them.

import { computed, observable } from '../utils/state.js';
import { show } from './Dialog.js';
import { hueClass, Portrait } from './Face.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Profile } from '../types.js' */

/** @typedef {{url: string, words: string, kind: string, sign: (scope: Scope) => Node}} Goal */

/** A rest after which people are asked for, ms. */
const REST_MS = 150;
const MOST = 8;

/** @param {Scope} scope @param {App} app */
export function openPalette(scope, app) {
  if (document.querySelector('dialog.palette')) return;
  const inner = scope.child();
  const { h } = inner;
  const words$ = observable('');
  const people$ = observable(/** @type {readonly Profile[]} */ ([]));
  const goals$ = computed([words$, people$], (words, people) => [...knownGoals(app, words), ...people.map(personGoal)]);
  const at$ = observable(0);
  let stop = () => {};
  const go = (/** @type {string} */ url) => {
    dialog.close();
    app.router.go(url);
  };
  const field = h('input', {
    class: 'palette-input', type: 'text', placeholder: 'Go to a board, a person, a place', autocomplete: 'off',
    role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'palette-list', 'aria-label': 'Go to',
    oninput: () => {
      words$.set(field.value.trim());
      at$.set(0);
      stop();
      stop = inner.timeout(async () => people$.set(await findPeople(app, words$.get(), inner.signal)), REST_MS);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      const most = goals$.get().length;
      if (event.key === 'ArrowDown') at$.update((at) => (at + 1) % Math.max(most, 1));
      else if (event.key === 'ArrowUp') at$.update((at) => (at + most - 1) % Math.max(most, 1));
      else if (event.key === 'Enter' && goals$.get()[at$.get()]) go(goals$.get()[at$.get()].url);
      else return;
      event.preventDefault();
    },
  });
  const list = h('div', { class: 'palette-list', id: 'palette-list', role: 'listbox', 'aria-label': 'Places' },
    inner.list(goals$, (goal) => goal.url, (goal$, row) => {
      const goal = goal$.get();
      return row.h('a', {
        class: 'palette-item', href: goal.url, role: 'option', tabindex: '-1',
        'aria-selected': computed([at$, goals$], (at, goals) => String(goals[at]?.url === goal.url)),
        onclick: () => dialog.close(),
      }, goal.sign(row), row.h('span', { class: 'one-line', dir: 'auto' }, goal.words), row.h('span', { class: 'quiet' }, goal.kind));
    }),
    inner.show(goals$.map((goals) => goals.length === 0), (none, part) => none && part.h('p', { class: 'empty' }, 'Nothing of that name.')));
  const dialog = h('dialog', { class: 'palette', 'aria-label': 'Go to' }, field, list);
  show(inner, dialog);
}

/** @param {App} app @param {string} words @returns {Goal[]} */
function knownGoals(app, words) {
  const me = app.session.me$.get();
  const places = [
    { url: '/', words: 'Home', name: 'home' }, { url: '/boards', words: 'All boards', name: 'boards' },
    { url: '/people', words: 'People', name: 'users' },
    ...(me
      ? [{ url: '/new', words: 'Start a thread', name: 'plus' }, { url: '/settings', words: 'Settings', name: 'settings' }]
      : [{ url: '/login', words: 'Sign in', name: 'log-in' }]),
    ...(me?.may.administer ? [{ url: '/admin', words: 'Administration', name: 'shield' }] : []),
  ].map(({ url, words: name, name: sign }) => ({ url, words: name, kind: '', sign: () => icon(sign) }));
  const boards = app.boards$.get().map((board) => ({
    url: board.url, words: board.title, kind: 'board',
    sign: (/** @type {Scope} */ scope) => scope.h('span', { class: `swatch ${hueClass(board.hue)}` }),
  }));
  const wanted = words.toLocaleLowerCase();
  return [...places, ...boards].filter((goal) => goal.words.toLocaleLowerCase().includes(wanted)).slice(0, MOST);
}

/** @param {Profile} person @returns {Goal} */
function personGoal(person) {
  return { url: person.url, words: person.nickname, kind: 'person', sign: (scope) => Portrait(scope, person) };
}

/** @param {App} app @param {string} q @param {AbortSignal} signal @returns {Promise<readonly Profile[]>} */
async function findPeople(app, q, signal) {
  if (q === '') return [];
  try {
    return (await app.api.users.search({ q, limit: 5, signal })).items;
  } catch {
    return [];
  }
}
