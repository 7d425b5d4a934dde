// @ts-check
// Whether letters alone do something in threads. Kept in this browser: it is about a keyboard and how one speaks to it.

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
