// @ts-check
// A moment: the UTC date in the first page, and from then on how long ago, with the exact one on hover.

import { computed, observable, Readable } from '../utils/state.js';
import { ago, exact, utcDate } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {string | Readable<string>} iso
 */
export function Time(scope, app, iso) {
  const iso$ = iso instanceof Readable ? iso : observable(iso);
  const words$ = computed([iso$, app.now$], (moment, now) => (now === null ? utcDate(moment) : ago(moment, now)));
  const exact$ = computed([iso$, app.now$], (moment, now) => (now === null ? null : exact(moment)));
  return scope.h('time', { datetime: iso$, title: exact$ }, words$);
}
