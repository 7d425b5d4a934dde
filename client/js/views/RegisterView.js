// @ts-check
// Making an account. What is wrong is said before anything is sent.

import { AccountFields } from '../components/AccountFields.js';
import { FormFault, formState, SubmitButton } from '../components/Form.js';
import { icon } from '../components/icons.js';
import { PageHead } from '../components/PageHead.js';
import { findFaults } from '../components/validation.js';
/** @import { RoutedView } from '../router.js' */

/** @type {RoutedView<null>} */
export const view = {
  title: () => 'Create an account',
  render(_, scope, app) {
    const { h } = scope;
    const site = app.session.site$.get();
    if (site.registration === 'closed') {
      return h('div', { class: 'empty' }, icon('lock'), h('h1', {}, 'Registration is closed'),
        h('p', {}, `New accounts on ${site.name} are made by its admins. If you know one, ask.`),
        h('a', { class: 'button', href: '/login' }, 'Sign in'));
    }
    const limits = { minimumAge: site.minimum_age };
    const state = formState();
    const form = h('form', {
      class: 'form', novalidate: true, method: 'post',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        void state.submit(form, (values) => findFaults(values, limits), async ({ username, age, ...rest }) => {
          const { user } = await app.api.auth.register({ ...rest, nickname: username, age: Number(age) });
          app.session.signedIn(user);
          await app.router.go('/');
        });
      },
    },
    FormFault(scope, state),
    AccountFields(scope, state, limits),
    SubmitButton(scope, state, 'Create account', 'wide'));
    return h('div', { class: 'page narrow' }, h('div', { class: 'page-main' },
      PageHead(scope, 'Create an account', `Join ${site.name}. It takes a minute.`), form,
      h('p', { class: 'form-foot' }, 'Already here? ', h('a', { class: 'link', href: '/login' }, 'Sign in'))));
  },
};
