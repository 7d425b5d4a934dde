// @ts-check
// Threads of all boards that carry a tag.

import { ListSkeleton } from '../components/ListSkeleton.js';
import { PageHead } from '../components/PageHead.js';
import { ThreadList } from '../components/ThreadList.js';
/** @import { RoutedView } from '../router.js' */
/** @import { Page, Thread } from '../types.js' */

/** @type {RoutedView<Page<Thread> & {tag: string}>} */
export const view = {
  async load({ tag }, { app, query, signal }) {
    return { ...(await app.api.tags.threads(tag, { cursor: query.get('cursor'), signal })), tag };
  },
  title: (data) => `#${data.tag}`,
  skeleton: (scope, { tag }) => ListSkeleton(scope, `#${tag}`),
  render(data, scope, app) {
    const { tag } = data;
    const list = app.stores.threads(scope, data, {
      more: (cursor, signal) => app.api.tags.threads(tag, { cursor, signal }),
      reload: (signal) => app.api.tags.threads(tag, { signal }),
    });
    return scope.h('div', { class: 'page' }, scope.h('div', { class: 'page-main' },
      PageHead(scope, `#${tag}`, 'Threads of all boards with this tag.'),
      ThreadList(scope, app, list, {
        data,
        empty: { icon: 'search', title: 'No thread has this tag', words: 'Tags are given by whoever starts a thread.', link: { href: '/', words: 'See what is new' } },
      })));
  },
};
