// @ts-check
// Signing out asks first when something written is still on its way.

import { openDialog } from './Dialog.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** @param {Scope} scope @param {App} app */
export async function signOut(scope, app) {
  const waiting = app.outbox.items$.get().length;
  if (waiting === 0) return leave(app);
  openDialog(scope, `${count(waiting, 'post')} not sent yet`, (inner, close) => {
    const { h } = inner;
    const choose = (/** @type {() => Promise<unknown>} */ act) => async () => {
      close();
      await act();
    };
    return h('div', { class: 'form' },
      h('p', {}, 'What you wrote is kept in this browser until the network is back. On a computer that others use you may want to throw it away.'),
      h('div', { class: 'dialog-acts' },
        h('button', { class: 'button', type: 'button', onclick: close }, 'Stay signed in'),
        h('button', { class: 'button danger', type: 'button', onclick: choose(async () => {
          await app.outbox.discardAll();
          await leave(app);
        }) }, 'Throw away and sign out'),
        h('button', { class: 'button primary', type: 'button', onclick: choose(() => leave(app)) }, 'Keep and sign out')));
  });
}

/** @param {App} app */
async function leave(app) {
  await app.session.signOut();
  await app.router.go('/');
}
