// @ts-check
// Signing out asks first when something written stays behind: what is on its way, and drafts.

import { openDialog } from './Dialog.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** @param {Scope} scope @param {App} app */
export async function signOut(scope, app) {
  const [waiting, drafts] = [app.outbox.items$.get().length, app.drafts.count()];
  if (waiting + drafts === 0) return leave(app);
  const left = [waiting && `${count(waiting, 'post')} not sent yet`, drafts && count(drafts, 'draft')].filter(Boolean).join(', ');
  openDialog(scope, left, (inner, close) => {
    const { h } = inner;
    const choose = (/** @type {() => Promise<unknown>} */ act) => async () => {
      close();
      await act();
    };
    return h('div', { class: 'form' },
      h('p', {}, 'What you wrote is kept in this browser: you find it when you sign in again, and what was not sent is sent then. On a computer that others use you may want to throw it away.'),
      h('div', { class: 'dialog-acts' },
        h('button', { class: 'button', type: 'button', onclick: close }, 'Stay signed in'),
        h('button', { class: 'button danger', type: 'button', onclick: choose(() => leaveNothing(app)) }, 'Throw away and sign out'),
        h('button', { class: 'button primary', type: 'button', onclick: choose(() => leave(app)) }, 'Keep and sign out')));
  });
}

/** Nothing is thrown away before one is out: without a network one stays, with one's words. @param {App} app */
async function leaveNothing(app) {
  const account = app.session.me$.get()?.id;
  await leave(app);
  if (!account) return;
  app.drafts.forget(account);
  await app.outbox.forget(account);
}

/** @param {App} app */
async function leave(app) {
  await app.session.signOut();
  await app.router.go('/');
}
