// @ts-check
// A person as one row of the directory.

import { Portrait, RoleMark } from './Face.js';
import { Time } from './Time.js';
import { count } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Profile } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {Readable<Profile>} person$
 * @param {App} app
 */
export function PersonRow(scope, person$, app) {
  const { h } = scope;
  return h('li', { class: 'row person-row', dataset: { id: person$.get().id } },
    scope.show(person$, (person, inner) => Portrait(inner, person, person.online ? 'large online' : 'large')),
    h('div', { class: 'row-main' },
      h('h2', { class: 'row-title' },
        h('a', { class: 'row-link', href: person$.map((person) => person.url), dir: 'auto' }, person$.map((person) => person.nickname)),
        scope.show(person$, (person, inner) => RoleMark(inner, person)),
        scope.show(person$.map((person) => person.online), (online, inner) => online && inner.h('span', { class: 'unseen' }, 'online'))),
      h('p', { class: 'row-sub' },
        h('span', { class: 'excerpt' },
          person$.map((person) => `${count(person.thread_count, 'thread')}, ${count(person.post_count, 'post')}`)))),
    h('span', { class: 'row-time' }, h('span', { class: 'quiet' }, 'joined '), Time(scope, app, person$.map((person) => person.joined_at))));
}
