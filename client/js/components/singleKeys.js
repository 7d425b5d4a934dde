// @ts-check
// Whether letters alone do something. Kept in this browser: it is about a keyboard and how one speaks to it.

const KEY = 'folkmoot.single-keys';

/** @returns {boolean} unless they were turned off */
export function singleKeys() {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function chooseSingleKeys(on) {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // A browser without storage keeps no choice.
  }
}

/** Whether a key is pressed alone, and neither writes into something nor belongs to what floats over the page. @param {KeyboardEvent} event */
export function isSingleKey({ ctrlKey, metaKey, altKey, target }) {
  if (ctrlKey || metaKey || altKey || !singleKeys() || document.querySelector('dialog[open], .menu')) return false;
  return !(target instanceof Element && target.closest('input, textarea, select'));
}
