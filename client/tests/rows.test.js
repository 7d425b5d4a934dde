// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import './support/dom.js';
import { person, thread } from './support/things.js';
import { nextAddress } from '../js/components/More.js';
import { PostCard } from '../js/components/PostCard.js';
import { Time } from '../js/components/Time.js';
import { Scope } from '../js/utils/dom.js';
import { observable } from '../js/utils/state.js';

/** What these components ask of the app. @param {number | null} now */
const appAt = (now) => /** @type {any} */ ({ now$: observable(now) });

describe('a row of a thread', () => {
  it('leads to the first unread post and says how many there are', () => {
    const unread = { count: 100, first: { position: 41, post_id: '9' } };
    const row = PostCard(new Scope(), observable(thread('7', { unread })), appAt(null));
    const link = row.querySelector('.row-new');
    assert.equal(link?.textContent, '99+ new');
    assert.equal(link?.getAttribute('href'), '/threads/7/t?page=3#post-9');
    assert.ok(row.classList.contains('is-unread'));
  });

  it('changes where it stands when the thread changes', () => {
    const thread$ = observable(thread('7', { reply_count: 1 }));
    const row = PostCard(new Scope(), thread$, appAt(null));
    const title = row.querySelector('.row-link');
    thread$.set(thread('7', { title: 'Renamed', reply_count: 1200, locked: true }));
    assert.equal(row.querySelector('.row-link'), title, 'the link keeps its focus');
    assert.equal(title?.textContent, 'Renamed');
    assert.equal(row.querySelector('.row-count')?.textContent, '1.2k');
    assert.ok(row.querySelector('.state-mark'));
  });

  it('keeps what has the focus when something else about the thread changes', () => {
    const one = thread('7', { tags: ['cats'], faces: [person('ada')] });
    const thread$ = observable(one);
    const row = PostCard(new Scope(), thread$, appAt(null));
    const links = [...row.querySelectorAll('a')];
    thread$.set({ ...structuredClone(one), reply_count: 2, excerpt: 'New words' });
    assert.deepEqual([...row.querySelectorAll('a')].map((link, at) => link === links[at]), links.map(() => true));
    assert.equal(row.querySelector('.excerpt')?.textContent, 'New words');
    thread$.set(thread('7', { tags: ['dogs'], archived: true, locked: true }));
    assert.equal(row.querySelector('.tag')?.textContent, 'dogs');
    assert.deepEqual([...row.querySelectorAll('.state-mark')].map((mark) => mark.textContent), ['Archived']);
  });

  it('shows words of people as text', () => {
    const row = PostCard(new Scope(), observable(thread('7', { title: '<b>x</b>', author: person('<i>') })), appAt(null));
    assert.equal(row.querySelector('.row-link')?.innerHTML, '&lt;b&gt;x&lt;/b&gt;');
  });
});

describe('a time', () => {
  it('is the day in UTC until the first page was taken over, then how long ago', () => {
    const app = appAt(null);
    const time = Time(new Scope(), app, '2026-11-20T12:00:00.000Z');
    assert.equal(time.textContent, '20 Nov 2026');
    assert.equal(time.hasAttribute('title'), false);
    app.now$.set(Date.UTC(2026, 10, 20, 12, 7));
    assert.equal(time.textContent, '7 min');
    assert.match(time.title, /20 November 2026/);
  });
});

describe('the address of more', () => {
  it('keeps what the address says and escapes it', () => {
    assert.equal(nextAddress('abc', { tag: 'c++', sort: null }), '?tag=c%2B%2B&cursor=abc');
  });
});
