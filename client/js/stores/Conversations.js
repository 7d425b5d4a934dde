// @ts-check
// One's conversations by their last message, with what is unread in each: for the list, for the count on every page and
// for whoever is told of new messages.

import { batch, computed, observable } from '../utils/state.js';
import { withPerson } from './people.js';
/** @import { Api } from '../api/index.js' */
/** @import { Streams } from '../websocket/Streams.js' */
/** @import { Conversation, LivingMessage, Me, Message, Person } from '../types.js' */

/** So many conversations come at once. */
const PAGE = 50;
/** An unread count stops here, as the server's does. */
const MOST_UNREAD = 100;
/** Nothing is unread. */
export const ALL_READ = { count: 0, first_seq: null, first_at: null };

/** @typedef {{api: Api, streams: Streams, me: () => Me | null}} Parts */

export class Conversations {
  #parts;
  /** @type {string | null} */
  #account;
  #items$ = observable(/** @type {readonly Conversation[]} */ ([]));
  /** Unread messages in conversations that are not loaded. */
  #beyond$ = observable(0);
  /** @type {string | null} */
  #cursor = null;
  /** @type {Map<string, () => void>} */
  #following = new Map();
  /** Conversations that are being read; `true`: once more when that is done. @type {Map<string, boolean>} */
  #fetching = new Map();
  /** @type {Set<(message: LivingMessage, conversation: Conversation) => void>} */
  #listeners = new Set();

