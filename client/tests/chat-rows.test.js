import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chatRows, clockTime, dayWords, keyOf, lastEditable, sinceWords } from '../js/utils/chatRows.js';
import { Layout } from '../js/utils/Layout.js';
import { message, person, time } from './support/things.js';

const [ada, bob] = [person('ada'), person('bob')];

/** @param {any} [more] */
function rows(more = {}) {
  return chatRows({ messages: [], pending: [], me: ada.id, firstUnread: null, reads: new Map(), people: [ada, bob], atStart: false, ...more });
}
/** @param {readonly any[]} all */
const kinds = (all) => all.map((row) => (row.kind === 'message' ? `${row.first ? '+' : ''}${row.message.seq}` : row.kind));

describe('the rows of a conversation', () => {
  it('put a line between days, and together what one person says within minutes', () => {
    const all = rows({ atStart: true, messages: [message(1), message(2), message(3, { author: ada }), message(4, { created_at: time(60 * 24 + 5) }), message(5, { created_at: time(60 * 24 + 30) })] });
    assert.deepEqual(kinds(all), ['start', 'day', '+1', '2', '+3', 'day', '+4', '+5']);
  });

  it('put a line above what was unread, once, and not above our own words', () => {
    assert.deepEqual(kinds(rows({ firstUnread: 2, messages: [message(1), message(2, { author: ada }), message(3), message(4)] })), ['day', '+1', '+2', 'unread', '+3', '4']);
  });

  it('put that line nowhere as long as what is new begins above what is loaded', () => {
    assert.deepEqual(kinds(rows({ firstUnread: 2, messages: [message(5), message(6)] })), ['day', '+5', '6']);
    assert.deepEqual(kinds(rows({ firstUnread: 2, atStart: true, messages: [message(5), message(6)] })), ['start', 'day', 'unread', '+5', '6']);
    assert.deepEqual(kinds(rows({ firstUnread: 5, messages: [message(5), message(6)] })), ['day', 'unread', '+5', '6']);
  });

  it('end with what waits to be sent, which keeps its row when it is', () => {
    const before = rows({ messages: [message(1)], pending: [{ client_id: 'c1' }, { client_id: 'c2' }] });
    assert.deepEqual(before.slice(-2).map((row) => [row.key, row.kind, /** @type {any} */ (row).first]), [['c1', 'pending', true], ['c2', 'pending', false]]);
    const after = rows({ messages: [message(1), message(2, { author: ada, client_id: 'c1' })], pending: [{ client_id: 'c2' }] });
    assert.deepEqual(after.slice(-2).map(({ key }) => key), ['c1', 'c2']);
  });

  it('show a message once that was read before the answer to its send', () => {
    const all = rows({ messages: [message(1), message(2, { author: ada, client_id: 'c1' })], pending: [{ client_id: 'c1' }, { client_id: 'c2' }] });
    assert.deepEqual(all.slice(-2).map(({ key, kind }) => [key, kind]), [['c1', 'message'], ['c2', 'pending']]);
  });

  it('say of our messages whether they were read, and put each reader beside the last they read', () => {
    const messages = [message(1, { author: ada }), message(3, { author: ada }), message(7, { author: ada })];
    const all = /** @type {any[]} */ (rows({ messages, reads: new Map([[bob.id, 5], [ada.id, 7]]) })).filter(({ kind }) => kind === 'message');
    assert.deepEqual(all.map(({ reached, readers, last }) => [reached, readers.map((/** @type {any} */ one) => one.nickname), last]), [['read', [], false], ['read', ['bob'], false], ['sent', [], true]]);
  });

  it('know the last message of ours', () => {
    const mine = { author: ada, may: { edit: true, delete: true } };
    assert.equal(lastEditable([message(1, mine), message(2, mine), message(3)], ada.id)?.seq, 2);
    assert.equal(lastEditable([message(3)], ada.id), undefined);
    assert.equal(keyOf(message(3)), 'm3');
  });

  it('name days as people do', () => {
    const now = new Date(2026, 10, 20, 9, 5).getTime();
    const day = (/** @type {number[]} */ ...parts) => dayWords(new Date(.../** @type {[number, number, number]} */ (parts)).toISOString(), now);
    assert.deepEqual([day(2026, 10, 20), day(2026, 10, 19), day(2026, 10, 18), day(2025, 0, 3)], ['Today', 'Yesterday', 'Wednesday, 18 November', 'Friday, 3 January 2025']);
    assert.equal(clockTime(new Date(2026, 10, 20, 9, 5).toISOString()), '09:05');
    const since = (/** @type {number} */ date) => sinceWords(new Date(2026, 10, date, 14, 30).toISOString(), new Date(2026, 10, 20, 15).getTime());
    assert.deepEqual([since(20), since(19), since(15), since(13)], ['14:30', 'yesterday', 'Sunday', '13 November']);
  });
});

describe('the layout of a long list', () => {
  const keys = (/** @type {number} */ from, /** @type {number} */ to) => Array.from({ length: to - from }, (_, at) => String(from + at));

  it('counts what was measured and estimates the rest', () => {
    const layout = new Layout(50);
    layout.rows(keys(0, 10_000));
    assert.equal(layout.total, 500_000);
    assert.equal(layout.measured('3', 80), true);
    assert.equal(layout.measured('3', 80), false);
    assert.deepEqual([layout.top(3), layout.top(4), layout.total], [150, 230, 500_030]);
    assert.deepEqual([layout.at(0), layout.at(149), layout.at(150), layout.at(229), layout.at(230), layout.at(1e9), layout.at(-5)], [0, 2, 3, 3, 4, 9999, 0]);
  });

  it('keeps heights when rows come above, in between and go', () => {
    const layout = new Layout(50);
    layout.rows(keys(10, 20));
    layout.measured('12', 10);
    layout.rows(keys(0, 25));
    assert.deepEqual([layout.top(layout.place('12')), layout.top(layout.place('13')), layout.total], [600, 610, 1210]);
    layout.rows(['12', '14']);
    assert.deepEqual([layout.total, layout.place('13'), layout.length], [60, 2, 2]);
  });

  it('agrees with a plain sum over random changes', () => {
    const layout = new Layout(40);
    /** @type {Map<string, number>} */
    const heights = new Map();
    let seed = 7;
    const random = (/** @type {number} */ below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let now = keys(0, 30);
    layout.rows(now);
    for (let step = 0; step < 400; step += 1) {
      const what = random(4);
      if (what === 0) now = [`n${step}`, ...now];
      else if (what === 1) now = [...now, `n${step}`];
      else if (what === 2 && now.length > 5) now = now.toSpliced(random(now.length), 1);
      else {
        const key = now[random(now.length)];
        heights.set(key, 10 + random(200));
        layout.measured(key, heights.get(key) ?? 0);
      }
      layout.rows(now);
      const at = random(now.length);
      assert.equal(layout.top(at), now.slice(0, at).reduce((sum, key) => sum + (heights.get(key) ?? 40), 0));
    }
  });
});
