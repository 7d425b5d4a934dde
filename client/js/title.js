// @ts-check
// The title and the icon of the window: where one is, and whether something is new. A new page is also announced.

import { computed } from './utils/state.js';
/** @import { App } from './app.js' */

/** @param {App} app @param {Document} document */
export function showTitle({ title$, session, unread, conversations }, document) {
  const announcer = Object.assign(document.createElement('div'), { className: 'unseen', role: 'status', ariaLive: 'polite' });
  document.body.append(announcer);
  title$.subscribe((title) => (announcer.textContent = title));
  const count$ = computed([unread.count$, conversations.unread$], (threads, messages) => threads + messages);
  computed([title$, session.site$, count$], (title, { name }, count) => (
    (count > 0 ? `(${count}) ` : '') + (title === name ? title : `${title} · ${name}`)
  )).subscribe((title) => (document.title = title));
  const icon = document.querySelector('link[rel=icon]');
  count$.map((count) => (count > 0 ? 'folkmoot-unread.svg' : 'folkmoot.svg')).subscribe((name) => {
    icon?.setAttribute('href', (icon.getAttribute('href') ?? '').replace(/[^/]*$/, name));
  });
}
