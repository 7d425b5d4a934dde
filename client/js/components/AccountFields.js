// @ts-check
// What an account is made of: asked alike when registering, setting up and taking over an imported account.

import { observable } from '../utils/state.js';
import { Field, PasswordInput } from './Form.js';
import { icon } from './icons.js';
import { GENDERS } from './validation.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { FormState } from './Form.js' */

/**
 * @param {Scope} scope
 * @param {FormState} state
 * @param {{minimumAge: number, nickname?: boolean}} what
 */
export function AccountFields(scope, state, { minimumAge, nickname = true }) {
  const { h } = scope;
  return [
    h('p', { class: 'note' }, icon('lock'), h('span', {}, nickname
      ? 'Everyone sees your nickname. E-mail, names, age and gender are seen only by you and the admins.'
      : 'E-mail, names, age and gender are seen only by you and the admins.')),
    nickname && Field(scope, state, { name: 'username', label: 'Nickname', hint: 'The name others see. Letters, digits, _ - and .', input: { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', maxlength: '30' } }),
    Field(scope, state, { name: 'email', label: 'E-mail', input: { type: 'email', autocomplete: 'email', inputmode: 'email', maxlength: '254' } }),
    NewPasswordField(scope, state),
    h('div', { class: 'pair' },
      Field(scope, state, { name: 'first_name', label: 'First name', input: { autocomplete: 'given-name', maxlength: '60', dir: 'auto' } }),
      Field(scope, state, { name: 'last_name', label: 'Last name', input: { autocomplete: 'family-name', maxlength: '60', dir: 'auto' } })),
    h('div', { class: 'pair' },
      Field(scope, state, { name: 'age', label: 'Age', hint: `At least ${minimumAge}.`, input: { inputmode: 'numeric', autocomplete: 'off', maxlength: '3' } }),
      GenderField(scope, state)),
  ];
}

/** @param {Scope} scope @param {FormState} state @param {string} [label] */
export function NewPasswordField(scope, state, label = 'Password') {
  return Field(scope, state, {
    name: 'password', label, hint: 'At least 10 characters. Three or four words are easy to remember.',
    control: (attributes) => PasswordInput(scope, { ...attributes, autocomplete: 'new-password' }),
  });
}

/**
 * One of four, or one's own word: the field that is sent is the one that shows.
 *
 * @param {Scope} scope
 * @param {FormState} state
 * @param {string} [now]
 */
export function GenderField(scope, state, now = '') {
  const { h } = scope;
  const own = now !== '' && !GENDERS.some((gender) => gender.value === now);
  const own$ = observable(own);
  return Field(scope, state, {
    name: 'gender', label: 'Gender',
    control: (attributes) => {
      const select = h('select', {
        ...attributes, name: own$.map((shown) => (shown ? null : 'gender')), autocomplete: 'sex', value: own ? 'own' : now,
        onchange: () => own$.set(select.value === 'own'),
      },
      h('option', { value: '' }, 'Choose'),
      GENDERS.map(({ value, words }) => h('option', { value }, words)),
      h('option', { value: 'own' }, 'In my own words'));
      return h('div', { class: 'form' }, select, scope.show(own$, (shown, inner) => shown && inner.h('input', {
        class: 'input', name: 'gender', maxlength: '40', 'aria-label': 'Gender in your own words', dir: 'auto', value: own ? now : '',
      })));
    },
  });
}
