// @ts-check
// The posts of a thread: pages of them, and replies.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { LivingPost, PageOfPosts, Snapshot } from '../types.js' */

/** @param {Client} client */
export function commentsApi(client) {
  return {
    /**
     * @param {string} threadId
     * @param {{cursor?: string | null, page?: number | null, post?: string | null, signal?: AbortSignal}} [options]
     * @returns {Promise<PageOfPosts & Snapshot>}
     */
    list: (threadId, { signal, ...query } = {}) => client.get(path`/api/threads/${threadId}/posts`, { query, signal }),
    /**
     * Replies; the same `client_id` again answers the same post.
     *
     * @param {string} threadId
     * @param {{body: string, reply_to?: string, client_id: string}} reply
     * @returns {Promise<{post: LivingPost}>}
     */
    add: (threadId, reply) => client.send('POST', path`/api/threads/${threadId}/posts`, reply),
  };
}
