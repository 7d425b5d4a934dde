// @ts-check
// Short notices below; what was done can be taken back from them for some seconds.

/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/** @param {Scope} scope @param {App} app */
export function Toasts(scope, app) {
  const { h } = scope;
  return h('div', { class: 'toasts', role: 'status', 'aria-live': 'polite' },
    scope.list(app.notices.items$, (notice) => notice.id, (notice$, row) => {
      const notice = notice$.get();
      const { action } = notice;
      return row.h('div', { class: 'toast' },
        row.h('span', {}, notice.text),
        action && row.h('button', {
          type: 'button',
          onclick: () => {
            notice.close();
            action.run();
          },
        }, action.label));
    }));
}
