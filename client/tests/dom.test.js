import './support/dom.js';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Scope, html, longestRise, mount, svg } from '../js/utils/dom.js';
import { computed, observable, observableList } from '../js/utils/state.js';

/** @type {Element} */
let target;
beforeEach(() => {
  document.body.innerHTML = '<div id="app"></div>';
  target = /** @type {Element} */ (document.getElementById('app'));
});

describe('h', () => {
  it('takes text of people as text, never as HTML', () => {
    mount(target, ({ h }) => h('p', { title: '"><script>' }, '<img src=x onerror=alert(1)>'));
    assert.equal(target.querySelector('img'), null);
    assert.equal(target.textContent, '<img src=x onerror=alert(1)>');
    assert.equal(target.querySelector('p')?.getAttribute('title'), '"><script>');
  });

  it('leaves out nothings and keeps zero', () => {
    mount(target, ({ h }) => h('p', { hidden: false, lang: null }, null, false, undefined, 0, ['a', ['b']]));
    assert.equal(target.innerHTML, '<p>0ab</p>');
  });

  it('binds attributes, classes, data, properties and text', () => {
    const name = observable('Ada');
    const busy = observable(true);
    mount(target, ({ h }) =>
      h('label', { class: 'field', classes: { busy }, dataset: { personName: name } }, name, h('input', { value: name, disabled: busy })),
    );
    const input = /** @type {HTMLInputElement} */ (target.querySelector('input'));
    name.set('Grace');
    busy.set(false);
    assert.equal(input.value, 'Grace');
    assert.equal(input.hasAttribute('disabled'), false);
    assert.equal(target.innerHTML, '<label class="field" data-person-name="Grace">Grace<input></label>');
  });

  it('gives a select its value after its options', () => {
    mount(target, ({ h }) => h('select', { value: 'b' }, h('option', { value: 'a' }), h('option', { value: 'b' })));
    assert.equal(target.querySelector('select')?.value, 'b');
  });

  it('draws in the namespace of SVG', () => {
    const icon = svg('svg', { viewBox: '0 0 24 24' }, svg('path', { d: 'M0 0' }));
    assert.equal(icon.namespaceURI, 'http://www.w3.org/2000/svg');
    assert.equal(icon.firstElementChild?.getAttribute('d'), 'M0 0');
  });

  it('takes HTML only through html()', () => {
    const node = html(document.createElement('div'), '<em>kind</em>');
    assert.equal(node.querySelector('em')?.textContent, 'kind');
  });
});

describe('mount and unmount', () => {
  it('give back every listener, subscription, timer and signal', async () => {
    const name = observable('Ada');
    const calls = { click: 0, key: 0, name: 0, timer: 0 };
    /** @type {AbortSignal | undefined} */
    let signal;
    const unmount = mount(target, (scope) => {
      signal = scope.signal;
      scope.on(document, 'keydown', () => (calls.key += 1));
      scope.subscribe(name, () => (calls.name += 1));
      scope.timeout(() => (calls.timer += 1), 5);
      return scope.h('button', { onclick: () => (calls.click += 1) }, name);
    });
    const button = /** @type {HTMLElement} */ (target.querySelector('button'));
    button.click();
    document.dispatchEvent(new Event('keydown'));
    unmount();
    button.click();
    document.dispatchEvent(new Event('keydown'));
    name.set('Grace');
    await new Promise((done) => setTimeout(done, 15));
    assert.deepEqual(calls, { click: 1, key: 1, name: 1, timer: 0 });
    assert.equal(button.textContent, 'Ada');
    assert.equal(signal?.aborted, true);
    assert.equal(target.childNodes.length, 0);
  });

  it('leave no follower behind, not even of computed values, shown parts and rows', () => {
    let following = 0;
    const source = observable(1);
    const onFollowed = source.onFollowed;
    source.onFollowed = () => ((following += 1), onFollowed.call(source));
    source.onForgotten = () => (following -= 1);
    const items = observableList([{ id: 'a' }, { id: 'b' }]);
    const unmount = mount(target, (scope) =>
      scope.h('div', {},
        scope.show(source, (value, inner) => inner.h('b', {}, source.map((n) => n * value))),
        scope.list(items, (item) => item.id, (item$, row) => row.h('i', {}, computed([item$, source], (item, n) => item.id + n)))),
    );
    assert.equal(target.innerHTML, '<div><b>1</b><i>a1</i><i>b1</i></div>');
    source.set(2);
    assert.equal(target.innerHTML, '<div><b>4</b><i>a2</i><i>b2</i></div>');
    assert.equal(following, 1);
    unmount();
    assert.equal(following, 0);
  });

  it('end the scope of a view that throws', () => {
    /** @type {AbortSignal | undefined} */
    let signal;
    assert.throws(() => mount(target, (scope) => ((signal = scope.signal), assert.fail('no such view'))));
    assert.equal(signal?.aborted, true);
  });

  it('keep a timer that has been called off from firing', async () => {
    let fired = false;
    const scope = new Scope();
    scope.timeout(() => (fired = true), 1)();
    await new Promise((done) => setTimeout(done, 5));
    assert.equal(fired, false);
  });
});

