// @ts-check
// One thread: its head, its state, how far it was read.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { Thread, ThreadPage } from '../types.js' */

/**
 * @typedef {object} ThreadChange
 * @property {string} [title]
 * @property {string[]} [tags]
 * @property {boolean} [pinned]
 * @property {boolean} [locked]
 * @property {boolean} [archived]
 * @property {string} [board] the slug of the board it moves to
 * @property {number} [version]
 */

/** @param {Client} client */
export function threadsApi(client) {
  return {
    /**
     * @param {string} id
     * @param {{page?: string | number | null, post?: string | null, signal?: AbortSignal}} [options] the page to show, or the post whose page it is
     * @returns {Promise<ThreadPage>}
     */
    get: (id, { signal, ...query } = {}) => client.get(path`/api/threads/${id}`, { query, signal }),
    /** @param {string} id @param {ThreadChange} change @returns {Promise<{thread: Thread}>} */
    change: (id, change) => client.send('PATCH', path`/api/threads/${id}`, change),
    /** @param {string} id @returns {Promise<null>} */
    remove: (id) => client.send('DELETE', path`/api/threads/${id}`),
    /** @param {string} id @returns {Promise<{thread: Thread}>} */
    restore: (id) => client.send('POST', path`/api/threads/${id}/restore`),
    /** A mark only grows. @param {string} id @param {string} postId @returns {Promise<null>} */
    read: (id, postId) => client.send('POST', path`/api/threads/${id}/read`, { post_id: postId }),
  };
}
