// @ts-check
// A menu that hangs from a button; on a phone a sheet from below (css/floats.css).

import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */

/** @typedef {{icon: string, words: string, danger?: boolean, run: () => void}} MenuItem */

/**
 * Opens a floating box under (or above) its button. Escape and a click beside it close it and the
 * focus goes back. The box ends with the scope that opened it.
 *
 * @param {Scope} scope
 * @param {HTMLElement} button
 * @param {(scope: Scope, close: () => void) => Node[]} content
 * @param {string} [role]
 */
export function openPopup(scope, button, content, role = 'dialog') {
  const inner = scope.child();
  const close = () => inner.end();
  const box = inner.h('div', { class: 'menu', popover: 'auto', role, 'aria-label': button.getAttribute('aria-label') });
  box.append(...content(inner, () => {
    button.focus({ preventScroll: true });
    close();
  }));
  // Beside a modal dialog nothing can be reached.
  (button.closest('dialog') ?? document.body).append(box);
  button.setAttribute('aria-expanded', 'true');
  box.showPopover();
  place(box, button.getBoundingClientRect());
  inner.on(box, 'toggle', (event) => event.newState === 'closed' && close());
  inner.onEnd(() => {
    button.setAttribute('aria-expanded', 'false');
    box.remove();
  });
  /** @type {HTMLElement | null} */ (box.querySelector('button, input, a'))?.focus({ preventScroll: true });
  return close;
}

/** Below the button if there is room, at the side where there is room. @param {HTMLElement} box @param {DOMRect} at */
function place(box, at) {
  const { width, height } = box.getBoundingClientRect();
  const below = at.bottom + 4 + height < innerHeight;
  const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
  box.style.setProperty('--x', `${left}px`);
  box.style.setProperty('--y', `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`);
}

/**
 * @param {Scope} scope
 * @param {HTMLElement} button
 * @param {readonly MenuItem[]} items
 */
export function openMenu(scope, button, items) {
  openPopup(scope, button, (inner, close) => {
    const buttons = items.map((item) => inner.h('button', {
      class: item.danger ? 'menu-item danger' : 'menu-item', type: 'button', role: 'menuitem',
      onclick: () => {
        close();
        item.run();
      },
    }, icon(item.icon), item.words));
    for (const one of buttons) inner.on(one, 'keydown', (event) => walk(event, buttons));
    return buttons;
  }, 'menu');
}

/** Arrows, Home and End go through the items. @param {KeyboardEvent} event @param {HTMLElement[]} items */
function walk(event, items) {
  const at = items.indexOf(/** @type {HTMLElement} */ (event.currentTarget));
  /** @type {Record<string, number>} */
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 };
  if (!(event.key in next)) return;
  event.preventDefault();
  items[next[event.key] % items.length].focus();
}
