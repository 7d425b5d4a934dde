// @ts-check
// Choosing an emoji: a small grid with names, by click or by typing.

import { observable } from '../utils/state.js';
import { EMOJI, findEmoji } from './emoji.js';
import { openPopup } from './Menu.js';
/** @import { Scope } from '../utils/dom.js' */

/**
 * @param {Scope} scope
 * @param {HTMLElement} button
 * @param {(emoji: string) => void} chosen
 */
export function openEmojiPicker(scope, button, chosen) {
  openPopup(scope, button, (inner, close) => {
    const { h } = inner;
    const found$ = observable(EMOJI);
    const choose = (/** @type {string} */ emoji) => {
      close();
      chosen(emoji);
    };
    const field = h('input', {
      class: 'input', type: 'search', placeholder: 'Find by name', 'aria-label': 'Find an emoji by name',
      oninput: () => found$.set(findEmoji(field.value)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === 'Enter' && found$.get()[0] && choose(found$.get()[0][0]),
    });
    const grid = h('div', { class: 'emoji-grid' }, inner.list(found$, ([emoji]) => emoji, (pair$, row) => {
      const [emoji, names] = pair$.get();
      return row.h('button', { class: 'emoji', type: 'button', title: names.split(' ')[0], 'aria-label': names, onclick: () => choose(emoji) }, emoji);
    }));
    return [field, grid];
  });
}
