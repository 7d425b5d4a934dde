// @ts-check
// A list of threads that never moves by itself: rows change where they stand, new threads wait
// until they are asked for.

import { observableList } from '../utils/state.js';
import { Loader } from './Loader.js';
import { withPerson } from './people.js';
/** @import { Known } from './Known.js' */
/** @import { Live, Mark } from './Live.js' */
/** @import { Streams } from '../websocket/Streams.js' */
/** @import { Page, Person, Snapshot, Thread } from '../types.js' */

/**
 * @typedef {Thread & {gone?: boolean}} Row `gone`: deleted, or no longer in this place
 * @typedef {Page<Thread> & Partial<Snapshot> & {streams?: Record<string, number>}} ListPage with the stream that tells of its rows, or all of them
 * @typedef {object} Sources
 * @property {(cursor: string, signal: AbortSignal) => Promise<ListPage>} more
 * @property {(signal: AbortSignal) => Promise<ListPage>} reload its first page
 * @property {(thread: Thread) => boolean} [accepts] whether a thread of these boards belongs into the list
 * @typedef {{id: string, reply_count: number, bumped_at: string, last_post: Thread['last_post'], version: number}} Bump
 */

export class ThreadList {
  #page;
  #sources;
  #streams;
  #known;
  #me;
  #loader;
  #waiting = observableList(/** @type {Row[]} */ ([]));
  /** Ends the following of each stream. @type {Map<string, () => void>} */
  #following = new Map();
  #controller = new AbortController();
  #leaveLive;
  /** One for all streams: they are read again together. */
  #follower;

  items$;
  more$;
  /** How many new threads wait to be shown. */
  fresh$ = this.#waiting.map((threads) => threads.length);

  /**
   * @param {ListPage} page the first, or all that was loaded before
   * @param {Sources} sources
   * @param {{streams: Streams, live: Live, known: Known, me: () => string | null, revoked: () => void}} parts
   */
  constructor(page, sources, { streams, live, known, me, revoked }) {
    this.#page = page;
    this.#sources = sources;
    this.#streams = streams;
    this.#known = known;
    this.#me = me;
    this.#follower = { reload: () => this.#reload(), revoked, fleeting: true };
    this.items$ = observableList(/** @type {readonly Row[]} */ (page.items));
    this.#loader = new Loader(page.next, sources.more, (next) => this.#append(next));
    this.more$ = this.#loader.state$;
    this.#leaveLive = live.addList(this);
    known.note(page.items);
    this.#follow(page);
  }

  // Actions

  loadMore() {
    return this.#loader.more();
  }

  /** Puts the new threads on top, below the pinned ones. */
  showFresh() {
    const fresh = this.#waiting.get();
    this.#waiting.set([]);
    const rows = this.items$.get().filter((row) => !row.gone && !fresh.some(({ id }) => id === row.id));
    const top = rows.findIndex((row) => !row.pinned);
    this.items$.set(rows.toSpliced(top < 0 ? rows.length : top, 0, ...fresh));
  }