describe('show', () => {
  it('removes all that a former rendering became, with rows that came later', () => {
    const tab = observable('threads');
    const rows = observableList(['x']);
    mount(target, (scope) =>
      scope.h('div', {}, 'before', scope.show(tab, (name, inner) => (name === 'threads' ? inner.h('ul', {}) && inner.list(rows, (r) => r, (r$, row) => row.h('li', {}, r$)) : null)), 'after'),
    );
    rows.append(['y']);
    assert.equal(target.textContent, 'beforexyafter');
    tab.set('posts');
    assert.equal(target.textContent, 'beforeafter');
    rows.append(['z']);
    assert.equal(target.textContent, 'beforeafter');
  });
});

describe('list', () => {
  /** @param {string} letters */
  const items = (letters) => [...letters].map((id) => ({ id }));

  it('moves rows without making them again', () => {
    const letters = observableList(items('abcde'));
    let made = 0;
    mount(target, (scope) => scope.h('ol', {}, scope.list(letters, (i) => i.id, (i$, row) => ((made += 1), row.h('li', {}, i$.map((i) => i.id))))));
    const first = target.querySelector('li');
    for (const order of ['edcba', 'xabycdze', 'e', '', 'ba', 'abc']) {
      letters.set(items(order));
      assert.equal(target.textContent, order);
    }
    assert.notEqual(target.querySelector('li'), first);
    assert.equal(made, 5 + 3 + 2 + 1);
  });

  it('moves only what has to move', () => {
    const letters = observableList(items('abcdef'));
    mount(target, (scope) => scope.h('ol', {}, scope.list(letters, (i) => i.id, (i$, row) => row.h('li', {}, i$.get().id))));
    const list = /** @type {Element} */ (target.querySelector('ol'));
    let moves = 0;
    const insertBefore = list.insertBefore;
    list.insertBefore = (/** @type {[any, any]} */ ...nodes) => ((moves += 1), insertBefore.apply(list, nodes));
    letters.set(items('fabcde'));
    assert.equal(moves, 1);
    assert.equal(target.textContent, 'fabcde');
  });

  it('keeps the focus in a row that moves', () => {
    const letters = observableList(items('abc'));
    mount(target, (scope) => scope.h('div', {}, scope.list(letters, (i) => i.id, (i$, row) => row.h('button', {}, i$.get().id))));
    const button = /** @type {HTMLElement} */ (target.querySelectorAll('button')[2]);
    button.focus();
    letters.set(items('cab'));
    assert.equal(document.activeElement, button);
  });

  it('tells a row of its new item and ends the scope of one that left', () => {
    const people = observableList([{ id: '1', name: 'Ada' }, { id: '2', name: 'Bob' }]);
    /** @type {string[]} */
    const ended = [];
    mount(target, (scope) => scope.h('ul', {}, scope.list(people, (p) => p.id, (p$, row) => {
      row.onEnd(() => ended.push(p$.get().name));
      return row.h('li', {}, p$.map((p) => p.name));
    })));
    people.set([{ id: '2', name: 'Bea' }]);
    assert.equal(target.textContent, 'Bea');
    assert.deepEqual(ended, ['Ada']);
  });

  it('finds the rows that may stay', () => {
    assert.deepEqual(longestRise([3, 0, 1, 2]), [1, 2, 3]);
    assert.deepEqual(longestRise([-1, 0, -1, 1]), [1, 3]);
    assert.deepEqual(longestRise([]), []);
  });
});
