// @ts-check
// Private conversations: whom one may write to on the left, what was said beside it; on a phone one after the other.

import { ChatComposer } from '../components/ChatComposer.js';
import { BackLink, ChatHead, Request, statusOf, Typing } from '../components/ChatHead.js';
import { FaceWithDot } from '../components/ConversationList.js';
import { icon } from '../components/icons.js';
import { ListSkeleton } from '../components/ListSkeleton.js';
import { MessageThread } from '../components/MessageThread.js';
import { UserList } from '../components/UserList.js';
import { ChatSide, nameOf } from '../stores/ChatSide.js';
import { ConversationStore } from '../stores/ConversationStore.js';
import { sheets } from '../utils/sheets.js';
import { observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView, Place } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Position } from '../components/VirtualList.js' */
/** @import { Opened } from '../stores/ConversationStore.js' */
/** @import { Profile } from '../types.js' */

/** @typedef {{opened: Opened | null, person: Profile | null, at?: Position | null}} ChatPage `person`: whom one has never spoken to; `at`: what one looked at */

const NARROW = '(max-width: 699px)';

/** @type {RoutedView<ChatPage | null>} */
export const view = {
  async load({ id }, { app, query, signal }) {
    const styled = styles();
    if (!app.session.me$.get()) return styled.then(() => null);
    const nickname = query.get('with');
    const [page] = await Promise.all([id ? conversation(app, id, signal) : nickname ? personOr(app, nickname, signal) : nothing, styled]);
    return page;
  },
  title: (data) => (data?.opened ? nameOf(data.opened.conversation) : data?.person?.nickname ?? 'Chat'),
  skeleton: (scope) => ListSkeleton(scope, 'Chat'),
  render(data, scope, app, place) {
    if (!data) return SignedOut(scope, place);
    const { h } = scope;
    const me = app.session.me$.get();
    const side = sideOf(app, me?.id ?? '');
    side.shownIn(scope);
    void app.conversations.begin();
    const { opened, person } = data;
    const narrow$ = observable(matchMedia(NARROW).matches);
    scope.on(matchMedia(NARROW), 'change', ({ matches }) => narrow$.set(matches));
    const thread = opened ? Opened(scope, app, side, data, place) : person ? Beginning(scope, app, side, person) : Nothing(scope);
    return h('div', { class: opened || person ? 'chat is-open' : 'chat' },
      UserList(scope, app, side, { conversation: opened?.conversation.id ?? null, person: person?.nickname ?? null, narrow$ }),
      thread);
  },
};

/** @type {ChatPage} */
const nothing = { opened: null, person: null };

/** @param {App} app @param {string} id @param {AbortSignal} signal @returns {Promise<ChatPage>} */
async function conversation({ api }, id, signal) {
  const [page, { conversation: found }] = await Promise.all([api.messages.getConversation(id, 10, 0, signal), api.messages.conversation(id, signal)]);
  return { opened: { conversation: found, page }, person: null };
}

/** The conversation with somebody, or who they are if there is none yet. @param {App} app @param {string} nickname @param {AbortSignal} signal @returns {Promise<ChatPage>} */
async function personOr(app, nickname, signal) {
  const [{ user }] = await Promise.all([app.api.users.get(nickname, signal), app.conversations.begin()]);
  const known = app.conversations.items$.get().find((one) => one.with?.id === user.id);
  return known ? conversation(app, known.id, signal) : { opened: null, person: user };
}

/** @param {Scope} scope @param {Place} place */
function SignedOut(scope, { url }) {
  const { h } = scope;
  return h('div', { class: 'empty' }, icon('chat'), h('h1', {}, 'Sign in to write to people'), h('p', {}, 'Conversations are between you and those you choose.'),
    h('a', { class: 'button primary', href: `/login?to=${encodeURIComponent(url.pathname + url.search)}` }, 'Sign in'));
}

/** @param {Scope} scope */
function Nothing(scope) {
  const { h } = scope;
  return h('section', { class: 'chat-thread is-empty' }, h('div', { class: 'empty' }, icon('chat'), h('h2', {}, 'Choose somebody to write to'), h('p', {}, 'What you write here is read only by those in the conversation.')));
}

