// @ts-check
// Home: threads of all boards one may read, newest first or by latest activity.

import { ListSkeleton } from '../components/ListSkeleton.js';
import { PageHead, Segments } from '../components/PageHead.js';
import { ThreadList } from '../components/ThreadList.js';
import { icon } from '../components/icons.js';
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Feed } from '../types.js' */

/** @type {RoutedView<Feed>} */
export const view = {
  load: (_, { app, query, signal }) => app.api.posts.feed({ cursor: query.get('cursor'), sort: query.get('sort'), signal }),
  title: (_, app) => app.session.site$.get().name,
  skeleton: (scope, _, app) => ListSkeleton(scope, app.session.site$.get().name, app.session.site$.get().tagline),
  render(data, scope, app, { query }) {
    const { h } = scope;
    scope.subscribe(app.session.site$, (site) => app.title$.set(site.name));
    const sort = query.get('sort') === 'activity' ? 'activity' : null;
    const list = app.stores.threads(scope, data, {
      more: (cursor, signal) => app.api.posts.feed({ cursor, sort, signal }),
      reload: (signal) => app.api.posts.feed({ sort, signal }),
    });
    return h('div', { class: 'page' }, h('div', { class: 'page-main' },
      PageHead(scope, app.session.site$.map((site) => site.name), app.session.site$.map((site) => site.tagline),
        scope.show(app.session.me$, (me, inner) => me && inner.h('a', { class: 'button primary compact', href: '/new' }, icon('plus'), inner.h('span', {}, 'New thread')))),
      Segments(scope, 'Order', [
        { href: '/', words: 'Newest', here: sort === null },
        { href: '/?sort=activity', words: 'Active', here: sort === 'activity' },
      ]),
      ThreadList(scope, app, list, { data, query: { sort }, empty: emptyHome(app) })));
  },
};

/** A home that explains itself while it is empty. @param {App} app */
function emptyHome(app) {
  const me = app.session.me$.get();
  if (me?.may.administer && app.boards$.get().length === 0) {
    return { icon: 'boards', title: 'No boards yet', words: 'Threads live on boards. Make the first one, then say hello on it.', link: { href: '/admin/boards', words: 'Make a board' } };
  }
  return {
    icon: 'replies', title: 'Nothing has been said yet',
    words: 'New threads from every board appear here.',
    link: me ? { href: '/new', words: 'Start the first thread' } : { href: '/login', words: 'Sign in to start the first one' },
  };
}
