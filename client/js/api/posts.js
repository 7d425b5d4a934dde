// @ts-check
// One post: its words, edits and reactions; and the newest opening posts.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { Edit, Feed, LivingPost, Person, PostSource } from '../types.js' */

/** @param {Client} client */
export function postsApi(client) {
  return {
    /** The home feed. @param {{cursor?: string | null, sort?: string | null, signal?: AbortSignal}} [options] @returns {Promise<Feed>} */
    feed: ({ signal, ...query } = {}) => client.get('/api/posts', { query, signal }),
    /** With its source, for an editor. @param {string} id @param {AbortSignal} [signal] @returns {Promise<{post: PostSource}>} */
    get: (id, signal) => client.get(path`/api/posts/${id}`, { signal }),
    /** Refused with 409 `edited_meanwhile` when `version` is not the newest. @param {string} id @param {{body: string, version: number}} change @returns {Promise<{post: LivingPost}>} */
    edit: (id, change) => client.send('PATCH', path`/api/posts/${id}`, change),
    /** @param {string} id @returns {Promise<null>} */
    remove: (id) => client.send('DELETE', path`/api/posts/${id}`),
    /** @param {string} id @returns {Promise<{post: LivingPost}>} */
    restore: (id) => client.send('POST', path`/api/posts/${id}/restore`),
    /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<{items: Edit[]}>} */
    edits: (id, signal) => client.get(path`/api/posts/${id}/edits?limit=100`, { signal }),
    /** @param {string} id @param {string} emoji @returns {Promise<null>} */
    react: (id, emoji) => client.send('PUT', path`/api/posts/${id}/reactions/${emoji}`),
    /** @param {string} id @param {string} emoji @returns {Promise<null>} */
    unreact: (id, emoji) => client.send('DELETE', path`/api/posts/${id}/reactions/${emoji}`),
    /** @param {string} id @param {AbortSignal} [signal] @returns {Promise<{items: {emoji: string, people: Person[]}[]}>} */
    reactions: (id, signal) => client.get(path`/api/posts/${id}/reactions`, { signal }),
    /** @param {string} body @param {AbortSignal} [signal] @returns {Promise<{html: string}>} */
    preview: (body, signal) => client.send('POST', '/api/preview', { body }, signal),
  };
}
