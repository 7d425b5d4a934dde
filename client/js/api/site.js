// @ts-check
// What the community is called and who may join.

/** @import { Client } from './client.js' */
/** @import { Site } from '../types.js' */

/** @param {Client} client */
export function siteApi(client) {
  return {
    /** @param {AbortSignal} [signal] @returns {Promise<Site>} */
    get: (signal) => client.get('/api/site', { signal }),
  };
}
