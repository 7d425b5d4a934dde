// @ts-check
// The head of a page: its name, a line about it, what one can do here.

import { observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */

/**
 * @param {Scope} scope
 * @param {string | Readable<string>} title
 * @param {string | Readable<string>} lead
 * @param {...(Node | DocumentFragment | null | false)} acts
 */
export function PageHead(scope, title, lead, ...acts) {
  const { h } = scope;
  return h('header', { class: 'page-head' },
    h('div', {}, h('h1', { dir: 'auto' }, title),
      scope.show(typeof lead === 'string' ? observable(lead) : lead, (words, inner) => words && inner.h('p', { class: 'lead', dir: 'auto' }, words))),
    h('div', { class: 'page-acts' }, acts));
}

/**
 * Links over a list, of which one is where one is.
 *
 * @param {Scope} scope
 * @param {string} label
 * @param {readonly {href: string, words: string, here: boolean}[]} ways
 */
export function Segments(scope, label, ways) {
  return scope.h('nav', { class: 'segments', 'aria-label': label },
    ways.map(({ href, words, here }) => scope.h('a', { class: 'segment', href, 'aria-current': here ? 'page' : null }, words)));
}
