import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { Outbox } from '../js/outbox/Outbox.js';
import { openOutbox } from '../js/outbox/OutboxDatabase.js';
import { SocketSender, senderOver } from '../js/outbox/SocketSender.js';
import { WebSocketManager } from '../js/websocket/WebSocketManager.js';
import { FakeWebSocket } from './support/sockets.js';
import { message, settle } from './support/things.js';

/** @type {WebSocketManager} */
let socket;
/** @type {SocketSender} */
let sender;
let online = true;
let now = 0;

/** A socket on which somebody is welcome. @param {string | null} who */
function connect(who = 'ada') {
  socket.connect();
  FakeWebSocket.last.open();
  FakeWebSocket.last.hear('welcome', { epoch: 'e1', user: who && { id: who } });
}
const sent = () => FakeWebSocket.last.payloads('send_message');
const send = (/** @type {string} */ id, /** @type {string} */ body = 'Hello') => sender.send('ada', '5', { body, client_id: id });

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  FakeWebSocket.all = [];
  online = true;
  now = 0;
  socket = new WebSocketManager('ws://forum.test/ws', { WebSocket: /** @type {any} */ (FakeWebSocket), random: () => 0 });
  sender = new SocketSender(socket, { online: () => online, now: () => now });
});
afterEach(() => {
  socket.close();
  mock.timers.reset();
});

describe('a message over the socket', () => {
  it('is one frame, and its acknowledgement is the message', async () => {
    connect();
    const answer = sender.send('ada', '5', { body: 'Hello', client_id: 'c1', reply_to: '7' });
    assert.deepEqual(sent(), [{ conversation_id: '5', body: 'Hello', client_id: 'c1', reply_to: '7' }]);
    FakeWebSocket.last.hear('ack', { client_id: 'another', message: message(1) });
    FakeWebSocket.last.hear('nack', { client_id: 'another', error: { status: 403 } });
    FakeWebSocket.last.hear('ack', { client_id: 'c1', message: message(2) });
    assert.deepEqual(await answer, message(2));
  });

  it('that is refused says why', async () => {
    connect();
    const answer = send('c1');
    FakeWebSocket.last.hear('nack', { client_id: 'c1', error: { status: 400, code: 'invalid', detail: 'Some fields', errors: { body: 'write something' }, request_id: 'r' } });
    await assert.rejects(answer, { name: 'ApiError', status: 400, code: 'invalid', message: 'Some fields', fields: { body: 'write something' } });
  });

  it('goes otherwise where HTTP tells more, or the server only stumbled', async () => {
    connect();
    for (const status of [401, 429, 500, 503]) {
      const answer = send(`c${status}`);
      FakeWebSocket.last.hear('nack', { client_id: `c${status}`, error: { status } });
      assert.equal(await answer, null);
    }
  });

  it('goes otherwise when the connection ends before the answer, or no answer comes', async () => {
    connect();
    const lost = send('c1');
    FakeWebSocket.last.fail();
    assert.equal(await lost, null);
    connect();
    const replaced = send('c2');
    socket.connect();
    assert.equal(await replaced, null);
    connect();
    const silent = send('c3');
    mock.timers.tick(5000);
    assert.equal(await silent, null);
  });

  it('is not even tried without a connection, before the welcome, without a network, or as somebody else', async () => {
    assert.equal(await send('c1'), null);
    socket.connect();
    FakeWebSocket.last.open();
    assert.equal(await send('c2'), null);
    FakeWebSocket.last.hear('welcome', { epoch: 'e1', user: { id: 'bob' } });
    assert.equal(await send('c3'), null);
    connect(null);
    assert.equal(await send('c4'), null);
    connect();
    online = false;
    assert.equal(await send('c5'), null);
    assert.deepEqual(FakeWebSocket.all.flatMap((one) => one.payloads('send_message')), []);
  });

  it('fits its frame, and many at once do not cost the connection', async () => {
    connect();
    assert.equal(await send('long', '\u0001'.repeat(10_001)), null);
    void send('fits', '\u0001'.repeat(10_000));
    assert.ok(JSON.stringify({ type: 'send_message', payload: sent()[0] }).length < 65_536);
    for (let number = 1; number < 20; number += 1) void send(`c${number}`);
    assert.equal(await send('c20'), null);
    now += 10_000;
    void send('c21');
    assert.equal(sent().length, 21);
  });

  it('is counted over all that is sent on a socket', () => {
    assert.equal(senderOver(socket), senderOver(socket));
  });
});

describe('an outbox with a socket', () => {
  /** @type {any[][]} */
  let posted;
  /** @type {Outbox} */
  let outbox;
  const written = (/** @type {string} */ body) => outbox.add({ kind: 'message', place: 'conversation:5', body });
  const ack = () => {
    const { client_id } = sent().at(-1);
    FakeWebSocket.last.hear('ack', { client_id, message: message(9, { client_id }) });
  };
  /** @param {() => boolean} done */
  const until = async (done) => {
    for (let tries = 0; tries < 200 && !done(); tries += 1) await settle();
    assert.ok(done());
  };

  beforeEach(async () => {
    mock.timers.reset();
    posted = [];
    outbox = new Outbox({
      api: /** @type {any} */ ({ messages: { send: async (/** @type {any[]} */ ...args) => (posted.push(args), { message: message(8) }) } }),
      say: (...said) => sender.send(...said),
      database: openOutbox(new IDBFactory()), locks: undefined, channel: /** @type {any} */ ({ postMessage() {} }), confirm: async () => 'ada',
    });
    await outbox.serve('ada');
  });

  it('sends one after another over it, in order', async () => {
    connect();
    await written('one');
    await written('two');
    await until(() => sent().length === 1);
    ack();
    await until(() => sent().length === 2);
    assert.deepEqual(sent().map(({ body }) => body), ['one', 'two']);
    ack();
    await until(() => outbox.items$.get().length === 0);
    assert.deepEqual(posted, []);
  });

  it('sends what was not acknowledged by HTTP, under the same name and before what comes after it', async () => {
    connect();
    const one = await written('one');
    const two = await written('two');
    await until(() => sent().length === 1);
    FakeWebSocket.last.fail();
    await until(() => outbox.items$.get().length === 0);
    assert.deepEqual(posted, [['5', { body: 'one', client_id: one.client_id }], ['5', { body: 'two', client_id: two.client_id }]]);
    assert.equal(FakeWebSocket.all[0].payloads('send_message')[0].client_id, one.client_id);
  });

  it('shows what was refused over it, and goes on', async () => {
    connect();
    const one = await written('one');
    await until(() => sent().length === 1);
    FakeWebSocket.last.hear('nack', { client_id: one.client_id, error: { status: 403, code: 'blocked', detail: 'One of you has blocked the other.' } });
    await until(() => outbox.items$.get()[0].state === 'failed');
    assert.equal(outbox.items$.get()[0].problem?.code, 'blocked');
    await written('two');
    await until(() => sent().length === 2);
    ack();
    await until(() => outbox.items$.get().length === 1);
    assert.deepEqual(posted, []);
  });
});
