// @ts-check
// Finding: threads and posts, messages, people, boards, tags.

/** @import { Client } from './client.js' */
/** @import { Found, FoundKinds } from '../types.js' */

/**
 * @typedef {object} SearchQuery
 * @property {string} q as typed: a last word without a space after it may go on
 * @property {FoundKinds | null} [in] only of this kind
 * @property {'relevance' | 'date' | null} [sort]
 * @property {string | null} [thread] id: only in it
 * @property {string | null} [cursor]
 * @property {number} [each] at most so many of each kind, instead of a page
 * @property {AbortSignal} [signal]
 */

/** @param {Client} client */
export function searchApi(client) {
  return {
    /** @param {SearchQuery} asked @returns {Promise<Found>} */
    find: ({ signal, ...query }) => client.get('/api/search', { query, signal }),
  };
}
