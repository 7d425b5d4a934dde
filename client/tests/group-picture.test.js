import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pictureOf } from '../js/utils/groupPicture.js';
import { conversation, person } from './support/things.js';

const group = (/** @type {string | null} */ title, /** @type {string[]} */ members = ['ada', 'bob', 'cleo', 'dan']) => conversation('81', {
  kind: 'group', title, with: null, members: members.map((nickname) => ({ person: person(nickname), role: 'member', read_seq: null })),
});
const sign = (/** @type {string} */ title) => /** @type {any} */ (pictureOf(group(title), 'u-ada')).sign;

describe('the picture of a group', () => {
  it('is made of its title: an emoji in front, or first letters', () => {
    assert.deepEqual(['Film night', 'gardeners', ' the Old "crew" here', '🌱 Gardeners', '👩‍👩‍👧 Family', '🇦🇹 Vienna', 'Über uns', '2026 plans', '日本 語'].map(sign),
      ['FN', 'G', 'TO', '🌱', '👩‍👩‍👧', '🇦🇹', 'ÜU', '2P', '日語']);
  });

  it('keeps its colour when the title changes', () => {
    const hue = (/** @type {string} */ title) => /** @type {any} */ (pictureOf(group(title), 'u-ada')).hue;
    assert.equal(hue('One'), hue('Another'));
    assert.ok(hue('One') >= 0 && hue('One') < 360);
  });

  it('is two of the others where there is no title that says anything', () => {
    for (const title of [null, '…']) assert.deepEqual(/** @type {any} */ (pictureOf(group(title), 'u-ada')).people.map((/** @type {any} */ one) => one.nickname), ['bob', 'cleo']);
    assert.equal(/** @type {any} */ (pictureOf(group(null, ['ada']), 'u-ada')).sign, '·');
  });
});
