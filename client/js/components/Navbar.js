// @ts-check
// The way to every place: a rail on wide screens, icons on middle ones, two bars on phones (css/shell.css).

import { svg } from '../utils/dom.js';
import { computed } from '../utils/state.js';
import { hueClass, Portrait } from './Face.js';
import { icon } from './icons.js';
import { switchTheme } from './switchTheme.js';
import { short } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { BoardRef, Me } from '../types.js' */

/** @typedef {{href: string, icon: string, words: string, within: RegExp}} Place */

/** @type {readonly Place[]} */
const PLACES = [
  { href: '/', icon: 'home', words: 'Home', within: /^\/$/ },
  { href: '/boards', icon: 'boards', words: 'Boards', within: /^\/boards$/ },
  { href: '/chat', icon: 'chat', words: 'Chat', within: /^\/chat(\/|$)/ },
  { href: '/people', icon: 'users', words: 'People', within: /^\/people$/ },
];
/** @type {Place} */
const ADMIN = { href: '/admin', icon: 'shield', words: 'Admin', within: /^\/admin(\/|$)/ };
/** The rail names so many boards; the rest are behind "all boards". */
const BOARDS_SHOWN = 14;

/** Seats around a fire: the mark. */
function MarkOfTheMoot() {
  return svg('svg', { class: 'mark', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    svg('path', { d: 'M12 1.5v4M19.4 4.6l-2.8 2.8M22.5 12h-4M19.4 19.4l-2.8-2.8M12 22.5v-4M4.6 19.4l2.8-2.8M1.5 12h4M4.6 4.6l2.8 2.8', fill: 'none', stroke: 'currentColor', 'stroke-width': '3', 'stroke-linecap': 'round' }),
    svg('circle', { cx: '12', cy: '12', r: '2.6', fill: 'currentColor' }));
}

/** @param {Scope} scope @param {App} app */
export function Rail(scope, app) {
  const { h } = scope;
  const { me$, site$ } = app.session;
  const path$ = app.router.place$.map((place) => place.url.pathname);
  return h('header', { class: 'rail' },
    h('a', { class: 'brand', href: '/' }, MarkOfTheMoot(), h('span', { class: 'brand-name', dir: 'auto' }, site$.map((site) => site.name))),
    h('nav', { class: 'rail-nav', 'aria-label': 'Main' },
      scope.list(me$.map(placesFor), (place) => place.href, (place$, row) => RailLink(row, place$.get(), path$, app)),
      h('a', { class: 'rail-link find', href: '/search', title: 'Search (/ or Ctrl-K)', 'aria-current': currentAt(path$, '/search') },
        icon('search'), h('span', {}, 'Search'), h('kbd', {}, '/'))),
    h('nav', { class: 'rail-boards', 'aria-label': 'Boards' },
      scope.show(app.boards$.map((boards) => boards.length > 0), (any, inner) => any && inner.h('h2', { class: 'rail-title' }, 'Boards')),
      scope.list(app.boards$.map((boards) => boards.slice(0, BOARDS_SHOWN)), (board) => board.id, (board$, row) => RailBoard(row, board$, path$, app)),
      scope.show(app.boards$.map((boards) => boards.length > BOARDS_SHOWN), (more, inner) => more && inner.h('a', { class: 'rail-link', href: '/boards' }, 'All boards'))),
    h('div', { class: 'rail-foot' },
      h('button', { class: 'rail-link theme needs-script', type: 'button', title: 'Light or dark', onclick: () => switchTheme(app) },
        icon('sun-moon'), h('span', {}, 'Light or dark')),
      scope.show(me$, (me, inner) => (me ? MyPlaces(inner, me, path$) : Doors(inner, site$.get().registration === 'open', path$)))));
}

/** The bottom bar of phones. @param {Scope} scope @param {App} app */
export function Tabs(scope, app) {
  const { h } = scope;
  const path$ = app.router.place$.map((place) => place.url.pathname);
  return h('nav', { class: 'tabs', 'aria-label': 'Places' },
    PLACES.map((place) => h('a', { class: 'tab', href: place.href, 'aria-current': currentFor(path$, place.within) }, icon(place.icon), place.words, UnreadCount(scope, app, place))),
    scope.show(app.session.me$, (me, inner) => (me
      ? inner.h('a', { class: 'tab', href: me.url, 'aria-current': currentAt(path$, me.url) }, Portrait(inner, me), 'Me')
      : inner.h('a', { class: 'tab', href: '/login', 'aria-current': currentAt(path$, '/login') }, icon('log-in'), 'Sign in'))));
}

/** @param {Me | null} me @returns {readonly Place[]} */
function placesFor(me) {
  return me?.may.administer ? [...PLACES, ADMIN] : PLACES;
}

/** @param {Scope} scope @param {Place} place @param {Readable<string>} path$ @param {App} app */
function RailLink(scope, place, path$, app) {
  return scope.h('a', { class: 'rail-link', href: place.href, title: place.words, 'aria-current': currentFor(path$, place.within) },
    icon(place.icon), scope.h('span', {}, place.words), UnreadCount(scope, app, place));
}

/** How many threads have posts one has not read, and how many messages wait. @param {Scope} scope @param {App} app @param {Place} place */
function UnreadCount(scope, app, { href }) {
  const show = (/** @type {Readable<number>} */ count$, /** @type {string} */ one, /** @type {string} */ many) => (
    scope.show(count$, (count, inner) => count > 0 && inner.h('span', { class: 'unread-count' }, short(count), inner.h('span', { class: 'unseen' }, count === 1 ? one : many))));
  if (href === '/chat') return show(app.conversations.unread$, ' unread message', ' unread messages');
  return href === '/' && show(app.unread.count$, ' thread has new posts', ' threads have new posts');
}

/** @param {Scope} scope @param {Readable<BoardRef>} board$ @param {Readable<string>} path$ @param {App} app */
function RailBoard(scope, board$, path$, app) {
  const { h } = scope;
  const unread$ = computed([board$, app.unread.boards$], (board, boards) => boards.has(board.id));
  const current$ = computed([board$, path$], (board, path) => (board.url === path ? 'page' : null));
  return h('a', { class: 'rail-link', classes: { 'is-unread': unread$ }, href: board$.map((board) => board.url), 'aria-current': current$ },
    scope.show(board$.map((board) => board.hue), (hue, inner) => inner.h('span', { class: `swatch ${hueClass(hue)}` })),
    h('span', { class: 'one-line', dir: 'auto' }, board$.map((board) => board.title)),
    scope.show(unread$, (unread, inner) => unread && inner.h('span', { class: 'unseen' }, 'new posts')));
}

/** @param {Scope} scope @param {Me} me @param {Readable<string>} path$ */
function MyPlaces(scope, me, path$) {
  const { h } = scope;
  return [
    h('a', { class: 'rail-link', href: '/settings', title: 'Settings', 'aria-current': currentAt(path$, '/settings') },
      icon('settings'), h('span', {}, 'Settings')),
    h('a', { class: 'rail-link rail-me', href: me.url, title: 'Your profile', 'aria-current': currentAt(path$, me.url) },
      Portrait(scope, me), h('span', { class: 'one-line', dir: 'auto' }, me.nickname)),
  ];
}

/** @param {Scope} scope @param {boolean} open whether one may register @param {Readable<string>} path$ */
function Doors(scope, open, path$) {
  const { h } = scope;
  return [
    h('a', { class: 'rail-link', href: '/login', title: 'Sign in', 'aria-current': currentAt(path$, '/login') }, icon('log-in'), h('span', {}, 'Sign in')),
    open && h('a', { class: 'rail-link', href: '/register', title: 'Create an account', 'aria-current': currentAt(path$, '/register') },
      icon('user'), h('span', {}, 'Create an account')),
  ];
}

/** @param {Readable<string>} path$ @param {RegExp} within */
function currentFor(path$, within) {
  return path$.map((path) => (within.test(path) ? 'page' : null));
}

/** @param {Readable<string>} path$ @param {string} url */
function currentAt(path$, url) {
  return path$.map((path) => (path === url ? 'page' : null));
}
