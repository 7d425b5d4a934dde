// @ts-check
// What stands on every route: skip link, ways, and `<main>` for the view. One for the life of the page.

import { Scope } from '../utils/dom.js';
import { Connection } from './Connection.js';
import { openPalette, Rail, Tabs } from './Navbar.js';
import { Toasts } from './Toasts.js';
/** @import { App } from '../app.js' */

/** @param {App} app */
export function Shell(app) {
  const scope = new Scope();
  const { h } = scope;
  const main = h('main', { id: 'main', tabindex: '-1' });
  const element = h('div', { class: 'shell' },
    h('a', { class: 'skip', href: '#main' }, 'Skip to the content'),
    Rail(scope, app),
    main,
    Tabs(scope, app));
  // Beside the mount node, so that the first page and the client's are the same.
  const toasts = Toasts(scope, app);
  const connection = Connection(scope, app);
  const progress = h('div', {}, scope.show(app.router.loading$, (loading, inner) => (
    loading && inner.h('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Loading' }))));
  document.body.append(toasts, connection, progress);
  scope.on(document, 'keydown', (event) => {
    if (event.key !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void openPalette(scope, app);
  });
  return {
    element,
    main,
    unmount() {
      scope.end();
      element.remove();
      toasts.remove();
      connection.remove();
      progress.remove();
    },
  };
}
