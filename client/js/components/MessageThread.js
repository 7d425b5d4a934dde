// @ts-check
// The messages of a conversation: read from the end up, older ones come as one goes up, and nothing jumps.

import { computed, observable } from '../utils/state.js';
import { chatRows, keyOf, sinceWords } from '../utils/chatRows.js';
import { icon } from './icons.js';
import { ChatRow, spoken } from './Message.js';
import { Pill } from './Pill.js';
import { nameOf } from '../stores/ChatSide.js';
import { VirtualList } from './VirtualList.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { MessageActs } from './Message.js' */
/** @import { Position } from './VirtualList.js' */

/** So near the upper edge older messages are asked for, px. */
const NEAR_PX = 100;
/** And at most once in this time, ms. */
const EVERY_MS = 500;
/** So many messages that come at once are read out; of more only their number. */
const MOST_SPOKEN = 3;
/** What a message mostly takes, px. */
const USUAL_ROW_PX = 52;
/** So many messages stand about one that one is led to. */
const AROUND = 30;
/** For so long a message one was led to is marked, ms. */
const TARGET_MS = 2500;

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {ConversationStore} store
 * @param {Omit<MessageActs, 'goTo'>} acts
 * @param {{at?: Position | null, message?: number | null}} where to begin
 */
export function MessageThread(scope, app, store, acts, { at = null, message = null }) {
  const { h } = scope;
  const me = app.session.me$.get()?.id ?? '';
  const people$ = store.conversation$.pick(({ members }) => members.map(({ person }) => person));
  const rows$ = computed([store.messages$, store.pending$, store.reads$, people$, store.older$], (messages, pending, reads, people, older) => (
    chatRows({ messages, pending, me, firstUnread: store.wasUnread.first_seq, reads, people, atStart: older === 'end' })
  ));
  const log = h('div', {
    class: 'chat-log', role: 'log', tabindex: '0', 'aria-live': 'off', 'aria-label': `Messages: ${nameOf(store.conversation$.get())}`,
    onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, log),
  });
  const list = new VirtualList(scope, log, rows$, (row$, row) => ChatRow(row, row$, app, store, { ...acts, goTo }), { estimate: USUAL_ROW_PX, ends$: store.newer$.map((state) => state === 'end'), at });
  const missed$ = observable(0);
  const news$ = computed([missed$, store.arrived$], (missed, ahead) => missed + ahead);
  const away$ = list.atEnd$.map((atEnd) => !atEnd);

  const toEnd = async () => {
    if (store.newer$.get() !== 'end') await store.jumpTo();
    missed$.set(0);
    list.toEnd();
  };
  const show = (/** @type {number} */ seq) => {
    const found = store.messages$.get().find((one) => one.seq === seq);
    const row = found && list.show(keyOf(found));
    const target = /** @type {HTMLElement | null | undefined} */ (row?.querySelector('.message'));
    target?.focus({ preventScroll: true });
    target?.classList.add('is-target');
    scope.timeout(() => target?.classList.remove('is-target'), TARGET_MS);
    return Boolean(found);
  };
  /** @param {number} seq */
  async function goTo(seq) {
    if (show(seq)) return;
    try {
      await store.jumpTo({ around: seq, limit: AROUND });
      if (!show(seq)) app.notices.say('That message is no longer there.');
    } catch {
      app.notices.say('That message could not be loaded. Try again when the network is back.', { kind: 'error' });
    }
  }

  /** Shows what was said from a moment on. @param {string} at */
  async function goToDate(at) {
    try {
      await store.jumpTo({ at, limit: AROUND });
      const first = store.messages$.get().find(({ created_at }) => Date.parse(created_at) >= Date.parse(at));
      if (first) show(first.seq);
      else await toEnd();
    } catch {
      app.notices.say('That day could not be loaded. Try again when the network is back.', { kind: 'error' });
    }
  }

  loadAtEdges(scope, log, store, list);
  markRead(scope, app, store, list, () => rows$.get());
  scope.subscribe(list.atEnd$, (atEnd) => atEnd && store.newer$.get() === 'end' && missed$.set(0));
  const aloud = h('p', { class: 'unseen', role: 'status' });
  let last = store.messages$.get().at(-1)?.seq ?? 0;
  scope.onEnd(store.messages$.subscribe((messages) => {
    const fresh = messages.filter(({ seq }) => seq > last);
    last = messages.at(-1)?.seq ?? last;
    if (store.newer$.get() !== 'end' || fresh.length === 0) return;
    const others = fresh.filter(({ author }) => author.id !== me);
    aloud.textContent = others.length > MOST_SPOKEN ? count(others.length, 'new message') : others.map(spoken).join('. ');
    if (fresh.some(({ author }) => author.id === me)) list.toEnd();
    else if (!list.atEnd$.get()) missed$.update((missed) => missed + others.length);
  }));
  // What one has just written is where one is.
  let waiting = store.pending$.get().length;
  scope.onEnd(store.pending$.subscribe(({ length }) => {
    if (length > waiting) queueMicrotask(() => void toEnd());
    waiting = length;
  }));
  if (message !== null) queueMicrotask(() => requestAnimationFrame(() => void goTo(message)));

  const element = h('div', { class: 'chat-log-box' },
    scope.show(store.older$, (state, inner) => state === 'failed' && inner.h('button', { class: 'button chat-again', type: 'button', onclick: () => store.loadOlder() }, 'Older messages did not come. Try again')),
    scope.show(store.older$.map((state) => state === 'loading'), (loading, inner) => loading && inner.h('div', { class: 'chat-loading', role: 'progressbar', 'aria-label': 'Loading older messages' })),
    log,
    FirstUnread(scope, app, store, list, rows$, goTo),
    h('div', { class: 'chat-pills' },
      Pill(scope, news$, (news) => count(news, 'new message'), () => void toEnd(), true),
      scope.show(computed([away$, news$], (away, news) => away && news === 0), (away, inner) => away && inner.h('button', { class: 'pill-button quiet-pill', type: 'button', onclick: () => void toEnd() }, 'To the newest'))),
    aloud);
  return { element, position: () => list.position(), goToDate };
}

