// @ts-check
// A thread on screen: a run of its posts that grows both ways and lives.

import { pageOf } from '../utils/pages.js';
import { batch, computed, observable, observableList } from '../utils/state.js';
import { Loader } from './Loader.js';
import { withPerson } from './people.js';
import { merged, ownReactions, personal, toggled, withMine } from './posts.js';
import { ReadMark } from './ReadMark.js';
/** @import { Api } from '../api/index.js' */
/** @import { ThreadChange } from '../api/threads.js' */
/** @import { Outbox } from '../outbox/Outbox.js' */
/** @import { Streams } from '../websocket/Streams.js' */
/** @import { Live, Mark } from './Live.js' */
/** @import { Notices } from './Notices.js' */
/** @import { Tally } from './posts.js' */
/** @import { LivingPost, Me, PageOfPosts, Person, Post, Snapshot, Thread, ThreadPage } from '../types.js' */

/**
 * @typedef {object} Parts
 * @property {Api} api
 * @property {Streams} streams
 * @property {Live} live
 * @property {Outbox} outbox
 * @property {Notices} notices
 * @property {() => Me | null} me
 * @property {() => void} revoked called when the thread is no longer ours to read
 */

export class ThreadStore {
  id;
  #parts;
  #page;
  #older;
  #newer;
  #mark;
  /** Posts that came live while the end was not loaded. */
  #ahead = observableList(/** @type {Post[]} */ ([]));
  /** Our own emoji by post. @type {Map<string, Set<string>>} */
  #mine = new Map();
  /** Reactions of ours on their way, by post. @type {Map<string, Promise<void>>} */
  #reacting = new Map();
  /** What was told of a post's reactions meanwhile. @type {Map<string, {reactions: Tally[], version: number}>} */
  #held = new Map();
  /** @type {(() => void)[]} */
  #endings = [];
  #stopFollowing = () => {};
  #follower;

  thread$;
  board$;
  /** The loaded posts by position. */
  posts$;
  /** The highest position there is. */
  total$;
  may$;
  deleted$ = observable(false);
  older$;
  newer$;
  mark$;
  /** New posts below what is loaded. */
  arrived$ = this.#ahead.map((posts) => posts.length);
  /** Our replies that are on their way. */
  pending$;

  /** @param {ThreadPage} page @param {Parts} parts */
  constructor(page, parts) {
    const { thread, board, posts, may } = page;
    this.id = thread.id;
    this.#parts = parts;
    this.#follower = { reload: () => this.#reload(), revoked: parts.revoked };
    this.#page = page;
    this.thread$ = observable(thread);
    this.board$ = observable(board);
    this.posts$ = observableList(/** @type {readonly Post[]} */ ([]));
    this.total$ = observable(posts.total);
    this.may$ = computed([this.thread$, this.board$], (now, { may: there }) => ({ ...may, reply: there.reply && !now.archived && (!now.locked || there.moderate) }));
    this.#older = new Loader(posts.previous, (cursor, signal) => this.#list({ cursor, signal }), (more) => (this.#take(more), more.previous));
    this.#newer = new Loader(posts.next, (cursor, signal) => this.#list({ cursor, signal }), (more) => (this.#take(more), this.#reached(more.next)));
    this.older$ = this.#older.state$;
    this.newer$ = this.#newer.state$;
    this.#mark = new ReadMark(page.mark, (post) => parts.api.threads.read(this.id, post.post_id));
    this.mark$ = this.#mark.mark$;
    this.pending$ = parts.outbox.at(`thread:${this.id}`);
    this.#take(posts);
    this.#follow(page);
    this.#endings.push(parts.live.addThread(this), parts.outbox.onSent((item, { post }) => post && item.place === `thread:${this.id}` && this.arrivedOwn(post)));
  }

  // Actions

  loadOlder() {
    return this.#older.more();
  }

  loadNewer() {
    return this.#newer.more();
  }

  /** Shows another part of the thread instead. @param {{page?: number, post?: string}} where */
  async jumpTo(where) {
    const page = await this.#list(where);
    this.posts$.set([]);
    this.#take(page);
    this.#older.restart(page.previous);
    this.#newer.restart(this.#reached(page.next));
  }

