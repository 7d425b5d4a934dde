import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { Live } from '../js/stores/Live.js';
import { ThreadStore } from '../js/stores/ThreadStore.js';
import { observable } from '../js/utils/state.js';
import { board, me, person, post, postsPage, settle, thread, threadPage, time, tombstone } from './support/things.js';

/** @type {Record<string, any>} what the API answers, by call; a function is called */
let answers;
/** @type {any[][]} */
let asked;
/** @type {any} */
let follower;
/** @type {any} */
let sentListener;
/** @type {string[]} */
let notices;
const ada = me('ada');

function api() {
  const resource = (/** @type {string} */ name) => new Proxy({}, {
    get: (_, call) => async (/** @type {any[]} */ ...args) => {
      const key = `${name}.${String(call)}`;
      asked.push([key, ...args.map((arg) => (arg && typeof arg === 'object' ? (({ signal, ...rest }) => rest)(arg) : arg))]);
      const answer = answers[key];
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(...args) : answer;
    },
  });
  return /** @type {any} */ ({ posts: resource('posts'), comments: resource('comments'), threads: resource('threads'), boards: resource('boards') });
}

/** @param {any} [page] @param {any} [who] */
function open(page = {}, who = ada) {
  const full = threadPage(page);
  const streams = { follow: (/** @type {any} */ snapshot, /** @type {any} */ f) => ((follower = { snapshot, ...f }), () => {}), cursor: () => 42 };
  const live = new Live(/** @type {any} */ ({ me$: observable(who) }), /** @type {any} */ ({}));
  const outbox = { at: () => observable([]), onSent: (/** @type {any} */ listener) => ((sentListener = listener), () => {}), add: async (/** @type {any} */ words) => words };
  return new ThreadStore(full, /** @type {any} */ ({ api: api(), streams, live, outbox, notices: { say: (/** @type {string} */ text) => notices.push(text) }, me: () => who, revoked: () => {} }));
}

/** @param {ThreadStore} store */
const shown = (store) => store.posts$.get().map(({ position }) => position);
/** @param {ThreadStore} store @param {number} position @returns {any} */
const at = (store, position) => store.posts$.get().find((one) => one.position === position);

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  answers = {};
  asked = [];
  notices = [];
});
afterEach(() => mock.timers.reset());

