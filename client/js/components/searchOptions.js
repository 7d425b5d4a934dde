// @ts-check
// What the search dialog offers: all results, places and commands, boards, conversations and threads that are known here,
// and what the server found, in groups.

import { nameOf } from '../stores/ChatSide.js';
import { keyOf, searchAddress } from '../utils/search.js';
import { hueClass, Portrait } from './Face.js';
import { icon } from './icons.js';
import { Pieces } from './Pieces.js';
import { signOut } from './signOut.js';
import { switchTheme } from './switchTheme.js';
import { count } from './words.js';
/** @import { Content, Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Found, FoundItem, Piece } from '../types.js' */

/**
 * `remembered`: whether following it makes the words a search to come back to. `stale`: whether it was found by older
 * words. `stays`: whether the dialog stays.
 *
 * @typedef {{id: string, view: (scope: Scope) => Content, remembered?: boolean, stale?: boolean} & ({url: string} | {run: () => void, stays?: boolean})} Option
 * @typedef {{name: string, options: readonly Option[]}} OptionGroup
 */

/**
 * @typedef {object} Offer
 * @property {string} words
 * @property {string | null} thread id of the one that is looked in
 * @property {Found | null} found
 * @property {boolean} waiting whether `found` answers older words, or nothing did
 * @property {readonly string[]} searches earlier ones
 * @property {(words: string) => void} look
 * @property {() => void} forget
 */

const MOST_PLACES = 8;
/** Beside what is found. */
const SOME_PLACES = 4;

/** @type {readonly {name: string, kind: FoundItem['kind']}[]} */
const GROUPS = [
  { name: 'People', kind: 'person' },
  { name: 'Boards', kind: 'board' },
  { name: 'Tags', kind: 'tag' },
  { name: 'Threads and posts', kind: 'post' },
  { name: 'Messages', kind: 'message' },
];

/** @param {Scope} scope of the dialog @param {App} app @param {Offer} offer @returns {OptionGroup[]} */
export function optionGroups(scope, app, offer) {
  const { words, thread, found, waiting } = offer;
  const wanted = words.trim().toLocaleLowerCase();
  const groups = wanted === ''
    ? [{ name: 'Recent searches', options: recentOptions(offer) }, { name: 'Go to', options: thread ? [] : placeOptions(scope, app, '').slice(0, MOST_PLACES) }]
    : [
      { name: '', options: [allOption(offer)] },
      { name: 'Go to', options: thread ? [] : placeOptions(scope, app, wanted).slice(0, SOME_PLACES) },
      // Until the server answers; it knows these too.
      { name: 'Threads you have come past', options: waiting && !found && !thread ? knownThreads(app, wanted) : [] },
      ...foundGroups(found, waiting),
    ];
  const shown = new Set();
  const unseen = (/** @type {Option} */ option) => !('url' in option && shown.has(option.url)) && (!('url' in option) || shown.add(option.url));
  return groups.map(({ name, options }) => ({ name, options: options.filter(unseen) })).filter(({ options }) => options.length > 0);
}

/** @param {Offer} offer @returns {Option} */
function allOption({ words, thread }) {
  const q = words.trim();
  return {
    id: 'goal-all', url: searchAddress({ q, thread }), remembered: true,
    view: (scope) => Line(scope, icon('search'), ['All results for ', scope.h('b', { dir: 'auto' }, q)]),
  };
}

/** @param {Offer} offer @returns {Option[]} */
function recentOptions({ searches, look, forget }) {
  if (searches.length === 0) return [];
  return [
    ...searches.map((q) => ({ id: `goal-search-${encodeURIComponent(q)}`, stays: true, run: () => look(q), view: (/** @type {Scope} */ scope) => Line(scope, icon('history'), q) })),
    { id: 'goal-forget', stays: true, run: forget, view: (scope) => Line(scope, icon('trash'), 'Forget these searches') },
  ];
}

