// @ts-check
// What one may do with the posts of a thread, in one place for all of them.

import { computed } from '../utils/state.js';
import { explain } from './explain.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { LivingPost, Tombstone } from '../types.js' */
/** @import { ReplyDock } from './ReplyDock.js' */

export class ThreadActs {
  #scope;
  #app;
  #store;
  #dock;
  mayReply$;

  /**
   * @param {Scope} scope
   * @param {App} app
   * @param {ThreadStore} store
   * @param {ReplyDock | null} dock `null` for guests
   */
  constructor(scope, app, store, dock) {
    this.#scope = scope;
    this.#app = app;
    this.#store = store;
    this.#dock = dock;
    this.mayReply$ = computed([store.may$, store.deleted$], ({ reply }, deleted) => dock !== null && reply && !deleted);
  }

  /** @param {LivingPost | null} post */
  reply(post) {
    void this.#dock?.open(post);
  }

  /** The selected words of a post, or all of it. @param {LivingPost} post */
  quote(post) {
    const body = document.querySelector(`#post-${CSS.escape(post.id)} .prose`);
    const selection = getSelection();
    const chosen = selection && body?.contains(selection.anchorNode) ? selection.toString() : '';
    void this.#dock?.quote(post, chosen.trim() || /** @type {HTMLElement | null} */ (body)?.innerText || post.excerpt);
  }

  /** @param {LivingPost} post @param {string} emoji */
  react(post, emoji) {
    this.#store.react(post, emoji);
  }

  /** At once, and taken back from the notice if it was not meant. @param {LivingPost} post */
  async remove(post) {
    const done = await this.#try(() => this.#store.remove(post));
    if (done) this.#app.notices.say('Post deleted', { action: { label: 'Undo', run: () => void this.restore(post) } });
    keepFocus(post);
  }

  /** @param {LivingPost | Tombstone} post */
  async restore(post) {
    await this.#try(() => this.#store.restore(post));
    keepFocus(post);
  }

  /** @param {LivingPost} post */
  async history(post) {
    const { openHistory } = await import('./History.js');
    openHistory(this.#scope, this.#app, post);
  }

  /**
   * Editing in place.
   *
   * @param {Scope} scope
   * @param {LivingPost} post
   * @param {Observable<boolean>} editing$ set to false when it is closed
   */
  editor(scope, post, editing$) {
    const place = scope.h('div', { class: 'editor' });
    scope.onEnd(() => queueMicrotask(() => keepFocus(post)));
    import('./PostEditor.js').then(({ PostEditor }) => {
      if (!scope.signal.aborted) place.append(PostEditor(scope, this.#app, this.#store, post, editing$));
    }, () => this.#app.notices.say('The editor could not be loaded. Try again when the network is back.', { kind: 'error' }));
    return place;
  }

  /** @param {() => Promise<unknown>} act */
  async #try(act) {
    try {
      await act();
      return true;
    } catch (error) {
      this.#app.notices.say(explain(/** @type {any} */ (error)));
      return false;
    }
  }
}

/** When what had the focus has gone, the post has it. @param {{id: string}} post */
function keepFocus({ id }) {
  const { activeElement, body } = document;
  if (!activeElement || activeElement === body) document.getElementById(`post-${id}`)?.focus({ preventScroll: true });
}
