// @ts-check
// One-time links: setting up a community, a new password, taking over an account that was imported.

import { AccountFields, NewPasswordField } from '../components/AccountFields.js';
import { FormFault, formState, SubmitButton } from '../components/Form.js';
import { icon } from '../components/icons.js';
import { PageHead } from '../components/PageHead.js';
import { SetUp } from '../components/SetUp.js';
import { findFaults } from '../components/validation.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { LinkPurpose } from '../types.js' */

/** @typedef {{token: string, purpose: LinkPurpose | 'spent', nickname: string | null}} LinkPage */

/** @type {RoutedView<LinkPage>} */
export const view = {
  async load({ token }, { app, signal }) {
    try {
      return { token, ...(await app.api.auth.link(token, signal)) };
    } catch (error) {
      if (/** @type {any} */ (error).status !== 404 && /** @type {any} */ (error).status !== 410) throw error;
      return { token, purpose: 'spent', nickname: null };
    }
  },
  title: ({ purpose }) => ({ setup: 'Set up', password: 'New password', claim: 'Your account', spent: 'This link has been used' })[purpose],
  render(data, scope, app) {
    const { h } = scope;
    if (data.purpose === 'spent') {
      return h('div', { class: 'empty' }, icon('link'), h('h1', {}, 'This link does not work any more'),
        h('p', {}, 'It has been used, or its time is over. Whoever gave it to you can make another.'),
        h('a', { class: 'button', href: '/' }, 'Go home'));
    }
    if (data.purpose === 'setup') {
      return SetUp(scope, app, async ({ boards, ...answer }) => {
        app.session.signedIn((await app.api.auth.useLink(data.token, answer)).user);
        const all = await makeBoards(app, boards);
        // The community has another name and other boards now: the page begins anew with them.
        location.replace(all ? '/' : '/admin/boards');
      });
    }
    return h('div', { class: 'page narrow' }, h('div', { class: 'page-main' }, data.purpose === 'claim' ? Claim(scope, data, app) : NewPassword(scope, data, app)));
  },
};

/**
 * One after the other, so that they stand in this order; gives whether all were made. The link is used by now, so what
 * fails here is made by hand.
 *
 * @param {App} app @param {Record<string, unknown>[]} boards
 */
async function makeBoards(app, boards) {
  let all = true;
  for (const board of boards) await app.api.boards.create(board).catch(() => (all = false));
  return all;
}

/** @param {App} app @param {string} token @param {Record<string, unknown>} answer */
async function use(app, token, answer) {
  const { user } = await app.api.auth.useLink(token, answer);
  app.session.signedIn(user);
  await app.router.go('/', { replace: true });
}

/** @param {Scope} scope @param {LinkPage} data @param {App} app */
function NewPassword(scope, { token, nickname }, app) {
  const state = formState();
  const form = scope.h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, (values) => findFaults(values, { minimumAge: 0 }), ({ password }) => use(app, token, { password }));
    },
  }, FormFault(scope, state), NewPasswordField(scope, state), SubmitButton(scope, state, 'Save and sign in', 'wide'));
  return [PageHead(scope, 'A new password', `For ${nickname ?? 'your account'}. It signs you out everywhere else.`), form];
}

/** @param {Scope} scope @param {LinkPage} data @param {App} app */
function Claim(scope, { token, nickname }, app) {
  const state = formState();
  const limits = { minimumAge: app.session.site$.get().minimum_age };
  const form = scope.h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, (values) => findFaults(values, limits), ({ age, ...rest }) => use(app, token, { ...rest, age: Number(age) }));
    },
  }, FormFault(scope, state), AccountFields(scope, state, { ...limits, nickname: false }), SubmitButton(scope, state, 'Take over the account', 'wide'));
  return [PageHead(scope, `Welcome back, ${nickname ?? ''}`, 'Everything you wrote is here. Add what the move could not bring, and the account is yours.'), form];
}
