import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Live } from '../js/stores/Live.js';
import { handlers, registerHandlers } from '../js/websocket/handlers.js';
import { observable } from '../js/utils/state.js';
import { person, post, thread } from './support/things.js';

/** What each event did, in the order it was done: a store that notes its calls. @type {any[][]} */
let calls;
/** @type {Live} */
let live;

/** @param {string} name @param {Record<string, any>} real */
const noting = (name, real) => new Proxy(real, { get: (target, key) => key in target ? target[/** @type {string} */ (key)] : (/** @type {any[]} */ ...args) => void calls.push([`${name}.${String(key)}`, ...args]) });

beforeEach(() => {
  calls = [];
  const session = noting('session', { me$: observable(null), reloadSite: async () => void calls.push(['session.reloadSite']), refresh: async () => void calls.push(['session.refresh']) });
  const boards = noting('boards', { load: async () => void calls.push(['boards.load']) });
  live = new Live(/** @type {any} */ (session), /** @type {any} */ (boards), /** @type {any} */ (noting('mine', {})));
  live.addList(/** @type {any} */ (noting('talk', { follows: (/** @type {string} */ stream) => stream === 'board:1' })));
  live.addList(/** @type {any} */ (noting('news', { follows: (/** @type {string} */ stream) => stream === 'board:2' })));
  live.addThread(/** @type {any} */ (noting('thread7', { id: '7' })));
  live.addThread(/** @type {any} */ (noting('thread8', { id: '8' })));
  live.addConversation(/** @type {any} */ (noting('chat5', { id: '5' })));
  live.onPresence = (...args) => void calls.push(['presence', ...args]);
});

/** What becomes of a frame. @param {string} type @param {any} payload @param {string} [stream] */
function told(type, payload, stream) {
  /** @type {Map<string, (frame: any) => void>} */
  const socket = new Map();
  registerHandlers(/** @type {any} */ ({ on: (/** @type {string} */ kind, /** @type {any} */ handle) => socket.set(kind, handle) }), live);
  socket.get(type)?.({ type, payload, stream });
  return calls;
}

const t7 = thread('7');
const p1 = post(1);
const m1 = { id: 'm1', conversation_id: '5', seq: 1 };
const ada = person('ada');

