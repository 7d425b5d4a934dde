// @ts-check
// The stores that are on screen, for events to find them.

/** @import { Boards } from './Boards.js' */
/** @import { Conversations } from './Conversations.js' */
/** @import { ConversationStore } from './ConversationStore.js' */
/** @import { Session } from './Session.js' */
/** @import { ThreadList } from './ThreadList.js' */
/** @import { ThreadStore } from './ThreadStore.js' */
/** @import { Person } from '../types.js' */

/** @typedef {{thread_id: string, position: number, post_id: string}} Mark how far a thread was read */

export class Live {
  #session;
  #boards;
  /** @type {Set<ThreadList>} */
  #lists = new Set();
  /** @type {Set<ThreadStore>} */
  #threads = new Set();
  /** The conversations that are open. @type {Set<ConversationStore>} */
  #open = new Set();
  /** All of one's conversations. */
  conversations;
  /** Hears who comes and goes. @type {(personId: string, online: boolean, lastSeen: string | null) => void} */
  onPresence = () => {};

  /** @param {Session} session @param {Boards} boards @param {Conversations} conversations */
  constructor(session, boards, conversations) {
    this.conversations = conversations;
    this.#session = session;
    this.#boards = boards;
  }

  /** @param {ThreadList} list @returns {() => void} */
  addList(list) {
    this.#lists.add(list);
    return () => this.#lists.delete(list);
  }

  /** @param {ThreadStore} thread @returns {() => void} */
  addThread(thread) {
    this.#threads.add(thread);
    return () => this.#threads.delete(thread);
  }

  /** @param {ConversationStore} conversation @returns {() => void} */
  addConversation(conversation) {
    this.#open.add(conversation);
    return () => this.#open.delete(conversation);
  }

  /** @param {string | null} id `null`: all that are open @param {(conversation: ConversationStore) => void} tell */
  eachConversation(id, tell) {
    for (const conversation of this.#open) if (id === null || conversation.id === id) tell(conversation);
  }

  /** The lists that follow a board's stream. @param {string} stream @param {(list: ThreadList) => void} tell */
  eachList(stream, tell) {
    for (const list of this.#lists) if (list.follows(stream)) tell(list);
  }

  /** @param {string} id @param {(thread: ThreadStore) => void} tell */
  eachThread(id, tell) {
    for (const thread of this.#threads) if (thread.id === id) tell(thread);
  }

  /** @param {Mark} mark */
  read(mark) {
    for (const list of this.#lists) list.read(mark);
    this.eachThread(mark.thread_id, (thread) => thread.marked(mark));
  }

  /** Tells the server how far what is on screen was read. */
  tellMarks() {
    for (const store of [...this.#threads, ...this.#open]) store.tellMark();
  }

  /** Everything until now counts as read. */
  allRead() {
    for (const list of this.#lists) list.allRead();
  }

  /** @param {Person} person */
  personChanged(person) {
    for (const list of this.#lists) list.personChanged(person);
    for (const store of [this.conversations, ...this.#threads, ...this.#open]) store.personChanged(person);
    if (person.id === this.#session.me$.get()?.id) void this.#session.refresh().catch(() => {}); // the next page says it
  }

  boardChanged() {
    this.#boards.changed();
  }

  siteChanged() {
    void this.#session.reloadSite().catch(() => {}); // the next page says it
  }
}
