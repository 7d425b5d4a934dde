// @ts-check
// Elements by function, text always as text, render once and then bind.
//
// A view is a function of a `Scope`. What it binds, listens to or waits for belongs to the scope
// and ends with it, so nothing is left behind when the view goes:
//
//     /** @param {Scope} scope @param {Readable<Thread>} thread$ */
//     export function threadRow(scope, thread$) {
//       const { h } = scope;
//       return h('li', { class: 'thread', classes: { pinned: thread$.map((t) => t.pinned) } },
//         h('a', { href: thread$.map((t) => t.url) }, thread$.map((t) => t.title)),
//         h('button', { type: 'button', onclick: () => open(thread$.get()) }, 'Open'));
//     }
//
//     const unmount = mount(target, (scope) =>
//       scope.h('ol', {}, scope.list(threads$, (t) => t.id, (thread$, row) => threadRow(row, thread$))));

import { Observable, Readable, batch } from './state.js';

/**
 * What may stand between the tags. A `Readable` of text stays bound; `null` and booleans are nothing.
 *
 * @typedef {Node | string | number | boolean | null | undefined} Plain
 * @typedef {Plain | readonly Content[]} Content
 * @typedef {Content | Readable<any> | readonly Child[]} Child
 */

/**
 * `class`: text. `classes`: name → whether. `dataset`: name → text. `css`: custom property →
 * value (set by script, so the content security policy has no say). `on…`: a listener. `value`,
 * `checked`, `selected`, `indeterminate`: the living property. All else is an attribute: `true` stands
 * without a value, `false`, `null` and `undefined` do not stand. Each may be a `Readable`.
 *
 * @typedef {{[name: string]: any}} Props
 */

/** What `mount` shows. @typedef {(scope: Scope) => Content} View */

const LIVE_PROPERTIES = new Set(['value', 'checked', 'selected', 'indeterminate']);
const SVG = 'http://www.w3.org/2000/svg';

/** The life of a view: all that it holds, and its end. */
export class Scope {
  #controller = new AbortController();
  /** @type {Set<() => void>} */
  #endings = new Set();

  /** Aborts when the scope ends: for `fetch` and `addEventListener`. */
  get signal() {
    return this.#controller.signal;
  }

  /**
   * Makes an element whose bindings and listeners live as long as this scope.
   * An arrow function, so that `const { h } = scope` works.
   *
   * @template {keyof HTMLElementTagNameMap} K
   * @param {K} tag
   * @param {Props} [props]
   * @param {...Child} children
   * @returns {HTMLElementTagNameMap[K]}
   */
  h = (tag, props = {}, ...children) => {
    const element = document.createElement(tag);
    // Children first: a <select> takes its value only when it has its options.
    for (const child of children) this.#append(element, child);
    for (const [name, value] of Object.entries(props)) this.#bind(element, name, value);
    return element;
  };

  /**
   * Listens until the scope ends.
   *
   * @param {EventTarget} target
   * @param {string} type
   * @param {(event: any) => void} listener
   * @param {AddEventListenerOptions} [options]
   */
  on(target, type, listener, options = {}) {
    target.addEventListener(type, listener, { ...options, signal: this.signal });
  }

  /**
   * Calls `follower` now and with each later value, until the scope ends.
   *
   * @template T
   * @param {Readable<T>} readable
   * @param {(value: T) => void} follower
   */
  subscribe(readable, follower) {
    this.onEnd(readable.subscribe(follower));
    follower(readable.get());
  }

  /**
   * Runs `action` after `ms`, unless the scope has ended by then. Gives back the function that
   * calls it off.
   *
   * @param {() => void} action
   * @param {number} ms
   */
  timeout(action, ms) {
    const timer = setTimeout(() => {
      this.#endings.delete(cancel);
      action();
    }, ms);
    const cancel = () => clearTimeout(timer);
    this.onEnd(cancel);
    return () => {
      this.#endings.delete(cancel);
      cancel();
    };
  }

  /** Runs `ending` when the scope ends, or at once if it has. @param {() => void} ending */
  onEnd(ending) {
    if (this.signal.aborted) ending();
    else this.#endings.add(ending);
  }

