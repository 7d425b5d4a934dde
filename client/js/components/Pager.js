// @ts-check
// Pages as links, for those who read without scripts: with scripts the posts come by themselves.

/** @import { Scope } from '../utils/dom.js' */
/** @import { PageOfPosts } from '../types.js' */

/** @param {Scope} scope @param {string} url @param {PageOfPosts} page */
export function Pager(scope, url, { page, pages }) {
  if (pages < 2) return null;
  const { h } = scope;
  return h('nav', { class: 'pager', 'aria-label': 'Pages' }, nearPages(page, pages).map((number) => (
    number === null
      ? h('span', {}, '…')
      : h('a', { href: `${url}?page=${number}`, 'aria-current': number === page ? 'page' : null }, String(number)))));
}

/**
 * First, last, and those around `page`; `null` for what is left out.
 *
 * @param {number} page
 * @param {number} pages
 * @returns {(number | null)[]}
 */
export function nearPages(page, pages) {
  /** @type {(number | null)[]} */
  const numbers = [];
  for (let number = 1; number <= pages; number += 1) {
    if (number === 1 || number === pages || Math.abs(number - page) <= 2) numbers.push(number);
    else if (numbers.at(-1) !== null) numbers.push(null);
  }
  return numbers;
}
