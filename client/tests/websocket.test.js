import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { WebSocketManager } from '../js/websocket/WebSocketManager.js';
import { FakeWebSocket } from './support/sockets.js';

/** @type {WebSocketManager} */
let manager;
let chance = 1;
let now = 0;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  FakeWebSocket.all = [];
  chance = 1;
  manager = new WebSocketManager('ws://forum.test/ws', { WebSocket: /** @type {any} */ (FakeWebSocket), random: () => chance, now: () => now });
});
afterEach(() => mock.timers.reset());

/** The wait until the next socket is made, in ms, to a tenth of a second. */
function waitForNext() {
  const before = FakeWebSocket.all.length;
  for (let passed = 0; passed <= 120_000; passed += 100) {
    if (FakeWebSocket.all.length > before) return passed;
    mock.timers.tick(100);
  }
  return Infinity;
}

describe('WebSocketManager', () => {
  it('connects once, says what it is told and hands frames to those who asked', () => {
    /** @type {any[]} */
    const heard = [];
    const stop = manager.on('new_post', (frame) => heard.push(frame));
    manager.connect();
    assert.equal(FakeWebSocket.last.url, 'ws://forum.test/ws');
    assert.equal(manager.send('hello', {}), false);
    FakeWebSocket.last.open();
    assert.equal(manager.state$.get(), 'open');
    assert.equal(manager.send('hello', { epoch: 'e' }), true);
    assert.deepEqual(FakeWebSocket.last.said, [{ type: 'hello', payload: { epoch: 'e' } }]);
    FakeWebSocket.last.hear('new_post', { id: 1 }, { stream: 'thread:7', seq: 3 });
    stop();
    FakeWebSocket.last.hear('new_post', { id: 2 });
    FakeWebSocket.last.hear('a kind from the future', {});
    assert.deepEqual(heard, [{ type: 'new_post', payload: { id: 1 }, stream: 'thread:7', seq: 3 }]);
  });

  it('waits longer after each failure, up to half a minute', () => {
    manager.connect();
    const waits = Array.from({ length: 9 }, () => {
      FakeWebSocket.last.fail();
      assert.equal(manager.state$.get(), 'waiting');
      return waitForNext();
    });
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
    assert.equal(manager.reconnectAttempts, 9);
  });

  it('spreads the waits of many clients over the whole time', () => {
    const waits = [0, 0.25, 0.75].map((random) => {
      chance = random;
      manager.reconnectAttempts = 6;
      manager.connect();
      FakeWebSocket.last.fail();
      return waitForNext();
    });
    assert.deepEqual(waits, [100, 7500, 22_500]);
  });

  it('begins with short waits again after a connection that lasted', () => {
    manager.reconnectAttempts = 5;
    manager.connect();
    FakeWebSocket.last.open();
    FakeWebSocket.last.fail();
    assert.equal(waitForNext(), 16_000);
    FakeWebSocket.last.open();
    mock.timers.tick(10_000);
    assert.equal(manager.reconnectAttempts, 0);
    FakeWebSocket.last.fail();
    assert.equal(waitForNext(), 500);
  });

  it('takes a silence of two and a half heartbeats for a dead connection', () => {
    manager.connect();
    const first = FakeWebSocket.last;
    first.open();
    first.hear('welcome', { epoch: 'e', heartbeat: 10 });
    for (let beat = 0; beat < 5; beat += 1) {
      mock.timers.tick(10_000);
      first.hear('heartbeat');
    }
    assert.equal(manager.state$.get(), 'open');
    mock.timers.tick(24_900);
    assert.equal(manager.state$.get(), 'open');
    mock.timers.tick(100);
    assert.equal(manager.state$.get(), 'waiting');
    assert.equal(first.readyState, 3);
    first.hear('heartbeat'); // too late: nobody listens
    assert.equal(manager.ws, null);
  });

  it('does not wait for ever for a connection that never comes', () => {
    manager.connect();
    mock.timers.tick(15_000);
    assert.equal(manager.state$.get(), 'waiting');
  });

  it('goes on over a socket that is draining until its time has come', () => {
    manager.connect();
    const old = FakeWebSocket.last;
    old.open();
    old.hear('draining', { after_ms: 3000 });
    mock.timers.tick(2900);
    assert.equal(manager.state$.get(), 'open');
    assert.equal(manager.send('subscribe', {}), true);
    mock.timers.tick(100);
    assert.notEqual(FakeWebSocket.last, old);
    assert.equal(old.readyState, 3);
    assert.equal(manager.reconnectAttempts, 0);
  });

  it('tries at once when a person or the network says so', () => {
    manager.reconnectAttempts = 6;
    manager.connect();
    manager.retry(); // already connecting
    assert.equal(FakeWebSocket.all.length, 1);
    FakeWebSocket.last.fail();
    manager.retry();
    assert.equal(FakeWebSocket.all.length, 2);
    FakeWebSocket.last.open();
    assert.equal(waitForNext() >= 60_000, true); // the old wait is gone; silence ends this one
  });

  it('does not trust a connection that was silent for a heartbeat when somebody comes back to it', () => {
    manager.connect();
    FakeWebSocket.last.open();
    FakeWebSocket.last.hear('welcome', { heartbeat: 20 });
    now += 20_000;
    manager.retry();
    assert.equal(FakeWebSocket.all.length, 1);
    now += 3_600_000; // the lid was closed, and no timer ran
    manager.retry();
    assert.equal(FakeWebSocket.all.length, 2);
    assert.equal(FakeWebSocket.all[0].readyState, 3);
  });

  it('tells why the server closed it', () => {
    /** @type {any[]} */
    const codes = [];
    manager.on('closed', ({ payload }) => codes.push(payload.code));
    manager.connect();
    FakeWebSocket.last.open();
    FakeWebSocket.last.fail(4401);
    assert.deepEqual(codes, [4401]);
    assert.equal(manager.state$.get(), 'waiting');
  });

  it('stays closed once it is closed', () => {
    manager.connect();
    FakeWebSocket.last.open();
    manager.close();
    assert.equal(manager.state$.get(), 'idle');
    assert.equal(waitForNext(), Infinity);
  });
});