  /** By last message. */
  items$ = this.#items$.map((items) => items.toSorted((a, b) => (a.bumped_at < b.bumped_at ? 1 : a.bumped_at > b.bumped_at ? -1 : 0)));
  /** How many messages are unread, without muted conversations. */
  unread$ = computed([this.#items$, this.#beyond$], (items, beyond) => beyond + sumOf(items));
  state$ = observable(/** @type {'idle' | 'loading' | 'ready' | 'failed'} */ ('idle'));
  more$ = observable(/** @type {'idle' | 'loading' | 'end' | 'failed'} */ ('end'));

  /** @param {string | null} account @param {Parts} parts */
  constructor(account, parts) {
    this.#account = account;
    this.#parts = parts;
  }

  // Lifecycle

  /** Somebody else is signed in, or nobody. @param {string | null} account */
  serve(account) {
    this.#account = account;
    for (const stop of this.#following.values()) stop();
    this.#following.clear();
    this.#set([]);
    this.#beyond$.set(0);
    this.state$.set('idle');
    this.more$.set('end');
  }

  /** Reads the list, unless it is here or on its way. */
  async begin() {
    if (this.#account === null || ['loading', 'ready'].includes(this.state$.get())) return;
    const account = this.#account;
    this.state$.set('loading');
    try {
      const page = await this.#parts.api.messages.conversations({ limit: PAGE });
      if (account !== this.#account) return;
      batch(() => {
        this.#take(page.items, page.epoch);
        this.#beyond$.set(Math.max(0, page.unread.messages - sumOf(page.items)));
        this.#turn(page.next);
        this.state$.set('ready');
      });
    } catch {
      if (account === this.#account) this.state$.set('failed');
    }
  }

  // Actions

  /** @param {string} id */
  get(id) {
    return this.#items$.get().find((one) => one.id === id);
  }

  async loadMore() {
    if (this.#cursor === null || this.more$.get() === 'loading') return;
    const account = this.#account;
    this.more$.set('loading');
    try {
      const page = await this.#parts.api.messages.conversations({ limit: PAGE, cursor: this.#cursor });
      if (account !== this.#account) return;
      batch(() => {
        const before = sumOf(this.#items$.get());
        this.#take(page.items, page.epoch);
        this.#beyond$.update((beyond) => Math.max(0, beyond - (sumOf(this.#items$.get()) - before)));
        this.#turn(page.next);
      });
    } catch {
      if (account === this.#account) this.more$.set('failed');
    }
  }

  /** A conversation as the server has just told it. @param {Conversation} conversation @param {string} epoch */
  put(conversation, epoch) {
    const known = this.#parts.streams.cursor(conversation.stream);
    this.#take([conversation], epoch);
    // More has happened than it knows of.
    if (known !== undefined && known > conversation.seq) void this.refresh(conversation.id);
  }

  /** What is shown here was read up to a message: at once, before the server has heard of it. @param {string} id @param {number} seq */
  seen(id, seq) {
    const conversation = this.get(id);
    if (!conversation || seq <= conversation.mark) return;
    const all = seq >= (conversation.last_message?.seq ?? 0);
    this.#replace({ ...conversation, mark: seq, unread: all ? ALL_READ : conversation.unread });
  }

  /** Reads one of them again, or for the first time. @param {string} id */
  async refresh(id) {
    if (this.#fetching.has(id)) return void this.#fetching.set(id, true);
    const account = this.#account;
    this.#fetching.set(id, false);
    try {
      const { conversation, epoch } = await this.#parts.api.messages.conversation(id);
      if (account === this.#account && !this.#fetching.get(id)) this.put(conversation, epoch);
    } catch (error) {
      if (/** @type {any} */ (error).status === 404) this.left(id);
    } finally {
      const again = this.#fetching.get(id);
      this.#fetching.delete(id);
      if (again && account === this.#account) void this.refresh(id);
    }
  }

  /** Told of each message of somebody else in a conversation that is not muted. @param {(message: LivingMessage, conversation: Conversation) => void} listener @returns {() => void} */
  onMessage(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Events

  /** @param {LivingMessage} message */
  arrived(message) {
    const conversation = this.get(message.conversation_id);
    if (!conversation) return void this.refresh(message.conversation_id);
    if (message.seq <= conversation.seq) return undefined;
    const own = message.author.id === this.#account;
    const { count, first_seq, first_at } = conversation.unread;
    const unread = own || message.seq <= conversation.mark ? conversation.unread : { count: Math.min(MOST_UNREAD, count + 1), first_seq: first_seq ?? message.seq, first_at: first_at ?? message.created_at };
    const now = { ...conversation, last_message: message, unread, bumped_at: message.created_at, seq: message.seq };
    this.#replace(now);
    if (!own && !now.muted) for (const listener of this.#listeners) listener(message, now);
    return undefined;
  }

  /** @param {Message} message */
  rewritten(message) {
    const conversation = this.get(message.conversation_id);
    if (!conversation) return;
    if (conversation.last_message?.id === message.id) this.#replace({ ...conversation, last_message: message });
    // One less is unread; how many there are beyond what is counted only the server knows.
    if (message.deleted && message.seq > conversation.mark && message.author.id !== this.#account) void this.refresh(conversation.id);
  }

  /** Another tab or device has read on, muted or accepted it. @param {{conversation_id: string, seq: number, muted: boolean, request: boolean}} told */
  marked({ conversation_id: id, seq, muted, request }) {
    const conversation = this.get(id);
    if (!conversation || seq < (conversation.last_message?.seq ?? 0)) return void this.refresh(id);
    this.#replace({ ...conversation, muted, request });
    return this.seen(id, seq);
  }

  /** Something about all of them has changed, such as whom one has blocked. */
  again() {
    for (const { id, kind } of this.#items$.get()) if (kind === 'direct') void this.refresh(id);
  }

  /** @param {string} id */
  left(id) {
    this.#following.get(id)?.();
    this.#following.delete(id);
    this.#set(this.#items$.get().filter((one) => one.id !== id));
  }

  /** @param {Person} person */
  personChanged(person) {
    this.#set(withPerson(this.#items$.get(), person));
  }

  // Internal

  /** @param {readonly Conversation[]} items @param {string} epoch */
  #take(items, epoch) {
    const all = new Map(this.#items$.get().map((one) => [one.id, one]));
    for (const item of items) all.set(item.id, item);
    this.#set([...all.values()]);
    for (const { id, stream, seq } of items) {
      if (!this.#following.has(id)) this.#following.set(id, this.#parts.streams.follow({ epoch, stream, seq }, { reload: () => this.#reload(id), revoked: () => this.left(id) }));
    }
  }

  /** Follows anew: there may be gaps. @param {string} id */
  async #reload(id) {
    const { conversation, epoch } = await this.#parts.api.messages.conversation(id);
    this.#following.get(id)?.();
    this.#following.delete(id);
    this.#take([conversation], epoch);
  }

  /** @param {string | null} next */
  #turn(next) {
    this.#cursor = next;
    this.more$.set(next === null ? 'end' : 'idle');
  }

  /** @param {Conversation} conversation */
  #replace(conversation) {
    this.#set(this.#items$.get().map((one) => (one.id === conversation.id ? conversation : one)));
  }

  /** @param {readonly Conversation[]} items */
  #set(items) {
    this.#items$.set(items);
  }
}

/** @param {readonly Conversation[]} items */
function sumOf(items) {
  return items.reduce((sum, { muted, unread }) => sum + (muted ? 0 : unread.count), 0);
}