/**
 * Leads up to the line above what was new, until one has seen it.
 *
 * @param {Scope} scope
 * @param {App} app
 * @param {ConversationStore} store
 * @param {VirtualList<any>} list
 * @param {Readable<readonly import('./Message.js').Row[]>} rows$
 * @param {(seq: number) => Promise<void>} goTo
 */
function FirstUnread(scope, app, store, list, rows$, goTo) {
  const { count: unread, first_seq: first, first_at: since } = store.wasUnread;
  const done$ = observable(first === null);
  const above$ = computed([rows$, list.seen$, done$], (rows, [from, to], done) => {
    if (done || to < from) return false;
    const line = rows.findIndex(({ kind }) => kind === 'unread');
    return line < 0 ? first !== null && (store.messages$.get()[0]?.seq ?? 0) > first : line < from;
  });
  scope.subscribe(list.seen$, ([from, to]) => {
    const line = done$.get() ? -1 : rows$.get().findIndex(({ kind }) => kind === 'unread');
    if (line >= from && line <= to) done$.set(true);
  });
  const go = () => {
    done$.set(true);
    void goTo(/** @type {number} */ (first));
  };
  const words$ = app.now$.map((now) => `${unread > 99 ? '99+' : unread} new since ${sinceWords(since ?? '', now ?? Date.now())}`);
  return scope.h('div', { class: 'chat-pills above' }, scope.show(above$, (above, inner) => above && inner.h('button', { class: 'pill-button', type: 'button', onclick: go }, icon('arrow-up', 'small'), words$)));
}

/** Older messages near the upper edge, newer ones near the lower, at most one request in half a second. @param {Scope} scope @param {HTMLElement} log @param {ConversationStore} store @param {VirtualList<any>} list */
function loadAtEdges(scope, log, store, list) {
  let next = -Infinity;
  let waits = false;
  const look = () => {
    if (waits || !log.isConnected) return;
    const up = log.scrollTop < NEAR_PX && store.older$.get() === 'idle';
    const down = log.scrollHeight - log.clientHeight - log.scrollTop < NEAR_PX && store.newer$.get() === 'idle';
    if (!up && !down) return;
    const wait = next - performance.now();
    waits = true;
    scope.timeout(() => {
      waits = false;
      if (wait > 0) return look();
      next = performance.now() + EVERY_MS;
      return void (up ? store.loadOlder() : store.loadNewer());
    }, Math.max(0, wait));
  };
  scope.on(log, 'scroll', look, { passive: true });
  // A page that is not full has no edge to scroll to, and what came may not have filled it.
  scope.subscribe(list.seen$, look);
  scope.onEnd(store.older$.subscribe(() => queueMicrotask(look)));
  scope.onEnd(store.newer$.subscribe(() => queueMicrotask(look)));
}

/** What can be seen while somebody looks counts as read. @param {Scope} scope @param {App} app @param {ConversationStore} store @param {VirtualList<any>} list @param {() => readonly import('./Message.js').Row[]} rows */
function markRead(scope, app, store, list, rows) {
  const look = () => {
    if (document.visibilityState !== 'visible' || !document.hasFocus() || store.conversation$.get().request) return;
    const last = rows().slice(0, list.seen$.get()[1] + 1).findLast((row) => row.kind === 'message');
    if (last?.kind === 'message') store.seen(last.message.seq);
  };
  scope.subscribe(list.seen$, look);
  scope.onEnd(store.messages$.subscribe(() => setTimeout(look)));
  scope.onEnd(store.conversation$.map(({ request }) => request).subscribe(look));
  scope.on(window, 'focus', look);
  scope.on(document, 'visibilitychange', look);
  scope.onEnd(app.socket.state$.subscribe((state) => state === 'open' && look()));
}

/** Arrows go from message to message. @param {KeyboardEvent} event @param {HTMLElement} log */
function walk(event, log) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (!['ArrowUp', 'ArrowDown'].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey) return;
  if (target !== log && !target.classList.contains('message')) return;
  const all = /** @type {HTMLElement[]} */ ([...log.querySelectorAll('.message')]);
  const { bottom } = log.getBoundingClientRect();
  const here = target === log ? all.findLastIndex((one) => one.getBoundingClientRect().bottom <= bottom + 1) + 1 : all.indexOf(target);
  const next = all[here + (event.key === 'ArrowUp' ? -1 : 1)];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}
