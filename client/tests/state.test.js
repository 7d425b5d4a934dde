import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batch, computed, observable, observableList } from '../js/utils/state.js';

/** @param {import('../js/utils/state.js').Readable<any>} readable */
function heard(readable) {
  /** @type {any[]} */
  const values = [];
  const stop = readable.subscribe((value) => values.push(value));
  return { values, stop };
}

describe('observable', () => {
  it('tells its followers of another value, and of nothing when it is the same', () => {
    const name = observable('Ada');
    const { values, stop } = heard(name);
    name.set('Ada');
    name.set('Grace');
    name.update((n) => `${n} H.`);
    stop();
    name.set('Lin');
    assert.deepEqual(values, ['Grace', 'Grace H.']);
  });

  it('lets one function follow twice and leave once', () => {
    const n = observable(0);
    let calls = 0;
    const count = () => (calls += 1);
    const stop = n.subscribe(count);
    n.subscribe(count);
    stop();
    stop();
    n.set(1);
    assert.equal(calls, 1);
  });

  it('tells the others when one follower throws, then lets the error out', () => {
    const n = observable(0);
    n.subscribe(() => {
      throw new Error('broken view');
    });
    const { values } = heard(n);
    assert.throws(() => n.set(1), /broken view/);
    n.update((x) => x); // the same value: silence
    assert.deepEqual(values, [1]);
  });

  it('does not call a follower that another one has sent away meanwhile', () => {
    const n = observable(0);
    /** @type {() => void} */
    let stop = () => {};
    n.subscribe(() => stop());
    let late = 0;
    stop = n.subscribe(() => (late += 1));
    n.set(1);
    assert.equal(late, 0);
  });
});

describe('batch', () => {
  it('tells each follower once, with the last value', () => {
    const a = observable(1);
    const { values } = heard(a);
    batch(() => {
      a.set(2);
      batch(() => a.set(3));
      assert.equal(a.get(), 3);
      assert.deepEqual(values, []);
    });
    assert.deepEqual(values, [3]);
  });

  it('is silent when all is as before', () => {
    const a = observable(1);
    const { values } = heard(a);
    batch(() => (a.set(2), a.set(1)));
    assert.deepEqual(values, []);
  });

  it('includes what followers set on the way', () => {
    const a = observable(1);
    const b = observable(0);
    a.subscribe((value) => b.set(value * 10));
    const { values } = heard(b);
    a.set(2);
    assert.deepEqual(values, [20]);
  });
});

describe('computed', () => {
  it('never shows a mixture of old and new', () => {
    const a = observable(1);
    const double = a.map((n) => n * 2);
    const sum = computed([a, double], (x, y) => `${x}+${y}`);
    const { values } = heard(sum);
    a.set(2);
    assert.deepEqual(values, ['2+4']);
  });

  it('is computed once a change while followed, and not at all when nobody looks', () => {
    const a = observable(1);
    let runs = 0;
    const c = a.map((n) => ((runs += 1), n % 2));
    a.set(2);
    assert.equal(runs, 0);
    const { values, stop } = heard(c);
    a.set(4);
    assert.deepEqual(values, []);
    assert.equal(runs, 2);
    c.get();
    assert.equal(runs, 2);
    stop();
    a.set(5);
    assert.equal(runs, 2);
    assert.equal(c.get(), 1);
  });
});

describe('pick', () => {
  it('is quiet while what it gives is the same in every word', () => {
    const thread = observable({ tags: ['cats'], replies: 1 });
    const tags = thread.pick((now) => now.tags);
    const { values } = heard(tags);
    const first = tags.get();
    thread.set({ tags: ['cats'], replies: 2 });
    assert.equal(tags.get(), first);
    thread.set({ tags: ['cats', 'dogs'], replies: 2 });
    assert.deepEqual(values, [['cats', 'dogs']]);
  });
});

describe('observableList', () => {
  it('makes a new array for each change', () => {
    const list = observableList(['a', 'c']);
    const { values } = heard(list);
    list.insert(1, ['b']);
    list.append(['d']);
    list.append([]);
    list.replace((x) => x === 'a', () => 'A');
    list.remove((x) => x === 'd');
    list.remove((x) => x === 'nobody');
    list.replace((x) => x === 'nobody', (x) => x);
    assert.deepEqual(values, [['a', 'b', 'c'], ['a', 'b', 'c', 'd'], ['A', 'b', 'c', 'd'], ['A', 'b', 'c']]);
    assert.equal(list.length, 3);
  });
});
