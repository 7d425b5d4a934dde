// @ts-check
// Where one writes: Markdown with a toolbar for those who want one, a preview, suggestions after `@` and `:`,
// and a line that says where the words are (draft saved, sending, waiting for the network).

import { observable } from '../utils/state.js';
import { icon } from './icons.js';
import { Prose } from './Prose.js';
import { Suggestions } from './Suggestions.js';
import { Toolbar, shortcut } from './Toolbar.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable, Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */

/**
 * @typedef {object} ComposerOptions
 * @property {Observable<string>} words$ what is written; the owner keeps it as a draft
 * @property {string} label for screen readers
 * @property {string} placeholder
 * @property {string} button what the button says
 * @property {() => void | Promise<void>} send
 * @property {Readable<string>} state$ where the words are, in a few words
 * @property {Readable<boolean>} busy$
 * @property {(() => void) | null} [close]
 * @property {Node | null} [head] what stands above the text
 * @property {boolean} [full] a page of its own rather than a dock
 */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {ComposerOptions} options
 */
export function Composer(scope, app, { words$, label, placeholder, button, send, state$, busy$, close = null, head = null, full = false }) {
  const { h } = scope;
  const preview$ = observable(/** @type {string | null} */ (null));
  const area = h('textarea', {
    'aria-label': label, placeholder, dir: 'auto', rows: full ? 10 : 3, value: words$,
    hidden: preview$.map((shown) => shown !== null),
    oninput: () => words$.set(area.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event),
  });
  const submit = () => {
    if (words$.get().trim() !== '' && !busy$.get()) void send();
    else area.focus();
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const entersSend = app.session.me$.get()?.settings.enter_sends && !event.shiftKey && !full;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey || entersSend)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape' && close) close();
    else shortcut(event, area);
  };
  const togglePreview = async () => {
    if (preview$.get() !== null) {
      preview$.set(null);
      return area.focus();
    }
    try {
      preview$.set((await app.api.posts.preview(words$.get())).html);
    } catch {
      app.notices.say('The preview needs the network. Your words are kept.');
    }
  };
  const element = h('form', {
    class: full ? 'composer full' : 'composer',
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      submit();
    },
  },
  (head || close) && h('div', { class: 'composer-head' }, h('span', {}, head),
    close && h('button', { class: 'tool', type: 'button', title: 'Close (your words are kept)', 'aria-label': 'Close', onclick: close }, icon('x'))),
  area,
  scope.show(preview$, (html, inner) => html !== null && Prose(inner, observable(html || '<p>Nothing to preview yet.</p>'), app, 'prose preview')),
  h('div', { class: 'composer-foot' },
    h('div', { class: 'composer-tools' }, Toolbar(scope, area),
      h('button', { class: 'tool', type: 'button', title: 'Preview', 'aria-pressed': preview$.map((shown) => String(shown !== null)), onclick: togglePreview },
        icon('eye'), h('span', { class: 'unseen' }, 'Preview'))),
    h('span', { class: 'composer-state', role: 'status' }, state$),
    h('button', { class: 'button primary', type: 'submit', 'aria-disabled': busy$.map((busy) => (busy ? 'true' : null)) }, button)));
  Suggestions(scope, area, element, app);
  return { element, focus: () => area.focus(), insert: (/** @type {string} */ text) => insert(area, words$, text) };
}

/**
 * Adds `text` as a paragraph of its own at the end and puts the caret behind it.
 *
 * @param {HTMLTextAreaElement} area
 * @param {Observable<string>} words$
 * @param {string} text
 */
function insert(area, words$, text) {
  const before = words$.get().trimEnd();
  words$.set(before === '' ? text : `${before}\n\n${text}`);
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  area.scrollTop = area.scrollHeight;
}
