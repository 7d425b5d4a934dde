// @ts-check
// Private conversations and what is written in them.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { Conversation, ConversationList, FoundMessages, LivingMessage, MemberRole, MessageBefore, Page, PageOfMessages, Person, Snapshot } from '../types.js' */

/** @typedef {{before?: number, after?: number, around?: number, at?: string, limit?: number, offset?: number, signal?: AbortSignal}} Where at most one of `before`, `after`, `around`, `at` (a time) and `offset` */

/** @param {Client} client */
export function messagesApi(client) {
  const list = (/** @type {string} */ id, /** @type {Where} */ { signal, limit = 10, ...where } = {}) => (
    /** @type {Promise<PageOfMessages>} */ (client.get(path`/api/conversations/${id}/messages`, { query: { limit, ...where }, signal }))
  );
  return {
    /** By last message. @param {{cursor?: string | null, limit?: number, signal?: AbortSignal}} [options] @returns {Promise<ConversationList>} */
    conversations: ({ signal, ...query } = {}) => client.get('/api/conversations', { query, signal }),
    /** One member and no title: the conversation of two, also where it is there already. @param {{members: string[], title?: string, client_id?: string}} who @returns {Promise<{conversation: Conversation}>} */
    begin: (who) => client.send('POST', '/api/conversations', who),
    /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<{conversation: Conversation} & Snapshot>} */
    conversation: (id, signal) => client.get(path`/api/conversations/${id}`, { signal }),
    /** @param {string} id @param {{title: string, version?: number}} change @returns {Promise<{conversation: Conversation}>} */
    rename: (id, change) => client.send('PATCH', path`/api/conversations/${id}`, change),
    list,
    /** Messages after the `offset` newest ones. @param {string} id of the conversation @param {number} [limit] @param {number} [offset] @param {AbortSignal} [signal] */
    getConversation: (id, limit = 10, offset = 0, signal) => list(id, { limit, offset, signal }),
    /** A `client_id` that is known already answers what was made of it then. @param {string} id @param {{body: string, client_id: string, reply_to?: string}} message @returns {Promise<{message: LivingMessage}>} */
    send: (id, message) => client.send('POST', path`/api/conversations/${id}/messages`, message),
    /** With its source, for an editor. @param {string} id @param {AbortSignal} [signal] @returns {Promise<{message: LivingMessage, body: string}>} */
    get: (id, signal) => client.get(path`/api/messages/${id}`, { signal }),
    /** Refused with 409 `edited_meanwhile` when `version` is not the newest. @param {string} id @param {{body: string, version: number}} change @returns {Promise<{message: LivingMessage}>} */
    edit: (id, change) => client.send('PATCH', path`/api/messages/${id}`, change),
    /** @param {string} id @returns {Promise<null>} */
    remove: (id) => client.send('DELETE', path`/api/messages/${id}`),
    /** @param {string} id @param {string} emoji @returns {Promise<null>} */
    react: (id, emoji) => client.send('PUT', path`/api/messages/${id}/reactions/${emoji}`),
    /** @param {string} id @param {string} emoji @returns {Promise<null>} */
    unreact: (id, emoji) => client.send('DELETE', path`/api/messages/${id}/reactions/${emoji}`),
    /** @param {string} id @param {number} seq @returns {Promise<null>} */
    read: (id, seq) => client.send('POST', path`/api/conversations/${id}/read`, { seq }),
    /** @param {string} id @param {string[]} nicknames @param {'now' | 'all'} history from when on they may read @returns {Promise<{conversation: Conversation}>} */
    add: (id, nicknames, history) => client.send('POST', path`/api/conversations/${id}/members`, { nicknames, history }),
    /** @param {string} id @param {string} nickname @param {MemberRole} role @returns {Promise<null>} */
    setRole: (id, nickname, role) => client.send('PATCH', path`/api/conversations/${id}/members/${nickname}`, { role }),
    /** Oneself: leaving. @param {string} id @param {string} nickname @returns {Promise<null>} */
    removeMember: (id, nickname) => client.send('DELETE', path`/api/conversations/${id}/members/${nickname}`),
    /** @param {string} id @param {boolean} on @returns {Promise<null>} */
    mute: (id, on) => client.send(on ? 'PUT' : 'DELETE', path`/api/conversations/${id}/mute`),
    /** A stranger may write from now on. @param {string} id @returns {Promise<null>} */
    accept: (id) => client.send('POST', path`/api/conversations/${id}/accept`),
    /** @param {AbortSignal} [signal] @returns {Promise<{items: Person[]}>} */
    blocks: (signal) => client.get('/api/me/blocks', { signal }),
    /** @param {string} nickname @param {boolean} on @returns {Promise<null>} */
    block: (nickname, on) => client.send(on ? 'PUT' : 'DELETE', path`/api/me/blocks/${nickname}`),
    /** @param {string} id @param {{q: string, cursor?: string | null, signal?: AbortSignal}} options @returns {Promise<Page<LivingMessage>>} */
    search: (id, { signal, ...query }) => client.get(path`/api/conversations/${id}/search`, { query, signal }),
    /** In all of one's conversations. @param {{q: string, cursor?: string | null, signal?: AbortSignal}} options @returns {Promise<FoundMessages>} */
    searchAll: ({ signal, ...query }) => client.get('/api/conversations/search', { query, signal }),
    /** What edits replaced, the oldest first. @param {string} id @param {{cursor?: string | null, signal?: AbortSignal}} options @returns {Promise<Page<MessageBefore>>} */
    edits: (id, { signal, ...query }) => client.get(path`/api/messages/${id}/edits`, { query: { limit: 100, ...query }, signal }),
  };
}
