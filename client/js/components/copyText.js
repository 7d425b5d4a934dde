// @ts-check
// Puts words onto the clipboard and says so.

/** @import { App } from '../app.js' */

/** @param {App} app @param {string} text @param {string} [said] @param {() => void} [otherwise] where the browser does not let a page copy */
export async function copyText(app, text, said = 'Copied', otherwise = () => app.notices.say('This browser does not let a page copy.')) {
  try {
    await navigator.clipboard.writeText(text);
    app.notices.say(said);
  } catch {
    otherwise();
  }
}
