// @ts-check
// Light, dark, or as the device has it. Kept in this browser; an account's choice is taken over when one signs in.

/** @import { ThemeChoice } from '../types.js' */

const KEY = 'folkmoot.theme';

/** @returns {ThemeChoice} */
export function chosenTheme() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : 'auto';
  } catch {
    return 'auto';
  }
}

/** @param {ThemeChoice} [choice] */
export function applyTheme(choice = chosenTheme()) {
  const root = document.documentElement;
  if (choice === 'auto') delete root.dataset.theme;
  else root.dataset.theme = choice;
}

/** @param {ThemeChoice} choice */
export function chooseTheme(choice) {
  try {
    if (choice === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // A browser without storage: the choice lasts as long as the page.
  }
  applyTheme(choice);
}

/** From what is seen now to the other. @returns {ThemeChoice} */
export function otherTheme() {
  const pinned = document.documentElement.dataset.theme;
  const dark = pinned ? pinned === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  return dark ? 'light' : 'dark';
}
