// @ts-check
// Where one writes: Markdown with a toolbar for those who want one, a preview, suggestions after `@` and `:`,
// and a line that says where the words are (draft saved, sending, waiting for the network).

import { computed, observable } from '../utils/state.js';
import { icon } from './icons.js';
import { Prose } from './Prose.js';
import { Suggestions } from './Suggestions.js';
import { Toolbar, shortcut } from './Toolbar.js';
import { joined } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable, Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { DraftPlace } from '../stores/Drafts.js' */

/**
 * @typedef {object} ComposerOptions
 * @property {Observable<string>} words$ what is written; the owner keeps it as a draft
 * @property {DraftPlace} draft where
 * @property {string} label for screen readers
 * @property {string} placeholder
 * @property {string} button what the button says
 * @property {() => void | Promise<void>} send
 * @property {Readable<string>} state$ what keeps the words here or where they go, said aloud
 * @property {Readable<boolean>} busy$ while it is, nothing can be typed or sent
 * @property {Readable<boolean>} [html$] whether the words are HTML, as moved in from elsewhere, and not Markdown
 * @property {Node | null} [act] a second button
 * @property {(() => void) | null} [close]
 * @property {Node | null} [head] what stands above the text
 * @property {boolean} [full] a page of its own rather than a dock
 */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {ComposerOptions} options
 */
export function Composer(scope, app, options) {
  const { words$, draft, label, placeholder, button, send, state$, busy$ } = options;
  const { html$ = observable(false), act = null, close = null, head = null, full = false } = options;
  const { h } = scope;
  const preview$ = observable(/** @type {string | null} */ (null));
  const area = h('textarea', {
    'aria-label': label, placeholder, dir: 'auto', rows: full ? 10 : 3, value: words$,
    hidden: preview$.map((shown) => shown !== null), readonly: busy$,
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
    else if (!html$.get()) shortcut(event, area);
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
    h('div', { class: 'composer-tools' }, scope.show(html$, (isHtml, inner) => (isHtml
      ? inner.h('span', { class: 'chip', title: 'This post was moved in from elsewhere and is written in HTML' }, 'HTML')
      : [Toolbar(inner, area),
        inner.h('button', { class: 'tool', type: 'button', title: 'Preview', 'aria-pressed': preview$.map((shown) => String(shown !== null)), onclick: togglePreview },
          icon('eye'), inner.h('span', { class: 'unseen' }, 'Preview'))]))),
    State(scope, draft, words$, state$),
    act,
    h('button', { class: 'button primary', type: 'submit', 'aria-disabled': busy$.map((busy) => (busy ? 'true' : null)) }, button)));
  Suggestions(scope, area, element, app);
  return { element, focus: () => area.focus(), insert: (/** @type {string} */ text) => insert(area, words$, text) };
}

/**
 * Where the words are. That the draft is kept is shown and not said: it would be said all the time.
 *
 * @param {Scope} scope
 * @param {DraftPlace} draft
 * @param {Readable<string>} words$
 * @param {Readable<string>} state$
 */
function State(scope, draft, words$, state$) {
  const { h } = scope;
  const aloud$ = computed([state$, draft.kept$], (state, kept) => state || (kept === 'refused' ? 'Not saved: this browser has no room for drafts' : ''));
  const quiet$ = computed([aloud$, draft.kept$, words$], (aloud, kept, words) => (!aloud && kept === 'kept' && words.trim() ? 'Draft saved' : ''));
  return h('span', { class: 'composer-state' }, h('span', {}, quiet$), h('span', { role: 'status' }, aloud$));
}

/**
 * Adds `text` as a paragraph of its own at the end and puts the caret behind it.
 *
 * @param {HTMLTextAreaElement} area
 * @param {Observable<string>} words$
 * @param {string} text
 */
function insert(area, words$, text) {
  words$.set(joined(words$.get(), text));
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  area.scrollTop = area.scrollHeight;
}
