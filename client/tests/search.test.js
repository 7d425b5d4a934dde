import './support/dom.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { step } from '../js/components/SearchDialog.js';
import { Pieces } from '../js/components/Pieces.js';
import { filterWords, indexingWords, resultCount, searchTitle } from '../js/components/searchWords.js';
import { FoundList } from '../js/stores/FoundList.js';
import { RecentSearches } from '../js/stores/RecentSearches.js';
import { mount } from '../js/utils/dom.js';
import { askedOf, keyOf, searchAddress } from '../js/utils/search.js';
import { FakeStorage } from './support/storage.js';
import { found, foundPost, person, board } from './support/things.js';

describe('the address of a search', () => {
  it('says what is asked, and comes back from it', () => {
    const asked = { q: 'c++ "two words"', in: /** @type {const} */ ('posts'), sort: /** @type {const} */ ('date'), thread: '7' };
    const address = searchAddress(asked);
    assert.equal(address, '/search?q=c%2B%2B%20%22two%20words%22&in=posts&sort=date&thread=7');
    assert.deepEqual(askedOf(new URL(address, 'http://x').searchParams), asked);
    assert.equal(searchAddress({ q: '' }), '/search');
  });

  it('leaves out what it does not know', () => {
    const nothing = { q: 'tea', in: null, sort: null, thread: null };
    assert.deepEqual(askedOf(new URLSearchParams('q=+tea+&in=cakes&sort=size&thread=')), nothing);
    assert.deepEqual(askedOf(new URLSearchParams('')), { ...nothing, q: '' });
  });
});

describe('what a search says', () => {
  it('counts in words', () => {
    const words = (/** @type {number} */ count, at_least = false) => resultCount({ count, at_least });
    assert.deepEqual([words(0), words(1), words(1370), words(1000, true)], ['No results', '1 result', '1,370 results', 'More than 1,000 results']);
    const asked = { q: 'tea', in: null, sort: null, thread: null };
    assert.deepEqual([searchTitle(asked, found([])), searchTitle(asked, null), searchTitle({ ...asked, q: '' }, null)], ['No results for tea', 'tea', 'Search']);
    assert.equal(filterWords({ name: 'author', value: 'jay' }), 'author: jay');
    assert.match(indexingWords({ done: 1200, total: 34000 }), /1,200 of 34,000/);
  });

  it('marks what was looked for, and what people wrote stays text', () => {
    const target = document.createElement('div');
    mount(target, (scope) => Pieces(scope, [{ text: '<img src=x onerror=alert(1)> ', hit: false }, { text: '<b>tea</b>', hit: true }]));
    assert.equal(target.innerHTML, '&lt;img src=x onerror=alert(1)&gt; <mark>&lt;b&gt;tea&lt;/b&gt;</mark>');
  });
});

describe('the keys of the dialog', () => {
  it('go around the list, and Home and End are the words’ own until one is in it', () => {
    assert.deepEqual([step('ArrowDown', 3, -1, false), step('ArrowDown', 3, 2, true), step('ArrowUp', 3, 0, true), step('ArrowUp', 3, -1, false)], [0, 0, 2, 2]);
    assert.deepEqual([step('Home', 3, 2, false), step('End', 3, 0, false)], [null, null]);
    assert.deepEqual([step('Home', 3, 2, true), step('End', 3, 0, true)], [0, 2]);
    assert.deepEqual([step('ArrowDown', 0, -1, false), step('a', 3, 0, true)], [null, null]);
  });
});

describe('recent searches', () => {
  const storage = () => /** @type {any} */ (new FakeStorage());

  it('stand with the latest first, each once, and no more than six', () => {
    const recent = new RecentSearches(storage(), '1');
    for (const q of ['one', ' two ', 'ONE', 'x', '猫', '', 'three', 'four', 'five', 'six']) recent.add(q);
    assert.deepEqual(recent.list$.get(), ['six', 'five', 'four', 'three', '猫', 'ONE']);
  });

  it('belong to an account, are there again, also when another tab wrote, and can be forgotten', () => {
    const shared = storage();
    const recent = new RecentSearches(shared, '1');
    new RecentSearches(shared, '1').add('elsewhere');
    recent.add('here');
    assert.deepEqual(new RecentSearches(shared, '1').list$.get(), ['here', 'elsewhere']);
    assert.deepEqual(new RecentSearches(shared, null).list$.get(), []);
    recent.forget();
    assert.deepEqual([recent.list$.get(), shared.map.size], [[], 0]);
  });

  it('do without room, and without what somebody else wrote there', () => {
    const full = storage();
    full.full = true;
    const recent = new RecentSearches(full, '1');
    recent.add('tea');
    assert.deepEqual(recent.list$.get(), ['tea']);
    for (const text of ['{', '{}', '[1, null]']) {
      const odd = storage();
      odd.setItem('folkmoot.searches.1', text);
      assert.deepEqual(new RecentSearches(odd, '1').list$.get(), []);
    }
  });
});

describe('what was found', () => {
  it('comes page by page, each thing once, and is kept for the way back', async () => {
    const asked = /** @type {string[]} */ ([]);
    const list = new FoundList(found([foundPost(1), foundPost(2)], { next: 'c1' }), async (cursor) => {
      asked.push(cursor);
      return found([foundPost(2), foundPost(3)]);
    });
    await list.more();
    await list.more();
    assert.deepEqual([asked, list.items$.get().map(keyOf), list.more$.get()], [['c1'], ['post-1', 'post-2', 'post-3'], 'end']);
    const { items, next, total } = list.snapshot();
    assert.deepEqual([items.length, next, total.count], [3, null, 2]);
  });

  it('has a key for each kind of thing', () => {
    const common = { url: '/x', excerpt: [] };
    assert.deepEqual([
      keyOf({ kind: 'person', person: person('ada'), nickname: [], ...common }),
      keyOf({ kind: 'board', board: board('talk'), title: [], ...common }),
      keyOf({ kind: 'tag', url: '/tags/x', tag: 'c++', title: [], thread_count: 1 }),
    ], ['person-u-ada', 'board-b-talk', 'tag-c++']);
  });
});
