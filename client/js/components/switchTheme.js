// @ts-check
// From light to dark and back, by the button in the rail and by Ctrl-K.

import { saveSettings } from './saveSettings.js';
import { chooseTheme, otherTheme } from './Theme.js';
/** @import { App } from '../app.js' */

/** Seen at once; an account remembers it too. @param {App} app */
export function switchTheme(app) {
  const theme = otherTheme();
  chooseTheme(theme);
  if (app.session.me$.get()) void saveSettings(app, { theme });
}
