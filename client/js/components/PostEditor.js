// @ts-check
// Editing a post in place. The words are kept as a draft until they are saved or thrown away, with the version
// they began with: nobody's change in between is lost unseen.

import { observable } from '../utils/state.js';
import { Composer } from './Composer.js';
import { explain } from './explain.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { ThreadStore } from '../stores/ThreadStore.js' */
/** @import { LivingPost } from '../types.js' */

/**
 * @param {Scope} scope
 * @param {App} app
 * @param {ThreadStore} store
 * @param {LivingPost} post
 * @param {Observable<boolean>} editing$ set to false when it is closed
 */
export function PostEditor(scope, app, store, post, editing$) {
  const draft = app.drafts.at(`post:${post.id}`);
  const kept = draft.get();
  const words$ = observable(kept?.body ?? '');
  const html$ = observable(kept?.flavour === 'html');
  const state$ = observable(kept ? 'Your unsaved changes' : '');
  const busy$ = observable(kept === null);
  let version = kept?.version ?? post.version;
  const close = () => {
    draft.flush();
    if (draft.kept$.get() === 'kept') app.notices.say('Your changes are kept: they are there when you edit this post again.');
    editing$.set(false);
  };
  const discard = () => {
    const before = draft.get();
    draft.clear();
    editing$.set(false);
    if (!before) return;
    const run = () => {
      draft.put(before);
      draft.flush();
      editing$.set(true);
    };
    app.notices.say('Changes discarded', { action: { label: 'Undo', run } });
  };
  const save = async () => {
    busy$.set(true);
    try {
      await store.edit({ id: post.id, version }, words$.get());
      draft.clear();
      editing$.set(false);
    } catch (error) {
      const { code } = /** @type {any} */ (error);
      state$.set(code === 'edited_meanwhile' ? 'Changed by somebody else meanwhile. Your words are kept: save again to replace theirs.' : explain(/** @type {any} */ (error)));
      if (code === 'edited_meanwhile') version = await newestVersion();
      busy$.set(false);
    }
  };
  const newestVersion = () => app.api.posts.get(post.id, scope.signal).then(({ post: now }) => now.version, () => version);
  const composer = Composer(scope, app, {
    words$, draft, state$, busy$, html$, close, send: save,
    label: 'Edit your post', placeholder: '', button: 'Save', head: scope.h('span', {}, 'Editing'),
    act: scope.h('button', { class: 'button', type: 'button', onclick: discard }, 'Discard changes'),
  });
  /** What is saved now: to go back to it is no change. */
  let saved = '';
  const fill = async () => {
    try {
      const { post: source } = await app.api.posts.get(post.id, scope.signal);
      ({ version, body: saved } = source);
      html$.set(source.flavour === 'html');
      words$.set(saved);
      busy$.set(false);
      composer.focus();
    } catch (error) {
      if (scope.signal.aborted) return;
      app.notices.say(explain(/** @type {any} */ (error)), { kind: 'error' });
      editing$.set(false);
    }
  };
  scope.onEnd(words$.subscribe((body) => {
    if (body === saved) draft.clear();
    else draft.put({ body, version, flavour: html$.get() ? 'html' : 'markdown' });
  }));
  if (kept) queueMicrotask(composer.focus);
  else void fill();
  return composer.element;
}