describe('a thread on screen', () => {
  it('shows a reply from the socket at the end, once, and counts it', () => {
    const store = open();
    const told = { ...post(4, { author: person('bob'), created_at: time(30) }), reactions: [{ emoji: '👍', count: 1 }], may: undefined };
    store.arrived(told);
    store.arrived(told);
    assert.deepEqual(shown(store), [1, 2, 3, 4]);
    assert.equal(store.thread$.get().reply_count, 1);
    assert.equal(store.thread$.get().bumped_at, time(30));
    assert.equal(store.total$.get(), 4);
    assert.deepEqual(at(store, 4).may, { edit: false, delete: false, react: true });
    assert.deepEqual(at(store, 4).reactions, [{ emoji: '👍', count: 1, mine: false }]);
  });

  it('knows what one may do with a post from the socket', () => {
    const own = open();
    own.arrived(post(4));
    assert.deepEqual(at(own, 4).may, { edit: true, delete: true, react: true });
    const moderator = open({ board: board('talk', { may: { start: true, reply: true, moderate: true } }) }, me('mo'));
    moderator.arrived(post(4));
    assert.deepEqual(at(moderator, 4).may, { edit: true, delete: true, react: true });
    const guest = open({}, null);
    guest.arrived(post(4));
    assert.deepEqual(at(guest, 4).may, { edit: false, delete: false, react: false });
  });

  it('loads both ways and keeps the order', async () => {
    answers['comments.list'] = (/** @type {any} */ _id, /** @type {any} */ { cursor }) => (cursor === 'older' ? postsPage(1, 20, { total: 45, next: 'x' }) : postsPage(41, 45, { previous: 'y' }));
    const store = open({ posts: postsPage(21, 40, { previous: 'older', next: 'newer', total: 45 }) });
    await Promise.all([store.loadNewer(), store.loadNewer(), store.loadOlder()]);
    assert.deepEqual(shown(store), Array.from({ length: 45 }, (_, n) => n + 1));
    assert.equal(asked.length, 2);
    assert.equal(store.newer$.get(), 'end');
    assert.equal(store.older$.get(), 'end');
  });

  it('says when a load failed and can try again', async () => {
    const store = open({ posts: postsPage(21, 40, { previous: 'older' }) });
    answers['comments.list'] = new ApiError({ status: 0, code: 'offline', detail: '' });
    await store.loadOlder();
    assert.equal(store.older$.get(), 'failed');
    answers['comments.list'] = postsPage(1, 20);
    await store.loadOlder();
    assert.equal(store.older$.get(), 'end');
  });

  it('holds back live posts while the end is not loaded, and misses none when it is', async () => {
    const store = open({ posts: postsPage(1, 20, { next: 'newer', total: 22 }) });
    store.arrived(post(23));
    store.arrived(post(24));
    store.rewritten(post(24, { html: 'edited', version: 2 }));
    assert.equal(store.arrived$.get(), 2);
    assert.equal(shown(store).length, 20);
    answers['comments.list'] = postsPage(21, 22); // read before 23 was written
    await store.loadNewer();
    assert.deepEqual(shown(store).slice(-4), [21, 22, 23, 24]);
    assert.equal(at(store, 24).html, 'edited');
    assert.equal(store.arrived$.get(), 0);
  });

  it('does not let a late frame undo a newer row', () => {
    const store = open();
    store.rewritten(post(2, { html: 'second edit', version: 3 }));
    store.rewritten(post(2, { html: 'first edit', version: 2 }));
    store.reacted({ id: 'p2', reactions: [{ emoji: '👍', count: 9 }], version: 2 });
    assert.equal(at(store, 2).html, 'second edit');
    assert.deepEqual(at(store, 2).reactions, []);
    store.changed(thread('7', { title: 'new', version: 5 }));
    store.changed(thread('7', { title: 'old', version: 4 }));
    assert.equal(store.thread$.get().title, 'new');
  });

  it('turns a deleted post into a tombstone, and back; only its author and moderators may restore it', async () => {
    const store = open();
    store.rewritten(tombstone(2));
    assert.equal(at(store, 2).deleted, true);
    assert.equal(at(store, 2).may.restore, true); // ada wrote it
    const reader = open({}, me('bob'));
    reader.rewritten(tombstone(2));
    assert.equal(at(reader, 2).may.restore, false);
    answers['posts.restore'] = { post: post(2, { version: 3 }) };
    await store.restore(at(store, 2));
    assert.equal(at(store, 2).deleted, false);
  });

  it('shows a deletion at once, even without a socket', async () => {
    const store = open();
    answers['posts.remove'] = null;
    await store.remove(at(store, 3));
    assert.equal(at(store, 3).deleted, true);
    store.rewritten(tombstone(3, { version: 2, deleted_at: time(50) }));
    assert.equal(at(store, 3).deleted_at, time(50));
  });

  it('sends the version that was read with an edit', async () => {
    const store = open();
    answers['posts.edit'] = { post: post(1, { html: 'new', version: 2 }) };
    await store.edit(at(store, 1), 'new');
    assert.deepEqual(asked, [['posts.edit', 'p1', { body: 'new', version: 1 }]]);
    assert.equal(at(store, 1).html, 'new');
    answers['posts.edit'] = new ApiError({ status: 409, code: 'edited_meanwhile', detail: '' });
    await assert.rejects(store.edit(at(store, 1), 'mine'), { code: 'edited_meanwhile' });
    assert.equal(at(store, 1).html, 'new');
  });

  it('closes the composer when the thread is locked, except for moderators', () => {
    const store = open();
    store.changed(thread('7', { locked: true, version: 2 }));
    assert.equal(store.may$.get().reply, false);
    store.changed(thread('7', { locked: false, version: 3 }));
    assert.equal(store.may$.get().reply, true);
    const moderated = open({ board: board('talk', { may: { start: true, reply: true, moderate: true } }) });
    moderated.changed(thread('7', { locked: true, version: 2 }));
    assert.equal(moderated.may$.get().reply, true);
    moderated.changed(thread('7', { archived: true, version: 3 }));
    assert.equal(moderated.may$.get().reply, false);
  });

  it('reads the new board when the thread moves', async () => {
    const store = open();
    answers['boards.get'] = { board: board('news') };
    store.changed(thread('7', { board: board('news'), version: 2 }));
    await settle();
    assert.equal(store.board$.get().slug, 'news');
  });

  it('takes what became of an own reply from the outbox', () => {
    const store = open();
    sentListener({ place: 'thread:7' }, { post: post(4) });
    sentListener({ place: 'thread:8' }, { post: post(5, { thread_id: '8' }) });
    assert.deepEqual(shown(store), [1, 2, 3, 4]);
    store.arrived(post(4)); // the same, from the stream
    assert.deepEqual(shown(store), [1, 2, 3, 4]);
    assert.equal(store.thread$.get().reply_count, 1);
  });

  it('goes to an own reply that is further down than what is loaded', async () => {
    const store = open({ posts: postsPage(1, 20, { next: 'n', total: 60 }) });
    answers['comments.list'] = postsPage(61, 61, { previous: 'p' });
    sentListener({ place: 'thread:7' }, { post: post(61) });
    await settle();
    assert.deepEqual(shown(store), [61]);
    assert.deepEqual(asked, [['comments.list', '7', { post: 'p61' }]]);
    assert.equal(store.older$.get(), 'idle');
  });

  it('reads what it shows again after a gap, page by page', async () => {
    const store = open({ posts: postsPage(21, 40, { previous: 'a', next: 'b', total: 60 }) });
    answers['comments.list'] = postsPage(41, 60, { previous: 'c', total: 65, next: 'd' });
    await store.loadNewer();
    asked = [];
    /** @type {number[]} */
    const lengths = [];
    store.posts$.subscribe((posts) => lengths.push(posts.length));
    answers['threads.get'] = threadPage({ posts: postsPage(21, 40, { previous: 'a', next: 'b', total: 65 }), seq: 900 });
    follower.reload();
    await settle();
    assert.deepEqual(asked, [['threads.get', '7', { page: 2 }], ['comments.list', '7', { cursor: 'b' }]]);
    assert.deepEqual([shown(store).at(0), shown(store).at(-1)], [21, 60]);
    assert.equal(store.newer$.get(), 'idle');
    assert.equal(follower.snapshot.seq, 900);
    assert.deepEqual(lengths, [40], 'the posts never leave the screen');
  });

  it('gives for the way back what it shows, from where its stream stands', async () => {
    const store = open({ posts: postsPage(1, 20, { next: 'n', total: 21 }) });
    answers['comments.list'] = postsPage(21, 21);
    await store.loadNewer();
    const back = store.snapshot();
    assert.equal(back.seq, 42);
    assert.equal(back.posts.items.length, 21);
    const again = open(back);
    assert.deepEqual(shown(again), shown(store));
    assert.equal(again.newer$.get(), 'end');
  });

  it("takes over a person's new name wherever they appear", () => {
    const store = open();
    const before = at(store, 1);
    store.personChanged(person('bob', { nickname: 'Bobby' }));
    assert.equal(at(store, 1), before); // nobody here: nothing is told
    store.personChanged(person('ada', { nickname: 'Countess' }));
    assert.equal(at(store, 1).author.nickname, 'Countess');
    assert.equal(store.thread$.get().author.nickname, 'Countess');
  });
});

