// @ts-check
// A small document for tests of what makes elements: import it before the module under test.

import { Window } from 'happy-dom';

export const window = new Window({ url: 'http://forum.test/', settings: { navigation: { disableMainFrameNavigation: true, disableChildPageNavigation: true, disableFallbackToSetURL: true } } });

for (const name of ['document', 'Node', 'Element', 'HTMLElement', 'HTMLAnchorElement', 'DocumentFragment', 'Event', 'CustomEvent', 'MouseEvent', 'location', 'history', 'CSS', 'NodeFilter', 'MutationObserver', 'HTMLButtonElement', 'HTMLInputElement', 'HTMLTextAreaElement', 'HTMLDialogElement', 'SVGElement', 'KeyboardEvent', 'localStorage', 'sessionStorage']) {
  Object.defineProperty(globalThis, name, { value: /** @type {any} */ (window)[name], configurable: true, writable: true });
}
/** @type {any} */ (globalThis).window = window;

/** @type {(() => void)[]} */
const listening = [];

/** From now on what listens to the page as a whole can be sent away by `forgetListeners`. */
export function noteListeners() {
  for (const target of [window, window.document]) {
    const add = target.addEventListener.bind(target);
    target.addEventListener = /** @type {any} */ ((/** @type {any[]} */ ...args) => {
      /** @type {any} */ (add)(...args);
      listening.push(() => target.removeEventListener(args[0], args[1]));
    });
  }
}

export function forgetListeners() {
  for (const stop of listening.splice(0)) stop();
}
