// @ts-check
// What its starter and the staff may do with a thread: rename, tag, pin, lock, move, delete.

import { openDialog } from './Dialog.js';
import { explain } from './explain.js';
import { Field, FormFault, SubmitButton, formState } from './Form.js';
import { openMenu } from './Menu.js';
import { TagInput } from './TagInput.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { MenuItem } from './Menu.js' */

/**
 * @param {Scope} scope
 * @param {HTMLElement} button
 * @param {ThreadStore} store
 * @param {App} app
 */
export function openThreadMenu(scope, button, store, app) {
  const thread = store.thread$.get();
  const may = store.may$.get();
  /** @type {(MenuItem | false)[]} */
  const items = [
    may.edit && { icon: 'pencil', words: 'Edit title and tags', run: () => openEdit(scope, store, app) },
    may.pin && { icon: 'pin', words: thread.pinned ? 'Unpin' : 'Pin to the top', run: () => change(store, app, { pinned: !thread.pinned }, thread.pinned ? 'Unpinned' : 'Pinned') },
    may.lock && { icon: thread.locked ? 'lock-open' : 'lock', words: thread.locked ? 'Unlock' : 'Lock', run: () => change(store, app, { locked: !thread.locked }, thread.locked ? 'Unlocked' : 'Locked: nobody can reply') },
    may.archive && { icon: 'archive', words: thread.archived ? 'Open again' : 'Archive', run: () => change(store, app, { archived: !thread.archived }, thread.archived ? 'Open again' : 'Archived: it can be read but not answered') },
    may.move && { icon: 'move', words: 'Move to another board', run: () => openMove(scope, store, app) },
    may.delete && { icon: 'trash', words: 'Delete thread', danger: true, run: () => removeThread(store, app) },
  ];
  openMenu(scope, button, items.filter((item) => item !== false));
}

/** Does it and offers to take it back. @param {ThreadStore} store @param {App} app @param {{pinned: boolean} | {locked: boolean} | {archived: boolean} | {board: string}} what @param {string} said */
async function change(store, app, what, said) {
  const thread = store.thread$.get();
  const before = 'board' in what ? { board: thread.board.slug } : 'pinned' in what ? { pinned: thread.pinned } : 'archived' in what ? { archived: thread.archived } : { locked: thread.locked };
  try {
    await store.change(what);
    app.notices.say(said, { action: { label: 'Undo', run: () => void change(store, app, before, 'Taken back') } });
  } catch (error) {
    app.notices.say(explain(/** @type {any} */ (error)));
  }
}

/** @param {ThreadStore} store @param {App} app */
async function removeThread(store, app) {
  const { id, board, url } = store.thread$.get();
  try {
    await app.api.threads.remove(id);
    store.deleted();
    app.router.go(board.url);
    app.notices.say('Thread deleted', {
      action: {
        label: 'Undo',
        run: async () => {
          await app.api.threads.restore(id);
          await app.router.go(url);
        },
      },
    });
  } catch (error) {
    app.notices.say(explain(/** @type {any} */ (error)));
  }
}

/** @param {Scope} scope @param {ThreadStore} store @param {App} app */
function openEdit(scope, store, app) {
  const thread = store.thread$.get();
  openDialog(scope, 'Title and tags', (inner, close) => {
    const { h } = inner;
    const state = formState();
    const tags = TagInput(inner, app, thread.tags);
    const form = h('form', {
      class: 'form',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void state.submit(form, titleFaults, async ({ title }) => {
          await store.change({ title: title.trim(), tags: tags.get() });
          close();
        });
      },
    },
    Field(inner, state, { name: 'title', label: 'Title', input: { value: thread.title, maxlength: '300', dir: 'auto' } }),
    h('div', { class: 'field' }, h('span', { class: 'field-label' }, 'Tags'), tags.element),
    FormFault(inner, state),
    h('div', { class: 'dialog-acts' }, h('button', { class: 'button', type: 'button', onclick: close }, 'Cancel'), SubmitButton(inner, state, 'Save')));
    return form;
  });
}

/** @param {Record<string, string>} values */
export function titleFaults({ title }) {
  /** @type {Record<string, string>} */
  const faults = {};
  const size = [...title.trim()].length;
  if (size < 1) faults.title = 'A thread needs a title.';
  if (size > 300) faults.title = 'At most 300 characters.';
  return faults;
}

/** @param {Scope} scope @param {ThreadStore} store @param {App} app */
function openMove(scope, store, app) {
  const here = store.thread$.get().board;
  openDialog(scope, 'Move to another board', (inner, close) => {
    const { h } = inner;
    const others = app.boards$.get().filter((board) => board.id !== here.id);
    if (others.length === 0) return h('p', {}, 'There is no other board.');
    return h('form', {
      class: 'form',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const choice = /** @type {HTMLSelectElement} */ (/** @type {HTMLFormElement} */ (event.target).elements.namedItem('board'));
        close();
        void change(store, app, { board: choice.value }, `Moved to ${choice.selectedOptions[0].text}`);
      },
    },
    h('div', { class: 'field' }, h('label', { for: 'field-board' }, 'Board'),
      h('select', { class: 'input', id: 'field-board', name: 'board' }, others.map((board) => h('option', { value: board.slug }, board.title)))),
    h('p', { class: 'quiet' }, 'Its address stays the same. Who may read it is decided by the new board.'),
    h('div', { class: 'dialog-acts' }, h('button', { class: 'button primary', type: 'submit' }, 'Move')));
  });
}
