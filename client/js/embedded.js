// @ts-check
// What the server wrote into the page; and for a page that came from the service worker without a
// network, what was there the last time: the community and whose browser this is.

/** @import { Embedded } from './app.js' */

const KEY = 'folkmoot.last';

/** @param {Document} document @param {Storage} storage @returns {Embedded} */
export function readEmbedded(document, storage) {
  const text = document.getElementById('data')?.textContent?.trim();
  if (text) return JSON.parse(text);
  const last = JSON.parse(storage.getItem(KEY) ?? '{}');
  return { route: '', site: last.site ?? unknownSite(), me: last.me ?? null, boards: last.boards ?? [], data: null };
}

/** Signing out forgets the person. @param {Storage} storage @param {Pick<Embedded, 'site' | 'me' | 'boards'>} now */
export function rememberForOffline(storage, { site, me, boards }) {
  try {
    storage.setItem(KEY, JSON.stringify({ site, me, boards: me ? boards : [] }));
  } catch {
    // Without room there is no frame for times without a network, and nothing else is lost.
  }
}

/** @returns {Embedded['site']} */
function unknownSite() {
  return { name: 'Folkmoot', tagline: '', setup_needed: false, registration: 'closed', minimum_age: 0, version: '', release: '', epoch: '' };
}
