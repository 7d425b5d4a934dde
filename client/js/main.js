// @ts-check
// Where the client begins: takes what the server wrote into the page, builds its own view of it
// and puts that in its place.

import { ApiError, Client } from './api/client.js';
import { createApi } from './api/index.js';
import { createApp } from './app.js';
import { Shell } from './components/Shell.js';
import { applyTheme, chooseTheme } from './components/Theme.js';
import { readEmbedded, rememberForOffline } from './embedded.js';
import { showTitle } from './title.js';
import { mount } from './utils/dom.js';
import { computed } from './utils/state.js';
import { storageOf } from './utils/storage.js';
import { replaceView } from './utils/swap.js';
/** @import { App } from './app.js' */

document.documentElement.classList.add('js');
void start();

async function start() {
  const storage = storageOf('localStorage');
  const embedded = await readEmbedded(document, storage, createApi(new Client()));
  const app = createApp(embedded, report);
  if (embedded.me) chooseTheme(embedded.me.settings.theme);
  else applyTheme();
  app.session.me$.subscribe((me) => me && chooseTheme(me.settings.theme));
  listenForErrors(app);
  // Some page loads tell how long they took; what cannot be had is no loss.
  if (Math.random() * 100 < app.session.site$.get().telemetry_percent) void import('./telemetry.js').then(({ watch }) => watch(app), () => {});
  showTitle(app, document);

  const root = /** @type {HTMLElement} */ (document.getElementById('app'));
  const shell = Shell(app);
  let unmount = () => {};
  const outlet = {
    main: shell.main,
    /** @param {import('./utils/dom.js').View} view */
    show(view) {
      unmount();
      unmount = mount(shell.main, view);
    },
  };
  // Without words from the server there is nothing to keep: the frame of the page comes at once.
  if (embedded.data === null) root.replaceChildren(shell.element);
  await app.router.start(outlet, embedded.data ?? undefined);
  if (embedded.data !== null) {
    await replaceView(root, shell.element);
    app.router.settle();
  }

  app.startClock();
  app.socket.connect();
  void app.boards.load().catch(() => {}); // the rail has its names; the next page asks again
  const { me$, site$ } = app.session;
  const last$ = computed([me$, site$, app.boards$], (me, site, boards) => ({ me, site, boards: [...boards] }));
  last$.subscribe((last) => rememberForOffline(storage, last));
  rememberForOffline(storage, last$.get());
  addEventListener('pagehide', () => app.drafts.flush());
  addEventListener('storage', ({ key }) => app.drafts.heard(key));
  // A page that comes back as it was left has heard nothing meanwhile.
  addEventListener('pageshow', ({ persisted }) => persisted && app.drafts.heard(null));
  void holdRelease();
}

/** @param {unknown} error */
function report(error) {
  reportError(error);
}

/** An error of ours is said quietly: what the reader does is not lost by it. @param {App} app */
function listenForErrors(app) {
  const say = () => app.notices.say('Something in this page broke. What you typed is kept; loading it again may help.', {
    kind: 'error',
    action: { label: 'Load again', run: () => location.reload() },
  });
  addEventListener('error', (event) => event.error && say());
  addEventListener('unhandledrejection', ({ reason }) => {
    if (reason instanceof ApiError) app.notices.say(reason.message, { kind: 'error' });
    else if (reason?.name !== 'AbortError') say();
  });
}

/** The service worker holds one whole release for times without a network; a new one takes over when a page is loaded. */
async function holdRelease() {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/sw.js').catch(() => null); // without it all works online
  registration?.waiting?.postMessage('take over');
}
