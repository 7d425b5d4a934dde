// @ts-check
// Who is in a group: adding, removing, roles, its name.

import { observable } from '../utils/state.js';
import { openDialog } from './Dialog.js';
import { explain } from './explain.js';
import { Portrait } from './Face.js';
import { Field, FormFault, formState, SubmitButton } from './Form.js';
import { icon } from './icons.js';
import { PeoplePicker } from './PeoplePicker.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { Member, MemberRole, Person } from '../types.js' */

/** @type {Record<MemberRole, string>} */
const ROLES = { owner: 'owner', admin: 'admin', member: '' };

/** @param {Scope} scope @param {App} app @param {ConversationStore} store */
export function openMembers(scope, app, store) {
  openDialog(scope, 'Members', (inner) => {
    const { h } = inner;
    const { conversation$ } = store;
    const unlisted$ = conversation$.map(({ member_count: all, members }) => all - members.length);
    return h('div', { class: 'chat-sheet' },
      inner.show(conversation$.map(({ may }) => may.rename), (may, part) => may && Name(part, app, store)),
      h('ul', { class: 'plain' }, inner.list(conversation$.map(({ members }) => members), ({ person }) => person.id, (member$, row) => MemberLine(row, app, store, member$))),
      inner.show(unlisted$, (more, part) => more > 0 && part.h('p', { class: 'quiet' }, `and ${count(more, 'other')}`)),
      inner.show(conversation$.map(({ may }) => may.add), (may, part) => may && Adding(part, app, store)));
  });
}

/** @param {Scope} scope @param {App} app @param {ConversationStore} store */
function Name(scope, app, store) {
  const state = formState();
  const { title } = store.conversation$.get();
  const form = scope.h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, () => ({}), async (values) => {
        const { version } = store.conversation$.get();
        store.changed((await app.api.messages.rename(store.id, { title: values.title, version })).conversation);
        app.notices.say('Saved');
      });
    },
  },
  Field(scope, state, { name: 'title', label: 'Name of the group', input: { value: title ?? '', maxlength: '100', dir: 'auto' } }),
  FormFault(scope, state),
  scope.h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Save')));
  return form;
}

/** @param {Scope} scope @param {App} app @param {ConversationStore} store @param {Readable<Member>} member$ */
function MemberLine(scope, app, store, member$) {
  const { h } = scope;
  const { person } = member$.get();
  const mine = person.id === app.session.me$.get()?.id;
  const act = async (/** @type {() => Promise<unknown>} */ run) => {
    try {
      await run();
      await store.refresh();
    } catch (error) {
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
    }
  };
  const items = () => {
    const { may } = store.conversation$.get();
    const { role } = member$.get();
    const give = (/** @type {MemberRole} */ next, /** @type {string} */ words) => ({ icon: 'shield', words, run: () => void act(() => app.api.messages.setRole(store.id, person.nickname, next)) });
    return [
      may.hand_over && role === 'member' && give('admin', 'Make an admin'),
      may.hand_over && role === 'admin' && give('member', 'No longer an admin'),
      may.hand_over && give('owner', 'Hand the group over'),
      may.remove && { icon: 'trash', words: 'Remove', danger: true, run: () => void act(() => app.api.messages.removeMember(store.id, person.nickname)) },
    ].filter((item) => item !== false);
  };
  const button = h('button', {
    class: 'tool', type: 'button', 'aria-label': `What to do with ${person.nickname}`, 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    onclick: async () => (await import('./Menu.js')).openMenu(scope, button, items()),
  }, icon('more'));
  const any$ = store.conversation$.map(({ may }) => !mine && (may.remove || may.hand_over));
  return h('li', { class: 'member' },
    Portrait(scope, person), h('a', { class: 'one-line', href: person.url, dir: 'auto' }, person.nickname),
    h('span', { class: 'quiet' }, member$.map(({ role }) => ROLES[role])),
    scope.show(any$, (any) => any && button));
}

/** @param {Scope} scope @param {App} app @param {ConversationStore} store */
function Adding(scope, app, store) {
  const state = formState();
  const chosen$ = observable(/** @type {readonly Person[]} */ ([]));
  const form = scope.h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      /** @returns {Record<string, string>} */
      const faults = () => (chosen$.get().length === 0 ? { '': 'Choose at least one person.' } : {});
      void state.submit(form, faults, async ({ history }) => {
        const nicknames = chosen$.get().map(({ nickname }) => nickname);
        store.changed((await app.api.messages.add(store.id, nicknames, history ? 'all' : 'now')).conversation);
        chosen$.set([]);
      });
    },
  },
  scope.h('h3', {}, 'Add people'),
  PeoplePicker(scope, app, chosen$, store.conversation$.get().members.map(({ person }) => person.id)),
  scope.h('label', { class: 'check' }, scope.h('input', { type: 'checkbox', name: 'history' }), scope.h('span', {}, 'They may read what was written before')),
  FormFault(scope, state),
  scope.h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Add')));
  return form;
}
