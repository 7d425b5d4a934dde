// @ts-check
// Beginning a conversation: with one person, or with several as a group.

import { observable } from '../utils/state.js';
import { uuid } from '../utils/uuid.js';
import { openDialog } from './Dialog.js';
import { Field, FormFault, formState, SubmitButton } from './Form.js';
import { PeoplePicker } from './PeoplePicker.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Person } from '../types.js' */

/** @param {Scope} scope @param {App} app */
export function openNewConversation(scope, app) {
  openDialog(scope, 'New conversation', (inner, close) => {
    const { h } = inner;
    const chosen$ = observable(/** @type {readonly Person[]} */ ([]));
    const state = formState();
    // Sent again after an answer that did not come, it makes no second group.
    const clientId = uuid();
    const form = h('form', {
      class: 'form', novalidate: true,
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void state.submit(form, faults, async ({ title = '' }) => {
          const members = chosen$.get().map(({ nickname }) => nickname);
          if (members.length === 1 && title.trim() === '') {
            close();
            return app.router.go(`/chat?with=${encodeURIComponent(members[0])}`);
          }
          const { conversation } = await app.api.messages.begin({ members, title: title.trim(), client_id: clientId });
          await app.conversations.refresh(conversation.id);
          close();
          return app.router.go(conversation.url);
        });
      },
    },
    PeoplePicker(inner, app, chosen$),
    inner.show(chosen$.map(({ length }) => length > 1), (group, part) => group && Field(part, state, { name: 'title', label: 'Name of the group', hint: 'You may leave it open.', input: { maxlength: '100', dir: 'auto' } })),
    FormFault(inner, state),
    h('div', { class: 'dialog-acts' }, SubmitButton(inner, state, 'Begin')));
    const faults = () => /** @type {Record<string, string>} */ (chosen$.get().length === 0 ? { '': 'Choose at least one person.' } : {});
    return form;
  });
}
