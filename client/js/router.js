// @ts-check
// Addresses to views on the History API: loads that can be called off, positions that are kept,
// links that need nothing but their `href`.

import { ApiError } from './api/client.js';
import { observable } from './utils/state.js';
import { uuid } from './utils/uuid.js';
/** @import { App } from './app.js' */
/** @import { Scope, View } from './utils/dom.js' */
/** @import { ScrollMemory } from './utils/scroll-memory.js' */

/**
 * @typedef {Record<string, string>} Params
 * @typedef {{name: string, params: Params, url: URL, query: URLSearchParams, hash: string}} Place `hash` without its `#`
 * @typedef {{query: URLSearchParams, hash: string, anchor: string | null, signal: AbortSignal, app: App}} LoadContext `anchor`: id of the element one returns to
 */

/**
 * @template D
 * @typedef {object} RoutedView
 * @property {(params: Params, context: LoadContext) => Promise<D> | D} [load]
 * @property {(data: D, app: App) => string} title
 * @property {(data: D, scope: Scope, app: App, place: Place) => Node} render
 * @property {(scope: Scope, params: Params, app: App) => Node | null} [skeleton] stands while `load` takes its time
 */

/**
 * @typedef {() => Promise<{view: RoutedView<any>}>} LazyView
 * @typedef {{name: string, path: string, view: LazyView}} ViewRoute
 * @typedef {{name: string, path: string, redirect: (params: Params, app: App, signal: AbortSignal) => Promise<string>}} RedirectRoute
 * @typedef {ViewRoute | RedirectRoute} Route
 * @typedef {{notFound: LazyView, failed: LazyView}} Otherwise
 * @typedef {{main: HTMLElement, show: (view: View) => void}} Outlet where views stand
 * @typedef {{place: Place, route: Route | null, promise: Promise<Loaded>, controller: AbortController, at: number}} Visit
 * @typedef {{view: RoutedView<any>, data: any} | {redirect: string}} Loaded
 */

/** For so long nothing shows that a page is loading, in ms: most come sooner. */
export const PATIENCE_MS = 150;
/** For so long a page that was fetched ahead is good enough, in ms. */
const FRESH_MS = 5000;
/** How many left pages keep what they showed, for the way back. */
const KEPT_PAGES = 10;

export class Router {
  #app;
  #matchers;
  #otherwise;
  #memory;
  /** @type {Outlet | null} */
  #outlet = null;
  /** The key of the history entry that is shown. */
  #entry = '';
  /** @type {AbortController} */
  #loading = new AbortController();
  /** Whether a page is on its way that is not shown yet. */
  #pending = false;
  /** Data of pages that were left, by history entry. @type {Map<string, any>} */
  #kept = new Map();
  /** Grows whenever somebody else is signed in. */
  #reader = 0;
  /** Whether the page could not be had for want of an answer. */
  #unanswered = false;
  /** Closes what stands over the page. @type {(() => void) | null} */
  #over = null;
  /** A page fetched ahead. @type {Visit | null} */
  #ahead = null;

  /** Where we are. */
  place$;
  /** Whether the next page lets itself be waited for. */
  loading$ = observable(false);

