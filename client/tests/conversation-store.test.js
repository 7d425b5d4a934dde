import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { ConversationStore } from '../js/stores/ConversationStore.js';
import { Live } from '../js/stores/Live.js';
import { registerHandlers } from '../js/websocket/handlers.js';
import { Streams } from '../js/websocket/Streams.js';
import { WebSocketManager } from '../js/websocket/WebSocketManager.js';
import { observable } from '../js/utils/state.js';
import { FakeWebSocket } from './support/sockets.js';
import { conversation, me, message, messagesPage, person, settle, time } from './support/things.js';

const ada = me('ada');
/** @type {Record<string, any>} */
let answers;
/** @type {any[][]} */
let asked;
/** @type {any} */
let pending$;
/** @type {(item: any, sent: any) => void} */
let sent;
/** @type {any[]} */
let notices;
/** @type {WebSocketManager} */
let socket;
/** @type {any} */
let list;
let revoked = 0;

/** A conversation on screen, over a real socket manager with a wire that goes nowhere. @param {any} [head] @param {any[]} [messages] @param {any} [page] */
function open(head = {}, messages = [message(1), message(2, { author: ada, may: { edit: true, delete: true } })], page = {}) {
  const api = { messages: new Proxy({}, { get: (_, call) => async (/** @type {any[]} */ ...args) => {
    asked.push([String(call), ...args.map((arg) => (arg?.signal ? (({ signal: _signal, ...rest }) => rest)(arg) : arg))]);
    const answer = answers[String(call)];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer(...args) : answer;
  } }) };
  FakeWebSocket.all = [];
  socket = new WebSocketManager('ws://forum.test/ws', { WebSocket: /** @type {any} */ (FakeWebSocket), random: () => 0 });
  const streams = new Streams(socket, 'e1', () => 0);
  const conversations = { calls: /** @type {any[][]} */ ([]), seen: (/** @type {any[]} */ ...args) => list.push(['seen', ...args]), put: () => {}, arrived: (/** @type {any} */ one) => list.push(['arrived', one.seq]), refresh: () => {}, rewritten: () => {} };
  const live = new Live(/** @type {any} */ ({ me$: observable(ada) }), /** @type {any} */ ({}), /** @type {any} */ (conversations));
  registerHandlers(socket, live);
  socket.connect();
  FakeWebSocket.last.open();
  const outbox = { at: () => pending$, onSent: (/** @type {any} */ listener) => ((sent = listener), () => {}), add: async (/** @type {any} */ words) => words };
  const parts = { api, streams, live, outbox, socket, conversations, notices: { say: (/** @type {string} */ text, /** @type {any} */ more) => notices.push([text, more]) }, me: () => ada, revoked: () => void (revoked += 1) };
  return new ConversationStore({ conversation: conversation('5', head), page: messagesPage(messages, page) }, /** @type {any} */ (parts), () => mock.timers ? Date.now() : 0);
}

const hear = (/** @type {string} */ type, /** @type {any} */ payload, /** @type {number} */ seq) => FakeWebSocket.last.hear(type, payload, seq === undefined ? {} : { stream: 'conversation:5', seq });
/** As it stands on the socket. @param {any} one */
const bare = ({ client_id: _c, may: _m, ...rest }) => rest;
/** @param {ConversationStore} store */
const shown = (store) => store.messages$.get().map(({ seq }) => seq);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  answers = { read: null };
  asked = [];
  notices = [];
  list = [];
  revoked = 0;
  pending$ = observable([]);
});
afterEach(() => {
  socket.close();
  mock.timers.reset();
});

