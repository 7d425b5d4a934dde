// @ts-check
// Messages in which words were found: where, who, when, and the words marked. Each leads to its place.

import { html } from '../utils/dom.js';
import { marked } from '../utils/marked.js';
import { Portrait } from './Face.js';
import { More } from './More.js';
import { Time } from './Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { Hit, MessageSearch } from '../stores/MessageSearch.js' */

/** @param {Scope} scope @param {App} app @param {MessageSearch} search @param {{onOpen?: () => void, again?: () => void}} [acts] `again`: when looking failed */
export function FoundMessages(scope, app, search, { onOpen = () => {}, again = () => void search.again() } = {}) {
  return [
    scope.h('ul', { class: 'plain', 'aria-label': 'Messages', hidden: search.hits$.map(({ length }) => length === 0) },
      scope.list(search.hits$, ({ message }) => message.id, (hit$, row) => FoundRow(row, app, hit$.get(), search, onOpen))),
    scope.show(search.more$.map((state) => state !== 'end'), (any, inner) => any && More(inner, search.more$, () => search.more(), '/chat', 'More messages')),
    scope.show(search.state$.map((state) => state === 'failed'), (failed, inner) => failed && inner.h('p', { class: 'quiet found-none', role: 'status' },
      'Messages could not be searched. ', inner.h('button', { class: 'link', type: 'button', onclick: again }, 'Try again'))),
  ];
}

/** @param {Scope} scope @param {App} app @param {Hit} hit @param {MessageSearch} search @param {() => void} onOpen */
function FoundRow(scope, app, { message, where }, search, onOpen) {
  const { h } = scope;
  const { author, created_at, url } = message;
  const who = author.id === app.session.me$.get()?.id ? 'You' : author.nickname;
  const name = where && (where.title ?? where.people.map(({ nickname }) => nickname).join(', '));
  const text = wordsOf(message.html);
  return h('li', {}, h('a', { class: 'chat-person found', href: url, onclick: onOpen },
    Portrait(scope, author, 'large'),
    h('span', { class: 'chat-who' },
      h('span', { class: 'chat-name one-line', dir: 'auto' }, name ?? who),
      h('span', { class: 'chat-preview found-words', dir: 'auto' }, name && h('b', {}, `${who}: `),
        scope.show(search.words$, (words, inner) => marked(text, words).map(({ text: part, hit }) => (hit ? inner.h('mark', {}, part) : part))))),
    h('span', { class: 'chat-aside' }, Time(scope, app, created_at))));
}

/** What one reads of a message, without its form. @param {string} words HTML made by the server */
function wordsOf(words) {
  const { content } = /** @type {HTMLTemplateElement} */ (html(document.createElement('template'), words));
  for (const block of content.querySelectorAll('p, li, br, pre, blockquote, tr, td, th, h1, h2, h3, h4, h5, h6')) block.after(' ');
  return content.textContent ?? '';
}
