import { window } from './support/dom.js';
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Scope } from '../js/utils/dom.js';
import { ScrollKeeper, anchorsAmong } from '../js/utils/scroll.js';
import { ScrollMemory } from '../js/utils/scroll-memory.js';
import { follow, pathTo, replaceView } from '../js/utils/swap.js';

/** A page without layout gets one: every row has a height, and the window is scrolled to `scrolled`. */
let scrolled = 0;
/** @type {Map<Element, number>} */
const heights = new Map();
/** @type {(() => void)[]} */
let resized = [];

/** @param {Element} list */
function layOut(list) {
  list.getBoundingClientRect = /** @type {any} */ (() => ({ top: -scrolled, bottom: 10_000 }));
  for (const child of list.children) {
    child.getBoundingClientRect = /** @type {any} */ (() => {
      let top = -scrolled;
      for (const before of list.children) {
        if (before === child) break;
        top += heights.get(before) ?? 0;
      }
      return { top, bottom: top + (heights.get(child) ?? 0) };
    });
  }
}

beforeEach(() => {
  scrolled = 0;
  heights.clear();
  resized = [];
  const view = /** @type {any} */ (window);
  view.scrollBy = (/** @type {any} */ { top }) => (scrolled += top);
  view.scrollTo = (/** @type {any} */ { top }) => (scrolled = top);
  Object.defineProperty(window, 'scrollY', { get: () => scrolled, configurable: true });
  Object.defineProperty(window, 'innerHeight', { value: 600, configurable: true });
  Object.assign(globalThis, {
    scrollX: 0,
    requestAnimationFrame: (/** @type {any} */ run) => setTimeout(run, 1),
    ResizeObserver: class {
      /** @param {() => void} run */ constructor(run) { resized.push(run); }
      observe() {}
      disconnect() { resized = []; }
    },
  });
  document.body.innerHTML = '<ol></ol>';
});

/** @param {number} count @param {number} [height] */
function rows(count, height = 100) {
  const list = /** @type {Element} */ (document.querySelector('ol'));
  for (let n = 0; n < count; n += 1) list.append(row(`row${n}`, height));
  layOut(list);
  return list;
}
/** @param {string} id @param {number} [height] */
function row(id, height = 100) {
  const element = document.createElement('li');
  element.id = id;
  heights.set(element, height);
  return element;
}
/** @param {string} id */
const topOf = (id) => /** @type {Element} */ (document.getElementById(id)).getBoundingClientRect().top;

describe('the reading position', () => {
  it('is the row just touched, or else the first that begins in the window', () => {
    const [a, b, c, d] = [-250, -50, 150, 900].map((top, n) => ({ element: row(`r${n}`), top, bottom: top + 200 }));
    assert.deepEqual(anchorsAmong([a, b, c, d], 600, null).map(({ top }) => top), [150, -50]);
    assert.deepEqual(anchorsAmong([a, b, c, d], 600, b.element).map(({ top }) => top), [-50, 150]);
  });

  it('stays at 0 px through 20 posts, edits and loads above', async () => {
    const list = rows(30);
    const scope = new Scope();
    const keeper = new ScrollKeeper(scope, list);
    scrolled = 1234;
    keeper.note();
    const before = topOf('row13');
    for (let n = 0; n < 20; n += 1) {
      if (n % 3 === 0) list.prepend(row(`new${n}`, 37 + n));
      if (n % 3 === 1) heights.set(/** @type {Element} */ (document.getElementById('row2')), 100 + n * 11);
      if (n % 3 === 2) document.getElementById(`row${n % 6}`)?.remove();
      layOut(list);
      keeper.correct();
      assert.equal(topOf('row13'), before, `after change ${n}`);
    }
    scope.end();
  });

  it('is kept by what the browser tells: mutations and sizes', async () => {
    const list = rows(30);
    const scope = new Scope();
    const keeper = new ScrollKeeper(scope, list);
    scrolled = 1234;
    keeper.note();
    const before = topOf('row13');
    heights.set(/** @type {Element} */ (document.getElementById('row1')), 500); // a picture has loaded
    resized.forEach((tell) => tell());
    assert.equal(topOf('row13'), before);
    list.prepend(row('new'));
    layOut(list);
    await new Promise((done) => setTimeout(done, 5));
    assert.equal(topOf('row13'), before);
    scope.end();
    assert.deepEqual(resized, []);
    assert.equal(document.documentElement.style.getPropertyValue('overflow-anchor'), '');
  });

  it('counts scrolling that it has not heard of yet as the reader\'s wish', () => {
    const list = rows(30);
    const scope = new Scope();
    const keeper = new ScrollKeeper(scope, list);
    scrolled = 1000;
    keeper.note();
    scrolled = 1040; // the event has not come
    list.prepend(row('new', 70));
    layOut(list);
    keeper.correct();
    assert.equal(scrolled, 1110);
    scope.end();
  });

  it('falls back to the next row when the one held on to is gone', () => {
    const list = rows(30);
    const scope = new Scope();
    const keeper = new ScrollKeeper(scope, list);
    scrolled = 1200;
    keeper.note();
    const before = topOf('row13');
    document.getElementById('row12')?.remove();
    list.prepend(row('new', 55));
    layOut(list);
    keeper.correct();
    assert.equal(topOf('row13'), before);
    scope.end();
  });

  it('lets go for a move on purpose', () => {
    const list = rows(30);
    const scope = new Scope();
    const keeper = new ScrollKeeper(scope, list);
    scrolled = 1200;
    keeper.note();
    keeper.jump(() => (scrolled = 0));
    keeper.correct();
    assert.equal(scrolled, 0);
    scope.end();
  });
});

