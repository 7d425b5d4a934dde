// @ts-check
// Choosing tags: typed, closed by comma, space or Enter, with those already in use offered.

import { observable, observableList } from '../utils/state.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

const MOST_TAGS = 5;
const LONGEST_TAG = 30;
/** A rest after which the tags in use are asked for, ms. */
const REST_MS = 150;

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {readonly string[]} [chosen]
 * @param {(tags: readonly string[]) => void} [changed]
 */
export function TagInput(scope, app, chosen = [], changed = () => {}) {
  const { h } = scope;
  const tags$ = observableList(chosen);
  const known$ = observable(/** @type {readonly string[]} */ ([]));
  tags$.subscribe(changed);
  let stop = () => {};
  const take = () => {
    for (const tag of input.value.split(/[\s,#]+/).map(normal).filter(Boolean)) {
      if (tags$.length < MOST_TAGS && !tags$.get().includes(tag)) tags$.append([tag]);
    }
    input.value = '';
  };
  const ask = async () => {
    try {
      known$.set((await app.api.tags.search(normal(input.value), scope.signal)).items.map((item) => item.tag));
    } catch {
      // Without suggestions one can still type.
    }
  };
  const input = h('input', {
    id: 'field-tags', list: 'known-tags', autocomplete: 'off', 'aria-label': 'Add a tag',
    placeholder: tags$.map((tags) => (tags.length === 0 ? `Up to ${MOST_TAGS} tags` : '')),
    disabled: tags$.map((tags) => tags.length >= MOST_TAGS),
    oninput: () => {
      if (/[\s,]$/.test(input.value)) return take();
      stop();
      stop = scope.timeout(ask, REST_MS);
    },
    onchange: take,
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter') {
        event.preventDefault();
        take();
      } else if (event.key === 'Backspace' && input.value === '') {
        tags$.set(tags$.get().slice(0, -1));
      }
    },
  });
  const drop = (/** @type {string} */ gone) => {
    tags$.remove((tag) => tag === gone);
    input.focus();
  };
  const element = h('div', { class: 'input tag-input' },
    scope.list(tags$, (tag) => tag, (tag$, row) => row.h('span', { class: 'tag-chosen' }, tag$,
      row.h('button', { type: 'button', 'aria-label': tag$.map((tag) => `Remove ${tag}`), onclick: () => drop(tag$.get()) }, icon('x', 'small')))),
    input,
    h('datalist', { id: 'known-tags' }, scope.list(known$, (tag) => tag, (tag$, row) => row.h('option', { value: tag$.get() }))));
  return { element, get: () => [...tags$.get()], set: (/** @type {readonly string[]} */ tags) => tags$.set(tags) };
}

/** As tags are kept: small letters, no sign before. @param {string} text */
function normal(text) {
  return [...text.trim().toLocaleLowerCase().replace(/^#+/, '')].slice(0, LONGEST_TAG).join('');
}
