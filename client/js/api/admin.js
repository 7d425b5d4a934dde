// @ts-check
// What staff may do with people, groups and the community.

import { path } from './client.js';
/** @import { Client } from './client.js' */
/** @import { AdminPerson, Group, Page, Person, Role, SiteSettings } from '../types.js' */

/** @param {Client} client */
export function adminApi(client) {
  return {
    /** @param {{q?: string | null, cursor?: string | null, signal?: AbortSignal}} [options] @returns {Promise<Page<AdminPerson>>} */
    people: ({ signal, ...query } = {}) => client.get('/api/admin/people', { query, signal }),
    /** @param {string} id @param {{role?: Role, standing?: 'good' | 'banned'}} change @returns {Promise<any>} */
    changePerson: (id, change) => client.send('PATCH', path`/api/admin/people/${id}`, change),
    /** A one-time link for a new password, or to hand an imported account to its owner. @param {string} id @returns {Promise<{url: string, expires_at: string}>} */
    link: (id) => client.send('POST', path`/api/admin/people/${id}/link`),

    /** @param {AbortSignal} [signal] @returns {Promise<{items: Group[]}>} */
    groups: (signal) => client.get('/api/admin/groups', { signal }),
    /** @param {{slug: string, title: string, description?: string}} group @returns {Promise<{group: Group}>} */
    createGroup: (group) => client.send('POST', '/api/admin/groups', group),
    /** @param {string} slug @returns {Promise<null>} */
    removeGroup: (slug) => client.send('DELETE', path`/api/admin/groups/${slug}`),
    /** In the order of nicknames. @param {string} slug @param {{cursor?: string | null, signal?: AbortSignal}} [options] @returns {Promise<Page<Person>>} */
    members: (slug, { signal, ...query } = {}) => client.get(path`/api/admin/groups/${slug}/members`, { query, signal }),
    /** @param {string} slug @param {string} nickname @returns {Promise<null>} */
    addMember: (slug, nickname) => client.send('PUT', path`/api/admin/groups/${slug}/members/${nickname}`),
    /** @param {string} slug @param {string} nickname @returns {Promise<null>} */
    removeMember: (slug, nickname) => client.send('DELETE', path`/api/admin/groups/${slug}/members/${nickname}`),

    /** @param {AbortSignal} [signal] @returns {Promise<{site: SiteSettings}>} */
    site: (signal) => client.get('/api/admin/site', { signal }),
    /** @param {Partial<SiteSettings>} change @returns {Promise<{site: SiteSettings}>} */
    changeSite: (change) => client.send('PATCH', '/api/admin/site', change),
  };
}
