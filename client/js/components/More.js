// @ts-check
// The end of a list that has more: a link for everyone, and with scripts the rest comes by itself.

/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */

/** How far below the window the end may be when the next rows are fetched. */
const AHEAD = '800px';

/** @typedef {'idle' | 'loading' | 'end' | 'failed'} Loading */

/**
 * @param {Scope} scope
 * @param {Readable<Loading>} state$
 * @param {() => void} load
 * @param {string} href the next rows as a page of their own
 * @param {string} [words]
 */
export function More(scope, state$, load, href, words = 'Show more') {
  const { h } = scope;
  const link = h('a', {
    class: 'button', href,
    onclick: (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      load();
    },
  }, state$.map((state) => (state === 'loading' ? 'Loading…' : state === 'failed' ? 'This did not load. Try again' : words)));
  const box = h('div', { class: 'more', hidden: state$.map((state) => state === 'end') }, link);
  const observer = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && state$.get() === 'idle') load();
  }, { rootMargin: AHEAD });
  observer.observe(box);
  scope.onEnd(() => observer.disconnect());
  // After a page came, the end may still be near: look again.
  scope.subscribe(state$, (state) => {
    if (state !== 'idle') return;
    observer.unobserve(box);
    observer.observe(box);
  });
  return box;
}

/**
 * The address of the next rows.
 *
 * @param {string} next cursor
 * @param {Record<string, string | null>} [query] what else the address says
 */
export function nextAddress(next, query = {}) {
  const kept = Object.entries({ ...query, cursor: next }).filter(([, value]) => value);
  return `?${kept.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
}
