// @ts-check
// Ctrl-K: go anywhere by typing. Places, commands, boards and the threads one has come past at once, people as the
// server finds them.

import { computed, observable } from '../utils/state.js';
import { show } from './Dialog.js';
import { hueClass, Portrait } from './Face.js';
import { icon } from './icons.js';
import { signOut } from './signOut.js';
import { switchTheme } from './switchTheme.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Profile } from '../types.js' */

/** @typedef {{id: string, words: string, kind: string, sign: (scope: Scope) => Node} & ({url: string} | {run: () => void})} Goal */

/** A rest after which people are asked for, ms. */
const REST_MS = 150;
const MOST = 8;
const MOST_THREADS = 5;

/** @param {Scope} scope @param {App} app */
export function openPalette(scope, app) {
  if (document.querySelector('dialog.palette')) return;
  const inner = scope.child();
  const { h } = inner;
  const words$ = observable('');
  const people$ = observable(/** @type {readonly Profile[]} */ ([]));
  const goals$ = computed([words$, people$], (words, people) => [...knownGoals(scope, app, words), ...people.map(personGoal)]);
  const at$ = observable(0);
  let stop = () => {};
  const go = (/** @type {Goal} */ goal) => {
    dialog.close();
    if ('run' in goal) goal.run();
    else void app.router.go(goal.url);
  };
  const field = h('input', {
    class: 'palette-input', type: 'text', placeholder: 'Go to a board, a thread, a person, a place', autocomplete: 'off',
    role: 'combobox', 'aria-expanded': 'true', 'aria-autocomplete': 'list', 'aria-controls': 'palette-list',
    'aria-activedescendant': computed([at$, goals$], (at, goals) => goals[at]?.id ?? null), 'aria-label': 'Go to',
    oninput: () => {
      words$.set(field.value.trim());
      at$.set(0);
      stop();
      stop = inner.timeout(async () => people$.set(await findPeople(app, words$.get(), inner.signal)), REST_MS);
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.isComposing) return;
      const most = goals$.get().length;
      if (event.key === 'ArrowDown') at$.update((at) => (at + 1) % Math.max(most, 1));
      else if (event.key === 'ArrowUp') at$.update((at) => (at + most - 1) % Math.max(most, 1));
      else if (event.key === 'Enter' && goals$.get()[at$.get()]) go(goals$.get()[at$.get()]);
      else return;
      event.preventDefault();
      document.getElementById(goals$.get()[at$.get()]?.id ?? '')?.scrollIntoView({ block: 'nearest' });
    },
  });
  const list = h('div', { class: 'palette-list', id: 'palette-list', role: 'listbox', 'aria-label': 'Places' },
    inner.list(goals$, (goal) => goal.id, (goal$, row) => {
      const goal = goal$.get();
      return row.h('a', {
        class: 'palette-item', id: goal.id, href: 'url' in goal ? goal.url : null, role: 'option', tabindex: '-1',
        'aria-selected': computed([at$, goals$], (at, goals) => String(goals[at]?.id === goal.id)),
        onclick: () => ('run' in goal ? go(goal) : dialog.close()),
      }, goal.sign(row), row.h('span', { class: 'one-line', dir: 'auto' }, goal.words), row.h('span', { class: 'quiet' }, goal.kind));
    }),
    inner.show(goals$.map((goals) => goals.length === 0), (none, part) => none && part.h('p', { class: 'empty' }, 'Nothing of that name.')));
  const dialog = h('dialog', { class: 'palette', 'aria-label': 'Go to' }, field, list);
  show(inner, dialog);
}

/** What is known without asking; threads only once one looks for something. @param {Scope} scope @param {App} app @param {string} words @returns {Goal[]} */
function knownGoals(scope, app, words) {
  const me = app.session.me$.get();
  const places = [
    { url: '/', words: 'Home', name: 'home' }, { url: '/boards', words: 'All boards', name: 'boards' },
    { url: '/people', words: 'People', name: 'users' },
    ...(me
      ? [{ url: '/new', words: 'Start a thread', name: 'plus' }, { url: '/settings', words: 'Settings', name: 'settings' }]
      : [{ url: '/login', words: 'Sign in', name: 'log-in' }]),
    ...(me?.may.administer ? [{ url: '/admin', words: 'Administration', name: 'shield' }] : []),
  ].map(({ url, words: name, name: sign }) => ({ id: `goal-${url}`, url, words: name, kind: '', sign: () => icon(sign) }));
  const commands = [
    { id: 'goal-theme', words: 'Switch between light and dark', kind: 'do', sign: () => icon('sun-moon'), run: () => switchTheme(app) },
    ...(me ? [{ id: 'goal-sign-out', words: 'Sign out', kind: 'do', sign: () => icon('log-out'), run: () => void signOut(scope, app) }] : []),
  ];
  const boards = app.boards$.get().map((board) => ({
    id: `goal-${board.url}`, url: board.url, words: board.title, kind: 'board',
    sign: (/** @type {Scope} */ scope) => scope.h('span', { class: `swatch ${hueClass(board.hue)}` }),
  }));
  const wanted = words.toLocaleLowerCase();
  const threads = wanted === '' ? [] : app.known.all().map((thread) => ({ id: `goal-thread-${thread.id}`, url: thread.url, words: thread.title, kind: 'thread', sign: () => icon('replies') }));
  /** @param {readonly Goal[]} goals */
  const found = (goals) => goals.filter((goal) => goal.words.toLocaleLowerCase().includes(wanted));
  return [...found([...places, ...commands, ...boards]).slice(0, MOST), ...found(threads).slice(0, MOST_THREADS)];
}

/** @param {Profile} person @returns {Goal} */
function personGoal(person) {
  return { id: `goal-${person.url}`, url: person.url, words: person.nickname, kind: 'person', sign: (scope) => Portrait(scope, person) };
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
