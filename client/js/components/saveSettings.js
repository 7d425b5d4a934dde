// @ts-check
// What one chooses for the client is kept by the account.

/** @import { App } from '../app.js' */
/** @import { Settings } from '../types.js' */

/** Taken at once, since there is nothing to lose; where it could not be kept that is said. @param {App} app @param {Partial<Settings>} settings */
export async function saveSettings(app, settings) {
  try {
    app.session.changed((await app.api.me.change({ settings })).user);
  } catch {
    app.notices.say('This could not be saved to your account. It lasts until you load the page again.', { kind: 'error' });
  }
}
