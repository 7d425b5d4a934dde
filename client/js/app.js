// @ts-check
// The parts of the client and what connects them. Makes no elements: `main.js` does that.

import { Client } from './api/client.js';
import { createApi } from './api/index.js';
import { Outbox } from './outbox/Outbox.js';
import { openOutbox } from './outbox/OutboxDatabase.js';
import { Router } from './router.js';
import { otherwise, routes } from './routes.js';
import { Boards } from './stores/Boards.js';
import { Conversations } from './stores/Conversations.js';
import { Drafts } from './stores/Drafts.js';
import { Known } from './stores/Known.js';
import { Live } from './stores/Live.js';
import { Notices } from './stores/Notices.js';
import { Session } from './stores/Session.js';
import { ThreadList } from './stores/ThreadList.js';
import { ThreadStore } from './stores/ThreadStore.js';
import { Unread } from './stores/Unread.js';
import { alerts } from './utils/alerts.js';
import { ScrollMemory } from './utils/scroll-memory.js';
import { observable } from './utils/state.js';
import { storageOf } from './utils/storage.js';
import { createClock } from './utils/time.js';
import { registerHandlers } from './websocket/handlers.js';
import { Streams } from './websocket/Streams.js';
import { WebSocketManager } from './websocket/WebSocketManager.js';
/** @import { Api } from './api/index.js' */
/** @import { ListPage, Sources } from './stores/ThreadList.js' */
/** @import { BoardRef, Me, Site, ThreadPage } from './types.js' */
/** @import { Scope } from './utils/dom.js' */
/** @import { Observable, Readable } from './utils/state.js' */

/** The code with which the server closes the socket of a session that has ended. */
const SIGNED_OUT = 4401;

/**
 * What the server writes into a page. `data` is what the view's `load` would give; a page without
 * words of its own has none.
 *
 * @typedef {{route: string, site: Site, me: Me | null, boards: BoardRef[], data: any}} Embedded
 */

/**
 * @typedef {object} Stores
 * @property {(scope: Scope, page: ListPage, sources: Sources) => ThreadList} threads
 * @property {(scope: Scope, page: ThreadPage) => ThreadStore} thread
 */

/**
 * @typedef {object} App
 * @property {Api} api
 * @property {Session} session
 * @property {Boards} boards
 * @property {Readable<readonly BoardRef[]>} boards$ all boards one may read, for the rail
 * @property {Stores} stores
 * @property {Conversations} conversations
 * @property {Live} live
 * @property {Streams} streams
 * @property {Known} known
 * @property {Unread} unread
 * @property {Drafts} drafts
 * @property {Outbox} outbox
 * @property {Notices} notices
 * @property {WebSocketManager} socket
 * @property {Router} router
 * @property {Readable<number | null>} now$ the time in ms; `null` until the first page has been swapped in
 * @property {Observable<string>} title$ of the page
 * @property {() => void} startClock
 * @property {(error: unknown) => void} report an error that is ours
 */

/**
 * @param {Embedded} embedded
 * @param {(error: unknown) => void} report
 * @returns {App}
 */
