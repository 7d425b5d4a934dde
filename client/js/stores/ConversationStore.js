// @ts-check
// A conversation on screen: a run of its messages that grows both ways and lives.

import { batch, observable } from '../utils/state.js';
import { ALL_READ } from './Conversations.js';
import { Loader } from './Loader.js';
import { mergedMessages, personalMessage } from './messages.js';
import { withPerson } from './people.js';
import { toggled, withMine } from './posts.js';
import { ReadMark } from './ReadMark.js';
/** @import { Api } from '../api/index.js' */
/** @import { Outbox } from '../outbox/Outbox.js' */
/** @import { Streams } from '../websocket/Streams.js' */
/** @import { WebSocketManager } from '../websocket/WebSocketManager.js' */
/** @import { Conversations } from './Conversations.js' */
/** @import { Live } from './Live.js' */
/** @import { Notices } from './Notices.js' */
/** @import { Tally } from './posts.js' */
/** @import { Conversation, LivingMessage, Me, Message, PageOfMessages, Person } from '../types.js' */

/** Somebody's typing ends by itself after this, in ms: their client says it again before. */
const TYPING_ENDS_MS = 6000;
/** One's own typing is said again after this, in ms. */
const TYPING_AGAIN_MS = 3000;
/** A message is deleted after this, in ms: until then it can be taken back. */
const UNDO_MS = 6000;
/** Between two tellings of how far one has read, in ms. */
const READ_PAUSE_MS = 400;
/** One's own message that comes by the socket waits this long for the answer that says which of ours it is, in ms. */
const ANSWER_MS = 1500;

/** What says that one may no longer write here. */
const REFUSALS = new Set(['blocked', 'not_accepted_here']);

/** @typedef {{conversation: Conversation, page: PageOfMessages}} Opened */

/**
 * @typedef {object} Parts
 * @property {Api} api
 * @property {Streams} streams
 * @property {Live} live
 * @property {Outbox} outbox
 * @property {Notices} notices
 * @property {WebSocketManager} socket
 * @property {Conversations} conversations
 * @property {() => Me | null} me
 * @property {() => void} revoked called when the conversation is no longer ours to read
 */

export class ConversationStore {
  id;
  #parts;
  #stream;
  #older;
  #newer;
  #mark;
  #follower;
  #stopFollowing = () => {};
  /** @type {(() => void)[]} */
  #endings = [];
  /** Messages that came live while the end was not loaded. */
  #ahead$ = observable(/** @type {readonly Message[]} */ ([]));
  /** Our own emoji by message. @type {Map<string, Set<string>>} */
  #mine = new Map();
  /** Messages of ours that wait for the answer to their send. @type {Message[]} */
  #held = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #heldTimer;
  /** Timers of who is typing, by person. @type {Map<string, ReturnType<typeof setTimeout>>} */
  #typers = new Map();
  #saidTyping = -Infinity;
  /** Deletions that can still be taken back. @type {Map<string, ReturnType<typeof setTimeout>>} */
  #deletions = new Map();
  #now;

  conversation$;
  /** The loaded messages, the oldest first. */
  messages$ = observable(/** @type {readonly Message[]} */ ([]));
  older$;
  newer$;
  /** How far others have read, by person. */
  reads$;
  typing$ = observable(/** @type {readonly string[]} */ ([]));
  /** Ids of messages that are about to be deleted. */
  deleting$ = observable(/** @type {ReadonlySet<string>} */ (new Set()));
  /** Our messages that are on their way. */
  pending$;
  /** How many came behind the end of what is loaded. */
  arrived$ = this.#ahead$.map((messages) => messages.length);
  /** What was unread as the conversation was opened. */
  wasUnread;

