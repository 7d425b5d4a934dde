// @ts-check
// Groups: named sets of people that a board may be opened to.

import { AdminPage, mayAdminister } from '../components/AdminPage.js';
import { EmptyState } from '../components/EmptyState.js';
import { explain } from '../components/explain.js';
import { Field, FormFault, formState, SubmitButton } from '../components/Form.js';
import { Group as Part } from '../components/Group.js';
import { GroupPart } from '../components/GroupPart.js';
import { observableList } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Group } from '../types.js' */
/** @import { GroupWithMembers } from '../components/GroupPart.js' */

/** @type {RoutedView<{groups: GroupWithMembers[]} | null>} */
export const view = {
  load: async (_, { app, signal }) => (mayAdminister(app) ? { groups: await allGroups(app, signal) } : null),
  title: () => 'Groups',
  render(data, scope, app) {
    if (!data) return AdminPage(scope, app, '/admin/groups');
    const { h } = scope;
    const groups$ = observableList(data.groups);
    const reload = async () => groups$.set(await allGroups(app, scope.signal));
    /** @param {GroupWithMembers} group */
    const remove = async (group) => {
      try {
        const people = await everyMember(app, group.slug);
        await app.api.admin.removeGroup(group.slug);
        await reload();
        app.notices.say(`${group.title} is deleted`, { action: { label: 'Undo', run: () => void makeAgain(app, group, people).then(reload) } });
      } catch (error) {
        app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
      }
    };
    return AdminPage(scope, app, '/admin/groups',
      h('div', {}, scope.list(groups$, (group) => group.id, (group$, row) => GroupPart(row, group$.get(), app, remove))),
      scope.show(groups$.map((groups) => groups.length === 0), (none, inner) => none && EmptyState(inner, {
        icon: 'users', title: 'No groups yet', words: 'Make a group, put people into it, and open a board to that group alone.',
      })),
      Part(scope, 'New group', '', NewGroup(scope, app, reload)));
  },
};

/** Each with the first page of its members. @param {App} app @param {AbortSignal} signal @returns {Promise<GroupWithMembers[]>} */
async function allGroups(app, signal) {
  const { items } = await app.api.admin.groups(signal);
  return Promise.all(items.map(async (group) => ({ ...group, members: await app.api.admin.members(group.slug, { signal }) })));
}

/** The nicknames of all who are in it, for putting them back. @param {App} app @param {string} slug */
async function everyMember(app, slug) {
  const nicknames = [];
  for (let cursor = /** @type {string | null | undefined} */ (undefined); cursor !== null;) {
    const page = await app.api.admin.members(slug, { cursor });
    nicknames.push(...page.items.map(({ nickname }) => nickname));
    cursor = page.next;
  }
  return nicknames;
}

/** A deleted group as it was. @param {App} app @param {Group} group @param {readonly string[]} people */
async function makeAgain(app, { slug, title, description }, people) {
  try {
    await app.api.admin.createGroup({ slug, title, description });
    for (const nickname of people) await app.api.admin.addMember(slug, nickname);
  } catch (error) {
    app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
  }
}

/** @param {Scope} scope @param {App} app @param {() => Promise<void>} reload */
function NewGroup(scope, app, reload) {
  const { h } = scope;
  const state = formState();
  const form = h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, ({ title }) => (title.trim() ? {} : /** @type {Record<string, string>} */ ({ title: 'A group needs a name.' })), async ({ title }) => {
        await app.api.admin.createGroup({ title: title.trim(), slug: slugOf(title) });
        form.reset();
        await reload();
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