  /**
   * @param {App} app passed on to views
   * @param {readonly Route[]} routes
   * @param {Otherwise} otherwise
   * @param {ScrollMemory} memory
   */
  constructor(app, routes, otherwise, memory) {
    this.#app = app;
    this.#matchers = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
    this.#otherwise = otherwise;
    this.#memory = memory;
    this.place$ = observable(this.#placeOf(new URL(location.href)).place);
  }

  // Lifecycle

  /**
   * Shows the page of the present address.
   *
   * @param {Outlet} outlet
   * @param {any} [data] what the server wrote into the page, instead of loading it
   */
  async start(outlet, data) {
    this.#outlet = outlet;
    this.#entry = history.state?.key ?? uuid();
    history.replaceState({ key: this.#entry }, '');
    window.addEventListener('popstate', () => this.#traverse());
    document.addEventListener('click', (event) => this.#follow(event));
    for (const type of ['pointerover', 'focusin', 'pointerdown']) document.addEventListener(type, (event) => this.#anticipate(event), { passive: true });
    this.#scrollByHand();
    await this.#visit(new URL(location.href), { data, quietly: true, restore: data === undefined });
  }

  /** The first page has been taken over. Where the browser had not come yet by itself, to the target or to the place before a reload, we go now. */
  settle() {
    if (window.scrollY === 0 && !this.#memory.restore(this.#entry)) this.#scrollToHash(new URL(location.href));
  }

  // Actions

  /** @param {string} address @param {{replace?: boolean}} [options] @returns {Promise<void>} once it is shown */
  async go(address, { replace = false } = {}) {
    const url = new URL(address, location.href);
    this.#over = null;
    this.#leave();
    if (!replace) this.#entry = uuid();
    history[replace ? 'replaceState' : 'pushState']({ key: this.#entry }, '', url);
    if (this.#isHere(url) && this.#scrollToHash(url)) return this.#callOff();
    await this.#visit(url, {});
  }

  /** Loads the present page anew, where one is. @returns {Promise<void>} */
  async reload() {
    this.#leave();
    await this.#visit(new URL(location.href), { restore: true, quietly: true });
  }

  /** The network is back: a page that did not come is asked for again. */
  recover() {
    if (this.#unanswered) void this.reload();
  }

  /** Changes the address without going anywhere, as one reads on; not while one is leaving, since the address is that of the next page by then. @param {string} address */
  note(address) {
    const url = new URL(address, location.href);
    if (this.#pending || url.href === location.href) return;
    history.replaceState({ key: this.#entry }, '', url);
    this.place$.set(this.#placeOf(url).place);
  }

  /**
   * For what stands over the page, as a screen of its own: the way back closes it and leads nowhere. Gives back the
   * function to call when it was closed otherwise.
   *
   * @param {() => void} close
   * @returns {() => void}
   */
  over(close) {
    history.pushState({ key: this.#entry }, '');
    this.#over = close;
    return () => {
      if (this.#over !== close) return;
      this.#over = null;
      history.back();
    };
  }

  /**
   * Keeps what `snapshot` gives when `scope` ends, so that the way back shows it at once.
   *
   * @param {Scope} scope
   * @param {() => any} snapshot in the form that the view's `load` gives
   */
  remember(scope, snapshot) {
    const [entry, reader] = [this.#entry, this.#reader];
    scope.onEnd(() => {
      if (reader !== this.#reader) return; // what was shown was for somebody else
      this.#kept.delete(entry);
      this.#kept.set(entry, snapshot());
      for (const [oldest] of [...this.#kept].slice(0, -KEPT_PAGES)) this.#kept.delete(oldest);
    });
  }

  /** Forgets what was kept, and what is on screen now will not be: it was for somebody else. */
  forget() {
    this.#reader += 1;
    this.#kept.clear();
    this.#ahead = null;
  }

  // Internal

  /** The browser restores positions before the page has its length; after a reload it does it well. */
  #scrollByHand() {
    history.scrollRestoration = 'manual';
    window.addEventListener('pagehide', () => {
      this.#leave();
      history.scrollRestoration = 'auto';
    });
    window.addEventListener('pageshow', () => (history.scrollRestoration = 'manual'));
  }

  #leave() {
    if (this.#outlet) this.#memory.save(this.#entry, this.#outlet.main);
  }

  #traverse() {
    const over = this.#over;
    this.#over = null;
    over?.();
    if (history.state?.key === this.#entry) return undefined; // the page is the same without it
    this.#leave();
    const url = new URL(location.href);
    const here = this.#isHere(url);
    this.#entry = history.state?.key ?? uuid();
    history.replaceState({ key: this.#entry }, '');
    this.place$.set(this.#placeOf(url).place);
    if (here && (this.#memory.restore(this.#entry) || this.#scrollToHash(url))) return this.#callOff();
    return void this.#visit(url, { restore: true, data: this.#kept.get(this.#entry) });
  }

  /** Whether only the part after `#` differs from what is shown. @param {URL} url */
  #isHere(url) {
    const here = this.place$.get().url;
    return here.pathname === url.pathname && here.search === url.search && url.hash !== '';
  }

  /**
   * @param {URL} url
   * @param {{data?: any, restore?: boolean, quietly?: boolean}} how `quietly`: focus and scroll stay
   */
  async #visit(url, { data, restore = false, quietly = false }) {
    this.#loading.abort();
    const inside = this.#outlet?.main.contains(document.activeElement);
    const visit = this.#take(url, data, restore);
    this.#loading = visit.controller;
    this.#pending = true;
    const patience = setTimeout(() => void this.#showSkeleton(visit), PATIENCE_MS);
    try {
      const loaded = await visit.promise;
      if (visit.controller.signal.aborted) return;
      if ('redirect' in loaded) return void (await this.go(loaded.redirect, { replace: true }));
      this.#show(visit.place, loaded.view, loaded.data);
    } catch (error) {
      if (visit.controller.signal.aborted) return;
      await this.#showFailure(visit.place, error);
    } finally {
      clearTimeout(patience);
      if (this.#loading === visit.controller) this.#settled();
    }
    // What had the focus may be gone, such as the button that asked for the page again.
    if (quietly && inside) this.#focusHeading();
    if (!quietly) this.#arrive(url, restore);
    else if (restore && !this.#memory.restore(this.#entry)) this.#scrollToHash(url);
  }

  /** Stays on the page that is shown: what was on its way would come to an address that is not its own. */
  #callOff() {
    this.#loading.abort();
    this.#settled();
  }

  #settled() {
    this.#pending = false;
    this.loading$.set(false);
  }

  /** The visit that was begun ahead, if it is this one and fresh, or a new one. @param {URL} url @param {any} data @param {boolean} restore @returns {Visit} */
  #take(url, data, restore) {
    const ahead = this.#ahead;
    this.#ahead = null;
    if (ahead && data === undefined && !restore && ahead.place.url.href === url.href && performance.now() - ahead.at < FRESH_MS) return ahead;
    ahead?.controller.abort();
    return this.#begin(url, data, restore ? (this.#memory.at(this.#entry)?.id ?? null) : null);
  }

  /** @param {URL} url @param {any} [data] @param {string | null} [anchor] @returns {Visit} */
  #begin(url, data, anchor = null) {
    const { place, route } = this.#placeOf(url);
    const controller = new AbortController();
    const promise = this.#load(place, route, data, anchor, controller.signal);
    promise.catch(() => {}); // whoever shows the visit hears of it; one that was begun ahead in vain may fail in silence
    return { place, route, promise, controller, at: performance.now() };
  }

  /** @param {Place} place @param {Route | null} route @param {any} data @param {string | null} anchor @param {AbortSignal} signal @returns {Promise<Loaded>} */
  async #load(place, route, data, anchor, signal) {
    if (!route) return { view: (await this.#otherwise.notFound()).view, data: null };
    if ('redirect' in route) return { redirect: await route.redirect(place.params, this.#app, signal) };
    const { view } = await route.view();
    if (data !== undefined || !view.load) return { view, data: data ?? null };
    const { query, hash } = place;
    return { view, data: await view.load(place.params, { query, hash, anchor, signal, app: this.#app }) };
  }

  /** @param {Place} place @param {RoutedView<any>} view @param {any} data */
  #show(place, view, data) {
    this.#unanswered = false;
    this.place$.set(place);
    /** @type {Outlet} */ (this.#outlet).show((scope) => view.render(data, scope, this.#app, place));
    this.#app.title$.set(view.title(data, this.#app));
  }

  /** @param {Visit} visit */
  async #showSkeleton({ route, place, controller }) {
    this.loading$.set(true);
    if (!route || 'redirect' in route) return;
    const { view } = await route.view();
    if (controller.signal.aborted || !this.loading$.get() || !view.skeleton) return;
    const { skeleton } = view;
    this.place$.set(place);
    /** @type {Outlet} */ (this.#outlet).show((scope) => skeleton(scope, place.params, this.#app));
    window.scrollTo({ top: 0, behavior: 'instant' });
  }

  /** @param {Place} place @param {unknown} error */
  async #showFailure(place, error) {
    const missing = error instanceof ApiError && error.status === 404;
    try {
      const { view } = await (missing ? this.#otherwise.notFound() : this.#otherwise.failed());
      // A module that could not be fetched is remembered as missing until the page is loaded anew.
      const retry = () => (error instanceof ApiError ? this.reload() : location.reload());
      this.#show(place, view, { error, retry });
      this.#unanswered = error instanceof ApiError && error.status === 0;
    } catch {
      this.#app.notices.say('This page could not be loaded.', { kind: 'error', action: { label: 'Try again', run: () => location.reload() } });
    }
    if (!(error instanceof ApiError)) this.#app.report(error);
  }

  /** Takes eyes and ears to the page that came. @param {URL} url @param {boolean} restore */
  #arrive(url, restore) {
    this.#focusHeading();
    if (restore && this.#memory.restore(this.#entry)) return;
    if (!this.#scrollToHash(url)) window.scrollTo({ top: 0, behavior: 'instant' });
  }

  /** What the view itself focused, such as the first field of a form, stays focused. */
  #focusHeading() {
    const { main } = /** @type {Outlet} */ (this.#outlet);
    const heading = /** @type {HTMLElement} */ (main.querySelector('h1') ?? main);
    if (!heading.hasAttribute('tabindex')) heading.setAttribute('tabindex', '-1');
    if (!main.contains(document.activeElement) || document.activeElement === main) heading.focus({ preventScroll: true });
  }

  /** @param {URL} url @returns {boolean} whether the target is on the page */
  #scrollToHash(url) {
    const target = url.hash && document.getElementById(safeDecode(url.hash.slice(1)));
    if (!target) return false;
    this.place$.set(this.#placeOf(url).place);
    target.scrollIntoView({ behavior: 'instant' });
    if (!target.hasAttribute('tabindex')) target.setAttribute('tabindex', '-1');
    target.focus({ preventScroll: true });
    return true;
  }

  /** @param {MouseEvent} event */
  #follow(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const url = this.#linkAt(event.target);
    if (!url) return;
    event.preventDefault();
    void this.go(url.href);
  }

  /** Fetches the view when a link is pointed at, and its data when it is pressed. @param {Event} event */
  #anticipate(event) {
    const url = this.#linkAt(event.target);
    if (!url || this.#isHere(url)) return;
    const { route } = this.#placeOf(url);
    if (!route || !('view' in route)) return;
    if (event.type !== 'pointerdown') return void route.view().catch(() => {}); // the click will say so
    const { button, pointerType } = /** @type {PointerEvent} */ (event);
    // A finger on a link is mostly about to scroll.
    if (button !== 0 || pointerType === 'touch' || this.#ahead?.place.url.href === url.href) return;
    this.#ahead?.controller.abort();
    this.#ahead = this.#begin(url);
  }

  /** The page of ours that a link leads to. @param {EventTarget | null} target @returns {URL | null} */
  #linkAt(target) {
    const link = target instanceof Element ? target.closest('a') : null;
    if (!link || !link.href || link.hasAttribute('download') || (link.target && link.target !== '_self')) return null;
    const url = new URL(link.href);
    return url.origin === location.origin && this.#placeOf(url).route ? url : null;
  }

  /** @param {URL} url @returns {{place: Place, route: Route | null}} */
  #placeOf(url) {
    const place = { url, query: url.searchParams, hash: url.hash.slice(1) };
    for (const { route, pattern } of this.#matchers) {
      const found = pattern.exec(url.pathname);
      if (found) return { route, place: { ...place, name: route.name, params: decoded(found.groups ?? {}) } };
    }
    return { route: null, place: { ...place, name: 'not-found', params: {} } };
  }
}

/** `/b/:slug/new` as a pattern; a slash at the end does not matter. @param {string} path */
function patternOf(path) {
  const parts = path === '/' ? '' : path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return new RegExp(`^${parts}/?$`);
}

/** @param {Record<string, string>} groups @returns {Params} */
function decoded(groups) {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, safeDecode(value)]));
}

/** @param {string} text */
function safeDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
