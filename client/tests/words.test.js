// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { nearPages } from '../js/components/Pager.js';
import { ago, count, grouped, short, silence, utcDate } from '../js/components/words.js';
import { pageOf } from '../js/utils/pages.js';

const NOW = Date.UTC(2026, 10, 20, 12);
const before = (/** @type {number} */ ms) => new Date(NOW - ms).toISOString();
const DAY = 86_400_000;

describe('words', () => {
  it('writes numbers as people do', () => {
    assert.deepEqual([0, 999, 1000, 1234567].map(grouped), ['0', '999', '1,000', '1,234,567']);
    assert.deepEqual([0, 999, 1000, 1099, 1100, 9999, 10_000, 34_567].map(short), ['0', '999', '1k', '1k', '1.1k', '9.9k', '10k', '34k']);
    assert.equal(count(1, 'reply', 'replies'), '1 reply');
    assert.equal(count(1200, 'post'), '1,200 posts');
  });

  it('tells near times by distance and far ones by name', () => {
    assert.equal(ago(before(59_000), NOW), 'now');
    assert.equal(ago(before(-5000), NOW), 'now', 'a clock that is a little behind');
    assert.equal(ago(before(60_000), NOW), '1 min');
    assert.equal(ago(before(3_600_000), NOW), '1 h');
    assert.equal(ago(before(6 * DAY), NOW), '6 d');
    assert.match(ago(before(30 * DAY), NOW), /^2\d Oct$/);
    assert.match(ago(before(800 * DAY), NOW), /^1\d Sep 2024$/);
    assert.equal(utcDate('2026-11-20T23:59:59.999Z'), '20 Nov 2026');
  });

  it('marks long silences only', () => {
    const from = new Date(0).toISOString();
    const later = (/** @type {number} */ days) => silence(from, new Date(days * DAY).toISOString());
    assert.deepEqual([59, 60, 364, 365, 800].map(later), [null, '2 months later', '12 months later', '1 year later', '2 years later']);
    assert.equal(silence('not a date', from), null);
  });

  it('finds the page of a position', () => {
    assert.deepEqual([0, 1, 20, 21, 340].map(pageOf), [1, 1, 1, 2, 17]);
  });

  it('leaves far pages out of the pager', () => {
    assert.deepEqual(nearPages(1, 3), [1, 2, 3]);
    assert.deepEqual(nearPages(9, 17), [1, null, 7, 8, 9, 10, 11, null, 17]);
  });
});
