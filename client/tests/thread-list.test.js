import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Known } from '../js/stores/Known.js';
import { Live } from '../js/stores/Live.js';
import { ThreadList } from '../js/stores/ThreadList.js';
import { board, person, settle, thread, time } from './support/things.js';

/** @type {any} */
let follower;
/** @type {any} */
let pages;
const known = new Known();

/** @param {any[]} items @param {any} [page] @param {(thread: import('../js/types.js').Thread) => boolean} [accepts] */
function list(items, page = {}, accepts = undefined) {
  const streams = { follow: (/** @type {any} */ snapshot, /** @type {any} */ f) => ((follower = { snapshot, ...f }), () => (follower = null)), cursor: () => 77 };
  const full = { items, next: null, epoch: 'e1', stream: 'board:1', seq: 5, ...page };
  const sources = { more: async (/** @type {string} */ cursor) => pages[cursor](), reload: async () => pages.first(), accepts };
  return new ThreadList(full, sources, /** @type {any} */ ({ streams, live: new Live(/** @type {any} */ ({}), /** @type {any} */ ({})), known, me: () => 'u-ada' }));
}
/** @param {ThreadList} threads */
const ids = (threads) => threads.items$.get().map(({ id }) => id).join('');
/** @param {ThreadList} threads @param {string} id @returns {any} */
const row = (threads, id) => threads.items$.get().find((one) => one.id === id);

beforeEach(() => {
  pages = {};
  follower = undefined;
});

