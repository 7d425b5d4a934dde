// @ts-check
// Groups: named sets of people that a board may be opened to.

import { AdminPage, mayAdminister } from '../components/AdminPage.js';
import { EmptyState } from '../components/EmptyState.js';
import { explain } from '../components/explain.js';
import { Field, FormFault, formState, SubmitButton } from '../components/Form.js';
import { Group as Part } from '../components/Group.js';
import { Portrait } from '../components/Face.js';
import { icon } from '../components/icons.js';
import { observableList } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Group } from '../types.js' */

/** @type {RoutedView<{items: Group[]} | null>} */
export const view = {
  load: async (_, { app, signal }) => (mayAdminister(app) ? app.api.admin.groups(signal) : null),
  title: () => 'Groups',
  render(data, scope, app) {
    if (!data) return AdminPage(scope, app, '/admin/groups');
    const { h } = scope;
    const groups$ = observableList(data.items);
    /** @param {() => Promise<unknown>} act */
    const then = async (act) => {
      try {
        await act();
        groups$.set((await app.api.admin.groups(scope.signal)).items);
      } catch (error) {
        app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
      }
    };
    return AdminPage(scope, app, '/admin/groups',
      h('div', {}, scope.list(groups$, (group) => group.id, (group$, row) => GroupPart(row, group$, app, then))),
      scope.show(groups$.map((groups) => groups.length === 0), (none, inner) => none && EmptyState(inner, {
        icon: 'users', title: 'No groups yet', words: 'Make a group, put people into it, and open a board to that group alone.',
      })),
      Part(scope, 'New group', '', NewGroup(scope, app, then)));
  },
};

/** @param {Scope} scope @param {Readable<Group>} group$ @param {App} app @param {(act: () => Promise<unknown>) => Promise<void>} then */
function GroupPart(scope, group$, app, then) {
  const { h } = scope;
  const { slug, title } = group$.get();
  const field = h('input', { class: 'input', placeholder: 'Nickname', 'aria-label': `Add somebody to ${title}`, autocomplete: 'off' });
  return h('section', { class: 'group' },
    h('h2', { dir: 'auto' }, group$.map((group) => group.title)),
    h('p', {}, group$.map((group) => ((group.members ?? []).length > 0 ? 'They may do what boards allow this group.' : 'Nobody is in it yet.'))),
    h('ul', { class: 'plain members' }, scope.list(group$.map((group) => group.members ?? []), (person) => person.id, (person$, row) => {
      const person = person$.get();
      return row.h('li', { class: 'tag-chosen' }, Portrait(row, person), row.h('a', { href: person.url, dir: 'auto' }, person.nickname),
        row.h('button', { type: 'button', 'aria-label': `Take ${person.nickname} out`, onclick: () => then(() => app.api.admin.removeMember(slug, person.nickname)) }, icon('x', 'small')));
    })),
    h('form', {
      class: 'finder',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const nickname = field.value.trim();
        if (nickname) void then(() => app.api.admin.addMember(slug, nickname)).then(() => (field.value = ''));
      },
    }, field, h('button', { class: 'button', type: 'submit' }, 'Add'),
    h('button', { class: 'button danger', type: 'button', onclick: () => then(() => app.api.admin.removeGroup(slug)) }, 'Delete group')));
}

/** @param {Scope} scope @param {App} app @param {(act: () => Promise<unknown>) => Promise<void>} then */
function NewGroup(scope, app, then) {
  const { h } = scope;
  const state = formState();
  const form = h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, ({ title }) => (title.trim() ? {} : /** @type {Record<string, string>} */ ({ title: 'A group needs a name.' })), async ({ title }) => {
        await app.api.admin.createGroup({ title: title.trim(), slug: slugOf(title) });
        form.reset();
        await then(async () => {});
      });
    },
  },
  Field(scope, state, { name: 'title', label: 'Name', input: { maxlength: '60', autocomplete: 'off', dir: 'auto' } }),
  FormFault(scope, state),
  h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Make group')));
  return form;
}

/** Small letters, digits and - from any name. @param {string} title */
function slugOf(title) {
  const slug = title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return slug || `group-${Date.now().toString(36)}`;
}
