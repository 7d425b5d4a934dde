// @ts-check
// "3 new threads": news waits here until it is asked for; what is being read never moves by itself.

import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */

/**
 * @param {Scope} scope
 * @param {Readable<number>} count$
 * @param {(count: number) => string} words
 * @param {() => void} show
 * @param {boolean} [below] whether the news is below what is read
 */
export function Pill(scope, count$, words, show, below = false) {
  return scope.h('div', { class: below ? 'pill below' : 'pill', 'aria-live': 'polite' },
    scope.show(count$.map((count) => count > 0), (any, inner) => any && inner.h('button', { class: 'pill-button', type: 'button', onclick: show },
      icon(below ? 'arrow-down' : 'arrow-up', 'small'), count$.map(words))));
}
