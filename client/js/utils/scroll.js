// @ts-check
// Keeps what is being read at its exact place on the screen while the page changes around it:
// posts that arrive or load above, edits, pictures, reactions.

/** @import { Scope } from './dom.js' */

/** For so long after a touch or key in a row, that row is what the reader looks at, in ms. */
const TOUCH_MS = 1000;

/** @typedef {{element: Element, top: number}} Anchor where an element's top was, in px from the top of the window */

/**
 * Which rows may be held on to, best first: the one just touched, the first that begins in the
 * window, then the others that can be seen, from above.
 *
 * @param {readonly {element: Element, top: number, bottom: number}[]} rows in order
 * @param {number} height of the window
 * @param {Element | null} touched
 * @returns {Anchor[]}
 */
export function anchorsAmong(rows, height, touched) {
  const seen = rows.filter((row) => row.bottom > 0 && row.top < height);
  /** @param {{element: Element, top: number}} row */
  const rank = (row) => (row.element === touched ? 0 : row.top >= 0 ? 1 : 2);
  return seen.map(({ element, top }) => ({ element, top })).sort((a, b) => rank(a) - rank(b));
}

/** Holds the reading position among the children of one element. The window is what scrolls. */
export class ScrollKeeper {
  #rows;
  #now;
  /** @type {Anchor[]} */
  #anchors = [];
  /** Where the window was scrolled to when the anchors were noted. */
  #scrolled = 0;
  /** @type {{row: Element, at: number} | null} */
  #touched = null;

  /**
   * @param {Scope} scope
   * @param {Element} rows its children are the rows
   * @param {() => number} [now] ms
   */
  constructor(scope, rows, now = () => performance.now()) {
    this.#rows = rows;
    this.#now = now;
    const root = document.documentElement;
    // Browsers that correct by themselves would correct a second time.
    root.style.setProperty('overflow-anchor', 'none');
    scope.onEnd(() => root.style.removeProperty('overflow-anchor'));
    scope.on(window, 'scroll', () => this.note(), { passive: true });
    for (const type of ['pointerdown', 'keydown']) scope.on(rows, type, (event) => this.#touch(event.target), { passive: true });
    this.#watch(scope);
  }

  /** Notes what stands where now. */
  note() {
    const recent = this.#touched && this.#now() - this.#touched.at < TOUCH_MS ? this.#touched.row : null;
    this.#scrolled = window.scrollY;
    this.#anchors = anchorsAmong([...this.#visibleRows()], window.innerHeight, recent);
  }

  /** Puts what is being read back where it was. */
  correct() {
    const anchor = this.#anchors.find(({ element }) => element.isConnected);
    if (anchor) {
      // The reader may have scrolled since without our having heard of it yet.
      const expected = anchor.top - (window.scrollY - this.#scrolled);
      const off = anchor.element.getBoundingClientRect().top - expected;
      if (Math.abs(off) >= 0.5) window.scrollBy({ top: off, behavior: 'instant' });
    }
    this.note();
  }

  /** Lets `move` take the reader somewhere else. @param {() => void} move */
  jump(move) {
    this.#anchors = [];
    move();
    this.note();
  }

  /** @param {Scope} scope */
  #watch(scope) {
    // Mutations are heard of before anything else runs; sizes (pictures, fonts) before the next paint.
    const mutations = new MutationObserver(() => this.correct());
    mutations.observe(this.#rows, { childList: true, subtree: true, characterData: true });
    const sizes = new ResizeObserver(() => this.correct());
    sizes.observe(this.#rows);
    sizes.observe(document.body);
    scope.onEnd(() => {
      mutations.disconnect();
      sizes.disconnect();
    });
  }

  /** @param {Element} target */
  #touch(target) {
    const row = [...this.#rows.children].find((child) => child.contains(target));
    if (!row) return;
    this.#touched = { row, at: this.#now() };
    this.note();
  }

  /** Rows from the first that reaches into the window to the last. */
  *#visibleRows() {
    for (const element of this.#rows.children) {
      const { top, bottom } = element.getBoundingClientRect();
      if (top > window.innerHeight) return;
      if (bottom > 0) yield { element, top, bottom };
    }
  }
}
