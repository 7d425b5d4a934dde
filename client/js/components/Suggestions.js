// @ts-check
// While one writes: people after `@`, emoji after `:`.

import { computed, observable } from '../utils/state.js';
import { uuid } from '../utils/uuid.js';
import { findEmoji } from './emoji.js';
import { Portrait } from './Face.js';
import { type } from './Toolbar.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Person } from '../types.js' */

/** @typedef {{key: string, words: string, face: Person | null, sign: string, text: string}} Suggestion */

/** A rest after which people are asked for, ms. */
const REST_MS = 120;
const MOST = 6;
const BEFORE_CARET = /(?:^|[\s(])([@:])([\p{L}\p{N}_.+-]{1,30})$/u;

/**
 * @param {Scope} scope
 * @param {HTMLTextAreaElement} area
 * @param {HTMLElement} host what the list is shown in
 * @param {App} app
 */
export function Suggestions(scope, area, host, app) {
  const { h } = scope;
  const found$ = observable(/** @type {readonly Suggestion[]} */ ([]));
  const at$ = observable(0);
  /** The typed sign and letters that a choice takes the place of. */
  let typed = '';
  let stop = () => {};

  const close = () => found$.set([]);
  const offer = (/** @type {Suggestion[]} */ found) => {
    at$.set(0);
    found$.set(found);
  };
  const choose = (/** @type {Suggestion} */ one) => {
    area.focus();
    area.setSelectionRange(area.selectionStart - typed.length, area.selectionStart);
    type(area, `${one.text} `);
    close();
  };
  scope.on(area, 'input', () => {
    stop();
    const match = BEFORE_CARET.exec(area.value.slice(0, area.selectionStart));
    if (!match) return close();
    const [, sign, letters] = match;
    typed = sign + letters;
    if (sign === ':') return letters.length > 1 ? offer(emoji(letters)) : close();
    stop = scope.timeout(async () => offer(await people(app, letters, scope.signal)), REST_MS);
  });
  scope.on(area, 'blur', () => scope.timeout(close, 150));
  scope.on(area, 'keydown', (event) => {
    const found = found$.get();
    // While letters are composed the keys belong to the input method.
    if (found.length === 0 || event.isComposing) return;
    if (event.key === 'ArrowDown') at$.update((at) => (at + 1) % found.length);
    else if (event.key === 'ArrowUp') at$.update((at) => (at + found.length - 1) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(found[at$.get()]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    // The composer listens too: Enter would send, Escape would close it.
    event.stopImmediatePropagation();
  }, { capture: true });

  const id = uuid();
  const chosen$ = computed([found$, at$], (found, at) => found[at]?.key ?? null);
  area.setAttribute('aria-autocomplete', 'list');
  area.setAttribute('aria-controls', id);
  scope.subscribe(chosen$, (key) => {
    if (key === null) area.removeAttribute('aria-activedescendant');
    else area.setAttribute('aria-activedescendant', `${id}-${key}`);
  });
  host.append(h('div', { class: 'suggestions', id, role: 'listbox', 'aria-label': 'Suggestions', hidden: found$.map((found) => found.length === 0) },
    scope.list(found$, (one) => one.key, (one$, row) => {
      const one = one$.get();
      return row.h('button', { class: 'suggestion', id: `${id}-${one.key}`, type: 'button', role: 'option', tabindex: '-1', 'aria-selected': chosen$.map((key) => String(key === one.key)), onclick: () => choose(one) },
        one.face ? Portrait(row, one.face) : row.h('span', {}, one.sign), row.h('span', {}, one.words));
    })),
  h('p', { class: 'unseen', role: 'status' }, found$.map((found) => (found.length > 0 ? `${count(found.length, 'suggestion')}: arrows and Enter` : ''))));
}

/** @param {string} letters @returns {Suggestion[]} */
function emoji(letters) {
  return findEmoji(letters).slice(0, MOST).map(([sign, names]) => ({ key: sign, words: names.split(' ')[0], face: null, sign, text: sign }));
}

/** @param {App} app @param {string} letters @param {AbortSignal} signal @returns {Promise<Suggestion[]>} */
async function people(app, letters, signal) {
  try {
    const { items } = await app.api.users.search({ q: letters, limit: MOST, signal });
    return items.map((person) => ({ key: person.id, words: person.nickname, face: person, sign: '', text: `@${person.nickname}` }));
  } catch {
    return [];
  }
}
