import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { ApiError } from '../js/api/client.js';
import { Outbox } from '../js/outbox/Outbox.js';
import { openOutbox } from '../js/outbox/OutboxDatabase.js';
import { post, thread } from './support/things.js';

/** What the server took, and what it says to the next ones. */
class FakeServer {
  /** @type {any[]} */
  taken = [];
  /** Every try, in order. @type {string[]} */
  tries = [];
  /** @type {(Error | null)[]} */
  next = [];
  /** Answers only when told. @type {(() => void) | null} */
  release = null;
  slow = false;

  get api() {
    return /** @type {any} */ ({
      comments: { add: (/** @type {string} */ id, /** @type {any} */ reply) => this.#take({ place: id, ...reply }) },
      boards: { open: (/** @type {string} */ slug, /** @type {any} */ opened) => this.#take({ place: slug, ...opened }) },
    });
  }

  /** @param {any} words */
  async #take(words) {
    this.tries.push(words.body);
    if (this.slow) await new Promise((done) => (this.release = () => done(undefined)));
    const trouble = this.next.shift();
    if (trouble) throw trouble;
    // The same client_id is the same post.
    if (!this.taken.some(({ client_id }) => client_id === words.client_id)) this.taken.push(words);
    return words.title ? { thread: thread('9'), post: post(1) } : { post: post(4, { html: words.body }) };
  }
}

/** Locks as the browser has them, shared by all tabs. */
class FakeLocks {
  /** @type {Promise<any>} */
  #last = Promise.resolve();
  /** @param {string} _name @param {any} work */
  request(_name, work) {
    this.#last = this.#last.then(work, work);
    return this.#last;
  }
}

/** @type {FakeServer} */
let server;
/** @type {IDBFactory} */
let indexedDB;
/** @type {FakeLocks} */
let locks;
/** @type {any[]} */
let channels;
/** @type {Outbox[]} */
let tabs;
let whose = /** @type {string | null} */ ('ada');
const offline = () => new ApiError({ status: 0, code: 'offline', detail: 'You are offline.' });
const refused = () => new ApiError({ status: 403, code: 'locked', detail: 'This thread is locked.', fields: { body: 'locked' } });

beforeEach(() => {
  server = new FakeServer();
  indexedDB = new IDBFactory();
  locks = new FakeLocks();
  channels = [];
  tabs = [];
  whose = 'ada';
});
afterEach(() => tabs.forEach((tab) => void tab.serve(null)));

/** A tab of the same browser. @param {string | null} [account] */
async function tab(account = 'ada') {
  const channel = { onmessage: /** @type {any} */ (null), postMessage: (/** @type {any} */ data) => channels.filter((other) => other !== channel).forEach((other) => other.onmessage({ data: structuredClone(data) })) };
  channels.push(channel);
  const outbox = new Outbox({ api: server.api, database: openOutbox(indexedDB), locks: /** @type {any} */ (locks), channel: /** @type {any} */ (channel), confirm: async () => whose, random: () => 0.5 });
  tabs.push(outbox);
  await outbox.serve(account);
  return outbox;
}

/** @param {string} body @param {string} [place] */
const reply = (body, place = 'thread:7') => /** @type {const} */ ({ kind: 'reply', place, body });
/** @param {() => boolean} done */
async function until(done) {
  for (let tries = 0; tries < 10_000; tries += 1) {
    if (done()) return;
    await new Promise((next) => setTimeout(next, 2));
  }
  assert.fail('it did not happen');
}
/** @param {Outbox} outbox */
const states = (outbox) => outbox.items$.get().map(({ body, state }) => `${body}:${state}`);

describe('the outbox', () => {
  it('sends a reply and says what became of it', async () => {
    const outbox = await tab();
    const item = await outbox.add({ kind: 'reply', place: 'thread:7', body: 'hello', reply_to: 'p1' });
    const { post: made } = await outbox.sent(item.client_id);
    assert.equal(made.html, 'hello');
    assert.deepEqual(server.taken, [{ place: '7', body: 'hello', reply_to: 'p1', client_id: item.client_id }]);
    assert.match(item.client_id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await until(() => outbox.line$.get() === 'clear');
    assert.deepEqual(states(outbox), []);
  });

  it('opens a thread in a board whose slug has a colon', async () => {
    const outbox = await tab();
    const item = await outbox.add({ kind: 'thread', place: 'board:a:b', title: 'T', body: 'B', tags: ['x'] });
    assert.equal((await outbox.sent(item.client_id)).thread?.id, '9');
    assert.equal(server.taken[0].place, 'a:b');
    assert.deepEqual(server.taken[0].tags, ['x']);
  });

  it('keeps what it cannot send, in its order, and sends it once the network is back', async () => {
    const outbox = await tab();
    server.next = [offline()];
    await outbox.add(reply('one'));
    await until(() => outbox.line$.get() === 'offline');
    server.next = [offline(), offline()];
    await outbox.add(reply('two'));
    await outbox.add(reply('three', 'thread:8'));
    await until(() => states(outbox).every((state) => state.endsWith('waiting')) && outbox.items$.get().length === 3);
    server.next = [];
    await outbox.flush();
    await until(() => outbox.items$.get().length === 0);
    assert.deepEqual(server.taken.map(({ body }) => body), ['one', 'two', 'three']);
  });

  it('tries again by itself', async () => {
    const outbox = await tab();
    server.next = [offline()];
    await outbox.add(reply('one'));
    await until(() => server.taken.length === 1);
    assert.equal(server.tries.length, 2);
  });

  it('survives a closed tab: the next one sends it', async () => {
    const first = await tab();
    server.next = [offline()];
    await first.add(reply('one'));
    await until(() => first.line$.get() === 'offline');
    await first.serve(null); // the tab is gone
    const second = await tab();
    await until(() => second.items$.get().length === 0);
    assert.deepEqual(server.taken.map(({ body }) => body), ['one']);
  });

  it('sends once from two tabs, and both know', async () => {
    const [first, second] = [await tab(), await tab()];
    server.slow = true;
    const item = await first.add(reply('one'));
    await until(() => server.release !== null);
    const seenBySecond = second.sent(item.client_id);
    void second.flush();
    await new Promise((next) => setTimeout(next, 20));
    assert.deepEqual(server.tries, ['one']);
    server.slow = false;
    server.release?.();
    await seenBySecond;
    await until(() => first.items$.get().length === 0 && second.items$.get().length === 0);
    assert.equal(server.tries.length, 1);
  });

  it('is harmless without locks: the server knows each client_id', async () => {
    locks = /** @type {any} */ (undefined);
    const [first, second] = [await tab(), await tab()];
    server.slow = true;
    await first.add(reply('one'));
    void second.flush();
    await until(() => server.tries.length === 2 || server.release !== null);
    server.slow = false;
    while (server.taken.length === 0 || server.release) {
      const { release } = server;
      server.release = null;
      release?.();
      await new Promise((next) => setTimeout(next, 5));
    }
    await until(() => first.items$.get().length === 0);
    assert.equal(server.taken.length, 1);
  });

  it('shows what was refused and why, goes on with the rest, and can try again', async () => {
    const outbox = await tab();
    server.next = [refused()];
    const item = await outbox.add(reply('one'));
    await outbox.add(reply('two'));
    await until(() => server.taken.length === 1);
    await until(() => states(outbox).join() === 'one:failed');
    assert.deepEqual(outbox.items$.get()[0].problem, { code: 'locked', message: 'This thread is locked.', fields: { body: 'locked' } });
    await outbox.retry(item.client_id);
    await until(() => server.taken.length === 2);
    assert.equal(server.taken[1].client_id, item.client_id);
  });

  it('gives back the words of an item that is taken back', async () => {
    const outbox = await tab();
    server.next = [refused(), refused()];
    const item = await outbox.add(reply('one'));
    await outbox.add(reply('two'));
    await until(() => states(outbox).join() === 'one:failed,two:failed');
    assert.equal((await outbox.discard(item.client_id))?.body, 'one');
    assert.equal(await outbox.discard(item.client_id), null);
    assert.deepEqual(states(outbox), ['two:failed']);
    assert.deepEqual(states(await tab()), ['two:failed']);
  });

  it('sends what was discarded by mistake when it is put back', async () => {
    const outbox = await tab();
    server.next = [refused()];
    const item = await outbox.add(reply('one'));
    await until(() => states(outbox).join() === 'one:failed');
    await outbox.discard(item.client_id);
    await outbox.putBack(item);
    await until(() => server.taken.length === 1);
    assert.equal(server.taken[0].client_id, item.client_id);
  });

  it('tells whoever waits that it was refused, or taken back', async () => {
    const outbox = await tab();
    server.next = [refused(), offline()];
    const one = await outbox.add(reply('one'));
    await assert.rejects(outbox.sent(one.client_id), { code: 'locked', message: 'This thread is locked.', fields: { body: 'locked' } });
    await assert.rejects(outbox.sent(one.client_id), { code: 'locked' }); // also who asks later
    const two = await outbox.add(reply('two'));
    const sent = outbox.sent(two.client_id);
    await until(() => outbox.line$.get() === 'offline');
    await outbox.discard(two.client_id);
    await assert.rejects(sent, { code: 'gone' });
  });

  it('does not take back what is just being sent', async () => {
    const outbox = await tab();
    server.slow = true;
    const item = await outbox.add(reply('one'));
    await until(() => server.release !== null);
    assert.equal(await outbox.discard(item.client_id), null);
    server.slow = false;
    server.release?.();
    await until(() => outbox.items$.get().length === 0);
  });

  it('waits as long as the server asks', async () => {
    const outbox = await tab();
    server.next = [new ApiError({ status: 429, code: 'slow_mode', detail: '', retryAfter: 0.05 })];
    await outbox.add(reply('one'));
    await until(() => outbox.line$.get() === 'later');
    await until(() => server.taken.length === 1);
  });

  it('gives up on an item that makes the server fail, so that the others come through', async () => {
    const outbox = await tab();
    const broken = () => new ApiError({ status: 500, code: 'internal', detail: 'The server failed.' });
    server.next = [broken(), broken(), broken(), broken()];
    await outbox.add(reply('one'));
    for (let tries = 0; tries < 4; tries += 1) await outbox.flush();
    await until(() => states(outbox).join() === 'one:failed');
    await outbox.add(reply('two'));
    await until(() => server.taken.length === 1);
  });
});

describe('an outbox and its account', () => {
  it('keeps everything when the session is lost, and sends it after signing in', async () => {
    const outbox = await tab();
    server.next = [new ApiError({ status: 401, code: 'unauthorized', detail: '' })];
    await outbox.add(reply('one'));
    await until(() => outbox.line$.get() === 'signed-out');
    assert.deepEqual(states(outbox), ['one:waiting']);
    await outbox.add(reply('two')); // written before one saw it
    await outbox.flush();
    assert.equal(server.tries.length, 1);
    assert.equal(outbox.line$.get(), 'signed-out');
    await outbox.serve('ada');
    await until(() => server.taken.length === 2);
    assert.deepEqual(server.taken.map(({ body }) => body), ['one', 'two']);
    await outbox.serve(null);
    await assert.rejects(outbox.add(reply('three')), /nobody is signed in/);
  });

  it("shows and sends nothing of another's", async () => {
    const outbox = await tab();
    server.next = [offline()];
    await outbox.add(reply('of ada'));
    await until(() => outbox.line$.get() === 'offline');
    await outbox.serve('bob');
    assert.deepEqual(states(outbox), []);
    await outbox.flush();
    assert.deepEqual(server.taken, []);
    await outbox.serve('ada');
    await until(() => server.taken.length === 1);
  });

  it('asks the server whose session this is when the tab has been here for long', async (t) => {
    const outbox = await tab();
    whose = 'bob'; // signed in from somewhere this tab could not hear
    const real = performance.now();
    t.mock.method(performance, 'now', () => real + 120_000);
    await outbox.add(reply('of ada'));
    await until(() => outbox.line$.get() === 'sending');
    await new Promise((next) => setTimeout(next, 20));
    assert.deepEqual(server.tries, []);
    assert.deepEqual(states(outbox), ['of ada:waiting']);
  });

  it('throws away all of an account that has left, also what was just being sent', async () => {
    const outbox = await tab();
    server.slow = true;
    server.next = [refused()];
    await outbox.add(reply('one'));
    await outbox.add(reply('two'));
    await until(() => server.release !== null);
    await outbox.serve(null);
    await outbox.forget('ada');
    server.slow = false;
    server.release?.();
    await new Promise((next) => setTimeout(next, 20));
    await outbox.serve('ada');
    assert.deepEqual(states(outbox), []);
    assert.deepEqual(server.tries, ['one']);
  });

  it('finds its items again after the browser took the database away, and waits while it is gone', async () => {
    /** @type {any[]} */
    const opened = [];
    let broken = false;
    const real = indexedDB;
    indexedDB = /** @type {any} */ ({
      open: (/** @type {any[]} */ ...args) => {
        if (broken) throw new DOMException('gone', 'UnknownError');
        const request = /** @type {any} */ (real).open(...args);
        request.addEventListener('success', () => opened.push(request.result));
        return request;
      },
    });
    const outbox = await tab();
    server.next = [refused()];
    await outbox.add(reply('one'));
    await until(() => states(outbox).join() === 'one:failed');
    opened[0].onversionchange();
    await outbox.add(reply('two'));
    await until(() => server.taken.length === 1);
    assert.equal(opened.length, 2);

    broken = true;
    opened[1].close();
    opened[1].onclose();
    await assert.rejects(outbox.add(reply('three')), { name: 'UnknownError' });
    await outbox.flush();
    assert.equal(outbox.line$.get(), 'offline'); // tries again later, not at once and for ever
    broken = false;
    await outbox.flush();
    assert.deepEqual(states(outbox), ['one:failed']);
  });

  it('works as long as the page lives where the browser keeps nothing', async () => {
    indexedDB = /** @type {any} */ (undefined);
    const outbox = await tab();
    server.next = [refused()];
    const item = await outbox.add(reply('one'));
    await until(() => states(outbox).join() === 'one:failed');
    await outbox.retry(item.client_id);
    await until(() => server.taken.length === 1);
    assert.deepEqual(states(outbox), []);
  });
});
