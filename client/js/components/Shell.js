// @ts-check
// What stands on every route: skip link, ways, and `<main>` for the view. One for the life of the page.

import { Scope } from '../utils/dom.js';
import { Connection } from './Connection.js';
import { Rail, Tabs } from './Navbar.js';
import { isSingleKey } from './singleKeys.js';
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
  // Its module comes when it is first wanted; what is typed until then is for its field.
  const search = async (/** @type {{go?: boolean, thread?: string | null}} */ how) => {
    const waiting = scope.child();
    let words = '';
    waiting.on(document, 'keydown', (event) => {
      if ([...event.key].length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      words += event.key;
      event.preventDefault();
      event.stopPropagation();
    }, { capture: true });
    try {
      await (await import('./SearchDialog.js')).openSearchDialog(scope, app, { ...how, typed: () => words });
    } finally {
      waiting.end();
    }
  };
  scope.on(document, 'keydown', (event) => {
    const go = event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!go && !(event.key === '/' && isSingleKey(event))) return;
    event.preventDefault();
    void search({ go });
  });
  // Links to the page of results open the dialog over the page one is on.
  scope.on(element, 'click', (event) => {
    const link = event.target.closest('a.find');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void search({ thread: new URL(link.href).searchParams.get('thread') });
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
