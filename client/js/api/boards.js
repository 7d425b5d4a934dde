// @ts-check
// Boards and the threads in them.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { Board, LivingPost, Page, Snapshot, Thread } from '../types.js' */

/** @param {Client} client */
export function boardsApi(client) {
  return {
    /** @param {AbortSignal} [signal] @returns {Promise<{items: Board[]} & Snapshot>} */
    all: (signal) => client.get('/api/boards', { signal }),
    /** @param {string} slug @param {AbortSignal} [signal] @returns {Promise<{board: Board} & Snapshot>} */
    get: (slug, signal) => client.get(path`/api/boards/${slug}`, { signal }),
    /**
     * @param {string} slug
     * @param {{cursor?: string | null, tag?: string | null, sort?: string | null, signal?: AbortSignal}} [options]
     * @returns {Promise<Page<Thread> & {board: Board} & Snapshot>}
     */
    threads: (slug, { signal, ...query } = {}) => client.get(path`/api/boards/${slug}/threads`, { query, signal }),
    /**
     * Opens a thread; the same `client_id` again answers the same thread.
     *
     * @param {string} slug
     * @param {{title: string, body: string, tags?: string[], client_id: string}} thread
     * @returns {Promise<{thread: Thread, post: LivingPost}>}
     */
    open: (slug, thread) => client.send('POST', path`/api/boards/${slug}/threads`, thread),
    /** @param {Record<string, unknown>} board @returns {Promise<{board: Board}>} */
    create: (board) => client.send('POST', '/api/boards', board),
    /** @param {string} slug @param {Record<string, unknown> & {version: number}} change @returns {Promise<{board: Board}>} */
    change: (slug, change) => client.send('PATCH', path`/api/boards/${slug}`, change),
  };
}