describe('a conversation on screen', () => {
  it('shows a message from the socket at the end, once, with what concerns us worked out', () => {
    const store = open();
    const told = { ...bare(message(3)), reactions: [{ emoji: '👍', count: 1 }] };
    hear('new_message', { message: told }, 3);
    hear('new_message', { message: told }, 3);
    assert.deepEqual(shown(store), [1, 2, 3]);
    assert.deepEqual(store.messages$.get()[2], { ...message(3), reactions: [{ emoji: '👍', count: 1, mine: false }] });
    assert.deepEqual(list, [['arrived', 3]]);
  });

  it('never shows our own message twice: the one on its way becomes the one that came', () => {
    const store = open();
    pending$.set([{ client_id: 'c1', state: 'sending' }]);
    hear('new_message', { message: bare(message(3, { author: ada })) }, 3);
    assert.deepEqual(shown(store), [1, 2]);
    sent({ place: 'conversation:5' }, { message: message(3, { author: ada, client_id: 'c1' }) });
    pending$.set([]);
    assert.deepEqual(shown(store), [1, 2, 3]);
    hear('message_edited', { message: { ...bare(message(3, { author: ada, html: '<p>again</p>' })), version: 9 } }, 4);
    const last = /** @type {any} */ (store.messages$.get()[2]);
    assert.deepEqual([last.client_id, last.html, last.may], ['c1', '<p>again</p>', { edit: true, delete: true }]);
  });

  it('shows what we wrote on another device, though something here waits', () => {
    const store = open();
    pending$.set([{ client_id: 'c1', state: 'waiting' }]);
    hear('new_message', { message: bare(message(3, { author: ada })) }, 3);
    mock.timers.tick(2000);
    assert.deepEqual(shown(store), [1, 2, 3]);
  });

  it('loads older messages by ten, and newer ones after a jump, while new ones wait', async () => {
    const store = open({}, [message(30), message(31)], { older: true });
    answers.list = messagesPage([message(20), message(21)], { older: false });
    await store.loadOlder();
    assert.deepEqual(asked.at(-1), ['list', '5', { before: 30 }]);
    assert.deepEqual([shown(store), store.older$.get()], [[20, 21, 30, 31], 'end']);
    answers.list = messagesPage([message(5), message(6)], { older: true, newer: true });
    await store.jumpTo({ around: 5 });
    hear('new_message', { message: bare(message(32)) }, 32);
    assert.deepEqual([shown(store), store.arrived$.get()], [[5, 6], 1]);
    answers.list = messagesPage([message(30), message(31)], { newer: false });
    await store.loadNewer();
    assert.deepEqual([shown(store), store.arrived$.get()], [[5, 6, 30, 31, 32], 0]);
  });

  it('reacts at once and takes it back when the server refuses', async () => {
    const store = open();
    const one = /** @type {any} */ (store.messages$.get()[0]);
    answers.react = new ApiError({ status: 500, code: 'x', detail: 'x' });
    const done = store.react(one, '👍');
    assert.deepEqual(/** @type {any} */ (store.messages$.get()[0]).reactions, [{ emoji: '👍', count: 1, mine: true }]);
    await done;
    assert.deepEqual(/** @type {any} */ (store.messages$.get()[0]).reactions, []);
    assert.equal(notices.length, 1);
    answers.react = null;
    await store.react(one, '🎉');
    hear('reaction_changed', { message_id: 'm1', reactions: [{ emoji: '🎉', count: 2 }], version: 5 }, 3);
    assert.deepEqual(/** @type {any} */ (store.messages$.get()[0]).reactions, [{ emoji: '🎉', count: 2, mine: true }]);
  });

  it('deletes after some seconds, and not if one takes it back', async () => {
    const store = open();
    const own = /** @type {any} */ (store.messages$.get()[1]);
    answers.remove = null;
    store.remove(own);
    assert.ok(store.deleting$.get().has('m2'));
    notices[0][1].action.run();
    mock.timers.tick(10_000);
    assert.deepEqual([asked, store.deleting$.get().size], [[], 0]);
    store.remove(own);
    mock.timers.tick(10_000);
    await settle();
    assert.deepEqual(asked, [['remove', 'm2']]);
    assert.equal(store.messages$.get()[1].deleted, true);
  });

  it('deletes at once what was to be deleted when its page goes', () => {
    const store = open();
    store.remove(/** @type {any} */ (store.messages$.get()[1]));
    store.end();
    assert.deepEqual(asked, [['remove', 'm2']]);
  });

  it('knows who is writing, until they stop, send or fall silent', () => {
    const store = open();
    hear('typing_start', { conversation_id: '5', person_id: 'u-bob' }, /** @type {any} */ (undefined));
    assert.deepEqual(store.typing$.get(), ['u-bob']);
    mock.timers.tick(6500);
    assert.deepEqual(store.typing$.get(), []);
    hear('typing_start', { conversation_id: '5', person_id: 'u-bob' }, /** @type {any} */ (undefined));
    hear('new_message', { message: bare(message(3)) }, 3);
    assert.deepEqual(store.typing$.get(), []);
    hear('typing_start', { conversation_id: '5', person_id: 'u-ada' }, /** @type {any} */ (undefined));
    assert.deepEqual(store.typing$.get(), []);
  });

  it('says that we are writing now and then, and that we stopped', () => {
    const store = open();
    store.typing();
    store.typing();
    mock.timers.tick(3500);
    store.typing();
    store.stopTyping();
    store.stopTyping();
    assert.deepEqual([FakeWebSocket.last.payloads('typing_start').length, FakeWebSocket.last.payloads('typing_stop').length], [2, 1]);
  });

  it('tells how far one has read, in steps, and shows how far others have', async () => {
    const store = open({ mark: 1 });
    store.seen(1);
    store.seen(2);
    hear('new_message', { message: bare(message(3)) }, 3);
    store.seen(3);
    mock.timers.tick(1000);
    await settle();
    assert.deepEqual(asked, [['read', '5', 3]]);
    assert.deepEqual(list.filter(([what]) => what === 'seen'), [['seen', '5', 2], ['seen', '5', 3]]);
    hear('message_read', { conversation_id: '5', person_id: 'u-bob', seq: 2 }, /** @type {any} */ (undefined));
    hear('message_read', { conversation_id: '5', person_id: 'u-bob', seq: 1 }, /** @type {any} */ (undefined));
    assert.equal(store.reads$.get().get('u-bob'), 2);
  });

  it('asks once whether one may still write when words are refused by whoever one writes to', async () => {
    const store = open();
    answers.conversation = { conversation: conversation('5', { may: { ...conversation('5').may, write: false } }) };
    pending$.set([{ client_id: 'c1', state: 'failed', problem: { code: 'invalid' } }]);
    await settle();
    assert.deepEqual(asked, []);
    pending$.set([{ client_id: 'c1', state: 'failed', problem: { code: 'blocked' } }]);
    await settle();
    assert.equal(store.conversation$.get().may.write, false);
    pending$.set([{ client_id: 'c1', state: 'failed', problem: { code: 'blocked' } }, { client_id: 'c2', state: 'failed', problem: { code: 'blocked' } }]);
    await settle();
    assert.deepEqual(asked, [['conversation', '5']]);
  });

  it('loses nothing over a gap, and what answers a deleted message no longer quotes it', async () => {
    const answer = message(2, { reply_to: { id: 'm1', seq: 1, author: person('bob'), excerpt: '1' } });
    const store = open({}, [message(1), answer]);
    hear('message_deleted', { message: { id: 'm1', conversation_id: '5', seq: 1, author: person('bob'), deleted: true, deleted_at: time(9), created_at: time(1), version: 9 } }, 3);
    assert.equal(/** @type {any} */ (store.messages$.get()[1]).reply_to, null);
    answers.conversation = { conversation: conversation('5', { seq: 40 }) };
    answers.list = (/** @type {string} */ _id, /** @type {any} */ where) => (where.before ? messagesPage([message(1), answer], { seq: 40 }) : messagesPage([message(39), message(40)], { older: true }));
    hear('resync', { stream: 'conversation:5' }, /** @type {any} */ (undefined));
    await settle();
    assert.deepEqual(shown(store), [1, 2, 39, 40]);
    hear('new_message', { message: bare(message(41)) }, 41);
    assert.deepEqual(shown(store), [1, 2, 39, 40, 41]);
    hear('revoked', { stream: 'conversation:5' }, /** @type {any} */ (undefined));
    assert.equal(revoked, 1);
  });
});
