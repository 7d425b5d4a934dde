// @ts-check
// The threads with posts one has not read: for the marks on every page, in the title and on the icon of the window. It
// keeps the threads with the latest activity, as home would show them, and follows their boards.

import { observable } from '../utils/state.js';
/** @import { Readable } from '../utils/state.js' */
/** @import { ListPage, Row, Sources, ThreadList } from './ThreadList.js' */

/**
 * @typedef {object} Parts
 * @property {(signal?: AbortSignal) => Promise<ListPage>} read the threads with the latest activity
 * @property {(page: ListPage, sources: Sources, revoked: () => void) => ThreadList} open
 */

export class Unread {
  #parts;
  /** Whose they are; guests have none. @type {string | null} */
  #account;
  /** @type {ThreadList | null} */
  #list = null;
  #reading = false;
  /** @type {(() => void)[]} */
  #endings = [];
  #rows$ = observable(/** @type {readonly Row[]} */ ([]));

  /** How many threads have something new. @type {Readable<number>} */
  count$;
  /** The ids of the boards where they are. @type {Readable<ReadonlySet<string>>} */
  boards$;

  /** @param {string | null} account @param {Parts} parts */
  constructor(account, parts) {
    this.#account = account;
    this.#parts = parts;
    const unread$ = this.#rows$.map((rows) => rows.filter((row) => !row.gone && (row.unread?.count ?? 0) > 0));
    this.count$ = unread$.map((rows) => rows.length);
    this.boards$ = unread$.map((rows) => new Set(rows.map((row) => row.board.id)));
  }

  /** Somebody else is signed in, or nobody. @param {string | null} account */
  serve(account) {
    this.#account = account;
    this.#end();
  }

  /** Begins to follow, unless that is so already: there is a connection. */
  async begin() {
    if (this.#account === null || this.#list || this.#reading) return;
    const account = this.#account;
    this.#reading = true;
    try {
      const page = await this.#parts.read();
      if (account === this.#account) this.#take(page);
    } catch {
      // Without an answer there are no marks until the next connection.
    } finally {
      this.#reading = false;
    }
  }

  // Internal

  /** @param {ListPage} page */
  #take(page) {
    const { read, open } = this.#parts;
    const list = open({ ...page, next: null }, { more: () => read(), reload: read }, () => {
      this.#end();
      void this.begin();
    });
    this.#list = list;
    this.#endings = [
      list.fresh$.subscribe((fresh) => fresh > 0 && list.showFresh()),
      list.items$.subscribe((rows) => this.#rows$.set(rows)),
      () => list.end(),
    ];
    this.#rows$.set(list.items$.get());
  }

  #end() {
    for (const end of this.#endings) end();
    this.#endings = [];
    this.#list = null;
    this.#rows$.set([]);
  }
}
