import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Drafts } from '../js/stores/Drafts.js';
import { FakeStorage } from './support/storage.js';

/** @type {FakeStorage} */
let storage;
/** A tab of ada's. @param {() => string | null} [account] */
const tab = (account = () => 'ada') => new Drafts(/** @type {any} */ (storage), account);
const KEY = 'folkmoot.draft.ada.thread:7';

beforeEach(() => {
  storage = new FakeStorage();
});

describe('a draft', () => {
  it('outlives the page, for its account and place', () => {
    let account = 'ada';
    const draft = tab(() => account).at('thread:7');
    draft.put({ body: 'hel' });
    draft.put({ body: 'hello' });
    assert.equal(draft.kept$.get(), 'empty');
    draft.flush();
    assert.equal(draft.kept$.get(), 'kept');
    const later = tab(() => account);
    assert.deepEqual(later.at('thread:7').get(), { body: 'hello' });
    assert.equal(later.at('thread:7').kept$.get(), 'kept');
    assert.equal(later.at('thread:8').get(), null);
    account = 'bob';
    assert.equal(later.at('thread:7').get(), null);
  });

  it('is written while one types, and at the latest when the page goes', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const drafts = tab();
    drafts.at('thread:7').put({ body: 'a' });
    t.mock.timers.tick(300);
    assert.equal(storage.map.size, 1);
    drafts.at('board:talk').put({ body: '', title: 'T' });
    drafts.flush();
    assert.equal(storage.map.size, 2);
  });

  it('leaves nothing behind when it is sent or emptied', () => {
    const draft = tab().at('thread:7');
    draft.put({ body: 'a' });
    draft.flush();
    draft.clear();
    assert.equal(storage.map.size, 0);
    draft.put({ body: '  ', tags: [] });
    draft.flush();
    assert.equal(storage.map.size, 0);
    assert.equal(draft.get()?.body, '  ');
  });

  it('says when there is no room for it, and tries again with the next letter', () => {
    storage.full = true;
    const draft = tab().at('thread:7');
    draft.put({ body: 'a' });
    draft.flush();
    assert.equal(draft.kept$.get(), 'refused');
    assert.equal(draft.get()?.body, 'a');
    storage.full = false;
    draft.flush();
    assert.equal(draft.kept$.get(), 'kept');
  });

  it('can be begun anew though the storage is broken', () => {
    storage.map.set(KEY, '{broken');
    assert.equal(tab().at('thread:7').get(), null);
  });
});

describe('a draft in two tabs', () => {
  it('outlives the tab that did not write it, whichever closes first', () => {
    const [first, second] = [tab(), tab()];
    second.at('thread:7');
    first.at('thread:7').put({ body: 'mine' });
    first.flush();
    second.flush(); // it closes, and was never told
    assert.equal(storage.map.get(KEY), '{"body":"mine"}');
  });

  it('is not written again by one in which it stood when the other sent it', () => {
    const first = tab();
    first.at('thread:7').put({ body: 'mine' });
    first.flush();
    const second = tab();
    assert.equal(second.at('thread:7').get()?.body, 'mine');
    first.at('thread:7').clear();
    second.flush();
    assert.equal(storage.map.size, 0);
  });

  it('follows what the other writes, unless something here is still to be written', () => {
    const [first, second] = [tab(), tab()];
    /** @type {any[]} */
    const told = [];
    const stop = second.at('thread:7').follow((value) => told.push(value?.body));
    first.at('thread:7').put({ body: 'mine' });
    first.flush();
    second.heard(KEY);
    second.at('thread:7').put({ body: 'mine and more' });
    first.at('thread:7').put({ body: 'other' });
    first.flush();
    second.heard(KEY);
    assert.deepEqual(told, ['mine']);
    assert.equal(second.at('thread:7').get()?.body, 'mine and more');
    second.flush();
    stop();
    second.heard(null);
    assert.deepEqual(told, ['mine']);
    assert.equal(second.at('thread:7').kept$.get(), 'kept');
  });
});

describe('the drafts of an account', () => {
  it('are counted and thrown away, those of others stay', () => {
    const bob = tab(() => 'bob');
    bob.at('thread:1').put({ body: 'of bob' });
    bob.flush();
    const ada = tab();
    ada.at('thread:7').put({ body: 'one' });
    ada.at('board:').put({ body: '', title: 'two' });
    assert.equal(ada.count(), 2);
    /** @type {any[]} */
    const told = [];
    ada.at('thread:7').follow((value) => told.push(value));
    ada.forget('ada');
    ada.flush();
    assert.equal(ada.count(), 0);
    assert.deepEqual(told, [null]);
    assert.deepEqual([...storage.map.keys()], ['folkmoot.draft.bob.thread:1']);
  });
});
