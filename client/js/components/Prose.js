// @ts-check
// People's words as the server's markup made them, with what only a script can add: copying code, and
// pictures from elsewhere, which load when one asks for them: until then their site learns nothing.

import { html } from '../utils/dom.js';
import { copyText } from './copyText.js';
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
  // The buttons of these words, which go when they are rewritten.
  let buttons = scope.child();
  scope.subscribe(words$, (words) => {
    buttons.end();
    buttons = scope.child();
    html(body, words);
    // Only after the first page has been taken over: until then both sides show the bare words.
    if (app.now$.get() !== null) dress(buttons, body, app);
  });
  if (app.now$.get() === null) {
    const stop = app.now$.subscribe(() => {
      stop();
      dress(buttons, body, app);
    });
    scope.onEnd(stop);
  }
  scope.on(body, 'click', showRemoteImage);
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
  const copy = () => copyText(app, pre.textContent ?? '', 'Copied', () => {
    getSelection()?.selectAllChildren(pre);
    app.notices.say('This browser does not let a page copy. The code is selected: press Ctrl-C.');
  });
  return scope.h('button', { class: 'tool copy', type: 'button', title: 'Copy code', 'aria-label': 'Copy code', onclick: copy }, icon('copy', 'small'));
}

/** Puts the picture in the place of its button; one that does not come leaves a link to it. @param {MouseEvent} event */
function showRemoteImage(event) {
  const button = /** @type {HTMLElement} */ (event.target).closest?.('button.remote-image');
  const address = button?.getAttribute('data-src') ?? '';
  if (!button || !/^https?:\/\//i.test(address)) return;
  event.preventDefault();
  const image = new Image();
  image.referrerPolicy = 'no-referrer';
  image.alt = button.querySelector('.alt')?.textContent ?? '';
  // The place is kept while it loads, so that nothing below moves twice.
  for (const side of /** @type {const} */ (['width', 'height'])) {
    const length = Number(button.getAttribute(`data-${side}`));
    if (length > 0) image[side] = length;
  }
  image.addEventListener('error', () => image.replaceWith(linkTo(address)), { once: true });
  image.src = address;
  button.replaceWith(image);
}

/** @param {string} address */
function linkTo(address) {
  const link = document.createElement('a');
  link.href = address;
  link.rel = 'noopener noreferrer nofollow';
  link.target = '_blank';
  link.textContent = `The picture did not load. Open it at ${new URL(address).host}`;
  return link;
}
