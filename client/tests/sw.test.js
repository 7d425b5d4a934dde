import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, it } from 'node:test';
import { runInNewContext } from 'node:vm';

const source = readFileSync(new URL('../sw.js', import.meta.url), 'utf8');

/** A browser around one service worker. */
class World {
  /** @type {Map<string, Map<string, string>>} what is held, by cache */
  held = new Map();
  /** @type {Record<string, string>} what the network has; all else fails */
  network = {};
  skipped = false;
  preloading = false;
  /** @type {Map<string, (event: any) => void>} */
  #listeners = new Map();

  /** @param {string} release */
  run(release) {
    const of = (/** @type {any} */ request) => (typeof request === 'string' ? request : new URL(request.url).pathname);
    const fetch = async (/** @type {any} */ request) => {
      const path = of(request);
      if (!(path in this.network)) throw new TypeError('no network');
      return { path, text: this.network[path], json: async () => JSON.parse(this.network[path]) };
    };
    const open = async (/** @type {string} */ name) => {
      const cache = this.held.get(name) ?? new Map();
      this.held.set(name, cache);
      return { addAll: async (/** @type {string[]} */ paths) => {
        const all = await Promise.all(paths.map(fetch)); // all or nothing
        all.forEach(({ path, text }) => cache.set(path, text));
      } };
    };
    const match = async (/** @type {any} */ request) => [...this.held.values()].map((cache) => cache.get(of(request))).find((text) => text !== undefined);
    const caches = { open, match, keys: async () => [...this.held.keys()], delete: async (/** @type {string} */ name) => this.held.delete(name) };
    const self = {
      location: { origin: 'https://forum.test' },
      addEventListener: (/** @type {string} */ type, /** @type {any} */ listener) => this.#listeners.set(type, listener),
      skipWaiting: () => (this.skipped = true),
      registration: { navigationPreload: { enable: async () => (this.preloading = true) } },
    };
    runInNewContext(source.replaceAll('RELEASE', release), { self, fetch, caches, URL, console });
  }

  /** @param {string} type @param {any} [event] */
  async tell(type, event = {}) {
    /** @type {Promise<any> | undefined} */
    let work;
    this.#listeners.get(type)?.({ ...event, waitUntil: (/** @type {any} */ p) => (work = p), respondWith: (/** @type {any} */ p) => (work = p) });
    return work;
  }

  /** What the page gets; `undefined` when the worker leaves it to the browser. @param {string} path @param {any} [more] */
  async ask(path, { mode = 'cors', method = 'GET', origin = 'https://forum.test', preloadResponse } = /** @type {any} */ ({})) {
    const answer = await this.tell('fetch', { request: { url: origin + path, mode, method }, preloadResponse });
    return answer?.text ?? answer;
  }
}

/** @type {World} */
let world;
beforeEach(async () => {
  world = new World();
  world.network = {
    '/assets/r1/manifest.json': '["frame.html","js/main.js"]', '/assets/r1/frame.html': 'frame r1', '/assets/r1/js/main.js': 'main r1',
    '/assets/r2/manifest.json': '["frame.html","js/main.js"]', '/assets/r2/frame.html': 'frame r2', '/assets/r2/js/main.js': 'main r2',
    '/threads/7/t': 'thread from the server', '/api/me': 'ada', '/assets/r9/js/main.js': 'main r9',
  };
  world.run('r1');
  await world.tell('install');
  await world.tell('activate');
});

describe('the service worker', () => {
  it('holds one whole release', () => {
    assert.deepEqual([...world.held].map(([name, cache]) => [name, [...cache.keys()]]), [['folkmoot /assets/r1', ['/assets/r1/frame.html', '/assets/r1/js/main.js']]]);
    assert.equal(world.preloading, true);
  });

  it('does not hold half a release', async () => {
    delete world.network['/assets/r2/js/main.js'];
    world.run('r2');
    await assert.rejects(Promise.resolve(world.tell('install')), /no network/);
    assert.equal(world.held.get('folkmoot /assets/r2')?.size ?? 0, 0);
    assert.equal(await world.ask('/assets/r1/js/main.js'), 'main r1');
  });

  it('lets a new release take over when a page says so, and drops the old one', async () => {
    world.run('r2');
    await world.tell('install');
    assert.equal(world.held.size, 2);
    await world.tell('message', { data: 'hello' });
    assert.equal(world.skipped, false);
    await world.tell('message', { data: 'take over' });
    assert.equal(world.skipped, true);
    await world.tell('activate');
    assert.deepEqual([...world.held.keys()], ['folkmoot /assets/r2']);
  });

  it('gives pages from the network, and the frame of its release when there is none', async () => {
    assert.equal(await world.ask('/threads/7/t', { mode: 'navigate' }), 'thread from the server');
    assert.equal(await world.ask('/threads/7/t', { mode: 'navigate', preloadResponse: Promise.resolve({ text: 'preloaded' }) }), 'preloaded');
    world.network = {};
    assert.equal(await world.ask('/threads/7/t', { mode: 'navigate' }), 'frame r1');
  });

  it('gives its files without asking, and those of other releases from the server', async () => {
    delete world.network['/assets/r1/js/main.js'];
    assert.equal(await world.ask('/assets/r1/js/main.js'), 'main r1');
    assert.equal(await world.ask('/assets/r9/js/main.js'), 'main r9');
  });

  it('keeps nothing of the API, of other places, and of what is written', async () => {
    assert.equal(await world.ask('/api/me'), undefined);
    assert.equal(await world.ask('/assets/r1/js/main.js', { origin: 'https://elsewhere.test' }), undefined);
    assert.equal(await world.ask('/api/me', { method: 'PATCH' }), undefined);
    assert.equal(await world.ask('/login', { mode: 'navigate', method: 'POST' }), undefined);
    assert.deepEqual([...world.held.values()].flatMap((cache) => [...cache.keys()]).filter((path) => !path.startsWith('/assets/')), []);
  });
});
