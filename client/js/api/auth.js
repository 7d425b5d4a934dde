// @ts-check
// Signing in and out, one-time links, tokens and sessions.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { AccessToken, Device, LinkPurpose, Me } from '../types.js' */

/** @param {Client} client */
export function authApi(client) {
  return {
    /** @param {Record<string, unknown>} person @returns {Promise<{user: Me}>} */
    register: (person) => client.send('POST', '/api/auth/register', person),
    /** @param {string} identifier nickname or e-mail @param {string} password @returns {Promise<{user: Me}>} */
    login: (identifier, password) => client.send('POST', '/api/auth/login', { identifier, password }),
    /** @returns {Promise<null>} */
    logout: () => client.send('POST', '/api/auth/logout'),

    /** What a one-time link is for. @param {string} token @param {AbortSignal} [signal] @returns {Promise<{purpose: LinkPurpose, nickname: string | null}>} */
    link: (token, signal) => client.get(path`/api/auth/links/${token}`, { signal }),
    /** @param {string} token @param {Record<string, unknown>} answer @returns {Promise<{user: Me}>} */
    useLink: (token, answer) => client.send('POST', path`/api/auth/links/${token}`, answer),

    /** @param {AbortSignal} [signal] @returns {Promise<{items: AccessToken[]}>} */
    tokens: (signal) => client.get('/api/auth/tokens', { signal }),
    /** The token itself is shown once. @param {string} name @param {number} days @returns {Promise<AccessToken & {token: string}>} */
    createToken: (name, days) => client.send('POST', '/api/auth/tokens', { name, expires_in_days: days }),
    /** @param {string} id @returns {Promise<null>} */
    revokeToken: (id) => client.send('DELETE', path`/api/auth/tokens/${id}`),

    /** @param {AbortSignal} [signal] @returns {Promise<{items: Device[]}>} */
    sessions: (signal) => client.get('/api/auth/sessions', { signal }),
    /** @param {string} id @returns {Promise<null>} */
    endSession: (id) => client.send('DELETE', path`/api/auth/sessions/${id}`),
    /** @returns {Promise<null>} */
    endOtherSessions: () => client.send('DELETE', '/api/auth/sessions'),
  };
}