describe('reactions', () => {
  const liked = { posts: { ...postsPage(1, 1), items: [post(1, { reactions: [{ emoji: '👍', count: 2, mine: true }] })] } };

  it('stand at once, and are ours when the stream tells of them', async () => {
    const store = open();
    const reacting = store.react(at(store, 1), '🎉');
    assert.deepEqual(at(store, 1).reactions, [{ emoji: '🎉', count: 1, mine: true }]);
    await reacting;
    assert.deepEqual(asked, [['posts.react', 'p1', '🎉']]);
    store.reacted({ id: 'p1', reactions: [{ emoji: '🎉', count: 2 }], version: 2 });
    assert.deepEqual(at(store, 1).reactions, [{ emoji: '🎉', count: 2, mine: true }]);
  });

  it('are taken back by the second click', async () => {
    const store = open(liked);
    await store.react(at(store, 1), '👍');
    assert.deepEqual(at(store, 1).reactions, [{ emoji: '👍', count: 1, mine: false }]);
    assert.deepEqual(asked, [['posts.unreact', 'p1', '👍']]);
  });

  it('vanish again with a word when the server refuses them', async () => {
    const store = open();
    answers['posts.react'] = new ApiError({ status: 403, code: 'not_allowed', detail: '' });
    await store.react(at(store, 1), '🎉');
    assert.deepEqual(at(store, 1).reactions, []);
    assert.equal(notices.length, 1);
  });

  it('do not flicker when a frame comes while ours is on its way', async () => {
    const store = open();
    /** @type {(value: null) => void} */
    let answer = () => {};
    answers['posts.react'] = () => new Promise((done) => (answer = done));
    const reacting = store.react(at(store, 1), '🎉');
    await settle();
    store.reacted({ id: 'p1', reactions: [{ emoji: '👍', count: 1 }], version: 2 }); // written before ours
    assert.equal(at(store, 1).reactions.length, 1);
    store.reacted({ id: 'p1', reactions: [{ emoji: '👍', count: 1 }, { emoji: '🎉', count: 1 }], version: 3 });
    answer(null);
    await reacting;
    assert.deepEqual(at(store, 1).reactions, [{ emoji: '👍', count: 1, mine: false }, { emoji: '🎉', count: 1, mine: true }]);
  });

  it('keep the last of quick clicks', async () => {
    const store = open();
    await Promise.all([store.react(at(store, 1), '🎉'), store.react(at(store, 1), '🎉'), store.react(at(store, 1), '🎉')]);
    assert.deepEqual(asked.map(([call]) => call), ['posts.react', 'posts.unreact', 'posts.react']);
    assert.deepEqual(at(store, 1).reactions, [{ emoji: '🎉', count: 1, mine: true }]);
  });
});

