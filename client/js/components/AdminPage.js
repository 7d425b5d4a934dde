// @ts-check
// The frame of the pages for those who run the community.

import { icon } from './icons.js';
import { PageHead, Segments } from './PageHead.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

const PARTS = [
  { href: '/admin', words: 'Community' },
  { href: '/admin/boards', words: 'Boards' },
  { href: '/admin/people', words: 'People' },
  { href: '/admin/groups', words: 'Groups' },
];

/** Whether the person may see these pages; the server decides again. @param {App} app */
export function mayAdminister(app) {
  return app.session.me$.get()?.may.administer ?? false;
}

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {string} here
 * @param {...(Node | DocumentFragment | null | false)} content
 */
export function AdminPage(scope, app, here, ...content) {
  const { h } = scope;
  if (!mayAdminister(app)) {
    return h('div', { class: 'empty' }, icon('shield'), h('h1', {}, 'For admins only'),
      h('p', {}, 'These pages change the community for everyone.'),
      app.session.me$.get() ? h('a', { class: 'button', href: '/' }, 'Go home') : h('a', { class: 'button primary', href: `/login?to=${here}` }, 'Sign in'));
  }
  return h('div', { class: 'page' }, h('div', { class: 'page-main' },
    PageHead(scope, 'Administration', ''),
    Segments(scope, 'Administration', PARTS.map((part) => ({ ...part, here: part.href === here }))),
    content));
}
