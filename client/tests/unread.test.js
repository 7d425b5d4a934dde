// @ts-check
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import './support/dom.js';
import { board, me, person, settle, site, thread, time } from './support/things.js';
import { Rail } from '../js/components/Navbar.js';
import { Known } from '../js/stores/Known.js';
import { Live } from '../js/stores/Live.js';
import { ThreadList } from '../js/stores/ThreadList.js';
import { Unread } from '../js/stores/Unread.js';
import { showTitle } from '../js/title.js';
import { Scope } from '../js/utils/dom.js';
import { observable } from '../js/utils/state.js';

/** What the server has: threads with their unread counts, or a problem. @type {any} */
let feed;
let reads = 0;
/** @type {Live} */
let live;
/** @type {any} */
let follower;

const news = (/** @type {number} */ count) => ({ unread: { count, first: null } });
const reply = (/** @type {string} */ id, /** @type {number} */ number) => ({ id, reply_count: number, bumped_at: time(number), last_post: { id: 'p', url: '/p/p', author: person('bob'), created_at: time(number) }, version: 1 });

/** @param {string | null} account */
function open(account) {
  return new Unread(account, {
    read: async () => {
      reads += 1;
      if (feed instanceof Error) throw feed;
      return { items: feed, next: 'c1', epoch: 'e1', stream: 'site', seq: 1, streams: { 'board:b-talk': 5 } };
    },
    open: (page, sources, revoked) => new ThreadList(page, sources, {
      streams: /** @type {any} */ ({ follow: (/** @type {any} */ _, /** @type {any} */ one) => ((follower = one), () => (follower = null)), cursor: () => 1 }), live, known: new Known(), me: () => 'u-ada', revoked,
    }),
  });
}

beforeEach(() => {
  reads = 0;
  live = new Live(/** @type {any} */ ({}), /** @type {any} */ ({}));
  feed = [thread('1', { ...news(2), reply_count: 4 }), thread('2', { ...news(0), reply_count: 1 }), thread('3')];
});

describe('what is new', () => {
  it('is counted for members once there is a connection, and never for guests', async () => {
    const unread = open('u-ada');
    assert.equal(unread.count$.get(), 0);
    await Promise.all([unread.begin(), unread.begin()]);
    await unread.begin();
    assert.equal(reads, 1);
    assert.equal(unread.count$.get(), 1);
    assert.deepEqual([...unread.boards$.get()], ['b-talk']);
    const guest = open(null);
    await guest.begin();
    assert.equal(reads, 1);
  });

  it('grows as others write and goes as one reads, here or elsewhere', async () => {
    const unread = open('u-ada');
    await unread.begin();
    live.eachList('board:b-talk', (list) => list.bumped(reply('2', 3)));
    assert.equal(unread.count$.get(), 2);
    live.eachList('board:b-talk', (list) => list.bumped(reply('3', 1))); // not known yet
    assert.equal(unread.count$.get(), 2);
    live.read({ thread_id: '1', position: 5, post_id: 'p5' });
    assert.equal(unread.count$.get(), 1);
    live.allRead();
    assert.equal(unread.count$.get(), 0);
  });

  it('takes in threads that are opened meanwhile', async () => {
    const unread = open('u-ada');
    await unread.begin();
    live.eachList('board:b-talk', (list) => list.opened(thread('9', { author: person('bob') })));
    assert.equal(unread.count$.get(), 2);
    live.read({ thread_id: '9', position: 1, post_id: 'p1' });
    assert.equal(unread.count$.get(), 1);
    live.eachList('board:b-talk', (list) => list.opened(thread('10', { author: person('ada') }))); // our own
    assert.equal(unread.count$.get(), 1);
    live.eachList('board:b-talk', (list) => list.bumped(reply('10', 1)));
    assert.equal(unread.count$.get(), 2);
  });

  it('is nobody else\'s', async () => {
    const unread = open('u-ada');
    await unread.begin();
    unread.serve(null);
    assert.equal(unread.count$.get(), 0);
    assert.equal(follower, null);
    unread.serve('u-bob');
    feed = [thread('7', news(1)), thread('8', news(1))];
    await unread.begin();
    assert.equal(unread.count$.get(), 2);
  });

  it('is asked for again with the next connection when the server did not answer', async () => {
    const unread = open('u-ada');
    const had = feed;
    feed = new Error('no answer');
    await unread.begin();
    assert.equal(unread.count$.get(), 0);
    feed = had;
    await unread.begin();
    assert.equal(unread.count$.get(), 1);
  });

  it('stands in the rail, in the title and on the icon of the window', async () => {
    const unread = open('u-ada');
    const messages$ = observable(0);
    const app = /** @type {any} */ ({
      unread, conversations: { unread$: messages$ }, title$: observable(''), session: { me$: observable(me('ada')), site$: observable(site()) },
      boards$: observable([board('talk'), board('news')]), router: { place$: observable({ url: new URL('http://forum.test/boards') }) },
    });
    document.head.innerHTML = '<link rel="icon" href="/assets/r/icons/folkmoot.svg">';
    showTitle(app, document);
    app.title$.set('Boards');
    assert.equal(document.title, 'Boards · Moot');
    const rail = Rail(new Scope(), app);
    assert.equal(rail.querySelector('.unread-count'), null);
    await unread.begin();
    await settle();
    assert.equal(rail.querySelector('.unread-count')?.textContent, '1 thread has new posts');
    assert.deepEqual([...rail.querySelectorAll('.rail-boards .is-unread .one-line')].map((name) => name.textContent), ['talk']);
    assert.equal(document.title, '(1) Boards · Moot');
    assert.equal(document.querySelector('link[rel=icon]')?.getAttribute('href'), '/assets/r/icons/folkmoot-unread.svg');
    assert.equal(document.querySelector('[role=status]')?.textContent, 'Boards'); // what is new is not read aloud each time
    messages$.set(2);
    assert.equal(rail.querySelector('a[href="/chat"] .unread-count')?.textContent, '2 unread messages');
    assert.equal(document.title, '(3) Boards · Moot');
    messages$.set(0);
    live.allRead();
    assert.equal(rail.querySelector('.unread-count'), null);
    assert.equal(document.title, 'Boards · Moot');
    assert.equal(document.querySelector('link[rel=icon]')?.getAttribute('href'), '/assets/r/icons/folkmoot.svg');
  });
});
