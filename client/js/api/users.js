// @ts-check
// The directory, and what a person wrote.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { Page, PersonsPost, Profile, Snapshot, Thread } from '../types.js' */

/** @typedef {{cursor?: string | null, signal?: AbortSignal}} PageOptions */

/** @param {Client} client */
export function usersApi(client) {
  return {
    /** @param {PageOptions & {q?: string | null, limit?: number}} [options] @returns {Promise<Page<Profile>>} */
    search: ({ signal, ...query } = {}) => client.get('/api/users', { query, signal }),
    /** @param {string} nickname @param {AbortSignal} [signal] @returns {Promise<{user: Profile} & Snapshot>} */
    get: (nickname, signal) => client.get(path`/api/users/${nickname}`, { signal }),
    /** @param {string} nickname @param {PageOptions} [options] @returns {Promise<Page<Thread>>} */
    threads: (nickname, { signal, ...query } = {}) => client.get(path`/api/users/${nickname}/threads`, { query, signal }),
    /** @param {string} nickname @param {PageOptions} [options] @returns {Promise<Page<PersonsPost>>} */
    posts: (nickname, { signal, ...query } = {}) => client.get(path`/api/users/${nickname}/posts`, { query, signal }),
  };
}
