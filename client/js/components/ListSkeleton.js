// @ts-check
// A list that takes its time: its name is there at once, its rows keep their place.

import { PageHead } from './PageHead.js';
/** @import { Scope } from '../utils/dom.js' */

const ROWS = 8;

/** @param {Scope} scope @param {string} title @param {string} [lead] */
export function ListSkeleton(scope, title, lead = '') {
  const { h } = scope;
  const row = () => h('li', { class: 'row' }, h('div', { class: 'row-main' }, h('div', { class: 'skeleton line' }), h('div', { class: 'skeleton line short' })));
  return h('div', { class: 'page', 'aria-busy': 'true' }, h('div', { class: 'page-main' },
    PageHead(scope, title, lead),
    h('ol', { class: 'rows plain', 'aria-hidden': 'true' }, Array.from({ length: ROWS }, row))));
}
