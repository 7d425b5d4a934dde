// @ts-check
// Signing in by nickname or e-mail.

import { Field, FormFault, formState, PasswordInput, SubmitButton } from '../components/Form.js';
import { PageHead } from '../components/PageHead.js';
/** @import { RoutedView } from '../router.js' */

/** @type {RoutedView<null>} */
export const view = {
  title: () => 'Sign in',
  render(_, scope, app, { query, url }) {
    const { h } = scope;
    const state = formState();
    const form = h('form', {
      class: 'form', method: 'post',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void state.submit(form, faults, async ({ username, password }) => {
          const { user } = await app.api.auth.login(username.trim(), password);
          app.session.signedIn(user);
          // Whoever has gone on meanwhile stays there.
          await (location.pathname === url.pathname ? app.router.go(backTo(query.get('to'))) : app.router.reload());
        });
      },
    },
    FormFault(scope, state),
    Field(scope, state, { name: 'username', label: 'Nickname or e-mail', input: { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', autofocus: true } }),
    Field(scope, state, { name: 'password', label: 'Password', control: (attributes) => PasswordInput(scope, { ...attributes, autocomplete: 'current-password' }) }),
    SubmitButton(scope, state, 'Sign in', 'wide'));
    return h('div', { class: 'page narrow' }, h('div', { class: 'page-main' },
      PageHead(scope, 'Sign in', ''), form,
      h('p', { class: 'form-foot' }, 'No account yet? ', h('a', { class: 'link', href: '/register' }, 'Create one')),
      h('p', { class: 'form-foot' }, 'Forgot your password? Ask whoever runs this community: they can give you a link for a new one.')));
  },
};

/** @param {Record<string, string>} values */
function faults({ username, password }) {
  /** @type {Record<string, string>} */
  const found = {};
  if (!username.trim()) found.username = 'Your nickname or your e-mail address.';
  if (!password) found.password = 'Your password.';
  return found;
}

/** Only pages of ours are gone back to. @param {string | null} to */
function backTo(to) {
  return to && /^\/(?![/\\])/.test(to) ? to : '/';
}
