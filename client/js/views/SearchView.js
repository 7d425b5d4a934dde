// @ts-check
// The page of results: the field, how much of what was found, how to narrow it, and the rows.

import { EmptyState } from '../components/EmptyState.js';
import { FoundRow } from '../components/FoundRow.js';
import { ListSkeleton } from '../components/ListSkeleton.js';
import { More, nextAddress } from '../components/More.js';
import { PageHead } from '../components/PageHead.js';
import { Fault, FilterHelp, Filters, Narrow, Notes, SearchField, Tabs } from '../components/SearchParts.js';
import { resultCount, searchTitle } from '../components/searchWords.js';
import { ApiError } from '../api/client.js';
import { FoundList } from '../stores/FoundList.js';
import { RecentSearches } from '../stores/RecentSearches.js';
import { askedOf, keyOf, searchAddress } from '../utils/search.js';
import { sheets } from '../utils/sheets.js';
import { storageOf } from '../utils/storage.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Asked } from '../utils/search.js' */
/** @import { Found } from '../types.js' */

/** `found`: `null` before one has asked for something, and where there was no answer. @typedef {{asked: Asked, found: Found | null, fault?: ApiError}} SearchPage */

/** @type {RoutedView<SearchPage>} */
export const view = {
  async load(_, { app, query, signal }) {
    const asked = askedOf(query);
    const [page] = await Promise.all([find(app, asked, query.get('cursor'), signal), sheets([new URL('../../css/search.css', import.meta.url).href])]);
    return page;
  },
  title: ({ asked, found }) => searchTitle(asked, found),
  skeleton: (scope) => ListSkeleton(scope, 'Search'),
  render({ asked, found, fault }, scope, app) {
    const { h } = scope;
    const submit = (/** @type {Asked} */ next) => {
      new RecentSearches(storageOf('localStorage'), app.session.me$.get()?.id ?? null).add(next.q);
      void app.router.go(searchAddress(next));
    };
    return h('div', { class: 'page' }, h('div', { class: 'page-main' },
      PageHead(scope, 'Search', ''),
      SearchField(scope, asked, submit),
      Filters(scope, asked, found),
      fault && Fault(scope, app, fault),
      found && Results(scope, app, asked, found),
      FilterHelp(scope, asked)));
  },
};

/** What went wrong is said below the field, which stays. @param {App} app @param {Asked} asked @param {string | null} cursor @param {AbortSignal} signal @returns {Promise<SearchPage>} */
async function find(app, asked, cursor, signal) {
  if (asked.q === '') return { asked, found: null };
  try {
    return { asked, found: await app.api.search.find({ ...asked, cursor, signal }) };
  } catch (error) {
    if (error instanceof ApiError && error.status !== 404) return { asked, found: null, fault: error };
    throw error;
  }
}

/** @param {Scope} scope @param {App} app @param {Asked} asked @param {Found} found */
function Results(scope, app, asked, found) {
  const { h } = scope;
  const list = new FoundList(found, (cursor, signal) => app.api.search.find({ ...asked, cursor, signal }));
  app.router.remember(scope, () => ({ asked, found: list.snapshot() }));
  scope.onEnd(() => list.end());
  return [
    Tabs(scope, asked, found),
    h('div', { class: 'search-line' },
      h('p', {}, resultCount(found.total)),
      found.total.count > 1 && Sorting(scope, asked)),
    Notes(scope, found),
    Narrow(scope, asked, found),
    h('ol', { class: 'rows plain' }, scope.list(list.items$, keyOf, (item$, row) => FoundRow(row, item$.get(), app, asked.q))),
    found.items.length === 0 && Nothing(scope, asked, found),
    found.next && More(scope, list.more$, () => list.more(), nextAddress(found.next, { q: asked.q, in: asked.in, sort: asked.sort, thread: asked.thread })),
  ];
}

/** @param {Scope} scope @param {Asked} asked */
function Sorting({ h }, asked) {
  const way = (/** @type {Asked['sort']} */ sort, /** @type {string} */ words) => (
    h('a', { href: searchAddress({ ...asked, sort }), 'aria-current': asked.sort === sort ? 'page' : null }, words));
  return h('nav', { class: 'search-sorting', 'aria-label': 'Order' }, way(null, 'Best first'), way('date', 'Newest first'));
}

/** What one may do when nothing was found. @param {Scope} scope @param {Asked} asked @param {Found} found */
function Nothing(scope, asked, { counts, understood }) {
  const elsewhere = Object.values(counts).some((number) => number > 0);
  if (asked.in && elsewhere) {
    return EmptyState(scope, { icon: 'search', title: 'Nothing of this kind', words: 'There are results of another kind.', link: { href: searchAddress({ ...asked, in: null }), words: 'Show all results' } });
  }
  if (asked.thread) {
    return EmptyState(scope, { icon: 'search', title: 'Nothing in this thread', words: 'It may have been said elsewhere.', link: { href: searchAddress({ ...asked, thread: null }), words: 'Search everywhere' } });
  }
  const [filter] = understood.filters;
  return EmptyState(scope, {
    icon: 'search', title: 'Nothing was found',
    words: filter ? 'Fewer filters find more.' : 'Fewer or other words may find it: the beginning of a word is enough.',
    link: filter ? { href: searchAddress({ ...asked, q: filter.without }), words: `Search without ${filter.name}: ${filter.value}` } : null,
  });
}
