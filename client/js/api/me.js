// @ts-check
// The signed-in person's own account.

/** @import { Client } from './client.js' */
/** @import { Me } from '../types.js' */

/** @param {Client} client */
export function meApi(client) {
  return {
    /** 401 for a guest. @param {AbortSignal} [signal] @returns {Promise<{user: Me}>} */
    get: (signal) => client.get('/api/me', { signal }),
    /** @param {Partial<Pick<Me, 'bio' | 'first_name' | 'last_name' | 'gender' | 'age'> & {settings: Partial<Me['settings']>}>} change @returns {Promise<{user: Me}>} */
    change: (change) => client.send('PATCH', '/api/me', change),
    /** @param {string} current @param {string} password @returns {Promise<null>} */
    changePassword: (current, password) => client.send('POST', '/api/me/password', { current, password }),
  };
}