  /** A scope that ends with this one, or before by its own `end()`. @returns {Scope} */
  child() {
    const child = new Scope();
    const end = () => child.end();
    this.onEnd(end);
    child.onEnd(() => this.#endings.delete(end));
    return child;
  }

  /** Ends everything that belongs to the scope. */
  end() {
    if (this.signal.aborted) return;
    this.#controller.abort();
    for (const ending of this.#endings) ending();
    this.#endings.clear();
  }

  /**
   * Shows what `render` makes of the value, anew for each value; each rendering has a scope of
   * its own that ends with it.
   *
   * @template T
   * @param {Readable<T>} readable
   * @param {(value: T, scope: Scope) => Content} render
   * @returns {DocumentFragment}
   */
  show(readable, render) {
    const slot = new Slot();
    let scope = this.child();
    this.subscribe(readable, (value) => {
      scope.end();
      scope = this.child();
      slot.fill(toNodes(render(value, scope)));
    });
    return slot.fragment;
  }

  /**
   * One row for each item. A row is made once for its key and from then on told of its item by
   * `item$`; rows are moved with as few moves as possible, keeping focus and scroll.
   *
   * @template T
   * @param {Readable<readonly T[]>} items
   * @param {(item: T) => string} key different for each item
   * @param {(item$: Readable<T>, scope: Scope) => Element} renderRow
   * @returns {DocumentFragment}
   */
  list(items, key, renderRow) {
    const rows = new Rows(this, key, renderRow);
    this.subscribe(items, (value) => rows.update(value));
    return rows.fragment;
  }

  /** @param {Element} parent @param {Child} child */
  #append(parent, child) {
    if (child instanceof Readable) parent.append(this.#bound(child));
    else if (Array.isArray(child)) for (const one of child) this.#append(parent, one);
    else parent.append(...toNodes(/** @type {Content} */ (child)));
  }

  /** A bound text stays one text node, so a selection in it survives what does not change. @param {Readable<any>} readable */
  #bound(readable) {
    const text = document.createTextNode('');
    this.subscribe(readable, (value) => {
      if (value instanceof Node) throw new TypeError('a bound child is text; for elements use scope.show');
      text.data = toText(value);
    });
    return text;
  }

  /** @param {HTMLElement} element @param {string} name @param {any} value */
  #bind(element, name, value) {
    if (name.startsWith('on') && typeof value === 'function') this.on(element, name.slice(2).toLowerCase(), value);
    else if (name === 'classes') this.#each(value, (key, on) => element.classList.toggle(key, Boolean(on)));
    else if (name === 'dataset') this.#each(value, (key, text) => setAttribute(element, `data-${dashed(key)}`, text));
    else if (name === 'css') this.#each(value, (key, text) => element.style.setProperty(key, toText(text)));
    else this.#each({ [name]: value }, (key, now) => setProp(element, key, now));
  }

  /** @param {Record<string, any>} values @param {(name: string, value: any) => void} apply */
  #each(values, apply) {
    for (const [name, value] of Object.entries(values)) {
      if (value instanceof Readable) this.subscribe(value, (now) => apply(name, now));
      else apply(name, value);
    }
  }
}

/** A place among siblings whose content changes, between two empty text nodes. */
class Slot {
  fragment = document.createDocumentFragment();
  #start = document.createTextNode('');
  #end = document.createTextNode('');

