// @ts-check
// Tells the server how long pages take in this browser and what breaks there, and nothing of who reads what. It comes
// with the share of page loads that the server asks for, and says nothing where the reader asks not to be tracked.

import { ApiError } from './api/client.js';
import { PATIENCE_MS } from './router.js';
/** @import { App } from './app.js' */

/** The most changes, and the most errors, that one page load reports; the server takes no more in a report. */
const MOST = 10;
/** So long after the page is there it is said how long that took, in ms: by then it is painted, and nothing is in the way. */
const SETTLED_MS = 2000;
/** A page that was not there by then was loaded by a computer that slept, in ms. */
const LONGEST_MS = 600_000;

/**
 * @typedef {{route: string, ms: number}} Change
 * @typedef {{class: string, route: string}} Broken
 * @typedef {{route: string, ms: number, paint_ms: number | null}} Load
 */

/**
 * @param {App} app
 * @param {Window & typeof globalThis} [page] the browser, as it is
 */
export function watch(app, page = window) {
  const { document, navigator, performance } = page;
  if (/** @type {any} */ (navigator).globalPrivacyControl || navigator.doNotTrack === '1') return;
  const route = () => app.router.place$.get().name;
  const first = route();
  // A page in the background, or one fetched ahead, takes as long as the browser likes.
  const seen = document.visibilityState === 'visible' && !(/** @type {any} */ (document).prerendering);

  let visit = !document.referrer.startsWith(`${page.location.origin}/`);
  /** @type {Change[]} */
  let changes = [];
  /** @type {Broken[]} */
  let errors = [];
  const left = { changes: MOST, errors: MOST };
  let measured = !seen;

  /** How long the page took, once. @returns {Load | null} */
  const measure = () => {
    const [entry] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
    if (measured || !entry?.loadEventEnd) return null;
    measured = true;
    if (entry.loadEventEnd > LONGEST_MS) return null;
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return { route: first, ms: Math.round(entry.loadEventEnd), paint_ms: paint ? Math.round(paint.startTime) : null };
  };

  const send = () => {
    const load = measure();
    if (!load && changes.length + errors.length === 0) return;
    const { release } = app.session.site$.get();
    const body = JSON.stringify({ release, visit, load, changes, errors });
    [visit, changes, errors] = [false, [], []];
    const headers = { 'content-type': 'application/json' };
    // Without cookies: the server need not know who it is. A report that does not arrive is no loss.
    page.fetch('/api/telemetry', { method: 'POST', headers, body, keepalive: true, credentials: 'omit' }).catch(() => {});
  };

  const settle = () => page.setTimeout(send, SETTLED_MS);
  if (document.readyState === 'complete') settle();
  else page.addEventListener('load', settle, { once: true });

  // The router says that a page lets itself be waited for after its patience is over.
  let since = 0;
  app.router.loading$.subscribe((waiting) => {
    if (waiting) since = performance.now() - PATIENCE_MS;
    else if (since > 0) {
      const ms = Math.round(performance.now() - since);
      if (left.changes > 0 && ms <= LONGEST_MS) changes.push({ route: route(), ms });
      left.changes -= 1;
      since = 0;
    }
  });

  /** @param {any} error */
  const broke = (error) => {
    // Refusals, and what was called off, are no errors of the client.
    if (!error || error instanceof ApiError || error.name === 'AbortError') return;
    if (left.errors > 0) errors.push({ class: String(error.name).slice(0, 40), route: route() });
    left.errors -= 1;
  };
  page.addEventListener('error', ({ error }) => broke(error));
  page.addEventListener('unhandledrejection', ({ reason }) => broke(reason));

  // The last moment that every browser gives.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && send());
  page.addEventListener('pagehide', send);
}
