// @ts-check
// Opening a thread: where, what it is called, its tags, its first post.

import { Composer } from '../components/Composer.js';
import { explain } from '../components/explain.js';
import { icon } from '../components/icons.js';
import { PageHead } from '../components/PageHead.js';
import { TagInput } from '../components/TagInput.js';
import { titleFaults } from '../components/threadMenu.js';
import { computed, observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Board } from '../types.js' */

/** @type {RoutedView<{boards: Board[], slug: string | null}>} */
export const view = {
  async load({ slug }, { app, signal }) {
    const { items } = await app.api.boards.all(signal);
    return { boards: items.filter((board) => board.may.start), slug: slug ?? null };
  },
  title: () => 'New thread',
  render(data, scope, app) {
    const { h } = scope;
    if (!app.session.me$.get()) {
      return Closed(scope, 'Sign in to start a thread', 'What you write is kept under your name.', { href: '/login', words: 'Sign in' });
    }
    if (data.boards.length === 0) {
      return Closed(scope, 'No board takes new threads from you', 'You may read and perhaps reply. Whoever runs this community decides who starts threads where.', { href: '/boards', words: 'See the boards' });
    }
    return h('div', { class: 'page' }, h('div', { class: 'page-main' }, PageHead(scope, 'New thread', ''), ThreadForm(scope, data, app)));
  },
};

/** @param {Scope} scope @param {string} title @param {string} words @param {{href: string, words: string}} way */
function Closed(scope, title, words, way) {
  const { h } = scope;
  return h('div', { class: 'empty' }, icon('lock'), h('h1', {}, title), h('p', {}, words), h('a', { class: 'button primary', href: way.href }, way.words));
}

/** @param {Scope} scope @param {{boards: Board[], slug: string | null}} data @param {App} app */
function ThreadForm(scope, { boards, slug }, app) {
  const { h } = scope;
  const place = `board:${slug ?? ''}`;
  const draft = app.drafts.at(place);
  const kept = draft.get();
  const words$ = observable(kept?.body ?? '');
  const title$ = observable(kept?.title ?? '');
  const fault$ = observable('');
  const busy$ = observable(false);
  const state$ = computed([draft.saved$, app.outbox.line$, busy$], (saved, line, busy) => {
    if (line === 'offline') return busy ? 'No network: it will be sent later' : 'No network';
    return busy ? 'Sending' : saved ? 'Draft saved' : '';
  });
  const keep = () => draft.put({ body: words$.get(), title: title$.get(), tags: tags.get() });
  const tags = TagInput(scope, app, kept?.tags ?? [], keep);
  const board = h('select', { class: 'input', id: 'field-board', name: 'board', value: slug ?? boards[0].slug },
    boards.map((one) => h('option', { value: one.slug }, one.title)));
  const title = h('textarea', {
    class: 'input title-input', name: 'title', id: 'field-title', rows: '1', maxlength: '300', placeholder: 'Title', 'aria-label': 'Title', dir: 'auto',
    value: title$, 'aria-invalid': fault$.map((fault) => (fault ? 'true' : null)), 'aria-describedby': 'fault-title',
    oninput: () => title$.set(title.value.replace(/\n/g, ' ')),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      composer.focus();
    },
  });
  const send = async () => {
    const fault = titleFaults({ title: title$.get() }).title ?? '';
    fault$.set(fault);
    if (fault) return title.focus();
    busy$.set(true);
    try {
      await open(app, { place: `board:${board.value}`, title: title$.get().trim(), body: words$.get(), tags: tags.get() });
      draft.clear();
    } catch (error) {
      fault$.set(explain(/** @type {any} */ (error)));
      busy$.set(false);
    }
  };
  const composer = Composer(scope, app, {
    words$, state$, busy$, send, full: true, label: 'First post', placeholder: 'Write the first post. Markdown works.', button: 'Open thread',
  });
  scope.onEnd(words$.subscribe(keep));
  scope.onEnd(title$.subscribe(keep));
  queueMicrotask(() => title.focus());
  return h('div', { class: 'form' },
    h('div', { class: 'field' }, title, h('p', { class: 'field-error', id: 'fault-title', role: 'alert', hidden: fault$.map((fault) => !fault) }, fault$)),
    h('div', { class: 'pair' },
      h('div', { class: 'field' }, h('label', { for: 'field-board' }, 'Board'), board),
      h('div', { class: 'field' }, h('label', { for: 'field-tags' }, 'Tags'), tags.element)),
    composer.element);
}

/** Goes by the outbox, so that it waits where there is no network; then to the thread. @param {App} app @param {{place: string, title: string, body: string, tags: string[]}} what */
async function open(app, what) {
  const item = await app.outbox.add({ kind: 'thread', ...what });
  const { thread } = await app.outbox.sent(item.client_id);
  if (thread) await app.router.go(thread.url);
}
