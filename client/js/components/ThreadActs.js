// @ts-check
// What one may do with the posts of a thread, in one place for all of them.

import { observable } from '../utils/state.js';
import { Composer } from './Composer.js';
import { explain } from './Form.js';
import { openHistory } from './History.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { LivingPost, Tombstone } from '../types.js' */
/** @import { ReplyDock } from './ReplyDock.js' */

export class ThreadActs {
  #scope;
  #app;
  #store;
  #dock;

  /**
   * @param {Scope} scope
   * @param {App} app
   * @param {ThreadStore} store
   * @param {ReplyDock | null} dock `null` where one may not reply
   */
  constructor(scope, app, store, dock) {
    this.#scope = scope;
    this.#app = app;
    this.#store = store;
    this.#dock = dock;
  }

  get mayReply() {
    return this.#dock !== null;
  }

  /** @param {LivingPost | null} post */
  reply(post) {
    this.#dock?.open(post);
  }

  /** The selected words of a post, or all of it. @param {LivingPost} post */
  quote(post) {
    const body = document.querySelector(`#post-${CSS.escape(post.id)} .prose`);
    const selection = getSelection();
    const chosen = selection && body?.contains(selection.anchorNode) ? selection.toString() : '';
    this.#dock?.quote(post, chosen.trim() || /** @type {HTMLElement | null} */ (body)?.innerText || post.excerpt);
  }

  /** @param {LivingPost} post @param {string} emoji */
  react(post, emoji) {
    this.#store.react(post, emoji);
  }

  /** At once, and taken back from the notice if it was not meant. @param {LivingPost} post */
  async remove(post) {
    const done = await this.#try(() => this.#store.remove(post));
    if (done) this.#app.notices.say('Post deleted', { action: { label: 'Undo', run: () => void this.restore(post) } });
  }

  /** @param {LivingPost | Tombstone} post */
  async restore(post) {
    await this.#try(() => this.#store.restore(post));
  }

  /** @param {LivingPost} post */
  history(post) {
    openHistory(this.#scope, this.#app, post);
  }

  /**
   * Editing in place. The words are kept as a draft until they are saved.
   *
   * @param {Scope} scope
   * @param {LivingPost} post
   * @param {() => void} close
   */
  editor(scope, post, close) {
    const draft = this.#app.drafts.at(`post:${post.id}`);
    const words$ = observable(draft.get()?.body ?? '');
    const state$ = observable(words$.get() ? 'Your unsaved changes' : '');
    const busy$ = observable(false);
    // The version one began with, so that nobody's change in between is lost unseen.
    let base = post;
    const composer = Composer(scope, this.#app, {
      words$, state$, busy$,
      label: 'Edit your post', placeholder: '', button: 'Save', head: scope.h('span', {}, 'Editing'),
      close: () => {
        draft.clear();
        close();
      },
      send: async () => {
        busy$.set(true);
        try {
          await this.#store.edit(base, words$.get());
          draft.clear();
          close();
        } catch (error) {
          state$.set(editFault(/** @type {any} */ (error)));
          base = this.#newest(base);
          busy$.set(false);
        }
      },
    });
    scope.subscribe(words$, (body) => body && draft.put({ body }));
    void this.#fetchSource(post, words$, composer.focus, close);
    return composer.element;
  }

  /**
   * @param {LivingPost} post
   * @param {import('../utils/state.js').Observable<string>} words$
   * @param {() => void} focus
   * @param {() => void} close
   */
  async #fetchSource(post, words$, focus, close) {
    if (!words$.get()) {
      const done = await this.#try(async () => words$.set((await this.#app.api.posts.get(post.id)).post.body));
      if (!done) return close();
    }
    focus();
  }

  /** @param {LivingPost} post */
  #newest(post) {
    const now = this.#store.posts$.get().find((one) => one.id === post.id);
    return now && !now.deleted ? now : post;
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

/** @param {{code: string, status: number}} error */
function editFault(error) {
  if (error.code === 'edited_meanwhile') return 'Changed by somebody else meanwhile. Your words are kept: save again to replace theirs.';
  return explain(error);
}