export function createApp(embedded, report) {
  const client = new Client();
  const api = createApi(client);
  const session = new Session(api, new BroadcastChannel('folkmoot.session'), embedded);
  const socket = new WebSocketManager(`${location.origin.replace(/^http/, 'ws')}/ws`);
  const streams = new Streams(socket, embedded.site.epoch);
  const boards = new Boards(api, streams, embedded.boards);
  const me = () => session.me$.get();
  const conversations = new Conversations(embedded.me?.id ?? null, { api, streams, me });
  const live = new Live(session, boards, conversations);
  registerHandlers(socket, live);
  const outbox = new Outbox({
    api,
    // Comes with the first message; a page without chat does without.
    say: async (...said) => (await import('./outbox/SocketSender.js').catch(() => null))?.senderOver(socket).send(...said) ?? null,
    database: openOutbox(globalThis.indexedDB),
    locks: navigator.locks,
    channel: new BroadcastChannel('folkmoot.outbox'),
    confirm: () => session.refresh(),
  });
  const { now$, start: startClock } = createClock();
  const known = new Known();
  const notices = new Notices();

  // What is no longer ours to read is asked for once more, and the answer is a page that says so.
  const revoked = () => void app.router.reload();

  const listParts = { streams, live, known, me: () => me()?.id ?? null };

  /** @type {App} */
  const app = {
    api,
    session,
    boards,
    boards$: boards.refs$,
    conversations,
    live,
    streams,
    known,
    unread: new Unread(embedded.me?.id ?? null, {
      read: (signal) => api.posts.feed({ sort: 'activity', signal }),
      open: (page, sources, gone) => new ThreadList(page, sources, { ...listParts, revoked: gone }),
    }),
    notices,
    outbox,
    socket,
    drafts: new Drafts(storageOf('localStorage'), () => me()?.id ?? null),
    now$,
    startClock,
    title$: observable(''),
    report,
    stores: {
      threads: (scope, page, sources) => kept(scope, new ThreadList(page, sources, { ...listParts, revoked })),
      thread: (scope, page) => kept(scope, new ThreadStore(page, { api, streams, live, outbox, notices, me, revoked })),
    },
    router: /** @type {any} */ (null),
  };
  app.router = new Router(app, routes, otherwise, new ScrollMemory(storageOf('sessionStorage')));

  /** Ends a store with its view, and keeps what it held for the way back. @template {ThreadList | ThreadStore} S @param {Scope} scope @param {S} store @returns {S} */
  function kept(scope, store) {
    app.router.remember(scope, () => store.snapshot());
    scope.onEnd(() => store.end());
    return store;
  }

  // What was read in the last moments is told before the page goes.
  globalThis.addEventListener('pagehide', () => live.tellMarks());
  connect(app, streams, client);
  conversations.onMessage(async (message, conversation) => {
    const { sound, desktop } = alerts();
    if (sound || desktop) (await import('./components/announce.js')).announce(app, message, conversation);
  });
  return app;
}

/** What one part does because of another. @param {App} app @param {Streams} streams @param {Client} client */
function connect({ session, boards, conversations, outbox, socket, router, known, unread, notices }, streams, client) {
  let account = session.me$.get()?.id ?? null;
  /** What says that the session was lost. @type {import('./stores/Notices.js').Notice | undefined} */
  let lost;
  client.onSignedOut = () => session.expired();
  session.onElsewhere = () => {
    // One that was taken for lost was ended on purpose: nothing waits for its owner here.
    if (account === null) void outbox.serve(null);
    lost?.close();
    void router.reload();
  };
  void outbox.serve(account);
  session.me$.subscribe((me) => {
    const now = me?.id ?? null;
    if (now === account) return;
    account = now;
    lost?.close();
    // The socket signs on as it opens, and what is on screen was made for somebody else.
    streams.forgetPerson();
    socket.connect();
    router.forget();
    known.clear();
    unread.serve(now);
    conversations.serve(now);
    if (session.lost$.get()) {
      outbox.suspend();
      const signIn = () => void router.go(`/login?to=${encodeURIComponent(location.pathname + location.search + location.hash)}`);
      lost = notices.say('You have been signed out. What you wrote is kept.', { stays: true, action: { label: 'Sign in', run: signIn } });
    } else {
      void outbox.serve(now);
    }
    void boards.load().catch(() => {}); // the next page says it
  });
  // The server may know us as somebody else than we think: the session ended while there was no connection.
  socket.on('welcome', ({ payload }) => {
    if ((payload.user?.id ?? null) !== account) void session.refresh().catch(() => {}); // the next answer tells
    else void Promise.all([unread.begin(), conversations.begin()]);
  });
  socket.on('closed', ({ payload }) => payload.code === SIGNED_OUT && session.expired());
  // A page with an open socket is not kept for the browser's own way back.
  globalThis.addEventListener('pagehide', () => socket.close());
  globalThis.addEventListener('pageshow', (event) => event.persisted && socket.connect());
  globalThis.addEventListener('online', () => {
    socket.retry();
    router.recover();
    void outbox.flush();
  });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && socket.retry());
}
