// @ts-check
// Short notices below; what was done can be taken back from them for some seconds.

import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** @param {Scope} scope @param {App} app */
export function Toasts(scope, app) {
  const { h } = scope;
  return h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' },
    scope.list(app.notices.items$, (notice) => notice.id, (notice$, row) => {
      const notice = notice$.get();
      const { action, hold, release } = notice;
      const bad = notice.kind === 'error';
      /** Where the focus was: it goes back there. @type {EventTarget | null} */
      let before = null;
      // Nothing goes away under a pointer or a finger that is on its way to it.
      return row.h('div', { class: bad ? 'toast bad' : 'toast', onpointerenter: hold, onfocusin: hold, onpointerleave: release, onfocusout: release },
        bad && icon('alert'),
        row.h('span', {}, notice.text),
        action && row.h('button', {
          type: 'button',
          onfocus: (/** @type {FocusEvent} */ event) => (before = event.relatedTarget),
          onclick: (/** @type {Event} */ event) => {
            const back = before instanceof HTMLElement && before.isConnected ? before : document.getElementById('main');
            if (document.activeElement === event.currentTarget) back?.focus({ preventScroll: true });
            notice.close();
            action.run();
          },
        }, action.label));
    }));
}
