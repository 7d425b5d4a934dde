// @ts-check
// What stands for a group where people have faces: a sign from its title on a colour of its own, or two of its people.

/** @import { Conversation, Person } from '../types.js' */

/** @typedef {{sign: string, hue: number} | {people: readonly Person[]}} Picture */

/** @param {Pick<Conversation, 'id' | 'title' | 'members'>} group @param {string | undefined} me @returns {Picture} */
export function pictureOf({ id, title, members }, me) {
  const people = members.map(({ person }) => person).filter((person) => person.id !== me).slice(0, 2);
  const sign = title ? signOf(title) : '';
  return sign || people.length === 0 ? { sign: sign || '·', hue: hueOf(id) } : { people };
}

/** The emoji that a title begins with, else the first letters of its first two words. @param {string} title */
function signOf(title) {
  const [first = ''] = graphemes(title.trim());
  if (/\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(first)) return first;
  const words = title.split(/[^\p{Letter}\p{Number}\p{Mark}]+/u).filter(Boolean);
  return words.slice(0, 2).map((word) => graphemes(word)[0]).join('').toUpperCase();
}

/** What people see as one sign each. @param {string} text */
function graphemes(text) {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** Stays while the title changes. @param {string} id @returns {number} degrees */
function hueOf(id) {
  return [...id].reduce((sum, digit) => (sum * 31 + digit.charCodeAt(0)) % 360, 0);
}