  /** @param {Opened} opened @param {Parts} parts @param {() => number} [now] ms */
  constructor({ conversation, page }, parts, now = () => performance.now()) {
    this.id = conversation.id;
    this.#parts = parts;
    this.#now = now;
    this.#stream = conversation.stream;
    this.#follower = { reload: () => this.#reload(), revoked: parts.revoked };
    this.conversation$ = observable(conversation);
    this.wasUnread = conversation.unread;
    this.reads$ = observable(marksOf(conversation));
    this.#older = new Loader(null, (seq, signal) => this.#list({ before: Number(seq), signal }), (more) => (this.#take(more), this.#oldest(more)));
    this.#newer = new Loader(null, (seq, signal) => this.#list({ after: Number(seq), signal }), (more) => (this.#take(more), this.#newest(more)));
    this.older$ = this.#older.state$;
    this.newer$ = this.#newer.state$;
    this.#mark = new ReadMark({ position: conversation.mark, post_id: '' }, ({ position }) => parts.api.messages.read(this.id, position), READ_PAUSE_MS);
    this.pending$ = parts.outbox.at(`conversation:${this.id}`);
    this.#begin(page);
    this.#follow(page);
    this.#endings.push(
      parts.live.addConversation(this),
      parts.outbox.onSent((item, { message }) => message && item.place === `conversation:${this.id}` && this.#answered(message)),
      this.pending$.subscribe((items) => {
        if (items.length === 0) this.#release();
        // Nobody is told of being blocked: the next word they send is refused.
        if (this.conversation$.get().may.write && items.some(({ problem }) => REFUSALS.has(problem?.code ?? ''))) void this.refresh();
      }),
    );
  }

  // Actions

  loadOlder() {
    return this.#older.more();
  }

  loadNewer() {
    return this.#newer.more();
  }

  /** Shows another part instead. @param {import('../api/messages.js').Where} [where] the end, if none is given */
  async jumpTo(where = {}) {
    const page = await this.#list(where);
    batch(() => {
      this.messages$.set([]);
      this.#begin(page);
    });
  }

  /** @param {string} body @param {string} [replyTo] */
  async send(body, replyTo) {
    this.stopTyping();
    return this.#parts.outbox.add({ kind: 'message', place: `conversation:${this.id}`, body, ...(replyTo ? { reply_to: replyTo } : {}) });
  }

  /** @param {{id: string, version: number}} message @param {string} body */
  async edit({ id, version }, body) {
    this.#put([(await this.#parts.api.messages.edit(id, { body, version })).message]);
  }

