import { forgetListeners, noteListeners, window } from './support/dom.js';
import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { Router } from '../js/router.js';
import { routes } from '../js/routes.js';
import { mount } from '../js/utils/dom.js';
import { ScrollMemory } from '../js/utils/scroll-memory.js';
import { observable } from '../js/utils/state.js';
import { settle } from './support/things.js';

/** What happened, in order. @type {string[]} */
let log;
/** Loads that wait to be answered, by path. @type {Map<string, {resolve: (data: any) => void, reject: (error: unknown) => void, signal: AbortSignal}>} */
let loads;
/** @type {any} */
let app;
/** @type {Router} */
let router;
/** @type {HTMLElement} */
let main;
let slow = false;
let scrolled = 0;

/** @param {string} name */
const page = (name) => async () => ({
  view: {
    load: (/** @type {any} */ params, /** @type {any} */ { query, hash, anchor, signal }) => {
      const path = `${name} ${JSON.stringify(params)}${query.size ? `?${query}` : ''}${hash ? `#${hash}` : ''}${anchor ? ` back to ${anchor}` : ''}`;
      log.push(`load ${path}`);
      if (!slow) return { path };
      return new Promise((resolve, reject) => loads.set(name, { resolve, reject, signal }));
    },
    title: (/** @type {any} */ data) => `Title of ${data.path}`,
    render: (/** @type {any} */ data, /** @type {any} */ scope) => {
      scope.onEnd(() => log.push(`leave ${name}`));
      app.router.remember(scope, () => ({ path: `${data.path} kept` }));
      return scope.h('div', {}, scope.h('h1', {}, data.path), scope.h('p', { id: 'post-9' }, 'ninth'));
    },
    skeleton: (/** @type {any} */ scope) => scope.h('h1', {}, `skeleton of ${name}`),
  },
});

const table = /** @type {any} */ ([
  { name: 'home', path: '/', view: page('home') },
  { name: 'board', path: '/b/:slug', view: page('board') },
  { name: 'thread', path: '/threads/:id/:slug', view: page('thread') },
  { name: 'permalink', path: '/p/:id', redirect: async (/** @type {any} */ { id }) => `/threads/7/t#post-${id}` },
  { name: 'broken', path: '/broken', view: async () => ({ view: { title: () => '', render: () => assert.fail('broken view') } }) },
]);
const plain = (/** @type {string} */ text) => async () => ({ view: /** @type {any} */ ({ title: () => text, render: (/** @type {any} */ data, /** @type {any} */ scope) => {
  app.retry = data?.retry;
  return scope.h('h1', {}, text);
} }) });

before(() => {
  noteListeners();
  Object.assign(globalThis, { scrollTo: () => {} });
  /** @type {any} */ (window).scrollTo = (/** @type {any} */ { top }) => (scrolled = top);
  Object.defineProperty(window, 'scrollY', { get: () => scrolled, configurable: true });
});

beforeEach(() => {
  forgetListeners(); // a router lives as long as its page
  log = [];
  loads = new Map();
  slow = false;
  scrolled = 0;
  document.body.innerHTML = '<main tabindex="-1"></main>';
  main = /** @type {HTMLElement} */ (document.querySelector('main'));
  main.scrollIntoView = () => {};
  window.HTMLElement.prototype.scrollIntoView = /** @type {any} */ (() => log.push('scrolled to the target'));
  history.replaceState(null, '', '/');
  app = { title$: observable(''), notices: { say: (/** @type {string} */ text) => log.push(text) }, report: (/** @type {any} */ error) => log.push(`reported ${error.message}`) };
  router = app.router = new Router(app, table, { notFound: plain('Nothing here'), failed: plain('Failed') }, new ScrollMemory(/** @type {any} */ (window.sessionStorage)));
});

/** @param {any} [data] */
async function start(data) {
  let unmount = () => {};
  await router.start({ main, show: (view) => (unmount(), (unmount = mount(main, view))) }, data);
}
const heading = () => main.querySelector('h1')?.textContent;
/** @param {number} steps */
async function travel(steps) {
  history.go(steps);
  await new Promise((done) => setTimeout(done, 20));
  await settle();
}

