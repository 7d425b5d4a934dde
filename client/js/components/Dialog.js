// @ts-check
// Dialogs; on a phone they are sheets from below (css/floats.css).

import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */

/**
 * Opens a modal dialog that ends with Escape, its close button, a click beside it, or the scope.
 *
 * @param {Scope} scope
 * @param {string} title
 * @param {(scope: Scope, close: () => void) => Node} content
 */
export function openDialog(scope, title, content) {
  const inner = scope.child();
  const { h } = inner;
  const dialog = h('dialog', { class: 'sheet', 'aria-label': title });
  const close = () => dialog.close();
  dialog.append(
    h('header', { class: 'dialog-head' }, h('h2', {}, title),
      h('button', { class: 'tool', type: 'button', 'aria-label': 'Close', title: 'Close', onclick: close }, icon('x'))),
    h('div', { class: 'dialog-body' }, content(inner, close)));
  show(inner, dialog);
  return close;
}

/**
 * Shows a dialog element modally for as long as its scope lives.
 *
 * @param {Scope} scope
 * @param {HTMLDialogElement} dialog
 */
export function show(scope, dialog) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(dialog);
  dialog.showModal();
  // The dialog itself is hit only beside its content. A press that began in it, such as a selection, ends nothing, and
  // what was typed into a form is thrown away only by a button that says so.
  let beside = false;
  let changed = false;
  scope.on(dialog, 'input', (event) => (changed ||= event.target.form !== null));
  scope.on(dialog, 'pointerdown', (event) => (beside = event.target === dialog));
  scope.on(dialog, 'click', (event) => event.target === dialog && beside && !changed && dialog.close());
  scope.on(dialog, 'close', () => scope.end());
  scope.onEnd(() => {
    dialog.remove();
    before?.focus({ preventScroll: true });
  });
}
