// @ts-check
// The directory of people.

import { EmptyState } from '../components/EmptyState.js';
import { More, nextAddress } from '../components/More.js';
import { ListSkeleton } from '../components/ListSkeleton.js';
import { PageHead } from '../components/PageHead.js';
import { PersonRow } from '../components/PersonRow.js';
import { pagedList } from '../components/pagedList.js';
/** @import { RoutedView } from '../router.js' */
/** @import { Page, Profile } from '../types.js' */

/** A rest after which the directory is asked, ms. */
const REST_MS = 180;

/** @type {RoutedView<Page<Profile>>} */
export const view = {
  load: (_, { app, query, signal }) => app.api.users.search({ q: query.get('q'), cursor: query.get('cursor'), signal }),
  title: () => 'People',
  skeleton: (scope) => ListSkeleton(scope, 'People'),
  render(data, scope, app, { query }) {
    const { h } = scope;
    let q = query.get('q') ?? '';
    const list = pagedList(scope, data, (cursor, signal) => app.api.users.search({ q, cursor, signal }));
    app.router.remember(scope, list.snapshot);
    const find = async () => {
      q = field.value.trim();
      app.router.note(q ? `/people?q=${encodeURIComponent(q)}` : '/people');
      await list.restart();
    };
    let stop = () => {};
    const field = h('input', {
      class: 'input', type: 'search', name: 'q', placeholder: 'Find by name', 'aria-label': 'Find people by name', autocomplete: 'off',
      oninput: () => {
        stop();
        stop = scope.timeout(find, REST_MS);
      },
    });
    if (q) field.setAttribute('value', q);
    return h('div', { class: 'page' }, h('div', { class: 'page-main' },
      PageHead(scope, 'People', ''),
      h('form', { class: 'finder', role: 'search', action: '/people', onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void find();
      } }, field),
      h('ol', { class: 'rows plain' }, scope.list(list.items$, (person) => person.id, (person$, row) => PersonRow(row, person$, app))),
      scope.show(list.items$.map((items) => items.length === 0), (none, inner) => none && EmptyState(inner, {
        icon: 'users', title: 'Nobody of that name', words: 'Try fewer letters.',
      })),
      scope.show(list.more$.map((state) => state !== 'end'), (any, inner) => any && More(inner, list.more$, list.loadMore, nextAddress(data.next ?? '', { q })))));
  },
};