describe('the router', () => {
  it('shows the first page from what the server wrote, without asking for it', async () => {
    await start({ path: 'from the page' });
    assert.equal(heading(), 'from the page');
    assert.deepEqual(log, []);
    assert.equal(app.title$.get(), 'Title of from the page');
    assert.notEqual(document.activeElement, main.querySelector('h1')); // the reader is left where they are
  });

  it('goes to the target of the first address, unless the browser or the reader has gone somewhere', async () => {
    history.replaceState(null, '', '/threads/7/t#post-9');
    await start({ path: 'from the page' });
    scrolled = 300;
    router.settle();
    assert.deepEqual(log, []);
    scrolled = 0;
    router.settle();
    assert.deepEqual(log, ['scrolled to the target']);
  });

  it('goes to an address: params, query, title, focus, top', async () => {
    await start({ path: 'x' });
    scrolled = 500;
    await router.go('/b/caf%C3%A9?tag=a');
    assert.equal(location.pathname + location.search, '/b/caf%C3%A9?tag=a');
    assert.deepEqual(log, ['load board {"slug":"café"}?tag=a', 'leave home']);
    assert.equal(document.activeElement, main.querySelector('h1'));
    assert.equal(scrolled, 0);
    assert.equal(router.place$.get().name, 'board');
    assert.equal(router.place$.get().params.slug, 'café');
  });

  it('keeps the former page until the next one is there, and calls off a load that nobody waits for', async () => {
    await start({ path: 'x' });
    slow = true;
    const first = router.go('/b/one');
    await settle();
    assert.equal(heading(), 'x');
    const { signal, resolve } = /** @type {any} */ (loads.get('board'));
    const second = router.go('/threads/7/t');
    await settle();
    assert.equal(signal.aborted, true);
    resolve({ path: 'too late' });
    loads.get('thread')?.resolve({ path: 'thread' });
    await Promise.all([first, second]);
    assert.equal(heading(), 'thread');
  });

  it('shows what is known while a page takes its time', async () => {
    await start({ path: 'x' });
    slow = true;
    const going = router.go('/b/one');
    await new Promise((done) => setTimeout(done, 200));
    assert.equal(heading(), 'skeleton of board');
    assert.equal(router.loading$.get(), true);
    loads.get('board')?.resolve({ path: 'board' });
    await going;
    assert.equal(heading(), 'board');
    assert.equal(router.loading$.get(), false);
  });

  it('goes back to what was there, at the position one left', async () => {
    await start({ path: 'home' });
    await router.go('/b/one');
    scrolled = 321;
    await router.go('/threads/7/t');
    log = [];
    await travel(-1);
    assert.equal(heading(), 'board {"slug":"one"} kept');
    assert.deepEqual(log, ['leave thread']);
    assert.equal(location.pathname, '/b/one');
    router.forget(); // somebody else is signed in
    await travel(-1);
    assert.equal(heading(), 'home {} back to post-9');
    await router.go('/b/two');
    router.forget();
    await router.go('/threads/7/t');
    await travel(-1);
    assert.equal(heading(), 'board {"slug":"two"} back to post-9'); // not what was on screen as they left
  });

  it('moves within a page to the target of a link, without loading it', async () => {
    await start({ path: 'home' });
    await router.go('/threads/7/t');
    log = [];
    await router.go('/threads/7/t#post-9');
    assert.deepEqual(log, ['scrolled to the target']);
    assert.equal(document.activeElement?.id, 'post-9');
    await router.go('/threads/7/t#post-500'); // not among what is loaded
    assert.deepEqual(log.slice(1), ['load thread {"id":"7","slug":"t"}#post-500', 'leave thread']);
  });

  it('follows a redirect in place', async () => {
    await start({ path: 'home' });
    const { length } = history;
    await router.go('/p/9');
    assert.equal(location.pathname + location.hash, '/threads/7/t#post-9');
    assert.equal(history.length, length + 1);
  });

  it('says what is not here, and what could not be loaded, with a way to try again', async () => {
    await start({ path: 'home' });
    await router.go('/nowhere');
    assert.equal(heading(), 'Nothing here');
    assert.equal(router.place$.get().name, 'not-found');
    slow = true;
    const going = router.go('/b/gone');
    await settle();
    loads.get('board')?.reject(new ApiError({ status: 404, code: 'not_found', detail: '' }));
    await going;
    assert.equal(heading(), 'Nothing here');
    const again = router.go('/b/one');
    await settle();
    loads.get('board')?.reject(new ApiError({ status: 0, code: 'offline', detail: '' }));
    await again;
    assert.equal(heading(), 'Failed');
    slow = false;
    assert.equal(document.activeElement, main.querySelector('h1'));
    await app.retry();
    assert.equal(heading(), 'board {"slug":"one"}');
    assert.equal(document.activeElement, main.querySelector('h1'), 'what asked has gone, the focus has not');
    log = [];
    router.recover(); // nothing is missing
    assert.deepEqual(log, []);
  });

  it('asks for a page that did not come again once the network is back', async () => {
    await start({ path: 'home' });
    slow = true;
    const going = router.go('/b/one');
    await settle();
    loads.get('board')?.reject(new ApiError({ status: 0, code: 'offline', detail: '' }));
    await going;
    slow = false;
    router.recover();
    await settle();
    assert.equal(heading(), 'board {"slug":"one"}');
  });

  it('closes with the way back what stands over a page, and stays on the page', async () => {
    await start({ path: 'home' });
    await router.go('/b/one');
    log = [];
    let closed = router.over(() => {
      log.push('closed');
      closed();
    });
    await travel(-1);
    assert.equal(location.pathname, '/b/one');
    assert.deepEqual(log, ['closed']);
    // Closed otherwise, it takes its entry with it.
    closed = router.over(() => log.push('closed again'));
    closed();
    await new Promise((done) => setTimeout(done, 20));
    assert.deepEqual(log, ['closed']);
    await travel(-1);
    assert.equal(location.pathname, '/');
  });

  it('survives a view that breaks, and reports it', async () => {
    await start({ path: 'home' });
    await router.go('/broken');
    assert.equal(heading(), 'Failed');
    assert.ok(log.includes('reported broken view'));
  });

  it('notes an address without going there', async () => {
    await start({ path: 'home' });
    await router.go('/threads/7/t');
    log = [];
    const { length } = history;
    router.note('/threads/7/t?page=3');
    assert.equal(location.search, '?page=3');
    assert.equal(history.length, length);
    assert.equal(router.place$.get().query.get('page'), '3');
    assert.deepEqual(log, []);
  });

  it('leaves the address of a page that is on its way alone', async () => {
    await start({ path: 'home' });
    slow = true;
    const going = router.go('/b/one');
    await settle();
    router.note('/?page=2'); // the page that is being left was still scrolling
    assert.equal(location.pathname, '/b/one');
    loads.get('board')?.resolve({ path: 'board' });
    await going;
    router.note('/b/one?page=2');
    assert.equal(location.search, '?page=2');
  });

  it('stays where it is when one goes to a target of the page meanwhile', async () => {
    await start({ path: 'home' });
    await router.go('/threads/7/t');
    slow = true;
    void router.go('/b/one');
    await settle();
    const { signal, resolve } = /** @type {any} */ (loads.get('board'));
    await router.go('/threads/7/t#post-9');
    assert.equal(signal.aborted, true);
    resolve({ path: 'too late' });
    await settle();
    assert.match(heading() ?? '', /^thread/);
    assert.equal(location.hash, '#post-9');
    assert.equal(router.loading$.get(), false);
  });

  it('replaces an address that should not be gone back to', async () => {
    await start({ path: 'home' });
    const { length } = history;
    await router.go('/b/one', { replace: true });
    assert.equal(history.length, length);
    assert.equal(heading(), 'board {"slug":"one"}');
  });
});

