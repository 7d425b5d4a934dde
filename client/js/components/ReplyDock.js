// @ts-check
// The composer of a thread, docked below: a line until it is opened, and the words of it are never lost.

import { computed, observable } from '../utils/state.js';
import { icon } from './icons.js';
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
  }

  /** @param {Scope} scope */
  render(scope) {
    const { h } = scope;
    scope.subscribe(computed([this.#words$, this.#answered$], (body, answered) => ({ body, answered })), (value) => this.#keep(value));
    return h('div', { class: 'dock' }, scope.show(this.#open$, (open, inner) => (open ? this.#opened(inner) : this.#closed(inner))));
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

  /** Words that could not be sent come back to be changed. @param {OutboxItem} item */
  async takeBack(item) {
    const words = await this.#app.outbox.discard(item.client_id);
    await this.open();
    if (words) this.#composer?.insert(words.body);
  }

  /** @param {string} id @returns {Answered} */
  #answeredBy(id) {
    const post = this.#store.posts$.get().find((one) => one.id === id);
    return { id, nickname: post && !post.deleted ? post.author.nickname : 'a post' };
  }

  /** @param {{body: string, answered: Answered}} value */
  #keep({ body, answered }) {
    if (body.trim() === '' && !answered) this.#draft.clear();
    else this.#draft.put(answered ? { body, reply_to: answered.id } : { body });
  }

  /** @param {Scope} scope */
  #closed(scope) {
    return scope.h('button', { class: 'dock-open', type: 'button', onclick: () => void this.open() },
      icon('reply'), this.#words$.get().trim() ? 'Go on with your draft' : 'Write a reply', scope.h('kbd', {}, 'r'));
  }

  /** @param {Scope} scope */
  #opened(scope) {
    const composer = /** @type {MakeComposer} */ (this.#Composer)(scope, this.#app, {
      words$: this.#words$,
      label: 'Your reply',
      placeholder: 'Write a reply. Markdown works.',
      button: 'Reply',
      send: () => this.#send(),
      state$: this.#state(),
      busy$: observable(false),
      close: () => this.#open$.set(false),
      head: this.#head(scope),
    });
    this.#composer = composer;
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

  #state() {
    return computed([this.#draft.saved$, this.#app.outbox.line$, this.#words$], (saved, line, words) => {
      if (line === 'offline') return 'No network: it will be sent later';
      if (line === 'signed-out') return 'Sign in to send';
      return saved && words.trim() ? 'Draft saved' : '';
    });
  }

  async #send() {
    const body = this.#words$.get();
    await this.#store.reply(body, this.#answered$.get()?.id);
    this.#words$.set('');
    this.#answered$.set(null);
    this.#draft.clear();
    this.#open$.set(false);
    this.#sent();
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
