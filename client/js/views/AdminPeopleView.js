// @ts-check
// People: roles, banning, links for those who lost their password or whose account was imported.

import { AdminPage, mayAdminister } from '../components/AdminPage.js';
import { openDialog } from '../components/Dialog.js';
import { EmptyState } from '../components/EmptyState.js';
import { Portrait } from '../components/Face.js';
import { explain } from '../components/explain.js';
import { icon } from '../components/icons.js';
import { openMenu } from '../components/Menu.js';
import { More, nextAddress } from '../components/More.js';
import { pagedList } from '../components/pagedList.js';
import { Time } from '../components/Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { AdminPerson, Page, Role } from '../types.js' */

/** A rest after which the list is asked, ms. */
const REST_MS = 180;

/** @type {RoutedView<Page<AdminPerson> | null>} */
export const view = {
  load: async (_, { app, query, signal }) => (mayAdminister(app) ? app.api.admin.people({ q: query.get('q'), cursor: query.get('cursor'), signal }) : null),
  title: () => 'People',
  render(data, scope, app, { query }) {
    if (!data) return AdminPage(scope, app, '/admin/people');
    const { h } = scope;
    let q = query.get('q') ?? '';
    const list = pagedList(scope, data, (cursor, signal) => app.api.admin.people({ q, cursor, signal }));
    app.router.remember(scope, list.snapshot);
    let stop = () => {};
    const field = h('input', {
      class: 'input', type: 'search', placeholder: 'Find by nickname or e-mail', 'aria-label': 'Find people', autocomplete: 'off', value: q,
      oninput: () => {
        stop();
        stop = scope.timeout(() => {
          q = field.value.trim();
          app.router.note(q ? `/admin/people?q=${encodeURIComponent(q)}` : '/admin/people');
          void list.restart();
        }, REST_MS);
      },
    });
    /** @param {AdminPerson} person @param {{role?: Role, standing?: 'good' | 'banned'}} change @param {string} said @returns {Promise<boolean>} whether it was done */
    const change = async (person, change, said) => {
      try {
        await app.api.admin.changePerson(person.id, change);
        list.items$.replace((one) => one.id === person.id, (one) => ({ ...one, ...change }));
        const before = { ...(change.role && { role: person.role }), ...(change.standing && { standing: person.standing }) };
        app.notices.say(said, { action: { label: 'Undo', run: () => void undo(person, before) } });
        return true;
      } catch (error) {
        app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
        return false;
      }
    };
    /** @param {AdminPerson} person @param {{role?: Role, standing?: 'good' | 'banned'}} before */
    const undo = (person, before) => change(person, before, 'Taken back');
    return AdminPage(scope, app, '/admin/people',
      h('div', { class: 'finder page-head' }, field),
      h('div', { class: 'table-wrap' }, h('table', { class: 'table' },
        h('thead', {}, h('tr', {}, ['Person', 'E-mail', 'Role', 'Joined', ''].map((words) => h('th', { scope: 'col' }, words)))),
        h('tbody', {}, scope.list(list.items$, (person) => person.id, (person$, row) => PersonLine(row, person$, app, change))))),
      scope.show(list.items$.map((people) => people.length === 0), (none, inner) => none && EmptyState(inner, { icon: 'users', title: 'Nobody of that name', words: 'Try fewer letters.' })),
      scope.show(list.more$.map((state) => state !== 'end'), (any, inner) => any && More(inner, list.more$, list.loadMore, nextAddress(data.next ?? '', { q }))));
  },
};

/**
 * @param {Scope} scope
 * @param {Readable<AdminPerson>} person$
 * @param {App} app
 * @param {(person: AdminPerson, change: {role?: Role, standing?: 'good' | 'banned'}, said: string) => Promise<boolean>} change
 */
function PersonLine(scope, person$, app, change) {
  const { h } = scope;
  const person = person$.get();
  const role = h('select', {
    class: 'input', 'aria-label': `Role of ${person.nickname}`, value: person$.map((now) => now.role), disabled: person.id === app.session.me$.get()?.id,
    onchange: async () => {
      const done = await change(person$.get(), { role: /** @type {Role} */ (role.value) }, `${person.nickname} is now ${role.selectedOptions[0].text.toLowerCase()}`);
      if (!done) role.value = person$.get().role;
    },
  }, [['member', 'Member'], ['moderator', 'Moderator'], ['admin', 'Admin']].map(([value, words]) => h('option', { value }, words)));
  return h('tr', {},
    h('td', {}, h('div', { class: 'person-cell' }, Portrait(scope, person), h('a', { href: person.url, dir: 'auto' }, person.nickname),
      scope.show(person$.map((now) => now.standing), (standing, inner) => standing === 'banned' && inner.h('span', { class: 'role bad' }, 'banned')))),
    h('td', {}, person.email ?? h('span', { class: 'quiet' }, person.claimed ? 'none' : 'imported')),
    h('td', {}, role),
    h('td', {}, Time(scope, app, person.joined_at)),
    h('td', {}, h('button', {
      class: 'tool', type: 'button', 'aria-label': `More about ${person.nickname}`, title: 'More', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
      onclick: (/** @type {MouseEvent} */ event) => openMenu(scope, /** @type {HTMLElement} */ (event.currentTarget), items(scope, person$.get(), app, change)),
    }, icon('more'))));
}

/** @param {Scope} scope @param {AdminPerson} person @param {App} app @param {(person: AdminPerson, change: {standing: 'good' | 'banned'}, said: string) => void} change */
function items(scope, person, app, change) {
  const banned = person.standing === 'banned';
  return [
    { icon: 'link', words: person.claimed ? 'Link for a new password' : 'Link to hand the account over', run: () => makeLink(scope, person, app) },
    banned
      ? { icon: 'undo', words: 'Lift the ban', run: () => change(person, { standing: 'good' }, `${person.nickname} may write again`) }
      : { icon: 'lock', words: 'Ban', danger: true, run: () => change(person, { standing: 'banned' }, `${person.nickname} is banned`) },
  ];
}

/** @param {Scope} scope @param {AdminPerson} person @param {App} app */
async function makeLink(scope, person, app) {
  try {
    const { url, expires_at: until } = await app.api.admin.link(person.id);
    openDialog(scope, `A link for ${person.nickname}`, (inner) => inner.h('div', { class: 'form' },
      inner.h('p', {}, 'Give it to nobody else: whoever opens it has the account. It works once.'),
      inner.h('code', { class: 'secret' }, new URL(url, location.href).href),
      inner.h('p', { class: 'quiet' }, 'It works until ', Time(inner, app, until), '.')));
  } catch (error) {
    app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
  }
}
