// @ts-check
// The rows of a conversation: messages in bubbles, those on their way, days, the line above what is new.

import { computed } from '../utils/state.js';
import { chatRows, clockTime, dayWords } from '../utils/chatRows.js';
import { Face, Portrait } from './Face.js';
import { icon } from './icons.js';
import { Choices, stateWords } from './PendingPost.js';
import { Prose } from './Prose.js';
import { count, exact } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { OutboxItem } from '../outbox/Outbox.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { Conversation, LivingMessage, Message, Person } from '../types.js' */

/** @typedef {ReturnType<typeof chatRows>[number]} Row */
/** @typedef {Extract<Row, {kind: 'message'}>} Said */
/** @typedef {Extract<Row, {kind: 'pending'}>} Pending */

/**
 * @typedef {object} MessageActs what one may do with messages
 * @property {(message: LivingMessage) => void} reply
 * @property {(message: LivingMessage) => void} edit
 * @property {(item: OutboxItem) => void} takeBack
 * @property {(seq: number) => void} goTo
 * @property {Readable<boolean>} mayWrite$
 */

/** @param {Scope} scope @param {Readable<Row>} row$ @param {App} app @param {ConversationStore} store @param {MessageActs} acts @returns {HTMLElement} */
export function ChatRow(scope, row$, app, store, acts) {
  // A row that waited to be sent becomes the message in its place.
  return scope.h('div', { class: 'chat-row', dataset: { key: row$.get().key } }, scope.show(row$.map((row) => formOf(row)), (form, inner) => {
    if (form === 'start') return inner.h('p', { class: 'chat-start' }, beginning(store.conversation$.get()));
    if (form === 'unread') return inner.h('div', { class: 'chat-line is-new', role: 'separator' }, inner.h('span', {}, 'New'));
    const own$ = /** @type {Readable<any>} */ (whileIts(row$, form));
    if (form === 'day') return Day(inner, own$, app);
    if (form === 'pending') return PendingMessage(inner, own$, app, acts);
    return form === 'deleted' ? Deleted(inner, own$.get()) : OneMessage(inner, own$, app, store, acts);
  }));
}

/** The row as it last had a form: what is bound to that form hears nothing of the next one. @param {Readable<Row>} row$ @param {string} form */
function whileIts(row$, form) {
  let last = row$.get();
  return row$.map((row) => (formOf(row) === form ? (last = row) : last));
}

/** @param {Row} row */
function formOf(row) {
  return row.kind === 'message' && row.message.deleted ? 'deleted' : row.kind;
}

/** @param {Conversation} conversation */
function beginning({ kind, with: other }) {
  return kind === 'direct' && other ? `This is where you and ${other.nickname} begin.` : 'This is where the conversation begins.';
}

/** @param {Scope} scope @param {Readable<Extract<Row, {kind: 'day'}>>} row$ @param {App} app */
function Day(scope, row$, app) {
  const words$ = computed([row$, app.now$], ({ at }, now) => dayWords(at, now ?? Date.parse(at)));
  return scope.h('div', { class: 'chat-line day-divider', role: 'separator' }, scope.h('span', {}, words$));
}

/** @param {Scope} scope @param {Said} row */
function Deleted(scope, { message, mine, first }) {
  return scope.h('div', { class: mine ? 'message mine' : 'message', classes: { first }, tabindex: '-1', dataset: { seq: message.seq } },
    !mine && Portrait(scope, message.author),
    scope.h('p', { class: 'bubble is-deleted' }, `${mine ? 'You' : message.author.nickname} deleted a message`));
}

/** @param {Scope} scope @param {Readable<Said>} row$ @param {App} app @param {ConversationStore} store @param {MessageActs} acts */
function OneMessage(scope, row$, app, store, acts) {
  const { h } = scope;
  const row = row$.get();
  const { mine } = row;
  const message$ = /** @type {Readable<LivingMessage>} */ (row$.map(({ message }) => message));
  const message = message$.get();
  const { author, created_at, id } = message;
  const going$ = store.deleting$.map((ids) => ids.has(id));
  return h('article', {
    class: mine ? 'message mine' : 'message theirs', classes: { first: row$.map(({ first }) => first), 'is-going': going$ },
    tabindex: '-1', dataset: { id, seq: message.seq, state: row$.map(({ reached }) => reached) },
    'aria-label': `${mine ? 'You' : author.nickname}, ${exact(created_at)}`,
    onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event),
  },
  !mine && Face(scope, author),
  h('div', { class: 'bubble' },
    h('header', { class: 'bubble-head' },
      h('span', { class: 'bubble-name', dir: 'auto' }, author.nickname),
      h('time', { datetime: created_at, title: exact(created_at) }, clockTime(created_at))),
    scope.show(message$.map(({ reply_to }) => reply_to), (answered, inner) => answered && inner.h('button', { class: 'bubble-answered', type: 'button', onclick: () => acts.goTo(answered.seq) },
      inner.h('b', {}, answered.author.nickname), ' ', inner.h('span', {}, answered.excerpt))),
    Prose(scope, message$.map(({ html }) => html), app),
    scope.show(message$.map(({ edited_at }) => edited_at), (edited, inner) => edited && inner.h('button', {
      class: 'bubble-edited', type: 'button', title: `Edited ${exact(edited)}`, 'aria-haspopup': 'dialog',
      onclick: async () => (await import('./History.js')).openMessageHistory(scope, app, message$.get()),
    }, 'edited')),
    h('div', { class: 'reactions' }, scope.list(message$.map(({ reactions }) => reactions), ({ emoji }) => emoji, (reaction$, part) => part.h('button', {
      class: 'reaction', type: 'button', 'aria-pressed': reaction$.map((now) => String(now.mine)),
      'aria-label': reaction$.map((now) => `${now.emoji} ${count(now.count, 'person', 'people')}`), onclick: () => store.react(message$.get(), reaction$.get().emoji),
    }, reaction$.get().emoji, part.h('span', {}, reaction$.map((now) => now.count)))))),
  Acts(scope, message$, app, store, acts),
  Receipts(scope, row$));

  /** @param {KeyboardEvent} event on the message itself */
  function onKey(event) {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const more = /** @type {HTMLElement} */ (event.currentTarget).querySelector('.message-acts button:last-child');
    if (event.key === 'Enter' && more instanceof HTMLElement) more.click();
    else if (event.key === 'r' && acts.mayWrite$.get()) acts.reply(message$.get());
    else return;
    event.preventDefault();
  }
}

