// @ts-check
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { findFaults } from '../js/components/validation.js';

const GOOD = { username: 'ada.l', email: 'ada@example.org', password: 'three small words', age: '36', gender: 'female', first_name: 'Ada', last_name: 'Lovelace' };
const faults = (/** @type {Record<string, string>} */ change) => Object.keys(findFaults({ ...GOOD, ...change }, { minimumAge: 13 }));

describe('registration', () => {
  it('takes a whole and honest form', () => {
    assert.deepEqual(faults({}), []);
  });

  it('refuses nicknames that the server would refuse', () => {
    for (const username of ['', 'a', 'x'.repeat(31), '-ada', '.ada', 'a da', 'a/b', 'ada!', 'ada.', 'Ünsal']) assert.deepEqual(faults({ username }), ['username'], username);
    for (const username of ['aa', 'x'.repeat(30), '9lives', 'a_b-c.d', 'Ada']) assert.deepEqual(faults({ username }), [], username);
  });

  it('refuses what is plainly no e-mail address', () => {
    for (const email of ['', 'ada', 'ada@', '@x.org', 'ada@x', 'a da@x.org', 'ada@x..org', 'ada@@x.org']) assert.deepEqual(faults({ email }), ['email'], email);
  });

  it('counts a password in characters, not in bytes', () => {
    assert.deepEqual(faults({ password: '123456789' }), ['password']);
    assert.deepEqual(faults({ password: '🔥'.repeat(9) }), ['password']);
    assert.deepEqual(faults({ password: '🔥'.repeat(10) }), []);
  });

  it('keeps to the minimum age of the community', () => {
    for (const age of ['', '12', '121', '-5', '20.5', 'twenty', '1e2']) assert.deepEqual(faults({ age }), ['age'], age);
    for (const age of ['13', '120', ' 40 ']) assert.deepEqual(faults({ age }), [], age);
    assert.deepEqual(Object.keys(findFaults({ age: '15' }, { minimumAge: 16 })), ['age']);
  });

  it('takes a gender in one\'s own words, up to 40 letters', () => {
    assert.deepEqual(faults({ gender: '' }), ['gender']);
    assert.deepEqual(faults({ gender: 'x'.repeat(41) }), ['gender']);
    assert.deepEqual(faults({ gender: 'agender' }), []);
  });

  it('asks for both names', () => {
    assert.deepEqual(faults({ first_name: ' ', last_name: 'x'.repeat(61) }), ['first_name', 'last_name']);
  });
});
