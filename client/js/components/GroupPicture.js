// @ts-check
// The drawn picture of a group.

import { pictureOf } from '../utils/groupPicture.js';
import { hueClass, Portrait } from './Face.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { Conversation } from '../types.js' */

/** Follows the group's title and people. @param {Scope} scope @param {Readable<Conversation>} group$ @param {string | undefined} me */
export function GroupPicture(scope, group$, me) {
  return scope.show(group$.pick((group) => pictureOf(group, me)), (picture, inner) => ('people' in picture
    ? inner.h('span', { class: 'face-pair', classes: { alone: picture.people.length === 1 }, 'aria-hidden': 'true' }, picture.people.map((person) => Portrait(inner, person)))
    : inner.h('span', { class: `face large group ${hueClass(picture.hue)}`, 'aria-hidden': 'true' }, picture.sign)));
}
