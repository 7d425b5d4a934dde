// @ts-check
// One's own settings: what others see, how it looks, the password, where one is signed in, tokens for programs.

import { ChatSettings } from '../components/ChatSettings.js';
import { Devices } from '../components/Devices.js';
import { Field, FormFault, formState, PasswordInput, SubmitButton } from '../components/Form.js';
import { GenderField, NewPasswordField } from '../components/AccountFields.js';
import { Group } from '../components/Group.js';
import { icon } from '../components/icons.js';
import { PageHead } from '../components/PageHead.js';
import { saveSettings } from '../components/saveSettings.js';
import { signOut } from '../components/signOut.js';
import { chooseSingleKeys, singleKeys } from '../components/singleKeys.js';
import { chooseTheme } from '../components/Theme.js';
import { Tokens } from '../components/Tokens.js';
import { findFaults } from '../components/validation.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { AccessToken, Device, Me, Person } from '../types.js' */

/** @type {RoutedView<{user: Me, devices: Device[], tokens: AccessToken[], blocked: Person[]} | null>} */
export const view = {
  async load(_, { app, signal }) {
    if (!app.session.me$.get()) return null;
    const [me, sessions, tokens, blocks] = await Promise.all([app.api.me.get(signal), app.api.auth.sessions(signal), app.api.auth.tokens(signal), app.api.messages.blocks(signal)]);
    return { user: me.user, devices: sessions.items, tokens: tokens.items, blocked: blocks.items };
  },
  title: () => 'Settings',
  render(data, scope, app) {
    const { h } = scope;
    if (!data) {
      return h('div', { class: 'empty' }, icon('settings'), h('h1', {}, 'Sign in to change your settings'),
        h('p', {}, 'Light or dark can be chosen without an account, at the foot of the rail.'),
        h('a', { class: 'button primary', href: '/login?to=/settings' }, 'Sign in'));
    }
    return h('div', { class: 'page middle' }, h('div', { class: 'page-main' },
      PageHead(scope, 'Settings', '',
        h('a', { class: 'button', href: data.user.url }, 'Your profile'),
        h('button', { class: 'button', type: 'button', onclick: () => signOut(scope, app) }, icon('log-out'), 'Sign out')),
      Group(scope, 'About you', 'Your nickname and what you write here are for everyone. Names, age and gender are seen only by you and the admins.', ProfileForm(scope, data.user, app)),
      Group(scope, 'Look and writing', '', LookForm(scope, data.user, app)),
      Group(scope, 'Chat', '', ChatSettings(scope, data.user, data.blocked, app)),
      Group(scope, 'Password', 'A new password signs you out on your other devices.', PasswordForm(scope, app)),
      Group(scope, 'Where you are signed in', '', Devices(scope, app, data.devices)),
      Group(scope, 'Tokens for programs', 'A token lets a program act as you. Give each program its own, and take it back when it is done.', Tokens(scope, app, data.tokens))));
  },
};

/** @param {Scope} scope @param {Me} user @param {App} app */
function ProfileForm(scope, user, app) {
  const { h } = scope;
  const state = formState();
  const limits = { minimumAge: app.session.site$.get().minimum_age };
  let kept = valuesOf(user);
  /** What is otherwise now: accounts from elsewhere lack some of it, and need not state it to change the rest. @param {Record<string, string>} values */
  const changed = (values) => Object.fromEntries(Object.entries(values).filter(([name, value]) => value.trim() !== kept[name]));
  const form = h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, (values) => findFaults(changed(values), limits), async (values) => {
        const { age, ...rest } = changed(values);
        const { user: now } = await app.api.me.change({ ...rest, ...(age && { age: Number(age) }) });
        kept = valuesOf(now);
        app.session.changed(now);
        app.notices.say('Saved');
      });
    },
  },
  Field(scope, state, {
    name: 'bio', label: 'About', hint: 'A few words on your profile. Markdown works.',
    control: (attributes) => h('textarea', { ...attributes, value: user.bio, maxlength: '2000', dir: 'auto' }),
  }),
  h('div', { class: 'pair' },
    Field(scope, state, { name: 'first_name', label: 'First name', input: { value: user.first_name ?? '', autocomplete: 'given-name', dir: 'auto' } }),
    Field(scope, state, { name: 'last_name', label: 'Last name', input: { value: user.last_name ?? '', autocomplete: 'family-name', dir: 'auto' } })),
  h('div', { class: 'pair' },
    Field(scope, state, { name: 'age', label: 'Age', input: { value: user.age ?? '', inputmode: 'numeric', maxlength: '3' } }),
    GenderField(scope, state, user.gender ?? '')),
  FormFault(scope, state),
  h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Save')));
  return form;
}

/** The fields of the form as they are. @param {Me} user @returns {Record<string, string>} */
function valuesOf({ bio, first_name, last_name, age, gender }) {
  return { bio: bio.trim(), first_name: first_name ?? '', last_name: last_name ?? '', age: String(age ?? ''), gender: gender ?? '' };
}

/** Taken at once: there is nothing to lose. @param {Scope} scope @param {Me} user @param {App} app */
function LookForm(scope, user, app) {
  const { h } = scope;
  const { settings } = user;
  const theme = h('select', {
    class: 'input', id: 'field-theme', value: settings.theme,
    onchange: () => {
      const choice = /** @type {Me['settings']['theme']} */ (theme.value);
      chooseTheme(choice);
      void saveSettings(app, { theme: choice });
    },
  }, [['auto', 'As the device has it'], ['light', 'Light'], ['dark', 'Dark']].map(([value, words]) => h('option', { value }, words)));
  const enter = h('input', { type: 'checkbox', checked: settings.enter_sends, onchange: () => saveSettings(app, { enter_sends: enter.checked }) });
  const keys = h('input', { type: 'checkbox', checked: singleKeys(), onchange: () => chooseSingleKeys(keys.checked) });
  return h('div', { class: 'form' },
    h('div', { class: 'field' }, h('label', { for: 'field-theme' }, 'Light or dark'), theme),
    h('label', { class: 'check' }, enter, h('span', {}, 'Enter sends a reply', h('small', {}, 'Shift-Enter makes a new line. Ctrl-Enter always sends.'))),
    h('label', { class: 'check' }, keys, h('span', {}, 'Single keys', h('small', {}, '/ searches. In threads j and k go from post to post, r replies, q quotes what is selected. Kept in this browser.'))));
}

/** @param {Scope} scope @param {App} app */
function PasswordForm(scope, app) {
  const { h } = scope;
  const state = formState();
  const form = h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, ({ current, password }) => ({ ...(current ? {} : { current: 'Your password as it is now.' }), ...findFaults({ password }, { minimumAge: 0 }) }),
        async ({ current, password }) => {
          await app.api.me.changePassword(current, password);
          form.reset();
          app.notices.say('Your password is changed');
        });
    },
  },
  h('input', { type: 'text', autocomplete: 'username', value: app.session.me$.get()?.nickname, hidden: true }),
  Field(scope, state, { name: 'current', label: 'Present password', control: (attributes) => PasswordInput(scope, { ...attributes, autocomplete: 'current-password' }) }),
  NewPasswordField(scope, state, 'New password'),
  FormFault(scope, state),
  h('div', { class: 'form-acts' }, SubmitButton(scope, state, 'Change password')));
  return form;
}
