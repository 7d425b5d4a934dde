// @ts-check
// Faces: initials on a colour from the name.

/** @import { Scope } from '../utils/dom.js' */
/** @import { Person } from '../types.js' */

/** The class that carries a hue, in steps of 15 degrees. @param {number} hue */
export function hueClass(hue) {
  return `hue-${Math.floor(hue / 15) % 24}`;
}

/**
 * A face beside a name that is already a link: not announced, not in the tab order.
 *
 * @param {Scope} scope
 * @param {Person} person
 * @param {string} [size] `large`, `huge`
 */
export function Face(scope, person, size = '') {
  const names = ['face', size, hueClass(person.hue)].filter(Boolean).join(' ');
  return scope.h('a', { class: names, href: person.url, tabindex: '-1', 'aria-hidden': 'true' }, person.initials);
}

/**
 * A face that only shows.
 *
 * @param {Scope} scope
 * @param {Person} person
 * @param {string} [size]
 */
export function Portrait(scope, person, size = '') {
  const names = ['face', size, hueClass(person.hue)].filter(Boolean).join(' ');
  return scope.h('span', { class: names, 'aria-hidden': 'true' }, person.initials);
}

/**
 * Up to three faces, the first in front.
 *
 * @param {Scope} scope
 * @param {readonly Person[]} people
 */
export function Faces(scope, people) {
  const words = people.map((person) => person.nickname).join(', ');
  const shown = people.slice(0, 3).toReversed();
  return scope.h('span', { class: 'faces', role: 'img', 'aria-label': words, title: words },
    shown.map((person) => Portrait(scope, person)));
}

/** `moderator` or `admin` beside a name; nothing for members. @param {Scope} scope @param {Person} person */
export function RoleMark(scope, person) {
  return person.role === 'member' ? null : scope.h('span', { class: 'role' }, person.role);
}
