// @ts-check
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { chooseSingleKeys, singleKeys } from '../js/components/singleKeys.js';
import { storageOf } from '../js/utils/storage.js';

const there = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');

/** A browser whose storage cannot even be asked for. */
function refuse() {
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, get: () => {
    throw new DOMException('turned off', 'SecurityError');
  } });
}

describe('a browser that keeps no storage', () => {
  afterEach(() => there && Object.defineProperty(globalThis, 'localStorage', there));

  it('has one that lasts as long as the page', () => {
    refuse();
    const storage = storageOf('localStorage');
    storage.setItem('a', '1');
    storage.setItem('b', '2');
    assert.equal(storage.getItem('a'), '1');
    assert.deepEqual([storage.length, storage.key(1), storage.key(2)], [2, 'b', null]);
    storage.removeItem('a');
    assert.equal(storage.getItem('a'), null);
    storage.clear();
    assert.equal(storage.length, 0);
  });

  it('has single keys, and no way to remember another choice', () => {
    refuse();
    chooseSingleKeys(false);
    assert.equal(singleKeys(), true);
  });
});
