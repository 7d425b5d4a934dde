// @ts-check
// Whom one may write to: conversations first, then people one has never spoken to, by name; for who looks for words also
// the messages in which they stand.

import { computed } from '../utils/state.js';
import { ConversationList, FaceWithDot } from './ConversationList.js';
import { FoundMessages } from './FoundMessages.js';
import { icon } from './icons.js';
import { More } from './More.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ChatSide } from '../stores/ChatSide.js' */
/** @import { Profile } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {ChatSide} side
 * @param {{conversation: string | null, person: string | null, narrow$: Readable<boolean>}} here what is open, and whether this is a phone
 */
export function UserList(scope, app, side, { conversation, person, narrow$ }) {
  const { h } = scope;
  const { conversations } = app;
  const field = h('input', {
    class: 'input', type: 'search', name: 'filter', placeholder: 'Find people and messages', 'aria-label': 'Find people, conversations and messages', autocomplete: 'off', value: side.filter$,
    oninput: () => side.filter$.set(field.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') side.filter$.set('');
      else if (event.key === 'Enter' && !event.isComposing && field.value.trim() !== '') scroller.querySelector('a')?.click();
    },
  });
  // On a phone there are conversations, and people for whoever looks for them.
  const people$ = computed([side.people$, side.filter$, narrow$], (people, filter, narrow) => (narrow && filter.trim() === '' ? [] : people));
  const empty$ = computed([side.conversations$, people$, conversations.state$, side.state$, side.search.state$], (items, people, state, found, searched) => {
    if (items.length + people.length > 0 || [state, found, searched].includes('loading') || ['found', 'failed'].includes(searched)) return '';
    if (state === 'failed' || found === 'failed') return 'failed';
    return side.filter$.get().trim() === '' ? 'nobody' : 'none';
  });
  const scroller = h('div', { class: 'user-list-scroll', onscroll: () => (side.scrolled = scroller.scrollTop) },
    ConversationList(scope, app, side, conversation),
    scope.show(conversations.more$.map((state) => state !== 'end'), (any, inner) => any && More(inner, conversations.more$, () => conversations.loadMore(), '/chat')),
    scope.show(people$.map((people) => people.length > 0), (any, inner) => any && inner.h('h2', { class: 'user-list-title' }, 'People')),
    h('ul', { class: 'people-list plain', 'aria-label': 'People' }, scope.list(people$, ({ id }) => id, (person$, row) => PersonLine(row, side, person$, person))),
    scope.show(side.search.state$.map((state) => state === 'found'), (any, inner) => any && inner.h('h2', { class: 'user-list-title' }, 'Messages')),
    FoundMessages(scope, app, side.search, { again: () => void Promise.all([side.find(), side.search.again()]) }),
    scope.show(computed([conversations.state$, side.state$], (one, other) => one === 'loading' || one === 'idle' || other === 'loading'), (loading, inner) => (
      loading && [1, 2, 3].map(() => inner.h('div', { class: 'chat-person' }, inner.h('span', { class: 'face large skeleton' }), inner.h('span', { class: 'chat-who' }, inner.h('span', { class: 'skeleton line' })))))),
    scope.show(empty$, (what, inner) => what && Nobody(inner, app, side, what)));
  queueMicrotask(() => (scroller.scrollTop = side.scrolled));
  return h('aside', { class: 'user-list', 'aria-label': 'Conversations and people', onkeydown: (/** @type {KeyboardEvent} */ event) => walk(event, field, scroller) },
    h('header', { class: 'user-list-head' },
      h(conversation || person ? 'h2' : 'h1', {}, 'Chat'),
      h('button', {
        class: 'tool', type: 'button', title: 'New conversation', 'aria-label': 'New conversation',
        onclick: async () => (await import('./NewConversation.js')).openNewConversation(scope, app),
      }, icon('pencil'))),
    h('div', { class: 'user-list-find' }, icon('search', 'small'), field),
    scroller);
}

/** Arrows go from the field through what was found, and back. @param {KeyboardEvent} event @param {HTMLElement} field @param {HTMLElement} scroller */
function walk(event, field, scroller) {
  if (!['ArrowUp', 'ArrowDown'].includes(event.key) || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  /** @type {HTMLElement[]} */
  const stops = [field, ...scroller.querySelectorAll('a')];
  const at = stops.indexOf(/** @type {HTMLElement} */ (event.target));
  const next = stops[at + (event.key === 'ArrowUp' ? -1 : 1)];
  if (at < 0 || !next) return;
  event.preventDefault();
  next.focus();
}

/** @param {Scope} scope @param {ChatSide} side @param {Readable<Profile>} person$ @param {string | null} current */
function PersonLine(scope, side, person$, current) {
  const { h } = scope;
  const { id, nickname } = person$.get();
  return h('li', { dataset: { id } }, h('a', { class: 'chat-person', href: `/chat?with=${encodeURIComponent(nickname)}`, 'aria-current': nickname === current ? 'page' : null },
    FaceWithDot(scope, side, person$.get()),
    h('span', { class: 'chat-who' }, h('span', { class: 'chat-name one-line', dir: 'auto' }, person$.map((person) => person.nickname)))));
}

/** @param {Scope} scope @param {App} app @param {ChatSide} side @param {string} what */
function Nobody(scope, app, side, what) {
  const { h } = scope;
  if (what === 'failed') {
    return h('div', { class: 'empty' }, h('p', {}, 'The list could not be loaded.'),
      h('button', { class: 'button', type: 'button', onclick: () => void Promise.all([app.conversations.begin(), side.find()]) }, 'Try again'));
  }
  return h('div', { class: 'empty' }, h('p', {}, what === 'none' ? 'Nobody is called so, and no message says it.' : 'No conversations yet. Find somebody above and say hello.'));
}
