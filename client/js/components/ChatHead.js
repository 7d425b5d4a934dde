// @ts-check
// Above a conversation: whom it is with, whether they are here, and what one may do with it.

import { computed } from '../utils/state.js';
import { FaceWithDot } from './ConversationList.js';
import { nameOf } from '../stores/ChatSide.js';
import { GroupPicture } from './GroupPicture.js';
import { icon } from './icons.js';
import { ago, count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ChatSide } from '../stores/ChatSide.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { Conversation, Person } from '../types.js' */

/** @param {Scope} scope @param {App} app @param {ChatSide} side @param {ConversationStore} store @param {(at: string) => Promise<void>} goToDate */
export function ChatHead(scope, app, side, store, goToDate) {
  const { h } = scope;
  const { conversation$ } = store;
  const other = conversation$.get().with;
  const button = h('button', {
    class: 'tool', type: 'button', title: 'More', 'aria-label': 'What to do with this conversation', 'aria-haspopup': 'menu', 'aria-expanded': 'false',
    onclick: async () => {
      const [{ openMenu }, { conversationMenu }] = await Promise.all([import('./Menu.js'), import('./conversationMenu.js')]);
      openMenu(scope, button, conversationMenu(scope, app, store, goToDate));
    },
  }, icon('more'));
  return h('header', { class: 'chat-head' },
    BackLink(scope),
    other ? FaceWithDot(scope, side, other) : GroupPicture(scope, conversation$, app.session.me$.get()?.id),
    h('div', { class: 'chat-who' },
      h('h1', { class: 'one-line', dir: 'auto' }, other ? h('a', { href: other.url }, conversation$.map(nameOf)) : conversation$.map(nameOf)),
      h('p', { class: 'chat-status', dir: 'auto' }, other ? statusOf(app, side, other) : conversation$.map(({ member_count: members }) => count(members, 'member')))),
    button);
}

/** To the list, on a phone. @param {Scope} scope */
export function BackLink(scope) {
  return scope.h('a', { class: 'tool chat-back', href: '/chat', 'aria-label': 'All conversations', title: 'All conversations' }, icon('arrow-left'));
}

/** @param {App} app @param {ChatSide} side @param {Person} person @returns {Readable<string>} */
export function statusOf(app, side, person) {
  return computed([side.presence$, app.now$], (presence, now) => {
    const known = presence.get(person.id);
    if (known?.online) return 'online';
    return known?.lastSeen && now !== null ? `last seen ${lastSeen(ago(known.lastSeen, now))}` : 'offline';
  });
}

/** @param {string} words */
function lastSeen(words) {
  return words === 'now' ? 'just now' : /^\d+ (min|h|d)$/.test(words) ? `${words} ago` : words;
}

/** What stands between the head and the messages when one has to decide something. @param {Scope} scope @param {App} app @param {ConversationStore} store */
export function Request(scope, app, store) {
  return scope.show(store.conversation$.pick(({ request, blocked, with: other }) => ({ request, blocked, other })), ({ request, blocked, other }, part) => {
    const { h } = part;
    const act = (/** @type {string} */ words, /** @type {() => Promise<unknown>} */ run, names = '') => h('button', {
      class: `button ${names}`, type: 'button',
      onclick: async () => {
        try {
          await run();
          await store.refresh();
        } catch {
          app.notices.say('That did not reach the server. Try again.', { kind: 'error' });
        }
      },
    }, words);
    if (blocked && other) {
      return h('div', { class: 'chat-note', role: 'note' }, h('p', {}, `You have blocked ${other.nickname}. Neither of you can write here.`),
        act('Unblock', () => app.api.messages.block(other.nickname, false)));
    }
    return request && h('div', { class: 'chat-note', role: 'note' },
      h('p', {}, other
        ? `${other.nickname} wants to write to you. They do not see whether you read this until you accept or answer.`
        : 'You have been added to this group. Nobody here sees whether you read it until you accept or write.'),
      act('Accept', () => app.api.messages.accept(store.id), 'primary'),
      other && act('Block', () => app.api.messages.block(other.nickname, true), 'danger'));
  });
}

/** Who is writing, on a line that takes no new space. @param {Scope} scope @param {ConversationStore} store */
export function Typing(scope, store) {
  const words$ = computed([store.typing$, store.conversation$], (ids, conversation) => typingWords(ids, conversation));
  return scope.h('p', { class: 'typing', role: 'status', dir: 'auto' }, words$);
}

/** @param {readonly string[]} ids @param {Conversation} conversation */
export function typingWords(ids, { members, with: other }) {
  const people = [...members.map(({ person }) => person), ...(other ? [other] : [])];
  const names = ids.map((id) => people.find((person) => person.id === id)?.nickname ?? 'Somebody');
  if (names.length === 0) return '';
  if (names.length > 3) return 'Several people are typing';
  const all = names.length === 1 ? names[0] : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${all} ${names.length === 1 ? 'is' : 'are'} typing`;
}
