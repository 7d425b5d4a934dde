// @ts-check
// Where one writes in a conversation: grows with the words, keeps them, and takes back the last message with arrow up.

import { batch, computed, observable } from '../utils/state.js';
import { lastEditable } from '../utils/chatRows.js';
import { explain } from './explain.js';
import { icon } from './icons.js';
import { Suggestions } from './Suggestions.js';
import { shortcut, type } from './Toolbar.js';
import { holdup, joined } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { OutboxItem } from '../outbox/Outbox.js' */
/** @import { ConversationStore } from '../stores/ConversationStore.js' */
/** @import { LivingMessage } from '../types.js' */

/** @typedef {{kind: 'reply' | 'edit', id: string, version: number, who: string, excerpt: string}} About what is answered or edited */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {object} options
 * @param {string} options.place of the draft
 * @param {string} options.name whom one writes to
 * @param {ConversationStore | null} options.store `null` before the first message
 * @param {(body: string, replyTo?: string) => Promise<unknown>} options.send
 */
export function ChatComposer(scope, app, { place, name, store, send }) {
  const { h } = scope;
  const draft = app.drafts.at(place);
  const words$ = observable(draft.get()?.body ?? '');
  const about$ = observable(/** @type {About | null} */ (null));
  const busy$ = observable(false);
  /** What one had begun before one edited. */
  let aside = '';
  const area = h('textarea', {
    name: 'message', rows: 1, dir: 'auto', placeholder: 'Message', 'aria-label': `Message ${name}`, value: words$, enterkeyhint: 'send',
    oninput: () => {
      words$.set(area.value);
      if (area.value.trim() === '') store?.stopTyping();
      else if (!about$.get() || about$.get()?.kind === 'reply') store?.typing();
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => onKey(event),
    onblur: () => store?.stopTyping(),
  });

  const leave = () => {
    const editing = about$.get()?.kind === 'edit';
    batch(() => {
      about$.set(null);
      if (editing) words$.set(aside);
    });
    area.focus();
  };
  const submit = async () => {
    const body = words$.get();
    const about = about$.get();
    if (body.trim() === '' || busy$.get()) return area.focus();
    busy$.set(true);
    try {
      if (about?.kind === 'edit') await store?.edit(about, body);
      else await send(body, about?.id);
      batch(() => {
        about$.set(null);
        words$.set(about?.kind === 'edit' ? aside : '');
      });
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      app.notices.say(code === 'edited_meanwhile' ? 'You have changed it elsewhere meanwhile. Your words are still here.' : explain(/** @type {any} */ (error)), { kind: 'error' });
    } finally {
      busy$.set(false);
      area.focus({ preventScroll: true });
    }
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const enter = event.key === 'Enter' && (event.ctrlKey || event.metaKey || (!event.shiftKey && !matchMedia('(pointer: coarse)').matches));
    const last = event.key === 'ArrowUp' && area.value === '' && store && lastEditable(store.messages$.get(), app.session.me$.get()?.id ?? '');
    if (enter) void submit();
    else if (last) void edit(last);
    else if (event.key === 'Escape' && about$.get()) leave();
    else return shortcut(event, area);
    return event.preventDefault();
  };
  const reply = (/** @type {LivingMessage} */ { id, version, author, excerpt }) => {
    about$.set({ kind: 'reply', id, version, who: author.nickname, excerpt });
    area.focus();
  };
  const edit = async (/** @type {LivingMessage} */ { id, author, excerpt }) => {
    busy$.set(true);
    try {
      const { message, body } = await app.api.messages.get(id, scope.signal);
      if (about$.get()?.kind !== 'edit') aside = words$.get();
      batch(() => {
        about$.set({ kind: 'edit', id, version: message.version, who: author.nickname, excerpt });
        words$.set(body);
      });
    } catch (error) {
      if (!scope.signal.aborted) app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
    } finally {
      busy$.set(false);
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
    }
  };
  /** Words that were refused come back to be changed. @param {OutboxItem} item */
  const takeBack = async (item) => {
    if (!(await app.outbox.discard(item.client_id).catch(() => null))) return;
    words$.set(joined(words$.get(), item.body));
    area.focus();
  };

  scope.onEnd(words$.subscribe((body) => about$.get()?.kind !== 'edit' && keep(draft, body)));
  scope.onEnd(draft.follow((kept) => about$.get()?.kind !== 'edit' && words$.set(kept?.body ?? '')));
  if (!CSS.supports('field-sizing', 'content')) scope.subscribe(words$, () => queueMicrotask(() => grow(area)));

  const state$ = computed([app.outbox.line$, store?.pending$ ?? observable([]), draft.kept$], (line, pending, kept) => (
    kept === 'refused' ? 'Not saved: this browser has no room for drafts' : pending.length > 0 ? holdup(line) : ''));
  const emoji = h('button', {
    class: 'tool', type: 'button', title: 'Emoji', 'aria-label': 'Emoji', 'aria-haspopup': 'dialog', 'aria-expanded': 'false',
    onclick: async () => {
      const { openEmojiPicker } = await import('./EmojiPicker.js');
      openEmojiPicker(scope, emoji, (sign) => {
        area.focus();
        type(area, sign);
      });
    },
  }, icon('smile'));
  const element = h('form', {
    class: 'chat-composer',
    onsubmit: (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      void submit();
    },
  },
  scope.show(about$, (about, inner) => about && inner.h('div', { class: 'chat-about' },
    icon(about.kind === 'edit' ? 'pencil' : 'reply', 'small'),
    inner.h('span', { class: 'one-line' }, inner.h('b', {}, about.kind === 'edit' ? 'Editing your message' : `Answering ${about.who}`), ' ', about.excerpt),
    inner.h('button', { class: 'tool', type: 'button', 'aria-label': about.kind === 'edit' ? 'Stop editing' : 'Answer nobody in particular', onclick: leave }, icon('x', 'small')))),
  h('div', { class: 'chat-write' }, emoji, area,
    h('button', { class: 'button primary', id: 'send', type: 'submit', 'aria-disabled': computed([words$, busy$], (words, busy) => (busy || words.trim() === '' ? 'true' : null)) },
      icon('arrow-up'), h('span', { class: 'unseen' }, about$.map((about) => (about?.kind === 'edit' ? 'Save' : 'Send'))))),
  h('span', { class: 'chat-held', role: 'status' }, state$));
  Suggestions(scope, area, element, app);
  return { element, focus: () => area.focus({ preventScroll: true }), reply, edit, takeBack };
}

/** @param {import('../stores/Drafts.js').DraftPlace} draft @param {string} body */
function keep(draft, body) {
  if (body === (draft.get()?.body ?? '')) return;
  if (body.trim() === '') draft.clear();
  else draft.put({ body });
}

/** For browsers that do not let a field grow by themselves. @param {HTMLTextAreaElement} area */
function grow(area) {
  area.style.setProperty('height', 'auto');
  area.style.setProperty('height', `${area.scrollHeight}px`);
}