/** What is known without asking. @param {Scope} scope @param {App} app @param {string} wanted in small letters @returns {Option[]} */
function placeOptions(scope, app, wanted) {
  const me = app.session.me$.get();
  /** @type {{id: string, words: string, kind?: string, sign: (scope: Scope) => Content, to: {url: string} | {run: () => void}}[]} */
  const places = [
    ...placesFor(me).map(([url, words, name]) => ({ id: url, words, sign: () => icon(name), to: { url } })),
    { id: 'theme', words: 'Switch between light and dark', sign: () => icon('sun-moon'), to: { run: () => switchTheme(app) } },
    ...(me ? [{ id: 'sign-out', words: 'Sign out', sign: () => icon('log-out'), to: { run: () => void signOut(scope, app) } }] : []),
    ...app.boards$.get().map(({ url, title, hue }) => ({ id: url, words: title, kind: 'board', sign: (/** @type {Scope} */ inner) => inner.h('span', { class: `swatch ${hueClass(hue)}` }), to: { url } })),
    ...app.conversations.items$.get().map((one) => ({ id: one.url, words: nameOf(one), kind: 'conversation', sign: () => icon('chat'), to: { url: one.url } })),
  ];
  return places.filter(({ words }) => words.toLocaleLowerCase().includes(wanted)).map(({ id, words, kind = '', sign, to }) => ({
    id: `goal-${id}`, ...to, view: (inner) => Line(inner, sign(inner), words, kind),
  }));
}

/** Address, words, icon. @typedef {readonly [string, string, string]} Place */

/** @type {readonly Place[]} */
const OF_ALL = [['/', 'Home', 'home'], ['/boards', 'All boards', 'boards'], ['/people', 'People', 'users']];
/** @type {readonly Place[]} */
const OF_MEMBERS = [['/chat', 'Chat', 'chat'], ['/new', 'Start a thread', 'plus'], ['/settings', 'Settings', 'settings']];

/** @param {{may: {administer: boolean}} | null} me @returns {readonly Place[]} */
function placesFor(me) {
  if (!me) return [...OF_ALL, ['/login', 'Sign in', 'log-in']];
  return [...OF_ALL, ...OF_MEMBERS, ...(me.may.administer ? [/** @type {Place} */ (['/admin', 'Administration', 'shield'])] : [])];
}

/** @param {App} app @param {string} wanted @returns {Option[]} */
function knownThreads(app, wanted) {
  return app.known.all().filter(({ title }) => title.toLocaleLowerCase().includes(wanted)).slice(0, SOME_PLACES).map(({ id, url, title }) => ({
    id: `goal-thread-${id}`, url, view: (scope) => Line(scope, icon('replies'), title),
  }));
}

/** @param {Found | null} found @param {boolean} stale @returns {OptionGroup[]} */
function foundGroups(found, stale) {
  return GROUPS.map(({ name, kind }) => ({
    name,
    options: (found?.items ?? []).filter((item) => item.kind === kind).map((item) => ({
      id: `goal-${encodeURIComponent(keyOf(item))}`, url: item.url, remembered: true, stale, view: (scope) => FoundLine(scope, item),
    })),
  }));
}

/** @param {Scope} scope @param {FoundItem} item */
function FoundLine(scope, item) {
  switch (item.kind) {
    case 'person': return Line(scope, Portrait(scope, item.person), Pieces(scope, item.nickname));
    case 'board': return Line(scope, scope.h('span', { class: `swatch ${hueClass(item.board.hue)}` }), Pieces(scope, item.title));
    case 'tag': return Line(scope, '#', Pieces(scope, item.title), count(item.thread_count, 'thread'));
    case 'post': return Line(scope, icon('replies'), Pieces(scope, item.thread.title), item.thread.board.title, said(scope, item.author, item.excerpt));
    default: {
      const { title, people } = item.conversation;
      return Line(scope, icon('chat'), title ?? people.map(({ nickname }) => nickname).join(', '), '', said(scope, item.author, item.excerpt));
    }
  }
}

/** @param {Scope} scope @param {{nickname: string}} author @param {readonly Piece[]} excerpt */
function said(scope, { nickname }, excerpt) {
  return [scope.h('b', {}, `${nickname}: `), Pieces(scope, excerpt)];
}

/** @param {Scope} scope @param {Content} sign @param {Content} words @param {string} [kind] @param {Content} [below] */
function Line({ h }, sign, words, kind = '', below = null) {
  return [
    h('span', { class: 'palette-sign', 'aria-hidden': 'true' }, sign),
    h('span', { class: 'palette-words' }, h('span', { class: 'one-line', dir: 'auto' }, words), below && h('span', { class: 'one-line palette-said', dir: 'auto' }, below)),
    kind && h('span', { class: 'quiet one-line palette-kind', dir: 'auto' }, kind),
  ];
}