  /** What is shown, in the form it came in, for the way back. @returns {ListPage} */
  snapshot() {
    const { stream, seq, streams } = this.#page;
    const now = (/** @type {string} */ name, /** @type {number} */ before) => this.#streams.cursor(name) ?? before;
    const page = { ...this.#page, items: this.items$.get().filter((row) => !row.gone), next: this.#loader.cursor };
    if (streams) page.streams = Object.fromEntries(Object.entries(streams).map(([name, before]) => [name, now(name, before)]));
    if (stream !== undefined && seq !== undefined) page.seq = now(stream, seq);
    return page;
  }

  end() {
    this.#controller.abort();
    this.#loader.end();
    this.#unfollow();
    this.#leaveLive();
  }

  // Events

  /** @param {string} stream */
  follows(stream) {
    return this.#following.has(stream);
  }

  /** New here: just opened, moved in, or restored. @param {Thread} thread */
  opened(thread) {
    if (this.#has(thread.id)) this.changed(thread);
    else if (this.#sources.accepts?.(thread) ?? true) this.#waiting.insert(0, [{ ...thread, unread: this.#unreadOf(thread) }]);
  }

  /** Title, tags, pin, lock, place: by version, so that a late one cannot undo a newer one. @param {Thread} thread */
  changed(thread) {
    this.#change(thread.id, (row) => (thread.version < row.version ? row : { ...row, ...thread, unread: row.unread, gone: false }));
  }

  /** Replies in a thread: counts and times, where the row stands. @param {Bump} bump */
  bumped(bump) {
    this.#change(bump.id, (row) => {
      const more = bump.reply_count - row.reply_count;
      if (bump.version < row.version || (bump.version === row.version && bump.bumped_at < row.bumped_at)) return row;
      const others = bump.last_post.author.id !== this.#me();
      const unread = row.unread && others && more > 0 ? { ...row.unread, count: row.unread.count + more } : row.unread;
      return { ...row, ...bump, unread };
    });
  }

  /** Deleted, or gone from this board; one that has already come to another board of this list stays. @param {string} id @param {string} stream */
  left(id, stream) {
    const isHere = (/** @type {Row} */ row) => row.id === id && `board:${row.board.id}` === stream;
    this.#waiting.remove(isHere);
    this.items$.replace(isHere, (row) => ({ ...row, gone: true }));
  }

  /** @param {Mark} mark */
  read({ thread_id: id, position }) {
    this.#change(id, (row) => {
      const count = Math.max(0, row.reply_count + 1 - position);
      return { ...row, unread: { count, first: count === 0 ? null : (row.unread?.first ?? null) } };
    });
  }

  allRead() {
    this.items$.replace((row) => (row.unread?.count ?? 0) > 0, (row) => ({ ...row, unread: { count: 0, first: null } }));
  }

  /** @param {Person} person */
  personChanged(person) {
    this.items$.update((rows) => withPerson(rows, person));
    this.#waiting.update((rows) => withPerson(rows, person));
  }

  // Internal

  /** @param {ListPage} page @returns {string | null} */
  #append(page) {
    this.items$.append(page.items.filter(({ id }) => !this.items$.get().some((row) => row.id === id)));
    this.#waiting.remove((row) => this.items$.get().some(({ id }) => id === row.id));
    this.#known.note(page.items);
    return page.next;
  }

  /** @param {ListPage} page */
  #follow({ epoch, stream, seq, streams = {} }) {
    this.#unfollow();
    if (epoch === undefined || stream === undefined || seq === undefined) return;
    for (const [name, at] of Object.entries({ [stream]: seq, ...streams })) {
      this.#following.set(name, this.#streams.follow({ epoch, stream: name, seq: at }, this.#follower));
    }
  }

  #unfollow() {
    for (const stop of this.#following.values()) stop();
    this.#following.clear();
  }

  /** Reads the first page again: rows we have change where they stand, and what was opened meanwhile waits. */
  async #reload() {
    const page = await this.#sources.reload(this.#controller.signal);
    const last = [...this.items$.get(), ...this.#waiting.get()].reduce((latest, { bumped_at: at }) => (at > latest ? at : latest), '');
    for (const thread of page.items.toReversed()) {
      if (this.#has(thread.id)) this.#change(thread.id, () => thread);
      else if (thread.created_at > last) this.opened(thread);
    }
    this.#follow(page);
  }

  /** What is unread in a thread as everybody is told of it: all of what somebody else has just begun. @param {Thread} thread @returns {Thread['unread']} */
  #unreadOf({ author, reply_count: replies }) {
    const me = this.#me();
    if (me === null || replies > 0) return null; // one that came from elsewhere: the server says it with the next reading
    return { count: author.id === me ? 0 : 1, first: null };
  }

  /** @param {string} id */
  #has(id) {
    return [...this.items$.get(), ...this.#waiting.get()].some((row) => row.id === id);
  }

  /** @param {string} id @param {(row: Row) => Row} change */
  #change(id, change) {
    this.items$.replace((row) => row.id === id, change);
    this.#waiting.replace((row) => row.id === id, change);
  }
}
