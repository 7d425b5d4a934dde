// @ts-check
// Small whole things of the forum for tests; each can be given what matters to it.

/** @import { Board, Conversation, Found, FoundItem, FoundPost, LivingMessage, LivingPost, Message, PageOfMessages, Me, Person, Site, Thread, ThreadPage, Tombstone } from '../../js/types.js' */

/** @param {string} nickname @param {Partial<Person>} [more] @returns {Person} */
export function person(nickname, more = {}) {
  return { id: `u-${nickname}`, nickname, url: `/people/${nickname}`, initials: nickname[0], hue: 10, role: 'member', ...more };
}

/** @param {string} nickname @param {Partial<Me>} [more] @returns {Me} */
export function me(nickname, more = {}) {
  return {
    ...person(nickname), bio: '', bio_html: '', joined_at: time(0), last_seen_at: null, online: true, thread_count: 0, post_count: 0, likes_received: 0, claimed: true, version: 1,
    email: `${nickname}@x.test`, age: 30, age_stated_at: time(0), gender: null, first_name: null, last_name: null, groups: [],
    settings: { theme: 'auto', enter_sends: false, receipts: true, typing: true, messages_from: 'everyone' }, may: { moderate: false, administer: false }, ...more,
  };
}

/** @param {string} slug @param {Partial<Board>} [more] @returns {Board} */
export function board(slug, more = {}) {
  return {
    id: `b-${slug}`, slug, url: `/b/${slug}`, title: slug, hue: 1, description: '', preset: 'forum', position: 1, thread_count: 1, post_count: 1, last_thread: null,
    rights: { read: 'everyone', start: 'members', reply: 'members' }, policy: { version: 1, ordering: 'activity', slow_mode_seconds: 0 },
    may: { start: true, reply: true, moderate: false }, version: 1, ...more,
  };
}

/** @param {string} id @param {Partial<Thread>} [more] @returns {Thread} */
export function thread(id, more = {}) {
  return {
    id, url: `/threads/${id}/t`, board: board('talk'), title: `Thread ${id}`, author: person('ada'), excerpt: '', tags: [], pinned: false, locked: false, archived: false,
    created_at: time(0), bumped_at: time(0), reply_count: 0, view_count: 0, imported_likes: 0, faces: [],
    last_post: { id: 'p1', url: '/p/p1', author: person('ada'), created_at: time(0) }, version: 1, unread: null, ...more,
  };
}

/** @param {number} position @param {Partial<LivingPost>} [more] @returns {LivingPost} */
export function post(position, more = {}) {
  return {
    id: `p${position}`, url: `/p/p${position}`, thread_id: '7', position, author: person('ada'), html: `<p>${position}</p>`, excerpt: '', created_at: time(position), edited_at: null, edit_count: 0,
    reply_to: null, reactions: [], imported_likes: 0, deleted: false, version: 1, may: { edit: false, delete: false, react: true }, ...more,
  };
}

/** @param {number} position @param {Partial<Tombstone>} [more] @returns {Tombstone} */
export function tombstone(position, more = {}) {
  return { id: `p${position}`, url: `/p/p${position}`, thread_id: '7', position, deleted: true, deleted_at: time(99), by_author: true, version: 2, may: { restore: false }, ...more };
}

/** @param {number} from @param {number} to @param {{previous?: string | null, next?: string | null, total?: number}} [more] */
export function postsPage(from, to, { previous = null, next = null, total = to } = {}) {
  const items = Array.from({ length: to - from + 1 }, (_, at) => post(from + at));
  return { items, previous, next, total, page: Math.floor((from - 1) / 20) + 1, pages: Math.ceil(total / 20) };
}

/** @param {Partial<ThreadPage>} [more] @returns {ThreadPage} */
export function threadPage(more = {}) {
  return {
    thread: thread('7'), board: board('talk'), posts: postsPage(1, 3), mark: null,
    may: { reply: true, edit: false, lock: false, archive: false, pin: false, move: false, delete: false }, epoch: 'e1', stream: 'thread:7', seq: 10, ...more,
  };
}

/** @param {string} id @param {Partial<Conversation>} [more] @returns {Conversation} */
export function conversation(id, more = {}) {
  return {
    id, url: `/chat/${id}`, kind: 'direct', title: null, with: person('bob'), member_count: 2, last_message: null, unread: { count: 0, first_seq: null, first_at: null }, mark: 0,
    members: [{ person: person('ada'), role: 'member', read_seq: 0 }, { person: person('bob'), role: 'member', read_seq: 0 }], muted: false, request: false, blocked: false,
    may: { write: true, add: false, rename: false, remove: false, leave: false, hand_over: false }, created_at: time(0), bumped_at: time(0), version: 1, stream: `conversation:${id}`, seq: 0, ...more,
  };
}

/** @param {number} seq @param {Partial<LivingMessage>} [more] @returns {LivingMessage} */
export function message(seq, more = {}) {
  return {
    id: `m${seq}`, conversation_id: '5', seq, url: `/chat/5?message=${seq}`, author: person('bob'), html: `<p>${seq}</p>`, excerpt: String(seq), created_at: time(seq), edited_at: null, edit_count: 0,
    reply_to: null, reactions: [], deleted: false, version: seq, client_id: null, may: { edit: false, delete: false }, ...more,
  };
}

/** Newest first, as the API gives them. @param {readonly Message[]} messages the oldest first @param {Partial<PageOfMessages>} [more] @returns {PageOfMessages} */
export function messagesPage(messages, more = {}) {
  return { items: messages.toReversed(), older: false, newer: false, epoch: 'e1', stream: 'conversation:5', seq: messages.at(-1)?.seq ?? 0, ...more };
}

/** @param {number} id @param {Partial<FoundPost>} [more] @returns {FoundPost} */
export function foundPost(id, more = {}) {
  return {
    kind: 'post', id: String(id), url: `/threads/7/t#post-${id}`, position: id, opening: id === 1, author: person('ada'), at: time(id), excerpt: [{ text: `Words ${id}`, hit: false }], more_in_thread: 0,
    thread: { id: '7', url: '/threads/7/t', title: [{ text: 'Thread 7', hit: false }], board: board('talk'), tags: [], post_count: 9 }, ...more,
  };
}

/** @param {FoundItem[]} items @param {Partial<Found>} [more] @returns {Found} */
export function found(items, more = {}) {
  return {
    items, next: null, total: { count: items.length, at_least: false }, counts: { posts: items.length, messages: 0, people: 0, boards: 0, tags: 0 },
    understood: { words: [], filters: [], relaxed: false, problems: [] }, narrow: [], thread: null, indexing: null, ...more,
  };
}

/** @returns {Site} */
export function site() {
  return { name: 'Moot', tagline: '', setup_needed: false, registration: 'open', minimum_age: 13, version: '1', release: 'r', epoch: 'e1', telemetry_percent: 0 };
}

/** A moment, some minutes after the first. @param {number} minutes */
export function time(minutes) {
  return new Date(Date.UTC(2026, 10, 20, 12, minutes)).toISOString();
}

/** Lets all that is ready happen. */
export function settle() {
  return new Promise((done) => setImmediate(done));
}
