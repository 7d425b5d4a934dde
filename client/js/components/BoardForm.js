// @ts-check
// What a board is: its name and address, who may do what, how its threads are ordered.

import { openDialog } from './Dialog.js';
import { Field, FormFault, formState, SubmitButton } from './Form.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Board, Group } from '../types.js' */

const SLUG = /^[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {{board: Board | null, position: number, groups: readonly Group[], done: (board: Board) => void}} what
 */
export function openBoardForm(scope, app, { board, position, groups, done }) {
  openDialog(scope, board ? `Change ${board.title}` : 'New board', (inner, close) => {
    const { h } = inner;
    const state = formState();
    const rights = [['everyone', 'Everyone'], ['members', 'Members'], ['staff', 'Staff'], ...groups.map((group) => [`group:${group.slug}`, `Group: ${group.title}`])];
    const right = (/** @type {'read' | 'start' | 'reply'} */ name, /** @type {string} */ label, /** @type {string} */ otherwise, /** @type {string} */ hint = '') => Field(inner, state, {
      name, label, hint,
      control: (attributes) => h('select', { ...attributes, value: board?.rights[name] ?? otherwise },
        rights.filter(([value]) => name === 'read' || value !== 'everyone').map(([value, words]) => h('option', { value }, words))),
    });
    const form = h('form', {
      class: 'form', novalidate: true,
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void state.submit(form, faults, async (values) => {
          const answer = bodyOf(values, position);
          const { board: saved } = board ? await app.api.boards.change(board.slug, { ...answer, version: board.version }) : await app.api.boards.create(answer);
          close();
          done(saved);
        });
      },
    },
    Field(inner, state, { name: 'title', label: 'Name', input: { value: board?.title ?? '', maxlength: '80', dir: 'auto' } }),
    Field(inner, state, { name: 'slug', label: 'Address', hint: 'After /b/ in the address: small letters, digits and -.', input: { value: board?.slug ?? '', maxlength: '40', autocapitalize: 'none', spellcheck: 'false' } }),
    Field(inner, state, { name: 'description', label: 'What it is for', input: { value: board?.description ?? '', maxlength: '300', dir: 'auto' } }),
    h('div', { class: 'pair' },
      right('read', 'Who may read', 'everyone', 'Others do not learn that it exists.'),
      right('start', 'Who may start threads', 'members')),
    h('div', { class: 'pair' },
      right('reply', 'Who may reply', 'members'),
      Field(inner, state, {
        name: 'ordering', label: 'Order of threads',
        control: (attributes) => h('select', { ...attributes, value: board?.policy.ordering ?? 'activity' },
          h('option', { value: 'activity' }, 'Last activity first'), h('option', { value: 'newest' }, 'Newest first')),
      })),
    h('div', { class: 'pair' },
      Field(inner, state, { name: 'slow_mode_seconds', label: 'Slow mode', hint: 'Seconds between two posts of one person; 0 is off.', input: { value: board?.policy.slow_mode_seconds ?? 0, inputmode: 'numeric', maxlength: '5' } }),
      Field(inner, state, { name: 'hue', label: 'Colour', hint: '0 to 359, a degree on the colour wheel.', input: { type: 'range', min: '0', max: '345', step: '15', value: board?.hue ?? 150 } })),
    FormFault(inner, state),
    h('div', { class: 'dialog-acts' }, h('button', { class: 'button', type: 'button', onclick: close }, 'Cancel'), SubmitButton(inner, state, board ? 'Save' : 'Make board')));
    return form;
  });
}

/** @param {Record<string, string>} values @returns {Record<string, string>} */
function faults({ title, slug, slow_mode_seconds: slow }) {
  /** @type {Record<string, string>} */
  const found = {};
  if (!title.trim()) found.title = 'A board needs a name.';
  if (!SLUG.test(slug)) found.slug = 'Small letters, digits and - only, beginning with a letter or a digit.';
  if (!/^\d{1,5}$/.test(slow)) found.slow_mode_seconds = 'A number of seconds.';
  return found;
}

/** As the API takes a board. @param {Record<string, string>} values @param {number} position */
function bodyOf({ title, slug, description, read, start, reply, ordering, slow_mode_seconds: slow, hue }, position) {
  return {
    title: title.trim(), slug, description: description.trim(), hue: Number(hue), position,
    rights: { read, start, reply },
    policy: { version: 1, ordering: /** @type {Board['policy']['ordering']} */ (ordering), slow_mode_seconds: Number(slow) },
  };
}
