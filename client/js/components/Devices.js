// @ts-check
// The browsers one is signed in with, and signing them out.

import { observableList } from '../utils/state.js';
import { explain } from './explain.js';
import { Time } from './Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Device } from '../types.js' */

/** @param {Scope} scope @param {App} app @param {readonly Device[]} devices */
export function Devices(scope, app, devices) {
  const { h } = scope;
  const devices$ = observableList(devices);
  /** @param {() => Promise<unknown>} act @param {(device: Device) => boolean} gone */
  const end = async (act, gone) => {
    try {
      await act();
      devices$.remove(gone);
    } catch (error) {
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
    }
  };
  return h('div', { class: 'form' },
    h('div', { class: 'table-wrap' }, h('table', { class: 'table' },
      h('thead', {}, h('tr', {}, ['Device', 'Signed in', 'Last used', ''].map((words) => h('th', { scope: 'col' }, words)))),
      h('tbody', {}, scope.list(devices$, (device) => device.id, (device$, row) => {
        const device = device$.get();
        return row.h('tr', {},
          row.h('td', {}, device.device || 'Unknown browser'),
          row.h('td', {}, Time(row, app, device.created_at)),
          row.h('td', {}, Time(row, app, device.last_used_at)),
          row.h('td', {}, device.current
            ? row.h('span', { class: 'quiet' }, 'this one')
            : row.h('button', { class: 'link', type: 'button', onclick: () => end(() => app.api.auth.endSession(device.id), (one) => one.id === device.id) }, 'Sign out')));
      })))),
    h('div', { class: 'form-acts', hidden: devices$.map((all) => all.length < 2) },
      h('button', { class: 'button', type: 'button', onclick: () => end(() => app.api.auth.endOtherSessions(), (device) => !device.current) }, 'Sign out everywhere else')));
}
