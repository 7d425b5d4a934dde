// @ts-check
// Says quietly that there is no connection, once that has lasted: most come back sooner.

import { observable } from '../utils/state.js';
import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** So long may a connection be gone before it is said, in ms. */
const PATIENCE_MS = 4000;

/** @param {Scope} scope @param {App} app */
export function Connection(scope, app) {
  const lost$ = observable(false);
  /** @type {(() => void) | null} */
  let stop = null;
  scope.subscribe(app.socket.state$, (state) => {
    if (state === 'waiting' || state === 'connecting') stop ??= scope.timeout(() => lost$.set(true), PATIENCE_MS);
    else {
      stop?.();
      stop = null;
      lost$.set(false);
    }
  });
  return scope.h('div', { class: 'connection', role: 'status' }, scope.show(lost$, (lost, inner) => (
    lost && inner.h('p', {}, icon('alert', 'small'), 'No connection. Trying again; nothing you write is lost.'))));
}
