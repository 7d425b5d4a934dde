// @ts-check
// The community itself: its name, and who may join.

import { AdminPage, mayAdminister } from '../components/AdminPage.js';
import { Field, FormFault, formState, SubmitButton } from '../components/Form.js';
import { Group } from '../components/Group.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { SiteSettings } from '../types.js' */

/** @type {RoutedView<{site: SiteSettings} | null>} */
export const view = {
  load: async (_, { app, signal }) => (mayAdminister(app) ? app.api.admin.site(signal) : null),
  title: () => 'Administration',
  render: (data, scope, app) => AdminPage(scope, app, '/admin', data && Group(scope, 'Community', '', SiteForm(scope, data.site, app))),
};

/** @param {Scope} scope @param {SiteSettings} site @param {App} app */
function SiteForm(scope, site, app) {
  const { h } = scope;
  const state = formState();
  const form = h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, faults, async ({ name, tagline, registration, minimum_age: age }) => {
        await app.api.admin.changeSite({ name: name.trim(), tagline: tagline.trim(), registration: registration === 'closed' ? 'closed' : 'open', minimum_age: Number(age) });
        app.notices.say('Saved');
      });
    },
  },
  Field(scope, state, { name: 'name', label: 'Name', hint: 'On every page and in the title of the window.', input: { value: site.name, maxlength: '60', dir: 'auto' } }),
  Field(scope, state, { name: 'tagline', label: 'In one line', hint: 'What this community is about. It stands on the home page and in search results.', input: { value: site.tagline, maxlength: '160', dir: 'auto' } }),
  h('div', { class: 'pair' },
    Field(scope, state, {
      name: 'registration', label: 'New accounts', hint: 'Closed: only the command line and one-time links make accounts.',
      control: (attributes) => h('select', { ...attributes, value: site.registration }, h('option', { value: 'open' }, 'Anybody may register'), h('option', { value: 'closed' }, 'Closed')),
    }),
    Field(scope, state, { name: 'minimum_age', label: 'Minimum age', hint: 'For new accounts; those that exist stay.', input: { value: site.minimum_age, inputmode: 'numeric', maxlength: '3' } })),
  FormFault(scope, state),
  h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Save')));
  return form;
}

/** @param {Record<string, string>} values */
function faults({ name, minimum_age: age }) {
  /** @type {Record<string, string>} */
  const found = {};
  if (!name.trim()) found.name = 'A community needs a name.';
  if (!/^\d{1,3}$/.test(age.trim())) found.minimum_age = 'An age in years.';
  return found;
}
