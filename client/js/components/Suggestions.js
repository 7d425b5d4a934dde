// @ts-check
// While one writes: people after `@`, emoji after `:`.

import { observable } from '../utils/state.js';
import { findEmoji } from './emoji.js';
import { Portrait } from './Face.js';
import { type } from './Toolbar.js';
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
    if (found.length === 0) return;
    if (event.key === 'ArrowDown') at$.update((at) => (at + 1) % found.length);
    else if (event.key === 'ArrowUp') at$.update((at) => (at + found.length - 1) % found.length);
    else if (event.key === 'Enter' || event.key === 'Tab') choose(found[at$.get()]);
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    // The composer listens too: Enter would send, Escape would close it.
    event.stopImmediatePropagation();
  }, { capture: true });

  host.append(h('div', { class: 'suggestions', role: 'listbox', 'aria-label': 'Suggestions', hidden: found$.map((found) => found.length === 0) },
    scope.list(found$, (one) => one.key, (one$, row) => {
      const one = one$.get();
      const selected$ = at$.map((at) => String(found$.get()[at]?.key === one.key));
      return row.h('button', { class: 'suggestion', type: 'button', role: 'option', tabindex: '-1', 'aria-selected': selected$, onclick: () => choose(one) },
        one.face ? Portrait(row, one.face) : row.h('span', {}, one.sign), row.h('span', {}, one.words));
    })));
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
