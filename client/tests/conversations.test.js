import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { Conversations } from '../js/stores/Conversations.js';
import { conversation, me, message, person, settle, time } from './support/things.js';

/** @type {any} what the server has */
let server;
/** @type {string[]} */
let asked;
/** @type {Map<string, any>} */
let followers;
/** @type {Map<string, number>} */
let cursors;

beforeEach(() => {
  asked = [];
  followers = new Map();
  cursors = new Map();
  server = { items: [conversation('5', { seq: 3, last_message: message(3), mark: 3 })], next: null, unread: 0, fails: null };
});

const answer = (/** @type {any} */ value) => (server.fails ? Promise.reject(server.fails) : Promise.resolve(value));

function open() {
  const api = { messages: {
    conversations: (/** @type {any} */ { cursor }) => (asked.push(`list ${cursor ?? ''}`.trim()), answer({ items: cursor ? server.second : server.items, next: cursor ? null : server.next, epoch: 'e1', stream: 'user:u-ada', seq: 1, unread: { conversations: 0, messages: server.unread } })),
    conversation: (/** @type {string} */ id) => (asked.push(id), answer({ conversation: [...server.items, ...(server.second ?? [])].find((one) => one.id === id), epoch: 'e1' })),
  } };
  const streams = {
    follow: (/** @type {any} */ { stream }, /** @type {any} */ follower) => (followers.set(stream, follower), () => followers.delete(stream)),
    cursor: (/** @type {string} */ stream) => cursors.get(stream),
  };
  return new Conversations('u-ada', /** @type {any} */ ({ api, streams, me: () => me('ada') }));
}

const told = (/** @type {number} */ seq, /** @type {any} */ more = {}) => message(seq, { client_id: undefined, ...more });

describe("one's conversations", () => {
  it('count what others write, once, and come up by it', async () => {
    server.items.push(conversation('6', { with: person('cleo'), bumped_at: time(50) }));
    const mine = open();
    await mine.begin();
    assert.deepEqual(mine.items$.get().map(({ id }) => id), ['6', '5']);
    mine.arrived(told(4, { created_at: time(60) }));
    mine.arrived(told(4, { created_at: time(60) }));
    assert.deepEqual(mine.items$.get().map(({ id }) => id), ['5', '6']);
    assert.deepEqual(mine.get('5')?.unread, { count: 1, first_seq: 4, first_at: time(60) });
    assert.equal(mine.unread$.get(), 1);
    assert.equal(mine.get('5')?.last_message?.seq, 4);
  });

  it('do not count our own words, nor what another tab has read already', async () => {
    const mine = open();
    await mine.begin();
    mine.arrived(told(4, { author: person('ada') }));
    mine.arrived(told(5));
    assert.equal(mine.unread$.get(), 1);
    mine.marked({ conversation_id: '5', seq: 5, muted: false, request: false });
    assert.deepEqual(mine.get('5')?.unread, { count: 0, first_seq: null, first_at: null });
  });

  it('stop counting at a hundred, and leave muted ones out of the count', async () => {
    server.items[0].unread = { count: 100, first_seq: 1 };
    server.items.push(conversation('6', { muted: true, seq: 1 }));
    server.unread = 100;
    const mine = open();
    await mine.begin();
    mine.arrived(told(4));
    mine.arrived(told(2, { conversation_id: '6' }));
    assert.equal(mine.get('6')?.unread.count, 1);
    assert.equal(mine.unread$.get(), 100);
  });

  it('count those beyond the first page too, and load them', async () => {
    server = { ...server, next: 'c', unread: 7, second: [conversation('9', { unread: { count: 7, first_seq: 1 } })] };
    const mine = open();
    await mine.begin();
    assert.equal(mine.unread$.get(), 7);
    await mine.loadMore();
    assert.equal(mine.unread$.get(), 7);
    assert.equal(mine.more$.get(), 'end');
    assert.equal(mine.items$.get().length, 2);
  });

  it('ask the server where only it knows: a part was read, something unread was deleted, a stranger wrote', async () => {
    server.items[0] = conversation('5', { seq: 6, last_message: message(6), mark: 3, unread: { count: 3, first_seq: 4 } });
    const mine = open();
    await mine.begin();
    server.items[0] = conversation('5', { seq: 6, last_message: message(6), mark: 4, unread: { count: 2, first_seq: 5 } });
    mine.marked({ conversation_id: '5', seq: 4, muted: false, request: false });
    await settle();
    assert.equal(mine.unread$.get(), 2);
    server.items[0] = conversation('5', { seq: 7, last_message: message(6), mark: 4, unread: { count: 1, first_seq: 6 } });
    mine.rewritten({ ...told(5), deleted: true });
    await settle();
    assert.equal(mine.unread$.get(), 1);
    server.items.push(conversation('8', { request: true, unread: { count: 1, first_seq: 1 } }));
    mine.arrived(told(1, { conversation_id: '8' }));
    mine.arrived(told(2, { conversation_id: '8' }));
    await settle();
    assert.equal(mine.get('8')?.request, true);
    assert.deepEqual(asked, ['list', '5', '5', '8', '8']); // once more, since the second came meanwhile
  });

  it('take no older telling for a newer one: what came meanwhile is read again', async () => {
    const mine = open();
    await mine.begin();
    cursors.set('conversation:5', 9);
    server.items[0] = conversation('5', { seq: 9, last_message: message(9) });
    mine.put(conversation('5', { seq: 8, last_message: message(8) }), 'e1');
    await settle();
    assert.equal(mine.get('5')?.last_message?.seq, 9);
  });

  it('tell who listens of messages of others in what is not muted', async () => {
    server.items.push(conversation('6', { muted: true }));
    const mine = open();
    await mine.begin();
    /** @type {number[]} */
    const heard = [];
    mine.onMessage(({ seq }) => heard.push(seq));
    mine.arrived(told(4));
    mine.arrived(told(5, { author: person('ada') }));
    mine.arrived(told(6, { conversation_id: '6' }));
    assert.deepEqual(heard, [4]);
  });

  it('go with whoever signs out, and with whoever leaves', async () => {
    const mine = open();
    await mine.begin();
    mine.left('5');
    assert.deepEqual([mine.items$.get(), [...followers.keys()]], [[], []]);
    mine.serve(null);
    assert.equal(mine.state$.get(), 'idle');
    await mine.begin();
    assert.deepEqual(asked, ['list']);
  });

  it('say when they could not be had, and try again', async () => {
    const mine = open();
    server.fails = new ApiError({ status: 0, code: 'offline', detail: 'You are offline.' });
    await mine.begin();
    assert.equal(mine.state$.get(), 'failed');
    server.fails = null;
    await mine.begin();
    assert.equal(mine.state$.get(), 'ready');
    server.fails = new ApiError({ status: 404, code: 'not_found', detail: 'No.' });
    await mine.refresh('5');
    assert.deepEqual(mine.items$.get(), []);
  });
});
