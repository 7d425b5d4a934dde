// @ts-check
// One clock for all times on a page, so that relative times need no timers of their own.

import { observable } from './state.js';
/** @import { Readable } from './state.js' */

/** How often relative times are told anew, in ms: half of the smallest unit they show. */
const TICK_MS = 30_000;

/**
 * The time in ms; `null` until `start`, so that the first page reads as the server wrote it.
 *
 * @returns {{now$: Readable<number | null>, start: () => void}}
 */
export function createClock() {
  const now$ = observable(/** @type {number | null} */ (null));
  const tick = () => now$.set(Date.now());
  return {
    now$,
    start() {
      tick();
      setInterval(tick, TICK_MS);
    },
  };
}
