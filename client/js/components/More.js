// @ts-check
// The end of a list that has more: a link for everyone, and with scripts the rest comes by itself.

/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */

/** How far from the window the end may be when the next rows are fetched, px. */
const AHEAD = 800;

/** @typedef {'idle' | 'loading' | 'end' | 'failed'} Loading */

/**
 * @param {Scope} scope
 * @param {Readable<Loading>} state$
 * @param {() => void} load
 * @param {string} href the next rows as a page of their own
 * @param {string} [words]
 * @param {boolean} [above] whether the rows come above: then only for somebody who goes up, since what is being
 *   read must not be pushed away by what nobody asked for
 */
export function More(scope, state$, load, href, words = 'Show more', above = false) {
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
  const loadIfIdle = () => state$.get() === 'idle' && load();
  if (above) whenGoingUp(scope, box, loadIfIdle);
  else whenNear(scope, box, state$, loadIfIdle);
  return box;
}

/** @param {Scope} scope @param {Element} box @param {Readable<Loading>} state$ @param {() => void} load */
function whenNear(scope, box, state$, load) {
  const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && load(), { rootMargin: `${AHEAD}px` });
  scope.onEnd(() => observer.disconnect());
  // After a page came, the end may still be near: look again.
  scope.subscribe(state$, (state) => {
    observer.unobserve(box);
    if (state === 'idle') observer.observe(box);
  });
}

/** @param {Scope} scope @param {Element} box @param {() => void} load */
function whenGoingUp(scope, box, load) {
  let last = window.scrollY;
  const look = () => box.getBoundingClientRect().bottom > -AHEAD && load();
  scope.on(window, 'scroll', () => {
    if (window.scrollY < last) look();
    last = window.scrollY;
  }, { passive: true });
  scope.on(window, 'wheel', (event) => event.deltaY < 0 && look(), { passive: true });
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
