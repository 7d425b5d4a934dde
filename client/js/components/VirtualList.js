// @ts-check
// A long list of which only the rows near the window are on the page. What one reads stays where it is while rows come,
// go and change their heights; who is at the end stays at the end.

import { Layout } from '../utils/Layout.js';
import { observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */

/** Rows are made so far above and below the window, px: a turn of the wheel shows nothing empty. */
const AHEAD_PX = 800;
/** So close to the end counts as at the end, px. */
const AT_END_PX = 24;
/** New rows may turn out smaller than was thought, so that more of them are needed; it settles in a few rounds. */
const ROUNDS = 6;

/** @typedef {{key: string, top: number}} Position the first row in the window, and its top in px from the window's */

/** @template {{key: string}} T */
export class VirtualList {
  #viewport;
  #above;
  #below;
  #layout;
  #items$;
  #ends$;
  #shown$ = observable(/** @type {readonly T[]} */ ([]));
  /** Elements of the rows that are on the page. @type {Map<string, HTMLElement>} */
  #elements = new Map();
  #sizes;
  /** Whether a look at the rows is due. */
  #due = false;
  /** The items, the first and the one behind the last, that are on the page. @type {[readonly T[], number, number]} */
  #placed = [[], 0, 0];
  /** What is held in its place. @type {Position | null} */
  #anchor = null;
  /** Where the window stood when that was noted, px. */
  #scrolled = 0;
  /** Whether one is at the end, and stays there. */
  atEnd$ = observable(true);
  /** The rows that can be seen: the first and the last. */
  seen$ = observable(/** @type {readonly [number, number]} */ ([0, -1]));

  /**
   * @param {Scope} scope
   * @param {HTMLElement} viewport what scrolls
   * @param {Readable<readonly T[]>} items$
   * @param {(item$: Readable<T>, scope: Scope) => HTMLElement} render
   * @param {{estimate: number, ends$: Readable<boolean>, at?: Position | null}} options `ends$`: whether nothing follows
   *   the items, so that their end is one to stay at; `at`: where to begin, instead of at the end
   */
  constructor(scope, viewport, items$, render, { estimate, ends$, at = null }) {
    this.#viewport = viewport;
    this.#items$ = items$;
    this.#ends$ = ends$;
    this.#layout = new Layout(estimate);
    this.#above = scope.h('div', { 'aria-hidden': 'true' });
    this.#below = scope.h('div', { 'aria-hidden': 'true' });
    // Who wants no motion gets endless short transitions (css/global.css), in which a height is not yet what it is set to.
    for (const room of [this.#above, this.#below]) room.style.setProperty('transition', 'none');
    if (at) this.#hold(at);
    // New rows must wait for the next frame here: they would be rows of the same depth, which the observer refuses.
    this.#sizes = new ResizeObserver(() => {
      if (!this.#measure()) return;
      this.#stay();
      requestAnimationFrame(() => this.settle());
    });
    viewport.append(this.#above, scope.list(this.#shown$, ({ key }) => key, (item$, row) => {
      const { key } = item$.get();
      const element = render(item$, row);
      this.#elements.set(key, element);
      this.#sizes.observe(element);
      row.onEnd(() => {
        this.#elements.delete(key);
        this.#sizes.unobserve(element);
      });
      return element;
    }), this.#below);
    // Browsers that correct by themselves would correct a second time.
    viewport.style.setProperty('overflow-anchor', 'none');
    const size = new ResizeObserver(() => this.settle());
    size.observe(viewport);
    scope.on(viewport, 'scroll', () => this.#onScroll(), { passive: true });
    scope.subscribe(items$, (items) => {
      this.#layout.rows(items.map(({ key }) => key));
      // Once all has changed that changes with it, and before anything is painted.
      if (!this.#due) queueMicrotask(() => this.settle());
      this.#due = true;
    });
    // Whoever looks at the last of them is at the end once nothing more follows, and no longer when something does.
    scope.onEnd(ends$.subscribe(() => queueMicrotask(() => viewport.isConnected && this.#onScroll())));
    scope.onEnd(() => {
      size.disconnect();
      this.#sizes.disconnect();
    });
  }

  /** Goes to the end and stays there. */
  toEnd() {
    this.atEnd$.set(true);
    this.#anchor = null;
    this.settle();
  }

  /** Puts a row into the window, `top` px below its upper edge. @param {string} key @param {number} [top] @returns {HTMLElement | undefined} the row */
  show(key, top = this.#viewport.clientHeight / 3) {
    if (this.#layout.place(key) === this.#layout.length) return undefined;
    this.#hold({ key, top });
    this.settle();
    return this.#elements.get(key);
  }

  /** For the way back; `null` at the end. @returns {Position | null} */
  position() {
    return this.atEnd$.get() ? null : this.#anchor;
  }

  /** Shows the rows that belong into the window, where they belong. */
  settle() {
    this.#due = false;
    if (!this.#viewport.isConnected || this.#viewport.clientHeight === 0) return;
    for (let round = 0; round < ROUNDS; round += 1) {
      const [from, to] = this.#range(this.#wantedTop());
      this.#place(from, to);
      if (!this.#measure()) break;
    }
    this.#stay();
  }

  /** Puts what is held where it belongs. */
  #stay() {
    const [, from, to] = this.#placed;
    const wanted = this.#wantedTop();
    this.#space(from, to);
    if (Math.abs(this.#viewport.scrollTop - wanted) >= 0.5) this.#viewport.scrollTop = wanted;
    this.#note();
  }

  /** @param {Position} position */
  #hold(position) {
    this.atEnd$.set(false);
    this.#anchor = position;
    this.#scrolled = this.#viewport.scrollTop;
  }

  #onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.#viewport;
    // A scroll event tells of the past: rows may have come or grown since, so what counts is where one is now; and who
    // was at the end leaves it by going up.
    const near = scrollHeight - clientHeight - scrollTop <= AT_END_PX;
    this.atEnd$.set(this.#ends$.get() && (near || (this.atEnd$.get() && scrollTop >= this.#scrolled)));
    this.#note();
    this.settle();
  }

  /** Where the window has to stand for what is held to be in its place, px. */
  #wantedTop() {
    const { clientHeight, scrollTop } = this.#viewport;
    const most = Math.max(0, this.#layout.total - clientHeight);
    if (this.atEnd$.get()) return most;
    const anchor = this.#anchor;
    if (!anchor || this.#layout.place(anchor.key) === this.#layout.length) return Math.min(scrollTop, most);
    // One may have scrolled since it was noted without our having heard of it yet.
    const moved = scrollTop - this.#scrolled;
    return Math.max(0, Math.min(most, this.#layout.top(this.#layout.place(anchor.key)) - anchor.top + moved));
  }

  /** The rows near a window that stands at `top`. @param {number} top @returns {[number, number]} */
  #range(top) {
    if (this.#layout.length === 0) return [0, 0];
    const from = this.#layout.at(top - AHEAD_PX);
    return [from, this.#layout.at(top + this.#viewport.clientHeight + AHEAD_PX) + 1];
  }

  /** @param {number} from @param {number} to */
  #place(from, to) {
    const items = this.#items$.get();
    const [placed, first, end] = this.#placed;
    if (items === placed && from === first && to === end) return;
    this.#placed = [items, from, to];
    const before = document.activeElement;
    const inside = before !== this.#viewport && this.#viewport.contains(before);
    this.#shown$.set(items.slice(from, to));
    // What had the focus is gone with its row.
    if (inside && !before?.isConnected) this.#viewport.focus({ preventScroll: true });
    this.#space(from, to);
  }

  /** Room for the rows that are not on the page. @param {number} from @param {number} to */
  #space(from, to) {
    this.#above.style.setProperty('height', `${this.#layout.top(from)}px`);
    this.#below.style.setProperty('height', `${this.#layout.total - this.#layout.top(to)}px`);
  }

  /** @returns {boolean} whether a height was another than was thought */
  #measure() {
    let changed = false;
    for (const [key, element] of this.#elements) changed = this.#layout.measured(key, element.getBoundingClientRect().height) || changed;
    return changed;
  }

  /** Notes what is in the window, and where. */
  #note() {
    const { scrollTop, clientHeight } = this.#viewport;
    const layout = this.#layout;
    this.#scrolled = scrollTop;
    if (layout.length === 0) return;
    const first = layout.at(scrollTop);
    const last = layout.at(scrollTop + clientHeight - 1);
    // The first that begins in the window stays; of one that only reaches into it what is read may be its end.
    const held = layout.top(first) < scrollTop && first < last ? first + 1 : first;
    this.#anchor = { key: /** @type {string} */ (layout.key(held)), top: layout.top(held) - scrollTop };
    const [before, after] = this.seen$.get();
    if (before !== first || after !== last) this.seen$.set([first, last]);
  }
}
