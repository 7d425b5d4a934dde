// @ts-check
// A part of a settings page: its name, what it does, its controls.

/** @import { Scope } from '../utils/dom.js' */

/** @param {Scope} scope @param {string} title @param {string} words @param {...(Node | null | false)} content */
export function Group(scope, title, words, ...content) {
  const { h } = scope;
  return h('section', { class: 'group' }, h('h2', {}, title), words && h('p', {}, words), content);
}
