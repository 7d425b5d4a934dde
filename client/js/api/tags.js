// @ts-check
// Tags and the threads that carry them.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { Page, Thread } from '../types.js' */

/** @param {Client} client */
export function tagsApi(client) {
  return {
    /** @param {string} q @param {AbortSignal} [signal] @returns {Promise<{items: {tag: string, count: number}[]}>} */
    search: (q, signal) => client.get('/api/tags', { query: { q }, signal }),
    /** @param {string} tag @param {{cursor?: string | null, signal?: AbortSignal}} [options] @returns {Promise<Page<Thread>>} */
    threads: (tag, { signal, ...query } = {}) => client.get(path`/api/tags/${tag}/threads`, { query, signal }),
  };
}
