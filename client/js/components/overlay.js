// @ts-check
// The composer as the whole screen of a phone: above the keyboard, the focus stays in it, the way back closes it.

/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** Screens on which css/composer.css lets it take everything. */
const PHONE = '(max-width: 699px)';

/**
 * @param {Scope} scope ends when it is closed
 * @param {HTMLElement} element
 * @param {App} app
 * @param {() => void} close
 */
export function overlay(scope, element, app, close) {
  const phone = matchMedia(PHONE);
  let free = () => {};
  const apply = () => {
    free();
    free = phone.matches ? alone(element) : () => {};
  };
  apply();
  scope.on(phone, 'change', apply);
  scope.onEnd(() => free());
  if (phone.matches) scope.onEnd(app.router.over(close));
  const { visualViewport: view } = window;
  if (!view) return;
  // Where the keyboard does not shrink the page (iOS), it shrinks what is seen of it; so does zooming, which is left alone.
  const fit = () => {
    if (view.scale > 1) return;
    element.style.setProperty('--view', `${view.height}px`);
    element.style.setProperty('--view-top', `${view.offsetTop}px`);
  };
  fit();
  scope.on(view, 'resize', fit);
  scope.on(view, 'scroll', fit);
}

/** Nothing but `element`, and the notices, can be reached. Gives back the function that ends it. @param {HTMLElement} element @returns {() => void} */
function alone(element) {
  /** @type {HTMLElement[]} */
  const others = [];
  for (let at = element; at.parentElement && at !== document.body; at = at.parentElement) {
    const beside = /** @type {HTMLElement[]} */ ([...at.parentElement.children]);
    others.push(...beside.filter((one) => one !== at && !one.inert && !one.matches('.toasts')));
  }
  for (const one of others) one.inert = true;
  return () => {
    for (const one of others) one.inert = false;
  };
}
