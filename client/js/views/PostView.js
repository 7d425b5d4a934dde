// @ts-check
// A thread: its posts as one column that loads both ways, where one is in it, and the place to answer.

import { CommentList } from '../components/CommentList.js';
import { explain } from '../components/explain.js';
import { icon } from '../components/icons.js';
import { More } from '../components/More.js';
import { Pager } from '../components/Pager.js';
import { PendingPost } from '../components/PendingPost.js';
import { Pill } from '../components/Pill.js';
import { readingPlace } from '../components/ReadingPlace.js';
import { ReplyDock } from '../components/ReplyDock.js';
import { ThreadActs } from '../components/ThreadActs.js';
import { ThreadHead, ThreadTools } from '../components/ThreadHead.js';
import { threadKeys } from '../components/threadKeys.js';
import { Scrubber, Timeline, WORTH_A_TIMELINE } from '../components/Timeline.js';
import { count } from '../components/words.js';
import { pageOf } from '../utils/pages.js';
import { ScrollKeeper } from '../utils/scroll.js';
import { computed, observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { Thread, ThreadPage } from '../types.js' */

/** @type {RoutedView<ThreadPage>} */
export const view = {
  load({ id }, { app, query, hash, signal, anchor }) {
    const [, post = null] = /^post-(.+)$/.exec(anchor ?? hash) ?? [];
    return app.api.threads.get(id, { page: post ? null : query.get('page'), post, signal });
  },
  title: (data) => data.thread.title,
  render(data, scope, app, { hash }) {
    const { h } = scope;
    const store = app.stores.thread(scope, data);
    const { thread, posts: page } = data;
    scope.subscribe(store.thread$.map(({ title }) => title), (title) => app.title$.set(title));
    const dock = app.session.me$.get() && new ReplyDock(app, store, () => showOwn());
    const acts = new ThreadActs(scope, app, store, dock);
    const rows = CommentList(scope, store.posts$, app, acts, data.mark, hash.replace(/^post-/, ''));
    const keeper = new ScrollKeeper(scope, rows);
    const here$ = readingPlace(scope, rows, store.posts$, (post) => store.seen(post));
    const jump = (/** @type {number} */ position) => void jumpTo(position, rows, keeper, store, app);
    const course = { thread$: store.thread$, total$: store.total$, here$, mark: data.mark, jump };
    const showOwn = () => {
      if (store.newer$.get() === 'end') requestAnimationFrame(() => pending.scrollIntoView({ block: 'end' }));
      else app.notices.say('Your reply is on its way', { action: { label: 'Go to it', run: () => jump(store.total$.get()) } });
    };
    const pending = h('div', { class: 'posts' }, scope.list(store.pending$, (item) => item.client_id, (item$, row) => (
      PendingPost(row, item$, app, (item) => dock?.takeBack(item), acts.mayReply$))));
    const long = page.total >= WORTH_A_TIMELINE;
    keepAddress(scope, here$, thread.url, app);
    return h('div', { class: long ? 'page with-context' : 'page' },
      h('div', { class: 'page-main' },
        ThreadHead(scope, store.thread$, ThreadTools(scope, store, app)),
        Beyond(scope, store, 'older'),
        rows,
        Beyond(scope, store, 'newer'),
        pending,
        Pager(scope, thread.url, page),
        Pill(scope, store.arrived$, (arrived) => count(arrived, 'new post'), () => jump(store.total$.get()), true),
        scope.show(computed([store.thread$, store.deleted$, acts.mayReply$], endingOf), (ending, inner) => Ending(inner, ending, thread, app)),
        dock && scope.show(acts.mayReply$, (may, inner) => (may ? dock.render(inner) : dock.keptWords(inner))),
        dock && threadKeys(scope, rows, store.posts$, acts)),
      long && h('aside', { class: 'context', 'aria-label': 'Where you are' }, Timeline(scope, app, course)),
      long && Scrubber(scope, app, course));
  },
  skeleton(scope, { id }, app) {
    const { h } = scope;
    const line = (/** @type {string} */ names) => h('div', { class: `skeleton line ${names}` });
    // A row of a list that was seen has all of the head.
    const known = app.known.thread(id);
    const head = known ? ThreadHead(scope, observable(known)) : h('div', { class: 'thread-head' }, line('short'), line(''));
    return h('div', { class: 'page', 'aria-busy': 'true' }, h('div', { class: 'page-main' },
      head,
      [1, 2, 3].map(() => h('div', { class: 'post' }, h('span', { class: 'skeleton face large' }),
        h('div', { class: 'post-body' }, line('short'), line(''), line(''), line(''))))));
  },
};

/** @typedef {'deleted' | 'archived' | 'locked' | 'staff' | 'closed' | 'open'} Ending how a thread stands for whoever wants to answer */

/** @param {Thread} thread @param {boolean} deleted @param {boolean} mayReply @returns {Ending} */
function endingOf({ archived, locked }, deleted, mayReply) {
  if (deleted) return 'deleted';
  if (archived) return 'archived';
  if (locked) return mayReply ? 'staff' : 'locked';
  return mayReply ? 'open' : 'closed';
}

const ENDINGS = /** @type {const} */ ({
  deleted: ['trash', 'This thread has been deleted. What you see is what had been loaded.'],
  archived: ['lock', 'This thread is archived: it can be read but not answered.'],
  locked: ['lock', 'This thread is locked. Nobody can reply any more.'],
  staff: ['lock', 'This thread is locked. Only moderators can reply.'],
});

/** Why one cannot answer here, and what would change that. @param {Scope} scope @param {Ending} ending @param {Thread} thread @param {App} app */
function Ending(scope, ending, thread, app) {
  const { h } = scope;
  if (ending === 'open') return null;
  if (ending !== 'closed') return h('p', { class: 'closing-line' }, icon(ENDINGS[ending][0]), ENDINGS[ending][1]);
  if (app.session.me$.get()) return h('p', { class: 'closing-line' }, 'You may read this board but not write on it.');
  return h('p', { class: 'closing-line' }, h('span', {}, 'To reply, sign in.'),
    h('a', { class: 'button', href: `/login?to=${thread.url}` }, 'Sign in'));
}

/** Within what is loaded one scrolls; farther away another part is fetched first. @param {number} position @param {Element} rows @param {ScrollKeeper} keeper @param {ThreadStore} store @param {App} app */
async function jumpTo(position, rows, keeper, store, app) {
  const row = () => rows.querySelector(`[data-position="${position}"]`);
  try {
    if (!row()) await store.jumpTo({ page: pageOf(position) });
    keeper.jump(() => (row() ?? rows.lastElementChild)?.scrollIntoView({ block: 'start' }));
  } catch (error) {
    app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
  }
}

/** The way to what is above or below, while there is something. @param {Scope} scope @param {ThreadStore} store @param {'older' | 'newer'} side */
function Beyond(scope, store, side) {
  const older = side === 'older';
  const state$ = older ? store.older$ : store.newer$;
  return scope.show(state$.map((state) => state !== 'end'), (any, inner) => {
    if (!any) return null;
    const posts = store.posts$.get();
    const number = older ? pageOf(posts[0]?.position ?? 1) - 1 : pageOf(posts.at(-1)?.position ?? 1) + 1;
    const load = () => (older ? store.loadOlder() : store.loadNewer());
    return More(inner, state$, load, `?page=${number}`, older ? 'Earlier posts' : 'Later posts', older);
  });
}

/** The address says which page is being read, so that a reload or a copied link leads here. @param {Scope} scope @param {import('../utils/state.js').Readable<{position: number}>} here$ @param {string} url @param {App} app */
function keepAddress(scope, here$, url, app) {
  let page = pageOf(here$.get().position);
  scope.onEnd(here$.subscribe(({ position }) => {
    if (pageOf(position) === page) return;
    page = pageOf(position);
    app.router.note(page > 1 ? `${url}?page=${page}` : url);
  }));
}
