// @ts-check
// Opening a thread: where, what it is called, its tags, its first post.

import { Composer } from '../components/Composer.js';
import { explain } from '../components/explain.js';
import { icon } from '../components/icons.js';
import { PageHead } from '../components/PageHead.js';
import { TagInput } from '../components/TagInput.js';
import { titleFaults } from '../components/threadMenu.js';
import { UnsentThreads } from '../components/UnsentThreads.js';
import { holdup, joined } from '../components/words.js';
import { computed, observable } from '../utils/state.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { RoutedView } from '../router.js' */
/** @import { App } from '../app.js' */
/** @import { Draft } from '../stores/Drafts.js' */
/** @import { UnsentThread } from '../components/UnsentThreads.js' */
/** @import { Board, Thread } from '../types.js' */

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
      return h('div', {},
        Closed(scope, 'No board takes new threads from you', 'You may read and perhaps reply. Whoever runs this community decides who starts threads where.', { href: '/boards', words: 'See the boards' }),
        UnsentThreads(scope, app, observable(''), observable(false), () => {}));
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
  const draft = app.drafts.at(`board:${slug ?? ''}`);
  const kept = draft.get();
  const takes = (/** @type {string | null | undefined} */ one) => boards.some((board) => board.slug === one);
  const words$ = observable(kept?.body ?? '');
  const title$ = observable(kept?.title ?? '');
  const fault$ = observable('');
  const problem$ = observable(slug === null || takes(slug) ? '' : 'You cannot start threads on the board you came from: choose another one.');
  const busy$ = observable(false);
  /** The `client_id` of what was sent from here and has not arrived. */
  const going$ = observable('');
  const state$ = computed([app.outbox.line$, going$, busy$], (line, going, busy) => {
    const why = holdup(line);
    if (why && going) return `${why}. It is sent by itself then: you may leave this page.`;
    return why || (busy ? 'Sending' : '');
  });
  let following = false;
  const now = () => ({ body: words$.get(), title: title$.get(), tags: tags.get(), board: board.value });
  const keep = () => {
    if (!going$.get() && !following) draft.put(now());
  };
  const tags = TagInput(scope, app, kept?.tags ?? [], keep);
  const board = h('select', { class: 'input', id: 'field-board', name: 'board', onchange: keep, value: [slug, kept?.board, boards[0].slug].find(takes) },
    boards.map((one) => h('option', { value: one.slug }, one.title)));
  const title = h('textarea', {
    class: 'input title-input', name: 'title', id: 'field-title', rows: '1', maxlength: '300', placeholder: 'Title', 'aria-label': 'Title', dir: 'auto',
    value: title$, readonly: busy$, 'aria-invalid': fault$.map((fault) => (fault ? 'true' : null)), 'aria-describedby': 'fault-title',
    oninput: () => title$.set(title.value.replace(/\n/g, ' ')),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      composer.focus();
    },
  });
  const fill = (/** @type {Draft} */ words) => {
    title$.set(words.title ?? '');
    words$.set(words.body);
    tags.set(words.tags ?? []);
    if (takes(words.board)) board.value = /** @type {string} */ (words.board);
  };
  const refuse = (/** @type {any} */ error) => {
    const { title: about, ...others } = error.fields ?? {};
    fault$.set(about ?? '');
    problem$.set(about ? Object.values(others).join(' ') : explain(error));
    busy$.set(false);
    (about ? title : alert).focus();
  };
  const send = async () => {
    problem$.set('');
    fault$.set(titleFaults({ title: title$.get() }).title ?? '');
    if (fault$.get()) return title.focus();
    busy$.set(true);
    try {
      await open(scope, app, { ...now(), title: title$.get().trim() }, (id) => {
        going$.set(id);
        draft.clear();
      });
    } catch (error) {
      const id = going$.get();
      going$.set('');
      keep();
      draft.flush();
      if (id) await app.outbox.discard(id);
      refuse(error);
    }
  };
  /** What was refused comes into the form, behind what stands there: into the draft first, so that it is always somewhere. */
  const takeBack = async (/** @type {UnsentThread} */ item) => {
    const before = now();
    const free = before.title.trim() === '';
    const tagged = [...new Set([...before.tags, ...item.tags])];
    fill({ title: free ? item.title : before.title, body: joined(before.body, free ? item.body : joined(item.title, item.body)), tags: tagged, board: item.place.replace('board:', '') });
    keep();
    draft.flush();
    if (draft.kept$.get() !== 'kept' || !(await app.outbox.discard(item.client_id))) fill(before);
    title.focus();
  };
  const alert = h('p', { class: 'note bad', role: 'alert', tabindex: '-1', hidden: problem$.map((problem) => !problem) }, problem$);
  const composer = Composer(scope, app, {
    words$, draft, state$, busy$, send, full: true, label: 'First post', placeholder: 'Write the first post. Markdown works.', button: 'Open thread',
  });
  scope.onEnd(words$.subscribe(keep));
  scope.onEnd(title$.subscribe(keep));
  scope.onEnd(draft.follow((written) => {
    following = true;
    if (!busy$.get()) fill(written ?? { body: '' });
    following = false;
  }));
  queueMicrotask(() => title.focus());
  return h('div', { class: 'form' },
    alert,
    h('div', { class: 'field' }, title, h('p', { class: 'field-error', id: 'fault-title', role: 'alert', hidden: fault$.map((fault) => !fault) }, fault$)),
    h('div', { class: 'pair' },
      h('div', { class: 'field' }, h('label', { for: 'field-board' }, 'Board'), board),
      h('div', { class: 'field' }, h('label', { for: 'field-tags' }, 'Tags'), tags.element)),
    composer.element,
    UnsentThreads(scope, app, going$, busy$.map((busy) => !busy), takeBack));
}

/**
 * Goes by the outbox, so that it waits where there is no network; then to the thread. Whoever has left the page meanwhile
 * stays where they are and is told.
 *
 * @param {Scope} scope
 * @param {App} app
 * @param {{board: string, title: string, body: string, tags: string[]}} what
 * @param {(id: string) => void} kept called as soon as the outbox has it
 */
async function open(scope, app, { board, ...words }, kept) {
  const say = (/** @type {string} */ text, /** @type {string} */ label, /** @type {string} */ address) => (
    app.notices.say(`“${words.title}” ${text}`, { action: { label, run: () => void app.router.go(address) } }));
  const { pathname } = location;
  // Also while the next page is on its way.
  const left = () => scope.signal.aborted || location.pathname !== pathname;
  const item = await app.outbox.add({ kind: 'thread', place: `board:${board}`, ...words });
  kept(item.client_id);
  try {
    const { url } = /** @type {Thread} */ ((await app.outbox.sent(item.client_id)).thread);
    if (left()) say('is posted', 'Go to it', url);
    else await app.router.go(url);
  } catch (error) {
    if (!left()) throw error;
    if (/** @type {any} */ (error).code !== 'gone') say('was not accepted', 'See why', '/new');
  }
}
