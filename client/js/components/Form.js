// @ts-check
// Forms: labelled fields whose faults stand beside them, one way of sending, nothing lost on failure.

import { observable } from '../utils/state.js';
import { explain } from './explain.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable } from '../utils/state.js' */

/** @typedef {Record<string, string>} Faults field → why it was refused; `''` is the form's own */

/**
 * The state of one form.
 *
 * @typedef {object} FormState
 * @property {Observable<Faults>} faults$
 * @property {Observable<boolean>} busy$
 * @property {(element: HTMLFormElement, check: (values: Record<string, string>) => Faults, send: (values: Record<string, string>) => Promise<void>) => Promise<void>} submit
 */

/** @returns {FormState} */
export function formState() {
  const faults$ = observable(/** @type {Faults} */ ({}));
  const busy$ = observable(false);
  return {
    faults$,
    busy$,
    async submit(element, check, send) {
      if (busy$.get()) return;
      const values = Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value)]));
      faults$.set(check(values));
      if (Object.keys(faults$.get()).length > 0) return focusFault(element, faults$.get());
      busy$.set(true);
      try {
        await send(values);
      } catch (error) {
        faults$.set(faultsOf(element, error));
        focusFault(element, faults$.get(), /** @type {any} */ (error).status === 401);
      } finally {
        busy$.set(false);
      }
    },
  };
}

/** @param {HTMLFormElement} form */
const controlsOf = (form) => /** @type {HTMLInputElement[]} */ ([...form.elements]);

/**
 * What the server said, at the fields it said it of; what it said of others is the form's own.
 *
 * @param {HTMLFormElement} form
 * @param {any} error
 * @returns {Faults}
 */
function faultsOf(form, error) {
  if (typeof error?.status !== 'number') throw error;
  /** @type {Faults} */
  const faults = {};
  const others = [];
  for (const [field, why] of Object.entries(error.fields ?? {})) {
    const name = nameFor(form, field);
    if (name) faults[name] = why;
    else others.push(why);
  }
  if (others.length > 0) faults[''] = others.join(' ');
  return Object.keys(faults).length > 0 ? faults : { '': explain(error) };
}

/**
 * The control that asks for a field of the API: of its name, or of the last part of it (`policy.ordering`). The sign-in
 * name is `username` in forms, for password keepers, and `nickname` in the API.
 *
 * @param {HTMLFormElement} form
 * @param {string} field
 */
function nameFor(form, field) {
  const names = new Set(controlsOf(form).map((control) => control.name));
  return [field, field.split('.').at(-1) ?? '', field === 'nickname' ? 'username' : ''].find((name) => name && names.has(name));
}

/**
 * Takes the focus to the first field that is at fault; where none is, to the password that was wrong or to the words that
 * say why.
 *
 * @param {HTMLFormElement} form
 * @param {Faults} faults
 * @param {boolean} [unknown] whether the server did not take the person for who they say they are
 */
function focusFault(form, faults, unknown = false) {
  const field = controlsOf(form).find(({ name, disabled }) => name && name in faults && !disabled);
  const password = unknown && form.querySelector('.password input');
  /** @type {HTMLElement | null} */ (field ?? (password || form.querySelector('[role=alert]')))?.focus();
}

/**
 * @param {Scope} scope
 * @param {FormState} state
 * @param {object} what
 * @param {string} what.name
 * @param {string} what.label
 * @param {string} [what.hint] what it is for and who sees it
 * @param {(attributes: Record<string, any>) => HTMLElement} [what.control] makes another control than an input
 * @param {Record<string, any>} [what.input] further attributes
 */
export function Field(scope, { faults$ }, { name, label, hint = '', control, input = {} }) {
  const { h } = scope;
  const fault$ = faults$.map((faults) => faults[name] ?? '');
  const attributes = {
    class: 'input', id: `field-${name}`, name,
    'aria-invalid': fault$.map((fault) => (fault ? 'true' : null)),
    'aria-describedby': fault$.map((fault) => (fault ? `fault-${name}` : hint ? `hint-${name}` : null)),
    ...input,
  };
  return h('div', { class: 'field' },
    h('label', { for: `field-${name}` }, label),
    control ? control(attributes) : h('input', attributes),
    scope.show(fault$, (fault, inner) => (fault
      ? inner.h('p', { class: 'field-error', id: `fault-${name}` }, icon('alert', 'small'), fault)
      : hint && inner.h('p', { class: 'field-hint', id: `hint-${name}` }, hint))));
}

/**
 * A password that one may look at while typing.
 *
 * @param {Scope} scope
 * @param {Record<string, any>} attributes
 */
export function PasswordInput(scope, attributes) {
  const { h } = scope;
  const shown$ = observable(false);
  return h('div', { class: 'password' },
    h('input', { ...attributes, type: shown$.map((shown) => (shown ? 'text' : 'password')), maxlength: '256' }),
    h('button', {
      class: 'tool', type: 'button', 'aria-pressed': shown$.map(String), 'aria-label': 'Show password',
      onclick: () => shown$.update((shown) => !shown),
    }, shown$.map((shown) => (shown ? 'Hide' : 'Show'))));
}

/** The fault that is no field's. @param {Scope} scope @param {FormState} state */
export function FormFault(scope, { faults$ }) {
  return scope.show(faults$.map((faults) => faults[''] ?? ''), (fault, inner) => (
    fault && inner.h('p', { class: 'note bad', role: 'alert', tabindex: '-1' }, icon('alert'), inner.h('span', {}, fault))));
}

/**
 * @param {Scope} scope
 * @param {FormState} state
 * @param {string} words
 * @param {string} [names]
 */
export function SubmitButton(scope, { busy$ }, words, names = '') {
  return scope.h('button', { class: `button primary ${names}`.trim(), type: 'submit', 'aria-disabled': busy$.map((busy) => (busy ? 'true' : null)) }, words);
}
