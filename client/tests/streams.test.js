import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Streams } from '../js/websocket/Streams.js';
import { WebSocketManager } from '../js/websocket/WebSocketManager.js';
import { FakeWebSocket } from './support/sockets.js';
import { settle } from './support/things.js';

/** @type {WebSocketManager} */
let manager;
/** @type {Streams} */
let streams;
/** @type {(number | undefined)[]} */
let heard;
let reloads = 0;
let revoked = 0;
const follower = { reload: async () => void (reloads += 1), revoked: () => void (revoked += 1) };
const at = (/** @type {string} */ stream, /** @type {number} */ seq, epoch = 'e1') => ({ epoch, stream, seq });

beforeEach(() => {
  FakeWebSocket.all = [];
  heard = [];
  reloads = revoked = 0;
  manager = new WebSocketManager('ws://forum.test/ws', { WebSocket: /** @type {any} */ (FakeWebSocket), random: () => 0 });
  streams = new Streams(manager, 'e1', () => 0);
  manager.on('new_post', ({ seq }) => heard.push(seq));
});

afterEach(() => manager.close());

function open() {
  manager.connect();
  FakeWebSocket.last.open();
  return FakeWebSocket.last;
}
const post = (/** @type {FakeWebSocket} */ socket, /** @type {number} */ seq, stream = 'thread:7') => socket.hear('new_post', {}, { stream, seq });

