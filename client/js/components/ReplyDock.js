// @ts-check
// The composer of a thread, docked below: a line until it is opened, and the words of it are never lost.

import { batch, computed, observable } from '../utils/state.js';
import { copyText } from './copyText.js';
import { icon } from './icons.js';
import { overlay } from './overlay.js';
import { holdup, joined } from './words.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { OutboxItem } from '../outbox/Outbox.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { LivingPost } from '../types.js' */

/** @typedef {{id: string, nickname: string} | null} Answered */
/** @typedef {typeof import('./Composer.js').Composer} MakeComposer */

/** A place to answer from, that other parts can open and put text into. */
export class ReplyDock {
  #app;
  #store;
  #draft;
  #open$ = observable(false);
  #answered$ = observable(/** @type {Answered} */ (null));
  #words$;
  #busy$ = observable(false);
  /** Whether the last reply from here has arrived. */
  #arrived$ = observable(false);
  /** What becomes of one's replies, in a few words. */
  #told$;
  /** @type {HTMLElement | null} */
  #element = null;
  /** @type {MakeComposer | null} fetched when it is first wanted */
  #Composer = null;
  /** @type {ReturnType<MakeComposer> | null} */
  #composer = null;
  #sent;

  /**
   * @param {App} app
   * @param {ThreadStore} store
   * @param {() => void} sent called when a reply is on its way
   */
  constructor(app, store, sent) {
    this.#app = app;
    this.#store = store;
    this.#sent = sent;
    this.#draft = app.drafts.at(`thread:${store.thread$.get().id}`);
    const kept = this.#draft.get();
    this.#words$ = observable(kept?.body ?? '');
    this.#answered$.set(kept?.reply_to ? this.#answeredBy(kept.reply_to) : null);
    this.#told$ = computed([store.pending$, app.outbox.line$, this.#arrived$], (items, line, arrived) => {
      if (items.some(({ state }) => state === 'failed')) return 'A reply was not accepted';
      return items.length > 0 ? holdup(line) || 'Sending' : arrived ? 'Reply sent' : '';
    });
  }

  /** @param {Scope} scope */
  render(scope) {
    const { h } = scope;
    this.#listen(scope);
    this.#element = h('div', { class: 'dock' },
      scope.show(this.#open$, (open, inner) => (open ? this.#opened(inner) : this.#closed(inner))),
      h('span', { class: 'unseen', role: 'status' }, this.#told$));
    return this.#element;
  }

  /** What one had begun, where it cannot be sent. @param {Scope} scope */
  keptWords(scope) {
    this.#listen(scope);
    return scope.show(this.#words$.map((words) => words.trim() !== ''), (any, inner) => any && inner.h('section', { class: 'kept-words', 'aria-label': 'Your draft' },
      inner.h('p', {}, 'Your draft is kept in this browser:'),
      inner.h('div', { class: 'prose', dir: 'auto' }, inner.h('p', { class: 'as-written' }, this.#words$)),
      inner.h('button', { class: 'button', type: 'button', onclick: () => copyText(this.#app, this.#words$.get()) }, 'Copy')));
  }

  /** @param {LivingPost | null} [post] whom it answers */
  async open(post = null) {
    if (post) this.#answered$.set({ id: post.id, nickname: post.author.nickname });
    try {
      this.#Composer ??= (await import('./Composer.js')).Composer;
      this.#open$.set(true);
      this.#composer?.focus();
    } catch {
      this.#app.notices.say('The composer could not be loaded. Try again when the network is back.', { kind: 'error' });
    }
  }

  /** @param {LivingPost} post @param {string} text */
  async quote(post, text) {
    await this.open(this.#answered$.get() ? null : post);
    this.#composer?.insert(quoted(post, text));
  }

  /** Words that could not be sent come back to be changed: into the draft first, so that they are always somewhere. @param {OutboxItem} item */
  async takeBack(item) {
    const [words, answered] = [this.#words$.get(), this.#answered$.get()];
    this.#set(joined(words, item.body), answered ?? this.#answeredBy('reply_to' in item ? item.reply_to : undefined));
    this.#draft.flush();
    const taken = this.#draft.kept$.get() === 'kept' && await this.#app.outbox.discard(item.client_id).catch(() => null);
    if (taken) return this.open();
    this.#set(words, answered);
    this.#app.notices.say('It could not be taken back: it may be on its way after all.', { kind: 'error' });
    return undefined;
  }

  /** @param {Scope} scope */
  #listen(scope) {
    // What only stands here is not written again: another tab may be writing.
    const draft$ = computed([this.#words$, this.#answered$], (body, answered) => ({ body, answered }));
    scope.onEnd(draft$.subscribe((value) => this.#keep(value)));
    scope.onEnd(this.#draft.follow((kept) => this.#set(kept?.body ?? '', this.#answeredBy(kept?.reply_to))));
    scope.onEnd(this.#app.outbox.onSent(({ place }) => place === `thread:${this.#store.id}` && this.#arrived$.set(true)));
  }

  /** @param {string} body @param {Answered} answered */
  #set(body, answered) {
    batch(() => {
      this.#words$.set(body);
      this.#answered$.set(answered);
    });
  }

  /** @param {string | undefined} id @returns {Answered} */
  #answeredBy(id) {
    if (!id) return null;
    const post = this.#store.posts$.get().find((one) => one.id === id);
    return { id, nickname: post && !post.deleted ? post.author.nickname : 'a post' };
  }

  /** @param {{body: string, answered: Answered}} value */
  #keep({ body, answered }) {
    const kept = this.#draft.get();
    if (body === (kept?.body ?? '') && answered?.id === kept?.reply_to) return;
    if (body.trim() === '' && !answered) this.#draft.clear();
    else this.#draft.put(answered ? { body, reply_to: answered.id } : { body });
  }

  /** @param {Scope} scope */
  #closed(scope) {
    const { h } = scope;
    return h('button', { class: 'dock-open', type: 'button', onclick: () => void this.open() },
      icon('reply'), this.#words$.map((words) => (words.trim() ? 'Go on with your draft' : 'Write a reply')),
      h('span', { class: 'composer-state', 'aria-hidden': 'true' }, this.#told$), h('kbd', {}, 'r'));
  }

  #close() {
    this.#open$.set(false);
    /** @type {HTMLElement | null | undefined} */ (this.#element?.querySelector('.dock-open'))?.focus({ preventScroll: true });
  }

  /** @param {Scope} scope */
  #opened(scope) {
    const composer = /** @type {MakeComposer} */ (this.#Composer)(scope, this.#app, {
      words$: this.#words$,
      draft: this.#draft,
      label: 'Your reply',
      placeholder: 'Write a reply. Markdown works.',
      button: 'Reply',
      send: () => this.#send(),
      state$: this.#app.outbox.line$.map(holdup),
      busy$: this.#busy$,
      close: () => this.#close(),
      head: this.#head(scope),
    });
    this.#composer = composer;
    // Once it is on the page.
    queueMicrotask(() => this.#element && !scope.signal.aborted && overlay(scope, this.#element, this.#app, () => this.#close()));
    scope.onEnd(() => (this.#composer = null));
    return composer.element;
  }

  /** @param {Scope} scope */
  #head(scope) {
    const { h } = scope;
    return h('span', {}, scope.show(this.#answered$, (answered, inner) => (answered
      ? inner.h('span', { class: 'tag-chosen' }, `Answering ${answered.nickname}`,
        inner.h('button', { type: 'button', 'aria-label': 'Answer nobody in particular', onclick: () => this.#answered$.set(null) }, icon('x', 'small')))
      : 'Reply to the thread')));
  }

  /** The words stay here until the outbox has them; nothing can be typed or sent meanwhile. */
  async #send() {
    this.#busy$.set(true);
    try {
      await this.#store.reply(this.#words$.get(), this.#answered$.get()?.id);
      this.#set('', null);
      this.#arrived$.set(false);
      this.#close();
      this.#sent();
    } catch {
      this.#app.notices.say('Your reply could not be put on its way. It is still here: try again, or copy it and load the page anew.', { kind: 'error' });
    } finally {
      this.#busy$.set(false);
    }
  }
}

/**
 * Words of a post as the server's markup takes them for a quote of it (docs/markup.md).
 *
 * @param {LivingPost} post
 * @param {string} text
 */
export function quoted(post, text) {
  const lines = text.trim().split('\n').map((line) => `> ${line}`.trimEnd());
  return [`> [@${post.author.nickname}](post:${post.id}):`, ...lines, '', ''].join('\n');
}
