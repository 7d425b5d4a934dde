// @ts-check
// One group on the page of groups: who is in it, putting people in and taking them out.

import { explain } from './explain.js';
import { Portrait } from './Face.js';
import { icon } from './icons.js';
import { pagedList } from './pagedList.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Group, Page, Person } from '../types.js' */

/** @typedef {Group & {members: Page<Person>}} GroupWithMembers */

/** @param {Scope} scope @param {GroupWithMembers} group @param {App} app @param {(group: GroupWithMembers) => Promise<void>} remove */
export function GroupPart(scope, group, app, remove) {
  const { h } = scope;
  const { slug, title } = group;
  const { admin } = app.api;
  const list = pagedList(scope, group.members, (cursor, signal) => admin.members(slug, { cursor, signal }));
  /** @param {() => Promise<unknown>} act @returns {Promise<boolean>} whether it was done */
  const change = async (act) => {
    try {
      await act();
      await list.restart();
      return true;
    } catch (error) {
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
      return false;
    }
  };
  const take = async (/** @type {string} */ nickname) => {
    if (!(await change(() => admin.removeMember(slug, nickname)))) return;
    field.focus();
    app.notices.say(`${nickname} is no longer in ${title}`, { action: { label: 'Undo', run: () => void change(() => admin.addMember(slug, nickname)) } });
  };
  const field = h('input', { class: 'input', placeholder: 'Nickname', 'aria-label': `Add somebody to ${title}`, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
  return h('section', { class: 'group' },
    h('h2', { dir: 'auto' }, title),
    h('p', {}, list.items$.map((people) => (people.length > 0 ? 'They may do what boards allow this group.' : 'Nobody is in it yet.'))),
    h('ul', { class: 'plain members', 'aria-label': `Members of ${title}` }, scope.list(list.items$, (person) => person.id, (person$, row) => {
      const person = person$.get();
      return row.h('li', { class: 'tag-chosen' }, Portrait(row, person), row.h('a', { href: person.url, dir: 'auto' }, person.nickname),
        row.h('button', { type: 'button', 'aria-label': `Take ${person.nickname} out`, onclick: () => take(person.nickname) }, icon('x', 'small')));
    })),
    h('button', { class: 'link', type: 'button', hidden: list.more$.map((state) => state === 'end'), onclick: list.loadMore },
      list.more$.map((state) => (state === 'failed' ? 'This did not load. Try again' : `Show more of ${count(group.member_count, 'member')}`))),
    h('form', {
      class: 'finder',
      onsubmit: async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const nickname = field.value.trim();
        if (nickname && (await change(() => admin.addMember(slug, nickname)))) field.value = '';
      },
    }, field, h('button', { class: 'button', type: 'submit' }, 'Add'),
    h('button', { class: 'button danger', type: 'button', onclick: () => remove(group) }, 'Delete group')));
}
