// @ts-check
// Which post is at the top of the window, and which one has been read to its end.

import { observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { Post } from '../types.js' */

/** The post that crosses this line is the one being read, px from the top of the window. */
const LINE = 240;

/**
 * @param {Scope} scope
 * @param {Element} rows holds the posts' elements
 * @param {Readable<readonly Post[]>} posts$
 * @param {(post: Post) => void} seen told of the last post whose end is on the screen
 */
export function readingPlace(scope, rows, posts$, seen) {
  const here$ = observable(placeOf(posts$.get()[0]));
  let asked = false;
  const look = () => {
    asked = false;
    if (scope.signal.aborted) return;
    if (!rows.isConnected) return ask(); // the first page is still being taken over
    const byPosition = new Map(posts$.get().map((post) => [String(post.position), post]));
    for (const element of /** @type {Iterable<HTMLElement>} */ (rows.children)) {
      const post = byPosition.get(element.dataset.position ?? '');
      if (!post) continue;
      const { top, bottom } = element.getBoundingClientRect();
      if (top <= LINE && here$.get().position !== post.position) here$.set(placeOf(post));
      if (bottom <= innerHeight && document.visibilityState === 'visible') seen(post);
      if (top > innerHeight) break;
    }
  };
  function ask() {
    if (!asked) requestAnimationFrame(look);
    asked = true;
  }
  scope.on(window, 'scroll', ask, { passive: true });
  scope.on(window, 'resize', ask, { passive: true });
  scope.on(document, 'visibilitychange', ask);
  scope.subscribe(posts$, ask);
  return here$;
}

/** @param {Post | undefined} post */
function placeOf(post) {
  if (!post) return { position: 1, created_at: '1970-01-01T00:00:00.000Z' };
  return { position: post.position, created_at: post.deleted ? post.deleted_at : post.created_at };
}