describe('positions in the history', () => {
  it('are found again by the element at the top, and by distance where it is gone', () => {
    const list = rows(30);
    const storage = /** @type {any} */ (window.sessionStorage);
    const memory = new ScrollMemory(storage);
    scrolled = 1234;
    memory.save('e1', list);
    list.prepend(row('new', 66)); // more is above now
    layOut(list);
    scrolled = 0;
    const later = new ScrollMemory(storage); // after a reload
    assert.equal(later.restore('e1'), true);
    assert.equal(scrolled, 1300);
    assert.equal(later.at('e1')?.id, 'row13');
    document.body.innerHTML = '';
    later.restore('e1');
    assert.equal(scrolled, 1234);
    assert.equal(later.restore('never been'), false);
  });

  it('are limited in number, and survive a broken storage', () => {
    const list = rows(1);
    const storage = /** @type {any} */ (window.sessionStorage);
    const memory = new ScrollMemory(storage);
    for (let n = 0; n < 60; n += 1) memory.save(`e${n}`, list);
    assert.equal(memory.at('e9'), undefined);
    assert.notEqual(memory.at('e10'), undefined);
    storage.setItem('folkmoot.scroll', '{broken');
    assert.equal(new ScrollMemory(storage).at('e10'), undefined);
  });
});

describe("the server's page and ours", () => {
  const page = '<div class="shell"><nav><a href="/">Home</a></nav><main id="main"><input name="q" value="old"><details><summary>More</summary><p>Words of <b>people</b> here</p></details><textarea></textarea><select><option>a</option><option>b</option></select><input type="checkbox"></main></div>';
  /** @type {Element} */
  let target;
  const ours = () => {
    const holder = document.createElement('div');
    holder.innerHTML = page;
    return /** @type {Element} */ (holder.firstElementChild);
  };
  const one = (/** @type {string} */ css) => /** @type {any} */ (target.querySelector(css));

  beforeEach(() => {
    document.body.innerHTML = `<div id="app">${page}</div>`;
    target = /** @type {Element} */ (document.getElementById('app'));
  });

  it('change places without losing focus, caret, typed values, choices and open details', async () => {
    one('input').value = 'typed';
    one('textarea').value = 'a long text';
    one('select').value = 'b';
    one('[type=checkbox]').checked = true;
    one('details').open = true;
    one('textarea').focus();
    one('textarea').setSelectionRange(2, 6);
    scrolled = 77;
    const next = ours();
    /** @type {string[]} */
    const heard = [];
    next.addEventListener('input', (event) => heard.push(/** @type {Element} */ (event.target).tagName));
    await replaceView(target, next);
    assert.equal(target.firstElementChild, next);
    assert.equal(one('input').value, 'typed');
    assert.equal(one('textarea').value, 'a long text');
    assert.equal(one('select').value, 'b');
    assert.equal(one('[type=checkbox]').checked, true);
    assert.equal(one('details').open, true);
    assert.equal(document.activeElement, one('textarea'));
    assert.deepEqual([one('textarea').selectionStart, one('textarea').selectionEnd], [2, 6]);
    assert.equal(scrolled, 77);
    assert.deepEqual(heard.sort(), ['INPUT', 'INPUT', 'SELECT', 'TEXTAREA']);
  });

  it('wait while one types', async () => {
    one('textarea').focus();
    let done = false;
    const swapping = replaceView(target, ours()).then(() => (done = true));
    for (let n = 0; n < 4; n += 1) {
      await new Promise((next) => setTimeout(next, 200));
      one('textarea').value += 'x';
      document.dispatchEvent(new window.Event('input'));
      assert.equal(done, false);
    }
    await swapping;
    assert.equal(one('textarea').value, 'xxxx');
  });

  it('wait while the pointer is held down', async () => {
    one('textarea').focus();
    document.dispatchEvent(new window.Event('pointerdown'));
    let done = false;
    const swapping = replaceView(target, ours()).then(() => (done = true));
    document.dispatchEvent(new window.Event('pointerdown'));
    await new Promise((next) => setTimeout(next, 900));
    assert.equal(done, false);
    document.dispatchEvent(new window.Event('pointerup'));
    await swapping;
  });

  it('find each element again by its path or id', () => {
    const next = ours();
    const fragment = document.createDocumentFragment();
    fragment.append(next);
    assert.deepEqual(pathTo(target, one('b')), ['main', 1, 1, 0]);
    assert.equal(follow(fragment, pathTo(target, one('b'))), next.querySelector('b'));
    assert.equal(follow(fragment, pathTo(target, one('a'))), next.querySelector('a'));
    assert.equal(follow(fragment, [0, 0, 9]), null);
    assert.equal(follow(fragment, ['gone']), null);
  });

  it('come at once where there is nothing to keep', async () => {
    target.replaceChildren();
    await replaceView(target, ours());
    assert.equal(target.childElementCount, 1);
  });
});