/** @type {[string, any, string | undefined, any[][]][]} */
const table = [
  ['new_thread', { thread: t7 }, 'board:1', [['talk.opened', t7]]],
  ['thread_changed', { id: '7', reply_count: 3 }, 'board:2', [['news.bumped', { id: '7', reply_count: 3 }]]],
  ['thread_edited', { thread: t7 }, 'board:1', [['talk.changed', t7]]],
  ['thread_edited', { thread: t7 }, 'thread:7', [['thread7.changed', t7]]],
  ['thread_locked', { thread: t7 }, 'board:1', [['talk.changed', t7]]],
  ['thread_locked', { thread: t7 }, 'thread:7', [['thread7.changed', t7]]],
  ['thread_restored', { thread: t7 }, 'board:1', [['talk.opened', t7]]],
  ['thread_restored', { thread: t7 }, 'thread:7', [['thread7.changed', t7]]],
  ['thread_moved', { id: '7' }, 'board:1', [['talk.left', '7', 'board:1']]],
  ['thread_moved', { thread: t7 }, 'board:2', [['news.opened', t7]]],
  ['thread_moved', { thread: t7 }, 'thread:7', [['thread7.changed', t7]]],
  ['thread_moved', { id: '7' }, 'thread:7', [['thread7.reload']]],
  ['thread_edited', { id: '7' }, 'thread:8', [['thread8.reload']]],
  ['thread_deleted', { id: '7' }, 'board:1', [['talk.left', '7', 'board:1']]],
  ['thread_deleted', { id: '7' }, 'thread:7', [['thread7.deleted']]],
  ['new_post', { post: p1 }, 'thread:7', [['thread7.arrived', p1]]],
  ['post_edited', { post: p1 }, 'thread:8', [['thread8.rewritten', p1]]],
  ['post_deleted', { post: p1 }, 'thread:7', [['thread7.rewritten', p1]]],
  ['post_restored', { post: p1 }, 'thread:7', [['thread7.rewritten', p1]]],
  ['reaction_changed', { id: 'p1', reactions: [], version: 2 }, 'thread:7', [['thread7.reacted', { id: 'p1', reactions: [], version: 2 }]]],
  ['unread_changed', { thread_id: '7', position: 3, post_id: 'p3' }, 'user:1', [
    ['talk.read', { thread_id: '7', position: 3, post_id: 'p3' }],
    ['news.read', { thread_id: '7', position: 3, post_id: 'p3' }],
    ['thread7.marked', { thread_id: '7', position: 3, post_id: 'p3' }],
  ]],
  ['new_message', { message: m1 }, 'conversation:5', [['chat5.arrived', m1], ['mine.arrived', m1]]],
  ['message_edited', { message: m1 }, 'conversation:5', [['chat5.rewritten', m1], ['mine.rewritten', m1]]],
  ['message_deleted', { message: m1 }, 'conversation:5', [['chat5.rewritten', m1], ['mine.rewritten', m1]]],
  ['reaction_changed', { message_id: 'm1', reactions: [], version: 2 }, 'conversation:5', [['chat5.reacted', { message_id: 'm1', reactions: [], version: 2 }]]],
  ['member_joined', { conversation_id: '5', person: ada }, 'conversation:5', [['chat5.refresh'], ['mine.refresh', '5']]],
  ['member_left', { conversation_id: '5', person_id: '1' }, 'conversation:5', [['chat5.refresh'], ['mine.refresh', '5']]],
  ['member_changed', { conversation_id: '5', members: [] }, 'conversation:5', [['chat5.refresh'], ['mine.refresh', '5']]],
  ['conversation_changed', { conversation: { id: '5', title: 'T', version: 2 } }, 'conversation:5', [['chat5.renamed', { id: '5', title: 'T', version: 2 }], ['mine.refresh', '5']]],
  ['conversation_joined', { conversation_id: '5', seq: 3 }, 'user:1', [['mine.refresh', '5']]],
  ['conversation_left', { conversation_id: '5' }, 'user:1', [['mine.left', '5']]],
  ['blocks_changed', {}, 'user:1', [['mine.again'], ['chat5.refresh']]],
  ['unread_changed', { conversation_id: '5', seq: 4, muted: false, request: false }, 'user:1', [
    ['mine.marked', { conversation_id: '5', seq: 4, muted: false, request: false }],
    ['chat5.marked', { conversation_id: '5', seq: 4, muted: false, request: false }],
  ]],
  ['message_read', { conversation_id: '5', person_id: '2', seq: 4 }, undefined, [['chat5.readBy', '2', 4]]],
  ['typing_start', { conversation_id: '5', person_id: '2' }, undefined, [['chat5.typed', '2', true]]],
  ['typing_stop', { conversation_id: '5', person_id: '2' }, undefined, [['chat5.typed', '2', false]]],
  ['user_online', { person_id: '2' }, undefined, [['presence', '2', true, null]]],
  ['user_offline', { person_id: '2', last_seen_at: '2026-11-20T12:00:00.000Z' }, undefined, [['presence', '2', false, '2026-11-20T12:00:00.000Z']]],
  ['all_read', { at: '2026-11-20T12:00:00.000Z' }, 'user:1', [['talk.allRead'], ['news.allRead']]],
  ['person_changed', { person: ada }, 'site', ['talk', 'news', 'mine', 'thread7', 'thread8', 'chat5'].map((store) => [`${store}.personChanged`, ada])],
  ['board_changed', { id: '1' }, 'site', [['boards.changed']]],
  ['site_changed', {}, 'site', [['session.reloadSite']]],
];

describe('an event on the socket', () => {
  for (const [type, payload, stream, expected] of table) {
    it(`${type} on ${stream}: ${expected.map(([call]) => call).join(', ')}`, () => assert.deepEqual(told(type, payload, stream), expected));
  }

  it('is never one without a test here', () => {
    assert.deepEqual(Object.keys(handlers).filter((type) => !table.some(([tested]) => tested === type)), []);
  });

  it('reaches nobody once its page has gone', () => {
    const stop = live.addThread(/** @type {any} */ (noting('gone', { id: '9' })));
    stop();
    assert.deepEqual(told('new_post', { post: p1 }, 'thread:9'), []);
  });
});
