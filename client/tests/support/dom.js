// @ts-check
// A small document for tests of what makes elements: import it before the module under test.

import { Window } from 'happy-dom';

export const window = new Window({ url: 'http://forum.test/' });

for (const name of ['document', 'Node', 'Element', 'HTMLElement', 'HTMLAnchorElement', 'DocumentFragment', 'Event', 'CustomEvent', 'MouseEvent', 'KeyboardEvent', 'location', 'history', 'getSelection']) {
  Object.defineProperty(globalThis, name, { value: /** @type {any} */ (window)[name], configurable: true, writable: true });
}
/** @type {any} */ (globalThis).window = window;
