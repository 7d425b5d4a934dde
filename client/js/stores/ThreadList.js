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
 * @typedef {Page<Thread> & Partial<Snapshot>} ListPage with a snapshot where one stream tells of all its rows
 * @typedef {{more: (cursor: string, signal: AbortSignal) => Promise<ListPage>, reload: (signal: AbortSignal) => Promise<ListPage>}} Sources
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
  #stopFollowing = () => {};
  #controller = new AbortController();
  #leaveLive;

  items$;
  more$;
  /** How many new threads wait to be shown. */
  fresh$ = this.#waiting.map((threads) => threads.length);

  /**
   * @param {ListPage} page the first, or all that was loaded before
   * @param {Sources} sources
   * @param {{streams: Streams, live: Live, known: Known, me: () => string | null}} parts
   */
  constructor(page, sources, { streams, live, known, me }) {
    this.#page = page;
    this.#sources = sources;
    this.#streams = streams;
    this.#known = known;
    this.#me = me;
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
    const { stream } = this.#page;
    const seq = stream === undefined ? undefined : this.#streams.cursor(stream);
    const items = this.items$.get().filter((row) => !row.gone);
    return { ...this.#page, items, next: this.#loader.cursor, ...(seq === undefined ? {} : { seq }) };
  }

  end() {
    this.#controller.abort();
    this.#loader.end();
    this.#stopFollowing();
    this.#leaveLive();
  }

  // Events

  /** @param {string} stream */
  follows(stream) {
    return this.#page.stream === stream;
  }

  /** @param {Thread} thread */
  opened(thread) {
    if (this.#has(thread.id)) this.changed(thread);
    else this.#waiting.insert(0, [{ ...thread, unread: null }]);
  }

  /** Title, tags, pin, lock, place: by version, so that a late one cannot undo a newer one. @param {Thread} thread */
  changed(thread) {
    if (!this.#has(thread.id)) return void this.#waiting.insert(0, [{ ...thread, unread: null }]);
    return this.#change(thread.id, (row) => (thread.version < row.version ? row : { ...thread, unread: row.unread }));
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

  /** @param {string} id */
  left(id) {
    this.#waiting.remove((row) => row.id === id);
    this.items$.replace((row) => row.id === id, (row) => ({ ...row, gone: true }));
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
  #follow({ epoch, stream, seq }) {
    if (epoch === undefined || stream === undefined || seq === undefined) return;
    const reload = () => void this.#reload().catch(() => {}); // tried again with the next connection
    this.#stopFollowing();
    this.#stopFollowing = this.#streams.follow({ epoch, stream, seq }, { reload, revoked: reload });
  }

  /** Reads the first page again: rows we have change where they stand, the others wait. */
  async #reload() {
    const page = await this.#sources.reload(this.#controller.signal);
    for (const thread of page.items.toReversed()) {
      if (this.#has(thread.id)) this.#change(thread.id, () => thread);
      else this.opened(thread);
    }
    this.#follow(page);
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
