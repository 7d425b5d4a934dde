// @ts-check
// One's conversations by their last message, each with its unread count. On a phone it takes the place of the list of people.

import { computed } from '../utils/state.js';
import { nameOf } from '../stores/ChatSide.js';
import { Portrait } from './Face.js';
import { GroupPicture } from './GroupPicture.js';
import { icon } from './icons.js';
import { Time } from './Time.js';
import { short } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ChatSide } from '../stores/ChatSide.js' */
/** @import { Conversation, Person } from '../types.js' */

/** @param {Scope} scope @param {App} app @param {ChatSide} side @param {string | null} current id of the one that is open */
export function ConversationList(scope, app, side, current) {
  return scope.h('ul', { class: 'conversation-list plain', 'aria-label': 'Conversations' },
    scope.list(side.conversations$, ({ id }) => id, (conversation$, row) => ConversationRow(row, app, side, conversation$, current)));
}

/** @param {Scope} scope @param {App} app @param {ChatSide} side @param {Readable<Conversation>} conversation$ @param {string | null} current */
function ConversationRow(scope, app, side, conversation$, current) {
  const { h } = scope;
  const { id, url } = conversation$.get();
  const me = app.session.me$.get()?.id;
  const unread$ = conversation$.map(({ unread }) => unread.count);
  const other$ = conversation$.pick(({ with: other }) => other);
  const preview$ = conversation$.map((conversation) => previewOf(conversation, me));
  return h('li', { dataset: { id } }, h('a', { class: 'chat-person', classes: { 'is-unread': unread$.map((count) => count > 0) }, href: url, 'aria-current': id === current ? 'page' : null },
    scope.show(other$, (other, inner) => (other ? FaceWithDot(inner, side, other) : GroupPicture(inner, conversation$, me))),
    h('span', { class: 'chat-who' },
      h('span', { class: 'chat-name one-line', dir: 'auto' }, conversation$.map(nameOf)),
      h('span', { class: 'chat-preview one-line', dir: 'auto' }, preview$)),
    h('span', { class: 'chat-aside' },
      scope.show(conversation$.map(({ last_message: last }) => last?.created_at ?? null), (at, inner) => at && Time(inner, app, at)),
      h('span', { class: 'chat-marks' },
        scope.show(conversation$.map(({ muted }) => muted), (muted, inner) => muted && inner.h('span', { title: 'Muted' }, icon('bell-off', 'small'), inner.h('span', { class: 'unseen' }, 'muted'))),
        scope.show(unread$, (count, inner) => count > 0 && inner.h('span', { class: 'unread-badge', classes: { quiet: conversation$.map(({ muted }) => muted) } },
          count > 99 ? '99+' : short(count), inner.h('span', { class: 'unseen' }, ' unread')))))));
}

/** @param {Conversation} conversation @param {string | undefined} me */
function previewOf({ last_message: last, request, kind }, me) {
  if (request) return kind === 'group' ? 'You have been added' : 'Wants to write to you';
  if (!last) return 'No messages yet';
  if (last.deleted) return 'A message was deleted';
  const who = last.author.id === me ? 'You: ' : kind === 'group' ? `${last.author.nickname}: ` : '';
  return who + last.excerpt;
}

/** @param {Scope} scope @param {ChatSide} side @param {Person} person */
export function FaceWithDot(scope, side, person) {
  const { h } = scope;
  const online$ = onlineOf(side, person.id);
  return h('span', { class: 'face-box' }, Portrait(scope, person, 'large'),
    h('span', { class: 'dot', classes: { online: online$, offline: online$.map((online) => !online) }, role: 'img', 'aria-label': online$.map((online) => (online ? 'online' : 'offline')) }));
}

/** @param {ChatSide} side @param {string} id */
export function onlineOf(side, id) {
  return computed([side.presence$], (presence) => presence.get(id)?.online ?? false);
}