describe('how far one has read', () => {
  it('is told now and then, only ever grows, and is told at the end', async () => {
    const store = open({ mark: { position: 1, post_id: 'p1' } });
    for (const position of [1, 2, 3, 2]) store.seen(post(position));
    mock.timers.tick(2000);
    await settle();
    assert.deepEqual(asked, [['threads.read', '7', 'p3']]);
    assert.deepEqual(store.mark$.get(), { position: 3, post_id: 'p3' });
    store.seen(post(4));
    store.end();
    await settle();
    assert.deepEqual(asked.at(-1), ['threads.read', '7', 'p4']);
  });

  it('is told no more once the thread is deleted', async () => {
    const store = open();
    store.seen(post(3));
    store.deleted();
    mock.timers.tick(2000);
    store.end();
    await settle();
    assert.deepEqual(asked, []);
  });

  it('follows another device', async () => {
    const store = open();
    store.marked({ thread_id: '7', position: 3, post_id: 'p3' });
    store.marked({ thread_id: '7', position: 2, post_id: 'p2' });
    store.seen(post(3));
    mock.timers.tick(2000);
    await settle();
    assert.deepEqual(store.mark$.get(), { position: 3, post_id: 'p3' });
    assert.deepEqual(asked, []);
  });

  it('is tried again with the next post when the server was out of reach, and is nothing for guests', async () => {
    const store = open();
    answers['threads.read'] = new ApiError({ status: 0, code: 'offline', detail: '' });
    store.seen(post(2));
    mock.timers.tick(2000);
    await settle();
    assert.equal(store.mark$.get(), null);
    answers['threads.read'] = null;
    store.seen(post(2));
    mock.timers.tick(2000);
    await settle();
    assert.deepEqual(store.mark$.get(), { position: 2, post_id: 'p2' });
    const guest = open({}, null);
    guest.seen(post(2));
    mock.timers.tick(2000);
    assert.equal(asked.length, 2);
  });
});
