// @ts-check
// People's words as the server's markup made them, with what only a script can add: copying code, and
// pictures from elsewhere. The page's policy lets no picture load from another site, so a reader's
// address stays unknown there; a click opens the picture in a tab of its own.

import { html } from '../utils/dom.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */

/**
 * @param {Scope} scope
 * @param {Readable<string>} words$ HTML made by the server
 * @param {App} app
 * @param {string} [names]
 */
export function Prose(scope, words$, app, names = 'prose') {
  const body = scope.h('div', { class: names, dir: 'auto' });
  scope.subscribe(words$, (words) => {
    html(body, words);
    // Only after the first page has been taken over: until then both sides show the bare words.
    if (app.now$.get() !== null) dress(scope, body, app);
  });
  if (app.now$.get() === null) {
    const stop = app.now$.subscribe(() => {
      stop();
      dress(scope, body, app);
    });
    scope.onEnd(stop);
  }
  scope.on(body, 'click', openRemoteImage);
  return body;
}

/** @param {Scope} scope @param {HTMLElement} body @param {App} app */
function dress(scope, body, app) {
  for (const pre of body.querySelectorAll('pre')) {
    if (pre.parentElement?.classList.contains('code')) continue;
    const box = scope.h('div', { class: 'code' });
    pre.replaceWith(box);
    box.append(pre, CopyButton(scope, pre, app));
    // What scrolls must be reachable by keyboard.
    pre.tabIndex = 0;
  }
}

/** @param {Scope} scope @param {HTMLElement} pre @param {App} app */
function CopyButton(scope, pre, app) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(pre.textContent ?? '');
      app.notices.say('Copied');
    } catch {
      getSelection()?.selectAllChildren(pre);
      app.notices.say('This browser does not let a page copy. The code is selected: press Ctrl-C.');
    }
  };
  return scope.h('button', { class: 'tool copy', type: 'button', title: 'Copy code', 'aria-label': 'Copy code', onclick: copy }, icon('copy', 'small'));
}

/** @param {MouseEvent} event */
function openRemoteImage(event) {
  const button = /** @type {HTMLElement} */ (event.target).closest?.('button.remote-image');
  const address = button?.getAttribute('data-src') ?? '';
  if (/^https?:\/\//i.test(address)) window.open(address, '_blank', 'noopener,noreferrer');
}