  constructor() {
    this.fragment.append(this.#start, this.#end);
  }

  /** @param {readonly ChildNode[]} nodes */
  fill(nodes) {
    while (this.#start.nextSibling && this.#start.nextSibling !== this.#end) this.#start.nextSibling.remove();
    this.#end.before(...nodes);
  }
}

/** The rows of one keyed list. @template T */
class Rows {
  fragment = document.createDocumentFragment();
  #end = document.createTextNode('');
  #scope;
  #key;
  #render;
  /** @type {Map<string, {item$: Observable<T>, scope: Scope, element: Element, index: number}>} */
  #rows = new Map();

  /**
   * @param {Scope} scope
   * @param {(item: T) => string} key
   * @param {(item$: Readable<T>, scope: Scope) => Element} render
   */
  constructor(scope, key, render) {
    this.#scope = scope;
    this.#key = key;
    this.#render = render;
    this.fragment.append(this.#end);
  }

  /** @param {readonly T[]} items */
  update(items) {
    const before = this.#rows;
    const order = items.map((item) => this.#row(before, item));
    this.#rows = new Map(order);
    for (const [key, row] of before) {
      if (this.#rows.has(key)) continue;
      row.scope.end();
      row.element.remove();
    }
    this.#place(order.map(([, row]) => row));
  }

  /** @param {Map<string, any>} before @param {T} item @returns {[string, any]} */
  #row(before, item) {
    const key = this.#key(item);
    const row = before.get(key);
    if (!row) {
      const scope = this.#scope.child();
      const item$ = new Observable(item);
      return [key, { item$, scope, element: this.#render(item$, scope), index: -1 }];
    }
    row.item$.set(item);
    return [key, row];
  }

  /** @param {{element: Element, index: number}[]} rows */
  #place(rows) {
    const staying = new Set(longestRise(rows.map((row) => row.index)));
    const parent = /** @type {ParentNode & Node} */ (this.#end.parentNode);
    /** @type {Node} */
    let next = this.#end;
    for (let at = rows.length - 1; at >= 0; at -= 1) {
      const row = rows[at];
      if (!staying.has(at)) moveBefore(parent, row.element, next);
      row.index = at;
      next = row.element;
    }
  }
}

/**
 * Places of the longest rising run in `numbers` (negative ones, the new rows, never count): the
 * rows that may stay where they are while the others move around them.
 *
 * @param {readonly number[]} numbers
 * @returns {number[]}
 */
export function longestRise(numbers) {
  /** The place where the best run of each length ends. @type {number[]} */
  const ends = [];
  const previous = new Array(numbers.length).fill(-1);
  numbers.forEach((number, at) => {
    if (number < 0) return;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]] < number) low = middle + 1;
      else high = middle;
    }
    previous[at] = low > 0 ? ends[low - 1] : -1;
    ends[low] = at;
  });
  const run = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = previous[at]) run.push(at);
  return run.reverse();
}

/**
 * Moves `node` before `next`, keeping the focus inside it. Browsers that have `moveBefore` keep
 * scroll positions and frames too.
 *
 * @param {Node & {moveBefore?: (node: Node, next: Node) => void}} parent
 * @param {Element} node
 * @param {Node} next
 */
function moveBefore(parent, node, next) {
  if (parent.moveBefore && parent.isConnected && node.isConnected) {
    parent.moveBefore(node, next);
    return;
  }
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, next);
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
}

/** @param {Content} child @returns {ChildNode[]} */
function toNodes(child) {
  if (Array.isArray(child)) return child.flatMap(toNodes);
  if (child instanceof DocumentFragment) return /** @type {ChildNode[]} */ ([...child.childNodes]);
  if (child instanceof Node) return [/** @type {ChildNode} */ (child)];
  const text = toText(child);
  return text === '' ? [] : [document.createTextNode(text)];
}

/** @param {unknown} value */
function toText(value) {
  return value === null || value === undefined || typeof value === 'boolean' ? '' : String(value);
}

/** `unreadCount` → `unread-count`. @param {string} name */
function dashed(name) {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** @param {any} element @param {string} name @param {any} value */
function setProp(element, name, value) {
  if (!LIVE_PROPERTIES.has(name)) setAttribute(element, name, value);
  // Writing the same value again would move the caret.
  else if (element[name] !== (value ?? '')) element[name] = value ?? '';
}

/** @param {Element} element @param {string} name @param {any} value */
function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/**
 * Makes an SVG element: `svg('path', { d: '…' })`. Nothing in it is bound.
 *
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Fills `element` with HTML that the server's `markup` made. The only place that parses HTML: text
 * of people never comes here except as the `html` field of a post or profile.
 *
 * @template {Element} E
 * @param {E} element
 * @param {string} markupHtml
 * @returns {E}
 */
export function html(element, markupHtml) {
  element.innerHTML = markupHtml;
  return element;
}

/**
 * Shows a view in `target`, in the place of what is there. Gives back the function that removes it
 * and all it holds.
 *
 * @param {Element} target
 * @param {View} view
 * @returns {() => void}
 */
export function mount(target, view) {
  const scope = new Scope();
  try {
    target.replaceChildren(...toNodes(batch(() => view(scope))));
  } catch (error) {
    scope.end();
    throw error;
  }
  return () => {
    scope.end();
    target.replaceChildren();
  };
}
