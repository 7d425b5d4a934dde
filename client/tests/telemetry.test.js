import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { watch } from '../js/telemetry.js';
import { observable } from '../js/utils/state.js';
import { site } from './support/things.js';

/** A browser in which a page took a second, and what it sent. @param {Record<string, any>} [more] */
function browser({ navigator = {}, visibilityState = 'visible', referrer = '' } = {}) {
  const [page, document] = [new EventTarget(), new EventTarget()];
  /** @type {any[]} */
  const sent = [];
  let now = 1000;
  Object.assign(document, { visibilityState, referrer, readyState: 'complete' });
  const performance = {
    now: () => now,
    getEntriesByType: () => [{ loadEventEnd: 1000.4 }],
    getEntriesByName: () => [{ startTime: 400.2 }],
  };
  const fetch = (/** @type {string} */ url, /** @type {any} */ options) => {
    sent.push({ url, ...options, body: JSON.parse(options.body) });
    return Promise.reject(new Error('offline'));
  };
  Object.assign(page, { document, navigator, performance, fetch, location: { origin: 'http://forum.test' }, setTimeout: (/** @type {() => void} */ later) => later() });
  const [place$, loading$] = [observable({ name: 'thread' }), observable(false)];
  const app = { router: { place$, loading$ }, session: { site$: observable(site()) } };
  const leave = () => page.dispatchEvent(new Event('pagehide'));
  const throws = (/** @type {any} */ error) => page.dispatchEvent(Object.assign(new Event('error'), { error }));
  const waits = (/** @type {number} */ ms, /** @type {string} */ name) => {
    loading$.set(true);
    now += ms - 150;
    place$.set({ name });
    loading$.set(false);
  };
  return { page: /** @type {any} */ (page), app: /** @type {any} */ (app), sent, leave, throws, waits };
}

describe('what a browser tells', () => {
  it('says how long the page took, without cookies and without its address', () => {
    const { page, app, sent } = browser({ referrer: 'http://elsewhere.test/' });
    watch(app, page);
    assert.equal(sent.length, 1);
    const [{ url, credentials, keepalive, body }] = sent;
    assert.deepEqual({ url, credentials, keepalive }, { url: '/api/telemetry', credentials: 'omit', keepalive: true });
    assert.deepEqual(body, { release: 'r', visit: true, load: { route: 'thread', ms: 1000, paint_ms: 400 }, changes: [], errors: [] });
  });

  it('tells what was waited for and what broke when the page is left, by kind alone', () => {
    const { page, app, sent, leave, throws, waits } = browser({ referrer: 'http://forum.test/b/cats' });
    watch(app, page);
    waits(400, 'board');
    throws(new TypeError('ann has no mail'));
    throws(new ApiError({ status: 404, code: 'not_found', detail: 'No.' }));
    throws(null);
    leave();
    leave();
    assert.equal(sent.length, 2);
    assert.equal(sent[0].body.visit, false);
    assert.deepEqual(sent[1].body, { release: 'r', visit: false, load: null, changes: [{ route: 'board', ms: 400 }], errors: [{ class: 'TypeError', route: 'board' }] });
  });

  it('tells no more than the server takes', () => {
    const { page, app, sent, leave, throws, waits } = browser();
    watch(app, page);
    for (let times = 0; times < 30; times++) {
      throws(new Error());
      waits(200, 'home');
    }
    leave();
    assert.equal(sent[1].body.errors.length, 10);
    assert.equal(sent[1].body.changes.length, 10);
    throws(new Error());
    leave();
    assert.equal(sent.length, 2);
  });

  it('says nothing where one does not want to be tracked', () => {
    for (const navigator of [{ doNotTrack: '1' }, { globalPrivacyControl: true }]) {
      const { page, app, sent, leave, throws } = browser({ navigator });
      watch(app, page);
      throws(new Error());
      leave();
      assert.deepEqual(sent, []);
    }
  });

  it('does not measure what nobody looks at', () => {
    const { page, app, sent, leave, throws } = browser({ visibilityState: 'hidden' });
    watch(app, page);
    assert.deepEqual(sent, []);
    throws(new RangeError());
    leave();
    assert.equal(sent[0].body.load, null);
    assert.equal(sent[0].body.errors[0].class, 'RangeError');
  });
});
