// @ts-check
// Going to what was said on a day.

import { openDialog } from './Dialog.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Conversation } from '../types.js' */

/** @param {Scope} scope @param {Conversation} conversation @param {(at: string) => Promise<void>} goToDate */
export function openDateJump(scope, { created_at }, goToDate) {
  openDialog(scope, 'Go to a date', (inner, close) => {
    const { h } = inner;
    const [first, today] = [dayOf(new Date(created_at)), dayOf(new Date())];
    const field = h('input', { class: 'input', type: 'date', id: 'field-date', autofocus: true, required: true, min: first, max: today, value: today });
    return h('form', {
      class: 'form',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        close();
        // The day begins where the reader is.
        void goToDate(new Date(`${field.value}T00:00:00`).toISOString());
      },
    },
    h('div', { class: 'field' }, h('label', { for: 'field-date' }, 'Day'), field,
      h('p', { class: 'field-hint' }, 'Or the next day on which something was written.')),
    h('div', { class: 'dialog-acts' }, h('button', { class: 'button primary', type: 'submit' }, 'Go there')));
  });
}

/** `2026-11-20`, as it is where the reader is. @param {Date} date */
function dayOf(date) {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((number) => String(number).padStart(2, '0')).join('-');
}
