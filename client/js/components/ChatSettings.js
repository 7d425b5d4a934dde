// @ts-check
// What others see of one in conversations, who may write, how one hears of messages, and whom one has blocked.

import { alerts, chooseAlerts } from '../utils/alerts.js';
import { observableList } from '../utils/state.js';
import { explain } from './explain.js';
import { Portrait } from './Face.js';
import { saveSettings } from './saveSettings.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Alert } from '../utils/alerts.js' */
/** @import { Me, Person } from '../types.js' */

/** @type {readonly [Me['settings']['messages_from'], string][]} */
const FROM = [['everyone', 'Everyone; strangers ask first'], ['known', 'People I have written to'], ['nobody', 'Nobody new']];

/** Taken at once: there is nothing to lose. @param {Scope} scope @param {Me} user @param {readonly Person[]} blocked @param {App} app */
export function ChatSettings(scope, { settings }, blocked, app) {
  const { h } = scope;
  const check = (/** @type {'receipts' | 'typing'} */ name, /** @type {string} */ words, /** @type {string} */ hint) => {
    const box = h('input', { type: 'checkbox', checked: settings[name], onchange: () => saveSettings(app, { [name]: box.checked }) });
    return h('label', { class: 'check' }, box, h('span', {}, words, h('small', {}, hint)));
  };
  const from = h('select', {
    class: 'input', id: 'field-messages-from', value: settings.messages_from,
    onchange: () => saveSettings(app, { messages_from: /** @type {Me['settings']['messages_from']} */ (from.value) }),
  }, FROM.map(([value, words]) => h('option', { value }, words)));
  return h('div', { class: 'form' },
    h('div', { class: 'field' }, h('label', { for: 'field-messages-from' }, 'Who may write to me'), from),
    check('receipts', 'Show how far I have read', 'In conversations of up to 20 people. Without it others see only that a message was sent.'),
    check('typing', 'Show when I am typing', 'For as long as you write, and some seconds after.'),
    AlertChoice(scope, app, 'sound', 'Sound for new messages', 'Kept in this browser.'),
    AlertChoice(scope, app, 'desktop', 'Desktop notifications', 'Kept in this browser, which asks you first.'),
    Blocked(scope, app, blocked));
}

/** @param {Scope} scope @param {App} app @param {Alert} what @param {string} words @param {string} hint */
function AlertChoice(scope, app, what, words, hint) {
  const { h } = scope;
  const box = h('input', {
    type: 'checkbox', checked: alerts()[what],
    onchange: async () => {
      const wanted = box.checked;
      box.checked = await chooseAlerts(what, wanted);
      if (wanted && !box.checked) app.notices.say('The browser does not allow it. Its settings for this page can change that.');
    },
  });
  return h('label', { class: 'check' }, box, h('span', {}, words, h('small', {}, hint)));
}

/** @param {Scope} scope @param {App} app @param {readonly Person[]} blocked */
function Blocked(scope, app, blocked) {
  const people$ = observableList(blocked);
  const unblock = async (/** @type {Person} */ { id, nickname }) => {
    try {
      await app.api.messages.block(nickname, false);
      people$.remove((one) => one.id === id);
      app.notices.say(`${nickname} may write to you again`);
    } catch (error) {
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
    }
  };
  return scope.show(people$.map(({ length }) => length > 0), (any, part) => any && part.h('div', { class: 'field' },
    part.h('h3', {}, 'Blocked'),
    part.h('ul', { class: 'plain' }, part.list(people$, ({ id }) => id, (person$, row) => row.h('li', { class: 'blocked-person' },
      Portrait(row, person$.get()), row.h('a', { href: person$.get().url, dir: 'auto' }, person$.get().nickname),
      row.h('button', { class: 'button', type: 'button', onclick: () => unblock(person$.get()) }, 'Unblock'))))));
}
