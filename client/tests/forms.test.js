// @ts-check
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';

import { window } from './support/dom.js';
import { settle } from './support/things.js';
import { ApiError } from '../js/api/client.js';
import { Field, FormFault, formState, PasswordInput } from '../js/components/Form.js';
import { pagedList } from '../js/components/pagedList.js';
import { Scope } from '../js/utils/dom.js';

/** @type {any} */ (globalThis).FormData = window.FormData;

/** @param {Partial<ConstructorParameters<typeof ApiError>[0]>} problem */
const refusing = (problem) => async () => {
  throw new ApiError({ status: 400, code: 'invalid', detail: 'Look again.', ...problem });
};

/** A form with these fields, on the page. @param {...string} names */
function form(...names) {
  const scope = new Scope();
  const state = formState();
  const element = scope.h('form', {}, FormFault(scope, state), names.map((name) => Field(scope, state, {
    name, label: name, ...(name === 'password' && { control: (/** @type {any} */ attributes) => PasswordInput(scope, { ...attributes, value: 'wrong' }) }), input: { value: `my ${name}` },
  })));
  document.body.replaceChildren(element);
  return { state, element, focused: () => /** @type {any} */ (document.activeElement), send: (/** @type {() => Promise<void>} */ act) => state.submit(element, () => ({}), act) };
}

describe('a form', () => {
  beforeEach(() => document.body.replaceChildren());

  it('sends nothing while something is wrong, and goes to the first field that is', async () => {
    const { state, element, focused } = form('username', 'age');
    let sent = 0;
    await state.submit(element, () => ({ age: 'too young' }), async () => void (sent += 1));
    assert.equal(sent, 0);
    assert.deepEqual(state.faults$.get(), { age: 'too young' });
    assert.equal(focused().name, 'age');
  });

  it('puts what the server says beside the field it says it of', async () => {
    const { state, send, element, focused } = form('username', 'slow_mode_seconds');
    await send(refusing({ fields: { nickname: 'Taken.', 'policy.slow_mode_seconds': 'Too slow.' } }));
    assert.deepEqual(state.faults$.get(), { username: 'Taken.', slow_mode_seconds: 'Too slow.' });
    assert.equal(focused().name, 'username');
    assert.match(element.textContent ?? '', /Taken\..*Too slow\./);
    assert.equal(state.busy$.get(), false);
  });

  it('says itself what is wrong with something it does not ask for', async () => {
    const { element, send, focused } = form('title');
    await send(refusing({ fields: { slug: 'There is a group of this name.' } }));
    assert.equal(element.querySelector('[role=alert]')?.textContent, 'There is a group of this name.');
    assert.equal(focused(), element.querySelector('[role=alert]'));
  });

  it('goes back to the password after a wrong one, with its words in it', async () => {
    const { element, send, focused } = form('username', 'password');
    await send(refusing({ status: 401, code: 'wrong_password', detail: 'This is not the password.' }));
    assert.equal(focused().name, 'password');
    assert.equal(focused().value, 'wrong');
    assert.match(element.querySelector('[role=alert]')?.textContent ?? '', /not the password/);
  });

  it('says that nothing is lost when there is no network', async () => {
    const { state, send } = form('title');
    await send(refusing({ status: 0, code: 'offline', detail: 'You are offline.' }));
    assert.match(state.faults$.get()[''], /Nothing you wrote is lost/);
  });
});

describe('a list in pages', () => {
  /** @type {(string | null)[]} */
  let asked;
  /** @type {((cursor: string | null) => any)} */
  let answer;
  const open = () => pagedList(new Scope(), { items: [{ id: 'a' }], next: 'c1' }, async (cursor) => (asked.push(cursor), answer(cursor)));
  beforeEach(() => {
    asked = [];
  });

  it('asks the same thing again when it did not come, and mixes no old rows into new ones', async () => {
    const list = open();
    answer = () => Promise.reject(new Error('no network'));
    await list.restart();
    assert.equal(list.more$.get(), 'failed');
    answer = () => ({ items: [{ id: 'b' }], next: null });
    await list.loadMore();
    assert.deepEqual(asked, [null, null]);
    assert.deepEqual(list.items$.get(), [{ id: 'b' }]);
    assert.equal(list.more$.get(), 'end');
  });

  it('gives for the way back all that was loaded', async () => {
    const list = open();
    answer = () => ({ items: [{ id: 'a' }, { id: 'b' }], next: 'c2' });
    await list.loadMore();
    assert.deepEqual(list.snapshot(), { items: [{ id: 'a' }, { id: 'b' }], next: 'c2' });
  });

  it('throws away answers to an older question', async () => {
    const list = open();
    /** @type {(page: any) => void} */
    let late = () => {};
    answer = () => new Promise((done) => (late = done));
    const first = list.restart();
    answer = () => ({ items: [{ id: 'new' }], next: null });
    await list.restart();
    late({ items: [{ id: 'old' }], next: null });
    await first;
    await settle();
    assert.deepEqual(list.items$.get(), [{ id: 'new' }]);
  });
});
