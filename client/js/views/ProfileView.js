// @ts-check
// A person: who they are here, their threads and posts.

import { EmptyState } from '../components/EmptyState.js';
import { Portrait, RoleMark } from '../components/Face.js';
import { icon } from '../components/icons.js';
import { ListSkeleton } from '../components/ListSkeleton.js';
import { More, nextAddress } from '../components/More.js';
import { pagedList } from '../components/pagedList.js';
import { Segments } from '../components/PageHead.js';
import { PostCard } from '../components/PostCard.js';
import { PostRow } from '../components/PostRow.js';
import { Prose } from '../components/Prose.js';
import { Time } from '../components/Time.js';
import { count, grouped } from '../components/words.js';
import { observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { PersonsPost, Profile, Snapshot, Thread } from '../types.js' */

/** @typedef {{user: Profile} & Snapshot & ({tab: 'threads', items: Thread[], next: string | null} | {tab: 'posts', items: PersonsPost[], next: string | null})} PersonPage */

/** @type {RoutedView<PersonPage>} */
export const view = {
  async load({ nickname }, { app, query, signal }) {
    const tab = query.get('tab') === 'posts' ? 'posts' : 'threads';
    const [person, page] = await Promise.all([
      app.api.users.get(nickname, signal),
      app.api.users[tab](nickname, { cursor: query.get('cursor'), signal }),
    ]);
    return /** @type {PersonPage} */ ({ ...person, tab, ...page });
  },
  title: (data) => data.user.nickname,
  skeleton: (scope, { nickname }) => ListSkeleton(scope, nickname),
  render(data, scope, app) {
    const { h } = scope;
    const { user } = data;
    return h('div', { class: 'page' }, h('div', { class: 'page-main' },
      Head(scope, user, app),
      user.bio_html && h('div', { class: 'profile-bio' }, Prose(scope, observable(user.bio_html), app)),
      Segments(scope, 'What they wrote', [
        { href: user.url, words: 'Threads', here: data.tab === 'threads' },
        { href: `${user.url}?tab=posts`, words: 'Posts', here: data.tab === 'posts' },
      ]),
      data.tab === 'posts' ? Posts(scope, data, app) : Threads(scope, data, app)));
  },
};

/** @param {Scope} scope @param {Profile} user @param {App} app */
function Head(scope, user, app) {
  const { h } = scope;
  const mine = app.session.me$.get()?.id === user.id;
  return h('header', { class: 'profile-head' },
    Portrait(scope, user, user.online ? 'huge online' : 'huge'),
    h('div', {},
      h('h1', {}, h('span', { dir: 'auto' }, user.nickname), RoleMark(scope, user)),
      h('p', { class: 'facts' },
        h('span', {}, 'Joined ', Time(scope, app, user.joined_at)),
        user.online ? h('span', {}, 'here now') : user.last_seen_at && h('span', {}, 'Last seen: ', Time(scope, app, user.last_seen_at)),
        h('span', {}, h('b', {}, grouped(user.thread_count)), user.thread_count === 1 ? ' thread' : ' threads'),
        h('span', {}, h('b', {}, grouped(user.post_count)), user.post_count === 1 ? ' post' : ' posts'),
        user.likes_received > 0 && h('span', { title: `${count(user.likes_received, 'like')} received` }, icon('heart', 'small'), ' ', h('b', {}, grouped(user.likes_received)))),
      !user.claimed && h('p', { class: 'quiet' }, 'This account came with an import and waits for its owner.')),
    !mine && app.session.me$.get() && h('div', { class: 'page-acts' }, h('a', { class: 'button', href: `/chat?with=${encodeURIComponent(user.nickname)}` }, icon('chat'), 'Write')),
    mine && h('div', { class: 'page-acts' }, h('a', { class: 'button', href: '/settings' }, icon('settings'), 'Settings')));
}

/** @param {Scope} scope @param {Extract<PersonPage, {tab: 'threads'}>} data @param {App} app */
function Threads(scope, data, app) {
  const { h } = scope;
  const { user } = data;
  const list = pagedList(scope, data, (cursor, signal) => app.api.users.threads(user.nickname, { cursor, signal }));
  app.router.remember(scope, () => ({ ...data, ...list.snapshot() }));
  return h('div', { class: 'list' },
    h('ol', { class: 'rows plain' }, scope.list(list.items$, (thread) => thread.id, (thread$, row) => PostCard(row, thread$, app))),
    data.items.length === 0 && EmptyState(scope, { icon: 'replies', title: 'No threads', words: `${user.nickname} has not started a thread that you may read.` }),
    data.next && More(scope, list.more$, list.loadMore, nextAddress(data.next)));
}

/** @param {Scope} scope @param {Extract<PersonPage, {tab: 'posts'}>} data @param {App} app */
function Posts(scope, data, app) {
  const { h } = scope;
  const { user } = data;
  const list = pagedList(scope, data, (cursor, signal) => app.api.users.posts(user.nickname, { cursor, signal }));
  app.router.remember(scope, () => ({ ...data, ...list.snapshot() }));
  return h('div', { class: 'list' },
    h('ol', { class: 'rows plain' }, scope.list(list.items$, (post) => post.id, (post$, row) => PostRow(row, post$.get(), app))),
    data.items.length === 0 && EmptyState(scope, { icon: 'replies', title: 'No posts', words: `${user.nickname} has not written anything that you may read.` }),
    data.next && More(scope, list.more$, list.loadMore, nextAddress(data.next, { tab: 'posts' })));
}
