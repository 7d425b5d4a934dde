// @ts-check
// What the server wrote into the page. A page without it, such as the frame that the service
// worker keeps, asks for it; without a network it takes what was there the last time: the
// community and whose browser this is.

import { ApiError } from './api/client.js';
/** @import { Api } from './api/index.js' */
/** @import { Embedded } from './app.js' */

const KEY = 'folkmoot.last';

/** @param {Document} document @param {Storage} storage @param {Api} api @returns {Promise<Embedded>} */
export async function readEmbedded(document, storage, api) {
  const text = document.getElementById('data')?.textContent?.trim();
  if (text) return JSON.parse(text);
  const nothing = { route: '', boards: [], data: null };
  try {
    const [site, me] = await Promise.all([api.site.get(), whoAmI(api)]);
    return { ...nothing, site, me };
  } catch {
    return { ...nothing, site: unknownSite(), me: null, ...JSON.parse(storage.getItem(KEY) ?? '{}') };
  }
}

/** Only what the frame of the page needs; signing out forgets the person. @param {Storage} storage @param {Pick<Embedded, 'site' | 'me' | 'boards'>} now */
export function rememberForOffline(storage, { site, me, boards }) {
  try {
    const frame = me && { ...me, email: '', age: null, age_stated_at: null, gender: null, first_name: null, last_name: null };
    storage.setItem(KEY, JSON.stringify({ site, me: frame, boards: me ? boards : [] }));
  } catch {
    // Without room there is no frame for times without a network, and nothing else is lost.
  }
}

/** @param {Api} api */
async function whoAmI(api) {
  try {
    return (await api.me.get()).user;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/** @returns {Embedded['site']} */
function unknownSite() {
  return { name: 'Folkmoot', tagline: '', setup_needed: false, registration: 'closed', minimum_age: 0, version: '', release: '', epoch: '', telemetry_percent: 0 };
}