/** Shown when pointed at or come to; on touch the last one always. @param {Scope} scope @param {Readable<LivingMessage>} message$ @param {App} app @param {ConversationStore} store @param {MessageActs} acts */
function Acts(scope, message$, app, store, acts) {
  const { h } = scope;
  const tool = (/** @type {string} */ name, /** @type {string} */ words, /** @type {(button: HTMLElement) => void} */ act, popup = '') => h('button', {
    class: 'tool', type: 'button', title: words, 'aria-label': words, ...(popup && { 'aria-haspopup': popup, 'aria-expanded': 'false' }),
    onclick: (/** @type {MouseEvent} */ event) => act(/** @type {HTMLElement} */ (event.currentTarget)),
  }, icon(name));
  const react = async (/** @type {HTMLElement} */ button) => {
    const { openEmojiPicker } = await import('./EmojiPicker.js');
    openEmojiPicker(scope, button, (emoji) => store.react(message$.get(), emoji));
  };
  return h('div', { class: 'message-acts' },
    tool('smile', 'React', react, 'dialog'),
    scope.show(acts.mayWrite$, (may) => may && tool('reply', 'Reply', () => acts.reply(message$.get()))),
    tool('more', 'More', async (button) => {
      const [{ openMenu }, { messageMenu }] = await Promise.all([import('./Menu.js'), import('./messageMenu.js')]);
      openMenu(scope, button, messageMenu(message$.get(), app, store, acts, () => react(button)));
    }, 'menu'));
}

/** How far one's message came, and who has read up to here. @param {Scope} scope @param {Readable<Said>} row$ */
function Receipts(scope, row$) {
  const readers$ = row$.pick(({ readers }) => readers);
  const words$ = row$.map(({ mine, last, reached, readers }) => (mine && last && readers.length === 0 ? (reached === 'read' ? 'Read' : 'Sent') : ''));
  return scope.h('div', { class: 'receipts' },
    scope.h('span', {}, words$),
    scope.show(readers$, (readers, inner) => readers.length > 0 && inner.h('span', { class: 'readers', role: 'img', 'aria-label': `Read by ${names(readers)}`, title: `Read by ${names(readers)}` },
      readers.slice(0, 5).map((reader) => Portrait(inner, reader, 'tiny')))));
}

/** @param {readonly Person[]} people */
function names(people) {
  return people.map(({ nickname }) => nickname).join(', ');
}

/** @param {Scope} scope @param {Readable<Pending>} row$ @param {App} app @param {MessageActs} acts */
function PendingMessage(scope, row$, app, acts) {
  const { h } = scope;
  const item$ = row$.map(({ item }) => item);
  const failed$ = item$.map(({ state }) => state === 'failed');
  const item = item$.get();
  return h('article', {
    class: 'message mine is-pending', classes: { first: row$.map(({ first }) => first) }, tabindex: '-1',
    dataset: { state: failed$.map((failed) => (failed ? 'failed' : 'sending')) }, 'aria-label': 'You, not sent yet',
  },
  h('div', { class: 'bubble' },
    h('header', { class: 'bubble-head' },
      h('span', { class: 'bubble-name', dir: 'auto' }, app.session.me$.get()?.nickname ?? 'You'),
      h('time', { datetime: item.at, title: exact(item.at) }, clockTime(item.at))),
    h('div', { class: 'prose', dir: 'auto' }, h('p', { class: 'as-written' }, item.body)),
    Choices(scope, item$, app, acts.takeBack, acts.mayWrite$)),
  h('div', { class: 'receipts', classes: { bad: failed$ } }, h('span', {}, computed([item$, app.outbox.line$], stateWords))));
}

/** What a message says, for those who hear it. @param {Message} message */
export function spoken(message) {
  return message.deleted ? '' : `${message.author.nickname}: ${message.excerpt}`;
}
