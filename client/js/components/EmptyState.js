// @ts-check
// A list with nothing in it says what to do.

import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */

/**
 * @param {Scope} scope
 * @param {{icon: string, title: string, words: string, link?: {href: string, words: string} | null}} what
 */
export function EmptyState(scope, { icon: name, title, words, link = null }) {
  const { h } = scope;
  return h('div', { class: 'empty' },
    icon(name),
    h('h2', {}, title),
    h('p', {}, words),
    link && h('a', { class: 'button', href: link.href }, link.words));
}