/** @param {Scope} scope @param {App} app @param {ChatSide} side @param {ChatPage} data @param {Place} place */
function Opened(scope, app, side, data, { query, url }) {
  const { h } = scope;
  const opened = /** @type {Opened} */ (data.opened);
  const { live, streams, conversations, session } = app;
  const store = new ConversationStore(opened, { ...app, live, streams, conversations, me: () => session.me$.get(), revoked: () => void app.router.reload() });
  scope.onEnd(() => store.end());
  conversations.put(opened.conversation, opened.page.epoch);
  if (url.pathname === '/chat') queueMicrotask(() => app.router.note(opened.conversation.url));
  scope.subscribe(store.conversation$, ({ members, with: other }) => side.also$.set([...(other ? [other.id] : []), ...members.map(({ person }) => person.id)]));
  scope.onEnd(store.conversation$.map(nameOf).subscribe((name) => app.title$.set(name)));

  const mayWrite$ = store.conversation$.map(({ may }) => may.write);
  const composer = ChatComposer(scope, app, { place: `conversation:${store.id}`, name: nameOf(opened.conversation), store, send: (body, replyTo) => store.send(body, replyTo) });
  const seq = Number(query.get('message'));
  const thread = MessageThread(scope, app, store, { reply: composer.reply, edit: composer.edit, takeBack: composer.takeBack, mayWrite$ }, { at: data.at ?? null, message: seq > 0 && !data.at ? seq : null });
  app.router.remember(scope, () => ({ opened: store.snapshot(), person: null, at: thread.position() }));
  if (!(seq > 0)) focusSoon(composer.focus);
  return h('section', { class: 'chat-thread', 'aria-label': nameOf(opened.conversation) },
    ChatHead(scope, app, side, store, thread.goToDate),
    Request(scope, app, store),
    thread.element,
    Typing(scope, store),
    scope.show(mayWrite$, (may) => may ? composer.element : h('p', { class: 'chat-closed' }, 'You cannot write here.')));
}

/** Before the first message: the conversation begins with it. @param {Scope} scope @param {App} app @param {ChatSide} side @param {Profile} person */
function Beginning(scope, app, side, person) {
  const { h } = scope;
  side.also$.set([person.id]);
  const composer = ChatComposer(scope, app, {
    place: `chat:${person.id}`, name: person.nickname, store: null,
    send: async (body) => {
      const { conversation: begun } = await app.api.messages.begin({ members: [person.nickname] });
      await app.outbox.add({ kind: 'message', place: `conversation:${begun.id}`, body });
      app.drafts.at(`chat:${person.id}`).clear();
      void app.router.go(begun.url, { replace: true });
    },
  });
  focusSoon(composer.focus);
  return h('section', { class: 'chat-thread', 'aria-label': person.nickname },
    h('header', { class: 'chat-head' }, BackLink(scope), FaceWithDot(scope, side, person),
      h('div', { class: 'chat-who' }, h('h1', { class: 'one-line', dir: 'auto' }, h('a', { href: person.url }, person.nickname)), h('p', { class: 'chat-status' }, statusOf(app, side, person)))),
    h('div', { class: 'chat-log-box' }, h('div', { class: 'chat-log' }, h('div', { class: 'chat-row' }, h('p', { class: 'chat-start' }, `You and ${person.nickname} have not written to each other yet.`)))),
    h('p', { class: 'typing' }),
    composer.element);
}

/** Where there is a keyboard one can write at once. @param {() => void} focus */
function focusSoon(focus) {
  if (!matchMedia('(pointer: coarse)').matches && !matchMedia(NARROW).matches) queueMicrotask(focus);
}

/** What stands beside the conversations of whoever is signed in, from one to the next. @type {WeakMap<App, {account: string, side: ChatSide}>} */
const sides = new WeakMap();

/** @param {App} app @param {string} account */
function sideOf(app, account) {
  const kept = sides.get(app);
  if (kept?.account === account) return kept.side;
  kept?.side.end();
  const side = new ChatSide({ ...app, me: () => app.session.me$.get() });
  sides.set(app, { account, side });
  return side;
}

/** The look of this screen comes with it. */
const SHEETS = ['../../css/chat.css', '../../css/message.css'];

/** @returns {Promise<unknown>} */
function styles() {
  return sheets(SHEETS.map((sheet) => new URL(sheet, import.meta.url).href));
}
