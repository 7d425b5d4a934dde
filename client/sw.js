// @ts-check
// The service worker: holds one whole release of the client, so that the page opens without a
// network. Served at /sw.js; the server puts the hash of all files in the place of RELEASE.
//
// Pages come from the network first; only when there is none, the bare frame of this release
// stands in. Answers of the API are never kept here, so nothing of one account can ever be shown
// to another. What was written waits in the outbox, not here.

const BASE = '/assets/RELEASE';
const CACHE = `folkmoot ${BASE}`;

const worker = /** @type {any} */ (self);

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(holdRelease()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(dropOtherReleases()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin) return;
  if (pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(page(event));
});
// Said by a page that has just been loaded: no other moment is as good to change releases.
worker.addEventListener('message', (/** @type {any} */ event) => event.data === 'take over' && worker.skipWaiting());

/** All or nothing: a release with a hole would break without a network. */
async function holdRelease() {
  const manifest = await fetch(`${BASE}/manifest.json`);
  const cache = await caches.open(CACHE);
  await cache.addAll((await manifest.json()).map((/** @type {string} */ path) => `${BASE}/${path}`));
}

async function dropOtherReleases() {
  await worker.registration.navigationPreload?.enable();
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('folkmoot ') && name !== CACHE).map((name) => caches.delete(name)));
}

/** Files never change under their address; one of another release comes from the server, which holds them for a month. @param {Request} request */
async function asset(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** @param {any} event */
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch (error) {
    const frame = await caches.match(`${BASE}/frame.html`);
    if (frame) return frame;
    throw error;
  }
}
