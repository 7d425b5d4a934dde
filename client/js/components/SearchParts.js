// @ts-check
// The parts of the page of results around its rows.

import { searchAddress } from '../utils/search.js';
import { explain } from './explain.js';
import { icon } from './icons.js';
import { FILTERS, filterWords, indexingWords, TABS } from './searchWords.js';
import { grouped, short } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { ApiError } from '../api/client.js' */
/** @import { App } from '../app.js' */
/** @import { Asked } from '../utils/search.js' */
/** @import { Found } from '../types.js' */

/** The field; without scripts a form like any other. @param {Scope} scope @param {Asked} asked @param {(next: Asked) => void} submit */
export function SearchField(scope, asked, submit) {
  const { h } = scope;
  const field = h('input', {
    class: 'input', type: 'search', name: 'q', 'aria-label': 'Search', placeholder: 'Words, "a phrase", author:name', maxlength: '256',
    autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search', dir: 'auto', autofocus: asked.q === '',
  });
  if (asked.q) field.setAttribute('value', asked.q);
  else queueMicrotask(() => field.focus({ preventScroll: true }));
  const kept = /** @type {const} */ (['in', 'sort', 'thread']).filter((name) => asked[name]);
  return h('form', {
    class: 'finder search-field', role: 'search', action: '/search',
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      submit({ ...asked, q: field.value.trim() });
    },
  },
  field,
  kept.map((name) => h('input', { type: 'hidden', name, value: asked[name] })),
  h('button', { class: 'button', type: 'submit' }, 'Search'));
}

/** What the answer is limited to, each with the way to do without. @param {Scope} scope @param {Asked} asked @param {Found | null} found */
export function Filters({ h }, asked, found) {
  const chip = (/** @type {string} */ words, /** @type {string} */ href) => h('li', {}, h('a', { class: 'search-chip is-set', href, 'aria-label': `Search without ${words}` },
    h('span', { dir: 'auto' }, words), icon('x', 'small')));
  const filters = found?.understood.filters ?? [];
  if (filters.length === 0 && !asked.thread) return null;
  return h('ul', { class: 'search-chips plain', 'aria-label': 'Filters' },
    asked.thread && chip(found?.thread ? `in “${found.thread.title}”` : 'in one thread', searchAddress({ ...asked, thread: null })),
    filters.map((filter) => chip(filterWords(filter), searchAddress({ ...asked, q: filter.without }))));
}

/** What of it one looks at. @param {Scope} scope @param {Asked} asked @param {Found} found */
export function Tabs({ h }, asked, { counts }) {
  const shown = TABS.filter(({ kind }) => kind === null || kind === asked.in || counts[kind] > 0);
  return h('nav', { class: 'segments', 'aria-label': 'Kinds' }, shown.map(({ kind, words }) => (
    h('a', { class: 'segment', href: searchAddress({ ...asked, in: kind }), 'aria-current': asked.in === kind ? 'page' : null },
      words, kind && [' ', h('span', { class: 'number quiet' }, short(counts[kind]))]))));
}

/** What one should know of the answer. @param {Scope} scope @param {Found} found */
export function Notes({ h }, { understood, indexing, items }) {
  return [
    ...understood.problems.map(({ field, why }) => h('p', { class: 'note' }, icon('alert', 'small'), h('span', { dir: 'auto' }, filterWords({ name: field, value: why })))),
    understood.relaxed && items.length > 0 && h('p', { class: 'note' }, icon('alert', 'small'), h('span', {}, 'Little or nothing has all of the words: these have most of them.')),
    indexing && h('p', { class: 'note' }, icon('history', 'small'), h('span', {}, indexingWords(indexing))),
  ];
}

/** Questions that find less. @param {Scope} scope @param {Asked} asked @param {Found} found */
export function Narrow({ h }, asked, { narrow }) {
  return narrow.length > 0 && h('nav', { class: 'search-narrow', 'aria-label': 'Narrow the search' }, h('ul', { class: 'search-chips plain' }, narrow.map(({ q, label, count }) => (
    h('li', {}, h('a', { class: 'search-chip', href: searchAddress({ ...asked, q }) }, h('span', { dir: 'auto' }, label), ' ', h('span', { class: 'number quiet' }, grouped(count))))))));
}

/** No answer: why, and the next step. @param {Scope} scope @param {App} app @param {ApiError} fault */
export function Fault(scope, app, fault) {
  const { h } = scope;
  const again = () => void app.router.reload();
  if (fault.status === 0) scope.on(globalThis, 'online', again);
  return h('div', { class: 'note bad', role: 'alert' }, icon('alert'), h('p', {}, explain(fault), ' ', h('button', { class: 'link', type: 'button', onclick: again }, 'Search again')));
}

/** @param {Scope} scope @param {Asked} asked */
export function FilterHelp({ h }, { q }) {
  return h('details', { class: 'search-help', open: q === '' }, h('summary', {}, 'How to search'),
    h('dl', {}, FILTERS.map(([example, words]) => h('div', {}, h('dt', {}, h('code', {}, example)), h('dd', {}, words)))));
}