describe('Streams', () => {
  it('says in its hello where every stream stands', () => {
    streams.follow(at('thread:7', 10), follower);
    streams.follow(at('board:3', 4), follower);
    const socket = open();
    assert.deepEqual(socket.said, [{ type: 'hello', payload: { epoch: 'e1', cursors: { 'thread:7': 10, 'board:3': 4 } } }]);
  });

  it('subscribes from the seq of the page, to several streams in one frame, and unsubscribes', async () => {
    const socket = open();
    const stop = streams.follow(at('thread:7', 10), follower);
    streams.follow(at('board:3', 4), follower);
    await settle();
    assert.deepEqual(socket.payloads('subscribe'), [{ epoch: 'e1', streams: { 'thread:7': 10, 'board:3': 4 } }]);
    stop();
    assert.deepEqual(socket.payloads('unsubscribe'), [{ streams: ['thread:7'] }]);
    post(socket, 11);
    assert.deepEqual(heard, []);
  });

  it('lets each frame pass once and in order, and asks again from where it stands when one is missing', async () => {
    const socket = open();
    streams.follow(at('thread:7', 10), follower);
    await settle();
    post(socket, 11);
    post(socket, 11);
    post(socket, 13); // 12 was lost
    post(socket, 14);
    await settle();
    assert.deepEqual(heard, [11]);
    assert.deepEqual(socket.payloads('subscribe').at(-1), { epoch: 'e1', streams: { 'thread:7': 11 } });
    assert.equal(socket.payloads('subscribe').length, 2);
    for (const seq of [12, 13, 14]) post(socket, seq);
    assert.deepEqual(heard, [11, 12, 13, 14]);
    assert.equal(streams.cursor('thread:7'), 14);
  });

  it('goes on from whoever is behind, also where another begins further on', () => {
    streams.follow(at('conversation:5', 3), follower);
    streams.follow(at('conversation:5', 4), follower); // as a list that was read later
    const socket = open();
    assert.deepEqual(socket.payloads('hello')[0].cursors, { 'conversation:5': 3 });
    post(socket, 4, 'conversation:5');
    assert.deepEqual(heard, [4]);
  });

  it('counts events that are not for us', async () => {
    const socket = open();
    streams.follow(at('thread:7', 10), follower);
    socket.hear('nothing', undefined, { stream: 'thread:7', seq: 11 });
    post(socket, 12);
    assert.deepEqual(heard, [12]);
  });

  it('resumes after a lost connection from the last frame it took', () => {
    const socket = open();
    streams.follow(at('thread:7', 10), follower);
    post(socket, 11);
    socket.fail();
    const next = open();
    assert.deepEqual(next.payloads('hello'), [{ epoch: 'e1', cursors: { 'thread:7': 11 } }]);
  });

  it('asks again for what a slow reader missed', async () => {
    const socket = open();
    streams.follow(at('thread:7', 10), follower);
    await settle();
    socket.hear('lagged', { streams: ['thread:7'] });
    await settle();
    assert.deepEqual(socket.payloads('subscribe').at(-1), { epoch: 'e1', streams: { 'thread:7': 10 } });
  });

  it('has the page read again when the gap is too large, and goes on from there', async () => {
    const socket = open();
    const stop = streams.follow(at('thread:7', 10), { ...follower, reload: async () => {
      stop();
      streams.follow(at('thread:7', 900), follower);
    } });
    await settle();
    socket.hear('resync', { stream: 'thread:7' });
    await settle();
    assert.deepEqual(socket.payloads('subscribe').at(-1), { epoch: 'e1', streams: { 'thread:7': 900 } });
    post(socket, 901);
    assert.deepEqual(heard, [901]);
  });

  it('reads everything again when the server has another history', () => {
    streams.follow(at('thread:7', 10), follower);
    streams.follow(at('board:3', 4), { ...follower });
    const socket = open();
    socket.hear('welcome', { epoch: 'e2', heartbeat: 20 });
    assert.equal(reloads, 2);
    streams.follow(at('thread:7', 2, 'e2'), follower);
    post(socket, 3);
    assert.deepEqual(heard, [3]);
    assert.equal(reloads, 2);
  });

  /** A follower whose page answers with a problem until `problem` is null. @param {any} first */
  function troubled(first) {
    const page = { problem: first, reloads: 0, revoked: () => void (revoked += 1), reload: async () => {
      page.reloads += 1;
      if (page.problem) throw page.problem;
      streams.follow(at('thread:7', 900), page);
    } };
    streams.follow(at('thread:7', 10), page);
    return page;
  }

  it('reads what it follows again and again until it came', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const socket = open();
    const page = troubled({ passing: true, retryAfter: null });
    socket.hear('resync', { stream: 'thread:7' });
    socket.hear('resync', { stream: 'thread:7' });
    await settle();
    assert.equal(page.reloads, 1);
    t.mock.timers.tick(1000); // half of the longest wait is the shortest
    await settle();
    assert.equal(page.reloads, 2);
    page.problem = { passing: true, retryAfter: 10 };
    t.mock.timers.tick(2000);
    await settle();
    assert.equal(page.reloads, 3);
    page.problem = null;
    t.mock.timers.tick(9999); // the server asked for ten seconds
    await settle();
    assert.equal(page.reloads, 3);
    t.mock.timers.tick(1);
    await settle();
    post(socket, 901);
    assert.deepEqual(heard, [901]);
    t.mock.timers.tick(120_000);
    assert.equal(page.reloads, 4);
  });

  it('reads it at once when the connection is back, and not at all when nobody looks any more', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const page = troubled({ passing: true });
    open().hear('resync', { stream: 'thread:7' });
    await settle();
    FakeWebSocket.last.fail();
    const next = open();
    await settle();
    assert.deepEqual(next.payloads('hello'), [{ epoch: 'e1', cursors: {} }]);
    assert.equal(page.reloads, 2);
    streams.follow(at('thread:7', 1), page)();
    t.mock.timers.tick(120_000);
    assert.equal(page.reloads, 2);
  });

  it('leaves what the server says is gone', async () => {
    const page = troubled({ passing: false, status: 404 });
    open().hear('resync', { stream: 'thread:7' });
    await settle();
    assert.equal(page.reloads, 1);
    assert.equal(revoked, 1);
  });

  it('reads a page of many streams once, however many of them have gaps', async () => {
    const socket = open();
    for (const stream of ['board:1', 'board:2', 'board:3']) streams.follow(at(stream, 5), follower);
    for (const stream of ['board:1', 'board:2', 'board:3']) socket.hear('resync', { stream });
    await settle();
    assert.equal(reloads, 1);
  });

  it('has lists read again after every gap, at a moment of their own: their counts are told only once', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    streams.follow(at('board:3', 10), { ...follower, fleeting: true });
    streams.follow(at('thread:7', 10), follower);
    const socket = open();
    t.mock.timers.tick(10_000);
    assert.equal(reloads, 0); // the first connection closes no gap
    socket.fail();
    open();
    t.mock.timers.tick(0);
    assert.equal(reloads, 0);
    t.mock.timers.tick(3001);
    assert.equal(reloads, 1);
  });

  it('asks again for what the server could not read just now', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const socket = open();
    streams.follow(at('thread:7', 10), follower);
    await settle();
    socket.hear('error', { code: 'unavailable', detail: '', stream: 'thread:7' });
    t.mock.timers.tick(3000);
    await settle();
    assert.equal(socket.payloads('subscribe').length, 2);
    assert.equal(revoked, 0);
  });

  it('leaves a stream that is no longer ours, or never was', async () => {
    const socket = open();
    streams.follow(at('thread:7', 10), follower);
    streams.follow(at('thread:8', 1), follower);
    socket.hear('revoked', { stream: 'thread:7' });
    socket.hear('error', { code: 'not_found', detail: '', stream: 'thread:8' });
    assert.equal(revoked, 2);
    post(socket, 11);
    assert.deepEqual(heard, []);
  });

  it('serves two pages of one stream from the older of their snapshots', async () => {
    const socket = open();
    streams.follow(at('board:3', 10), follower);
    await settle();
    socket.hear('new_post', {}, { stream: 'board:3', seq: 11 });
    const stop = streams.follow(at('board:3', 9), { ...follower });
    await settle();
    assert.deepEqual(socket.payloads('subscribe').at(-1), { epoch: 'e1', streams: { 'board:3': 9 } });
    stop();
    assert.deepEqual(socket.payloads('unsubscribe'), []);
  });

  it("takes one's own stream as it comes, and drops it with its owner", () => {
    const socket = open();
    manager.on('unread_changed', ({ seq }) => heard.push(seq));
    socket.hear('subscribed', { stream: 'user:9', head: 4 });
    socket.hear('unread_changed', {}, { stream: 'user:9', seq: 5 });
    socket.hear('unread_changed', {}, { stream: 'user:9', seq: 5 });
    assert.deepEqual(heard, [5]);
    streams.forgetPerson();
    assert.equal(streams.cursor('user:9'), undefined);
  });
});