describe('links', () => {
  /** @param {string} attributes @param {any} [event] */
  function click(attributes, event = {}) {
    const holder = document.createElement('div');
    holder.innerHTML = `<a ${attributes}><b>link</b></a>`;
    document.body.append(holder);
    const happened = new window.MouseEvent('click', { bubbles: true, cancelable: true, button: 0, ...event });
    let prevented = false;
    window.addEventListener('click', (seen) => {
      prevented = seen.defaultPrevented;
      seen.preventDefault(); // nothing leaves the test
    }, { once: true });
    /** @type {any} */ (holder.querySelector('b')).dispatchEvent(happened);
    return prevented;
  }

  it('to our pages are followed here', async () => {
    await start({ path: 'home' });
    assert.equal(click('href="/b/one"'), true);
    await settle();
    assert.equal(location.pathname, '/b/one');
  });

  it('to anything else, and with any special wish, are left to the browser', async () => {
    await start({ path: 'home' });
    for (const attributes of ['href="https://elsewhere.test/b/one"', 'href="/api/docs"', 'href="/b/one" target="_blank"', 'href="/b/one" download', 'name="x"', 'href="mailto:a@b.test"']) {
      assert.equal(click(attributes), false, attributes);
    }
    for (const wish of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }]) assert.equal(click('href="/b/one"', wish), false);
    assert.equal(location.pathname, '/');
  });

  it('that are pressed are loaded ahead, once', async () => {
    await start({ path: 'home' });
    const holder = document.createElement('div');
    holder.innerHTML = '<a href="/b/two">two</a>';
    document.body.append(holder);
    const press = (/** @type {string} */ pointerType) => holder.firstElementChild?.dispatchEvent(/** @type {any} */ (new window.PointerEvent('pointerdown', { bubbles: true, button: 0, pointerType })));
    const count = () => log.filter((line) => line === 'load board {"slug":"two"}').length;
    press('touch'); // about to scroll
    await settle();
    assert.equal(count(), 0);
    press('mouse');
    press('mouse');
    await settle();
    assert.equal(count(), 1);
    const ahead = count();
    await router.go('/b/two');
    assert.equal(count(), ahead);
    assert.equal(heading(), 'board {"slug":"two"}');
  });
});

describe('the table of routes', () => {
  it('leads every address of the forum to a view that exists', async () => {
    const addresses = ['/', '/boards', '/b/x', '/b/x/new', '/new', '/threads/7', '/threads/7/a-title', '/p/9', '/chat', '/chat/5', '/people', '/people/ada', '/tags/x', '/search', '/login', '/register', '/settings', '/link/abc', '/admin', '/admin/boards', '/admin/people', '/admin/groups'];
    assert.equal(routes.length, addresses.length);
    app.router = new Router(app, routes, { notFound: plain(''), failed: plain('') }, new ScrollMemory(/** @type {any} */ (window.sessionStorage)));
    for (const address of addresses) {
      history.replaceState(null, '', address);
      const fresh = new Router(app, routes, { notFound: plain(''), failed: plain('') }, new ScrollMemory(/** @type {any} */ (window.sessionStorage)));
      assert.notEqual(fresh.place$.get().name, 'not-found', address);
    }
    for (const route of routes) if ('view' in route) assert.equal(typeof (await route.view()).view.render, 'function', route.path);
    history.replaceState(null, '', '/');
  });
});
