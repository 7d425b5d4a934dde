// @ts-check
// The first run, in three steps: the community's name, your account, the first boards.

import { observable } from '../utils/state.js';
import { AccountFields } from './AccountFields.js';
import { Field, FormFault, formState, SubmitButton } from './Form.js';
import { PageHead } from './PageHead.js';
import { findFaults } from './validation.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** What most communities begin with; each can be left out or renamed later. */
const OFFERED = [
  { slug: 'general', title: 'General', description: 'What has no board of its own.' },
  { slug: 'help', title: 'Help', description: 'Questions, and people who know.' },
  { slug: 'show', title: 'Show and tell', description: 'What you made and want others to see.' },
  { slug: 'meta', title: 'About this place', description: 'Rules, wishes, and how things are run.' },
];

const STEPS = [
  { title: 'Name your community', lead: 'People see it on every page. You can change it at any time.', button: 'Next' },
  { title: 'Your account', lead: 'The first account is an admin: it may do everything.', button: 'Next' },
  { title: 'The first boards', lead: 'Threads live on boards. A few are enough to begin with.', button: 'Open the doors' },
];

/** The lead of the last step where boards moved in. */
const MOVED = 'Your community brought its boards along. More can be added, now or later.';

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {(answer: Record<string, unknown> & {boards: Record<string, unknown>[]}) => Promise<void>} finish
 */
export function SetUp(scope, app, finish) {
  const { h } = scope;
  const step$ = observable(0);
  const state = formState();
  const limits = { minimumAge: app.session.site$.get().minimum_age };
  // A community that has just moved in brings its own.
  const moved = app.boards$.get().length > 0;
  const boards = OFFERED.map((board) => ({ board, box: h('input', { type: 'checkbox', checked: !moved }) }));
  const parts = [
    h('div', { class: 'form' }, Field(scope, state, { name: 'community_name', label: 'Name', input: { maxlength: '60', autocomplete: 'off', dir: 'auto' } })),
    h('div', { class: 'form' }, AccountFields(scope, state, limits)),
    h('div', { class: 'form' }, boards.map(({ board, box }) => (
      h('label', { class: 'check' }, box, h('span', {}, board.title, h('small', {}, board.description)))))),
  ];
  parts.forEach((part, at) => scope.subscribe(step$, (step) => (part.hidden = step !== at)));
  /** The faults of the steps up to this one: later fields are not asked for yet. @param {Record<string, string>} values */
  const check = ({ community_name: name, ...account }) => {
    /** @type {Record<string, string>} */
    const faults = [...name.trim()].length < 1 ? { community_name: 'It needs a name.' } : {};
    return step$.get() > 0 ? { ...faults, ...findFaults(account, limits) } : faults;
  };
  const form = h('form', {
    class: 'form', novalidate: true,
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void state.submit(form, check, async ({ username, age, ...rest }) => {
        if (step$.get() < STEPS.length - 1) return go(step$.get() + 1);
        const chosen = boards.filter(({ box }) => box.checked).map(({ board }) => board);
        await finish({ ...rest, nickname: username, age: Number(age), boards: chosen });
      });
    },
  },
  parts,
  FormFault(scope, state),
  h('div', { class: 'form-acts' },
    scope.show(step$, (step, inner) => SubmitButton(inner, state, STEPS[step].button)),
    h('button', { class: 'button', type: 'button', hidden: step$.map((step) => step === 0), onclick: () => go(step$.get() - 1) }, 'Back')));
  const go = (/** @type {number} */ step) => {
    step$.set(step);
    /** @type {HTMLElement | null} */ (parts[step].querySelector('input'))?.focus();
  };
  // What the server refuses is told on the step where it was asked.
  scope.onEnd(state.faults$.subscribe((faults) => {
    const names = Object.keys(faults).filter((name) => name !== '' && name !== 'community_name');
    if (names.length > 0 && step$.get() === 2) go(1);
  }));
  return h('div', { class: 'page narrow' }, h('div', { class: 'page-main' },
    h('div', { class: 'steps', role: 'img', 'aria-label': step$.map((step) => `Step ${step + 1} of ${STEPS.length}`) },
      STEPS.map((_, at) => h('span', { class: 'step', classes: { 'is-done': step$.map((step) => at <= step) } }))),
    PageHead(scope, step$.map((step) => STEPS[step].title), step$.map((step) => (step === 2 && moved ? MOVED : STEPS[step].lead))),
    form));
}