  /** @param {string} body @param {string} [replyTo] id of the post that is answered */
  reply(body, replyTo) {
    return this.#parts.outbox.add({ kind: 'reply', place: `thread:${this.id}`, body, ...(replyTo ? { reply_to: replyTo } : {}) });
  }

  /** Refused with `edited_meanwhile` when somebody was faster. @param {{id: string, version: number}} post @param {string} body */
  async edit({ id, version }, body) {
    const answer = await this.#parts.api.posts.edit(id, { body, version });
    this.#put([answer.post]);
  }

  /** @param {Post} post */
  async remove(post) {
    await this.#parts.api.posts.remove(post.id);
    const { id, url, thread_id, position, version } = post;
    const by_author = !post.deleted && post.author.id === this.#parts.me()?.id;
    // The real one follows on the stream, with a higher version.
    this.#put([{ id, url, thread_id, position, deleted: true, deleted_at: new Date().toISOString(), by_author, version, may: { restore: true } }]);
  }

  /** @param {Post} post */
  async restore(post) {
    this.#put([(await this.#parts.api.posts.restore(post.id)).post]);
  }

  /** @param {ThreadChange} change */
  async change(change) {
    this.changed((await this.#parts.api.threads.change(this.id, { version: this.thread$.get().version, ...change })).thread);
  }

  /** Puts our reaction there or takes it away: at once, and undone if the server refuses. @param {LivingPost} post @param {string} emoji */
  async react({ id }, emoji) {
    const mine = this.#mineOf(id);
    const on = !mine.has(emoji);
    this.#setReaction(id, emoji, on);
    const { react, unreact } = this.#parts.api.posts;
    // One after the other, so that the last click stands.
    const sending = (this.#reacting.get(id) ?? Promise.resolve()).then(() => (on ? react : unreact)(id, emoji)).then(() => {}, () => {
      this.#setReaction(id, emoji, !on);
      this.#parts.notices.say('Your reaction did not reach the server.', { kind: 'error' });
    });
    this.#reacting.set(id, sending);
    await sending;
    if (this.#reacting.get(id) !== sending) return;
    this.#reacting.delete(id);
    const held = this.#held.get(id);
    this.#held.delete(id);
    if (held) this.reacted({ id, ...held });
  }

  /** The end of this post was on screen. @param {Post} post */
  seen({ id, position }) {
    if (this.#parts.me()) this.#mark.seen({ post_id: id, position });
  }

  /** Tells at once how far one has read. */
  tellMark() {
    this.#mark.end();
  }

  /** What is shown, in the form it came in, for the way back. @returns {ThreadPage} */
  snapshot() {
    const items = [...this.posts$.get()];
    const { posts, stream, seq } = this.#page;
    return {
      ...this.#page,
      thread: this.thread$.get(),
      board: this.board$.get(),
      mark: this.mark$.get(),
      seq: this.#parts.streams.cursor(stream) ?? seq,
      posts: { ...posts, items, previous: this.#older.cursor, next: this.#newer.cursor, total: this.total$.get(), page: pageOf(items[0]?.position ?? 1) },
    };
  }

  end() {
    this.#older.end();
    this.#newer.end();
    this.#mark.end();
    this.#stopFollowing();
    for (const ending of this.#endings) ending();
  }

  // Events

  /** @param {any} told */
  arrived(told) {
    const post = this.#personal(told);
    this.#count(post);
    if (this.newer$.get() === 'end') this.#put([post]);
    else if (!this.#has(post.id)) this.#ahead.set(merged(this.#ahead.get(), [post]));
  }

  /** @param {LivingPost} post */
  arrivedOwn(post) {
    this.#count(post);
    if (this.newer$.get() === 'end') this.#put([post]);
    else void this.jumpTo({ post: post.id }).catch(() => this.#ahead.set(merged(this.#ahead.get(), [post])));
  }

  /** @param {any} told */
  rewritten(told) {
    if (this.#has(told.id)) this.#put([this.#personal(told)]);
    else this.#ahead.replace(({ id }) => id === told.id, () => this.#personal(told));
  }

  /** @param {{id: string, reactions: Tally[], version: number}} told */
  reacted({ id, reactions, version }) {
    if (this.#reacting.has(id)) return void this.#held.set(id, { reactions, version });
    return this.posts$.replace((post) => post.id === id && !post.deleted && version >= post.version, (post) => (
      /** @type {LivingPost} */ ({ ...post, version, reactions: withMine(reactions, this.#mineOf(id)) })
    ));
  }

  /** @param {Thread} thread */
  changed(thread) {
    const now = this.thread$.get();
    if (thread.version < now.version) return;
    this.deleted$.set(false);
    this.thread$.set({ ...thread, unread: now.unread });
    if (thread.board.id !== this.board$.get().id) void this.#moved(thread.board.slug);
  }

  deleted() {
    this.deleted$.set(true);
    this.#mark.forget();
  }

  /** What is shown may have gaps, or was not told whole. */
  reload() {
    this.#parts.streams.reread(this.#follower);
  }

  /** @param {Mark} mark */
  marked(mark) {
    this.#mark.told(mark);
  }

  /** @param {Person} person */
  personChanged(person) {
    this.thread$.update((thread) => withPerson(thread, person));
    this.posts$.update((posts) => withPerson(posts, person));
  }

  // Internal

  /** @param {{cursor?: string, page?: number, post?: string, signal?: AbortSignal}} where */
  #list(where) {
    return this.#parts.api.comments.list(this.id, where);
  }

  /** @param {PageOfPosts} page */
  #take(page) {
    for (const post of page.items) if (!post.deleted) this.#mine.set(post.id, ownReactions(post));
    this.total$.update((total) => Math.max(total, page.total));
    this.#put(page.items);
  }

  /** @param {readonly Post[]} posts */
  #put(posts) {
    this.posts$.set(merged(this.posts$.get(), posts));
  }

  /** At the end of the thread what came live meanwhile joins the rest. @param {string | null} next */
  #reached(next) {
    if (next === null) {
      this.#put(this.#ahead.get());
      this.#ahead.set([]);
    }
    return next;
  }

  /** @param {Post} post */
  #count(post) {
    if (post.position <= this.total$.get()) return;
    this.total$.set(post.position);
    if (post.deleted) return;
    const { id, url, author, created_at } = post;
    this.thread$.update((thread) => ({ ...thread, reply_count: thread.reply_count + 1, bumped_at: created_at, last_post: { id, url, author, created_at } }));
  }

  /** @param {any} told @returns {Post} */
  #personal(told) {
    const me = this.#parts.me();
    const known = this.posts$.get().find(({ id }) => id === told.id);
    const wasMine = Boolean(known && (known.deleted ? known.may.restore : known.author.id === me?.id));
    const moderates = this.board$.get().may.moderate;
    return personal(told, { mine: this.#mineOf(told.id), wasMine }, { me, moderates, reacts: me !== null && this.board$.get().may.reply });
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
    this.posts$.replace((post) => post.id === id && !post.deleted, (post) => (
      post.deleted ? post : { ...post, reactions: toggled(post.reactions, emoji, on) }
    ));
  }

  /** @param {string} id */
  #has(id) {
    return this.posts$.get().some((post) => post.id === id);
  }

  /** @param {Snapshot} snapshot */
  #follow(snapshot) {
    this.#stopFollowing();
    this.#stopFollowing = this.#parts.streams.follow(snapshot, this.#follower);
  }

  /** Reads everything that is shown again, from its first page on. */
  async #reload() {
    const shown = this.posts$.get();
    const [first, last] = [shown.at(0), shown.at(-1)];
    const head = await this.#parts.api.threads.get(this.id, { page: pageOf(first?.position ?? 1) });
    const pages = [head.posts];
    for (let { next } = head.posts; next !== null && (pages.at(-1)?.items.at(-1)?.position ?? 0) < (last?.position ?? 0);) {
      const page = await this.#list({ cursor: next });
      pages.push(page);
      next = page.next;
    }
    // In one step: what is on screen stays there, with its focus and its place.
    batch(() => {
      this.board$.set(head.board);
      this.thread$.set(head.thread);
      this.posts$.set([]);
      for (const page of pages) this.#take(page);
      this.#ahead.set([]);
      this.#older.restart(head.posts.previous);
      this.#newer.restart(/** @type {PageOfPosts} */ (pages.at(-1)).next);
    });
    this.#follow(head);
  }

  /** @param {string} slug */
  async #moved(slug) {
    this.board$.set((await this.#parts.api.boards.get(slug)).board);
  }
}