  /** Gone at once for us, and for everybody when it can no longer be taken back. @param {LivingMessage} message */
  remove({ id }) {
    this.#deletions.set(id, setTimeout(() => void this.#delete(id), UNDO_MS));
    this.#showDeletions();
    const undo = () => {
      clearTimeout(this.#deletions.get(id));
      this.#deletions.delete(id);
      this.#showDeletions();
    };
    this.#parts.notices.say('Message deleted', { action: { label: 'Undo', run: undo } });
  }

  /** Puts our reaction there or takes it away: at once, and undone if the server refuses. @param {LivingMessage} message @param {string} emoji */
  async react({ id }, emoji) {
    const on = !this.#mineOf(id).has(emoji);
    this.#setReaction(id, emoji, on);
    const { react, unreact } = this.#parts.api.messages;
    try {
      await (on ? react : unreact)(id, emoji);
    } catch {
      this.#setReaction(id, emoji, !on);
      this.#parts.notices.say('Your reaction did not reach the server.', { kind: 'error' });
    }
  }

  /** A message was on screen, before somebody's eyes. @param {number} seq */
  seen(seq) {
    if (seq <= this.conversation$.get().mark) return;
    this.#mark.seen({ position: seq, post_id: '' });
    this.conversation$.update((conversation) => ({ ...conversation, mark: seq }));
    this.#parts.conversations.seen(this.id, seq);
  }

  /** Tells at once how far one has read. */
  tellMark() {
    this.#mark.end();
    for (const [id, timer] of this.#deletions) {
      clearTimeout(timer);
      void this.#delete(id);
    }
  }

  /** One is writing. */
  typing() {
    if (this.#parts.me()?.settings.typing === false || this.#now() - this.#saidTyping < TYPING_AGAIN_MS) return;
    this.#saidTyping = this.#now();
    this.#parts.socket.send('typing_start', { conversation_id: this.id });
  }

  stopTyping() {
    if (this.#saidTyping === -Infinity) return;
    this.#saidTyping = -Infinity;
    this.#parts.socket.send('typing_stop', { conversation_id: this.id });
  }

  /** Takes the conversation as the server has told it after a change. @param {Conversation} conversation */
  changed(conversation) {
    this.conversation$.update(({ mark }) => ({ ...conversation, mark: Math.max(mark, conversation.mark) }));
    this.reads$.set(marksOf(conversation));
  }

  /** Who is in it, and what one may do there, has changed. */
  async refresh() {
    try {
      const { conversation, epoch } = await this.#parts.api.messages.conversation(this.id);
      this.changed(conversation);
      this.#parts.conversations.put(conversation, epoch);
    } catch {
      // The next answer tells.
    }
  }

  /** What is shown, in the form it came in, for the way back. @returns {Opened} */
  snapshot() {
    const messages = this.messages$.get();
    const seq = this.#parts.streams.cursor(this.#stream) ?? this.conversation$.get().seq;
    const page = { ...this.#page, items: messages.toReversed(), older: this.older$.get() !== 'end', newer: this.newer$.get() !== 'end', seq };
    return { conversation: { ...this.conversation$.get(), unread: ALL_READ }, page };
  }

  end() {
    this.stopTyping();
    this.tellMark();
    this.#older.end();
    this.#newer.end();
    clearTimeout(this.#heldTimer);
    for (const timer of this.#typers.values()) clearTimeout(timer);
    this.#stopFollowing();
    for (const ending of this.#endings) ending();
  }

  // Events

  /** @param {any} told */
  arrived(told) {
    const message = this.#personal(told);
    this.typed(message.author.id, false);
    const waits = message.author.id === this.#parts.me()?.id && !this.#knows(message.id) && this.pending$.get().some(({ state }) => state !== 'failed');
    if (!waits) return this.#arrive(message);
    this.#held.push(message);
    this.#heldTimer ??= setTimeout(() => this.#release(), ANSWER_MS);
    return undefined;
  }

  /** @param {any} told an edited message, or what is left of a deleted one */
  rewritten(told) {
    const message = this.#personal(told);
    if (this.#knows(message.id)) this.#put([message]);
    this.#ahead$.update((ahead) => (ahead.some(({ id }) => id === message.id) ? mergedMessages(ahead, [message]) : ahead));
    this.messages$.update((all) => (all.some((one) => answers(one, message)) ? all.map((one) => (answers(one, message) ? withAnswered(one, message) : one)) : all));
  }

  /** @param {{message_id: string, reactions: Tally[], version: number}} told */
  reacted({ message_id: id, reactions, version }) {
    this.#replace(id, (message) => (version >= message.version ? { ...message, version, reactions: withMine(reactions, this.#mineOf(id)) } : message));
  }

  /** @param {string} personId @param {number} seq */
  readBy(personId, seq) {
    this.reads$.update((reads) => (seq > (reads.get(personId) ?? 0) ? new Map(reads).set(personId, seq) : reads));
  }

  /** @param {string} personId @param {boolean} on */
  typed(personId, on) {
    clearTimeout(this.#typers.get(personId));
    this.#typers.delete(personId);
    if (on && personId !== this.#parts.me()?.id) this.#typers.set(personId, setTimeout(() => this.typed(personId, false), TYPING_ENDS_MS));
    const now = [...this.#typers.keys()];
    if (now.join() !== this.typing$.get().join()) this.typing$.set(now);
  }

  /** Another tab or device has read on, muted or accepted it. @param {{seq: number, muted: boolean, request: boolean}} told */
  marked({ seq, muted, request }) {
    this.#mark.told({ position: seq, post_id: '' });
    this.conversation$.update((conversation) => ({ ...conversation, muted, request, mark: Math.max(seq, conversation.mark) }));
  }

  /** @param {{title: string | null, version: number}} change */
  renamed({ title, version }) {
    this.conversation$.update((conversation) => (version >= conversation.version ? { ...conversation, title, version } : conversation));
  }

  /** @param {Person} person */
  personChanged(person) {
    this.conversation$.update((conversation) => withPerson(conversation, person));
    this.messages$.update((messages) => withPerson(messages, person));
  }

  // Internal

  /** @type {PageOfMessages} */
  #page = /** @type {any} */ (null);

  /** @param {import('../api/messages.js').Where} where */
  #list(where) {
    return this.#parts.api.messages.list(this.id, where);
  }

  /** @param {PageOfMessages} page */
  #begin(page) {
    this.#page = page;
    this.#take(page);
    this.#older.restart(this.#oldest(page));
    this.#newer.restart(this.#newest(page));
  }

  /** @param {PageOfMessages} page */
  #take({ items }) {
    for (const message of items) if (!message.deleted) this.#mine.set(message.id, new Set(message.reactions.filter(({ mine }) => mine).map(({ emoji }) => emoji)));
    this.#put(items.toReversed());
  }

  /** @param {PageOfMessages} page */
  #oldest({ items, older }) {
    return older && items.length > 0 ? String(items.at(-1)?.seq) : null;
  }

  /** At the end what came live meanwhile joins the rest. @param {PageOfMessages} page */
  #newest({ items, newer }) {
    if (newer && items.length > 0) return String(items[0].seq);
    this.#put(this.#ahead$.get());
    this.#ahead$.set([]);
    return null;
  }

  /** @param {readonly Message[]} messages */
  #put(messages) {
    if (messages.length > 0) this.messages$.update((all) => mergedMessages(all, messages));
  }

  /** @param {Message} message */
  #arrive(message) {
    if (this.newer$.get() === 'end') this.#put([message]);
    else if (!this.#knows(message.id)) this.#ahead$.update((ahead) => mergedMessages(ahead, [message]));
  }

  /** Our own message, as the answer to its send has it. @param {LivingMessage} message */
  #answered(message) {
    this.#held = this.#held.filter(({ id }) => id !== message.id);
    if (this.newer$.get() === 'end') this.#put([message]);
    else void this.jumpTo().catch(() => this.#arrive(message));
  }

  /** Lets in what waited: no answer came, as for what another device wrote. */
  #release() {
    clearTimeout(this.#heldTimer);
    this.#heldTimer = undefined;
    const held = this.#held;
    this.#held = [];
    for (const message of held) this.#arrive(message);
  }

  /** @param {any} told @returns {Message} */
  #personal(told) {
    return personalMessage(told, this.messages$.get().findLast(({ id }) => id === told.id), this.#parts.me(), this.#mineOf(told.id));
  }

  /** @param {string} id */
  #mineOf(id) {
    const mine = this.#mine.get(id) ?? new Set();
    this.#mine.set(id, mine);
    return mine;
  }

  /** @param {string} id @param {string} emoji @param {boolean} on */
  #setReaction(id, emoji, on) {
    this.#mineOf(id)[on ? 'add' : 'delete'](emoji);
    this.#replace(id, (message) => ({ ...message, reactions: toggled(message.reactions, emoji, on) }));
  }

  /** @param {string} id @param {(message: LivingMessage) => Message} change */
  #replace(id, change) {
    if (this.#knows(id)) this.messages$.update((all) => all.map((one) => (one.id === id && !one.deleted ? change(one) : one)));
  }

  /** @param {string} id */
  #knows(id) {
    return this.messages$.get().some((message) => message.id === id);
  }

  /** @param {string} id */
  async #delete(id) {
    this.#deletions.delete(id);
    try {
      await this.#parts.api.messages.remove(id);
      const known = this.messages$.get().find((message) => message.id === id);
      // The real one follows on the stream, with a higher version.
      if (known && !known.deleted) {
        const { conversation_id, seq, author, created_at, version } = known;
        this.#put([{ id, conversation_id, seq, author, created_at, version, deleted: true, deleted_at: new Date().toISOString() }]);
      }
    } catch {
      this.#parts.notices.say('The message could not be deleted.', { kind: 'error' });
    }
    this.#showDeletions();
  }

  #showDeletions() {
    this.deleting$.set(new Set(this.#deletions.keys()));
  }

  /** @param {PageOfMessages} page */
  #follow({ epoch, seq }) {
    this.#stopFollowing();
    this.#stopFollowing = this.#parts.streams.follow({ epoch, stream: this.#stream, seq }, this.#follower);
  }

  /** Reads what is shown again, from its end back to its beginning. */
  async #reload() {
    const { api } = this.#parts;
    const first = this.messages$.get().at(0)?.seq ?? 0;
    const { conversation } = await api.messages.conversation(this.id);
    const pages = [await this.#list({})];
    for (let page = pages[0]; page.older && (page.items.at(-1)?.seq ?? 0) > first; pages.push(page)) {
      page = await api.messages.list(this.id, { before: Number(page.items.at(-1)?.seq), limit: 100 });
    }
    const last = /** @type {PageOfMessages} */ (pages.at(-1));
    batch(() => {
      this.changed(conversation);
      this.messages$.set([]);
      this.#ahead$.set([]);
      this.#begin({ ...pages[0], items: pages.flatMap(({ items }) => items), older: last.older });
    });
    this.#follow(pages[0]);
  }
}

/** @param {Conversation} conversation @returns {ReadonlyMap<string, number>} */
function marksOf({ members }) {
  return new Map(members.flatMap(({ person, read_seq }) => (read_seq === null ? [] : [[person.id, read_seq]])));
}

/** @param {Message} one @param {Message} message */
function answers(one, { id }) {
  return !one.deleted && one.reply_to?.id === id;
}

/** @param {Message} one @param {Message} answered as it is now @returns {Message} */
function withAnswered(one, answered) {
  if (one.deleted || !one.reply_to) return one;
  return { ...one, reply_to: answered.deleted ? null : { ...one.reply_to, excerpt: answered.excerpt } };
}

