// @ts-check
// Beside words that were selected in a post: quoting them is one touch (and one key, `q`).

import { observable } from '../utils/state.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */

/** A rest after which a selection counts as made, ms. */
const REST_MS = 250;

/**
 * @param {Scope} scope
 * @param {Element} rows
 * @param {(position: number) => void} quote
 */
export function QuoteButton(scope, rows, quote) {
  const { h } = scope;
  const at$ = observable(/** @type {{x: number, y: number, position: number} | null} */ (null));
  let stop = () => {};
  scope.on(document, 'selectionchange', () => {
    stop();
    stop = scope.timeout(() => at$.set(placeOf(rows)), REST_MS);
  });
  scope.on(window, 'scroll', () => at$.set(null), { passive: true });
  return h('div', {}, scope.show(at$, (at, inner) => at && inner.h('button', {
    class: 'quote-button button', type: 'button', css: { '--x': `${at.x}px`, '--y': `${at.y}px` },
    // The selection would be gone before the click came.
    onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
    onclick: () => {
      at$.set(null);
      quote(at.position);
    },
  }, icon('quote'), 'Quote')));
}

/** Below the end of the selection, if that is in the words of one post. @param {Element} rows */
function placeOf(rows) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.toString().trim() === '') return null;
  const [start, end] = [selection.anchorNode, selection.focusNode].map((node) => (node instanceof Element ? node : node?.parentElement)?.closest('.prose'));
  if (!start || start !== end || !rows.contains(start)) return null;
  const { right, bottom } = selection.getRangeAt(0).getBoundingClientRect();
  const position = Number(start.closest('[data-position]')?.getAttribute('data-position'));
  return { x: Math.max(8, Math.min(right - 60, innerWidth - 120)), y: Math.max(8, Math.min(bottom + 8, innerHeight - 60)), position };
}