describe('a list of threads', () => {
  it('never moves by itself: new threads wait until they are asked for', () => {
    const threads = list([thread('p', { pinned: true }), thread('a'), thread('b')]);
    threads.opened(thread('c'));
    threads.opened(thread('d'));
    threads.opened(thread('c', { title: 'renamed', version: 2 }));
    assert.equal(ids(threads), 'pab');
    assert.equal(threads.fresh$.get(), 2);
    threads.showFresh();
    assert.equal(ids(threads), 'pdcab');
    assert.equal(row(threads, 'c').title, 'renamed');
    assert.equal(threads.fresh$.get(), 0);
  });

  it('changes rows where they stand, and no late frame undoes a newer one', () => {
    const threads = list([thread('a', { unread: { count: 1, first: null } }), thread('b')]);
    threads.changed(thread('a', { title: 'new', version: 3 }));
    threads.changed(thread('a', { title: 'old', version: 2 }));
    threads.changed(thread('old', { title: 'renamed by its author', version: 2 }));
    assert.equal(threads.fresh$.get(), 0);
    assert.equal(row(threads, 'a').title, 'new');
    assert.deepEqual(row(threads, 'a').unread, { count: 1, first: null });
    assert.equal(ids(threads), 'ab');
  });

  it('counts replies as they come, and those of others as unread', () => {
    const threads = list([thread('a', { reply_count: 3, unread: { count: 0, first: null } }), thread('b')]);
    const bump = (/** @type {string} */ id, /** @type {number} */ reply_count, who = 'bob') => ({ id, reply_count, bumped_at: time(reply_count), last_post: { id: 'p', url: '/p/p', author: person(who), created_at: time(reply_count) }, version: 1 });
    threads.bumped(bump('a', 5));
    assert.equal(row(threads, 'a').reply_count, 5);
    assert.equal(row(threads, 'a').unread.count, 2);
    threads.bumped(bump('a', 4)); // late
    assert.equal(row(threads, 'a').reply_count, 5);
    threads.bumped(bump('a', 6, 'ada'));
    assert.equal(row(threads, 'a').unread.count, 2);
    threads.bumped(bump('b', 1));
    assert.equal(row(threads, 'b').unread, null); // never opened: nothing to be unread
  });

  it('marks a thread as read when this or another device has read it', () => {
    const threads = list([thread('a', { reply_count: 9, unread: { count: 5, first: { position: 6, post_id: 'p6' } } })]);
    threads.read({ thread_id: 'a', position: 8, post_id: 'p8' });
    assert.equal(row(threads, 'a').unread.count, 2);
    threads.read({ thread_id: 'a', position: 10, post_id: 'p10' });
    assert.deepEqual(row(threads, 'a').unread, { count: 0, first: null });
  });

  it('marks all as read at once', () => {
    const threads = list([thread('a', { unread: { count: 5, first: null } }), thread('b')]);
    threads.allRead();
    assert.deepEqual(row(threads, 'a').unread, { count: 0, first: null });
    assert.equal(row(threads, 'b').unread, null);
  });

  it('keeps the place of a thread that was deleted or moved away until the list is made anew', () => {
    const threads = list([thread('a'), thread('b'), thread('c')]);
    threads.opened(thread('d'));
    threads.left('b', 'board:b-talk');
    threads.left('d', 'board:b-talk');
    assert.equal(ids(threads), 'abc');
    assert.equal(row(threads, 'b').gone, true);
    assert.equal(threads.fresh$.get(), 0);
    threads.showFresh();
    assert.equal(ids(threads), 'ac');
  });

  it('loads more without showing a thread twice', async () => {
    const threads = list([thread('a'), thread('b')], { next: 'c1' });
    threads.opened(thread('x'));
    pages.c1 = () => ({ items: [thread('b'), thread('c'), thread('x')], next: null });
    await Promise.all([threads.loadMore(), threads.loadMore()]);
    assert.equal(ids(threads), 'abcx');
    assert.equal(threads.more$.get(), 'end');
    assert.equal(threads.fresh$.get(), 0);
    assert.equal(known.thread('c')?.id, 'c');
  });

  it('reads its first page again after a gap: known rows change, what was opened meanwhile waits, old ones stay where they are', async () => {
    const threads = list([thread('a'), thread('b')]);
    pages.first = () => ({ items: [thread('n', { created_at: time(9), bumped_at: time(9) }), thread('old', { bumped_at: time(8) }), thread('b', { title: 'new' })], next: null, epoch: 'e2', stream: 'board:1', seq: 50 });
    await follower.reload();
    assert.equal(ids(threads), 'ab');
    assert.equal(row(threads, 'b').title, 'new');
    assert.equal(threads.fresh$.get(), 1);
    assert.equal(follower.snapshot.seq, 50);
  });

  it('gives for the way back all that was loaded, and follows no more', () => {
    const threads = list([thread('a'), thread('b')], { next: 'c1', tag: 'kept' });
    threads.left('a', 'board:b-talk');
    assert.deepEqual({ ...threads.snapshot(), items: ids(list([])) }, { items: '', next: 'c1', tag: 'kept', epoch: 'e1', stream: 'board:1', seq: 77 });
    threads.end();
    assert.equal(follower, null);
  });

  it('follows all boards whose threads it shows, and a thread from one to the other', () => {
    /** @type {Map<string, number>} */
    const followed = new Map();
    const streams = { follow: (/** @type {any} */ { stream, seq }) => (followed.set(stream, seq), () => followed.delete(stream)), cursor: (/** @type {string} */ name) => (name === 'board:2' ? 21 : undefined) };
    const page = { items: [thread('a', { board: board('one') })], next: null, epoch: 'e1', stream: 'site', seq: 5, streams: { 'board:b-one': 10, 'board:2': 20 } };
    const threads = new ThreadList(page, /** @type {any} */ ({}), /** @type {any} */ ({ streams, live: new Live(/** @type {any} */ ({}), /** @type {any} */ ({})), known, me: () => null }));
    assert.deepEqual([...followed], [['site', 5], ['board:b-one', 10], ['board:2', 20]]);
    assert.equal(threads.follows('board:2'), true);
    assert.equal(threads.follows('board:3'), false);
    threads.changed(thread('a', { board: board('two'), version: 2 })); // it came to the other board
    threads.left('a', 'board:b-one'); // and is told late to have left the first
    assert.notEqual(row(threads, 'a').gone, true);
    threads.left('a', 'board:b-two');
    assert.equal(row(threads, 'a').gone, true);
    threads.changed(thread('a', { board: board('two'), version: 3 })); // restored
    assert.equal(row(threads, 'a').gone, false);
    assert.deepEqual(threads.snapshot().streams, { 'board:b-one': 10, 'board:2': 21 });
    threads.end();
    assert.equal(followed.size, 0);
  });

  it('takes in only what belongs to it', () => {
    const threads = list([thread('a')], {}, (one) => one.tags.includes('naps'));
    threads.opened(thread('b'));
    threads.opened(thread('c', { tags: ['naps'] }));
    threads.showFresh();
    assert.equal(ids(threads), 'ca');
  });

  it('can also be a list that no single stream tells of', () => {
    const threads = list([thread('a')], { epoch: undefined, stream: undefined, seq: undefined });
    assert.equal(follower, undefined);
    assert.equal('seq' in threads.snapshot(), true);
    assert.equal(threads.snapshot().seq, undefined);
  });
});
