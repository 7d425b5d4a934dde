// @ts-check
// Editing a post in place. The words are kept as a draft until they are saved.

import { observable } from '../utils/state.js';
import { Composer } from './Composer.js';
import { explain } from './explain.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { LivingPost } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {ThreadStore} store
 * @param {LivingPost} post
 * @param {() => void} close
 */
export function PostEditor(scope, app, store, post, close) {
  const draft = app.drafts.at(`post:${post.id}`);
  const kept = draft.get()?.body;
  const words$ = observable(kept ?? '');
  const state$ = observable(kept ? 'Your unsaved changes' : '');
  const busy$ = observable(kept === undefined);
  // The version one began with, so that nobody's change in between is lost unseen.
  let base = post;
  const leave = () => {
    draft.clear();
    close();
  };
  const save = async () => {
    busy$.set(true);
    try {
      await store.edit(base, words$.get());
      leave();
    } catch (error) {
      state$.set(told(/** @type {any} */ (error)));
      base = newest(store, base);
      busy$.set(false);
    }
  };
  const composer = Composer(scope, app, {
    words$, state$, busy$, close: leave, send: save,
    label: 'Edit your post', placeholder: '', button: 'Save', head: scope.h('span', {}, 'Editing'),
  });
  const fill = async () => {
    try {
      const { post: source } = await app.api.posts.get(post.id, scope.signal);
      words$.set(source.body);
      busy$.set(false);
      composer.focus();
    } catch (error) {
      if (scope.signal.aborted) return;
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
      close();
    }
  };
  scope.subscribe(words$, (body) => body && draft.put({ body }));
  if (kept === undefined) void fill();
  else queueMicrotask(composer.focus);
  return composer.element;
}

/** @param {ThreadStore} store @param {LivingPost} post */
function newest(store, post) {
  const now = store.posts$.get().find((one) => one.id === post.id);
  return now && !now.deleted ? now : post;
}

/** @param {{code: string, status: number}} error */
function told(error) {
  if (error.code === 'edited_meanwhile') return 'Changed by somebody else meanwhile. Your words are kept: save again to replace theirs.';
  return explain(error);
}
