// @ts-check
// One field for everything, over any page: what is known here at once, and what the server finds as one types. `/` and
// the magnifying glass lead to all results by Enter; Ctrl-K leads to the first thing that matches.

import { QuickSearch } from '../stores/QuickSearch.js';
import { RecentSearches } from '../stores/RecentSearches.js';
import { sheets } from '../utils/sheets.js';
import { computed, observable } from '../utils/state.js';
import { storageOf } from '../utils/storage.js';
import { show } from './Dialog.js';
import { explain } from './explain.js';
import { icon } from './icons.js';
import { optionGroups } from './searchOptions.js';
import { filterWords, resultCount } from './searchWords.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { Observable, Readable } from '../utils/state.js' */
/** @import { App } from '../app.js' */
/** @import { Option, OptionGroup } from './searchOptions.js' */

/** So many of each kind. */
const EACH = 5;

/** @typedef {{go?: boolean, thread?: string | null, typed?: () => string}} How `go`: Enter leads to what matches first; `thread`: id of the one to look in; `typed`: meanwhile */

/**
 * What the dialog knows. `chosen$`: the option one has gone to, by its id. `current$`: that, or what Enter means before.
 *
 * @typedef {object} Search
 * @property {Observable<string>} words$
 * @property {Observable<string | null>} thread$
 * @property {QuickSearch} quick
 * @property {RecentSearches} recent
 * @property {Readable<readonly OptionGroup[]>} groups$
 * @property {Readable<readonly Option[]>} options$
 * @property {Observable<string | null>} chosen$
 * @property {Readable<Option | null>} current$
 * @property {(words: string) => void} look
 * @property {() => void} everywhere
 */

/** @param {Scope} scope @param {App} app @param {How} [how] */
export async function openSearchDialog(scope, app, how = {}) {
  await sheets([new URL('../../css/search.css', import.meta.url).href]);
  if (document.querySelector('dialog.palette')) return;
  const inner = scope.child();
  const { h } = inner;
  const search = searchOf(inner, app, how);
  const leave = (/** @type {Option} */ option) => {
    if ('run' in option && option.stays) return option.run();
    if (option.remembered) search.recent.add(search.words$.get());
    dialog.close();
    return 'run' in option ? option.run() : void app.router.go(option.url);
  };
  const field = Field(inner, search, leave);
  // Wherever the words or the place changed, one goes on typing.
  for (const changed$ of [search.words$, search.thread$]) inner.onEnd(changed$.subscribe(() => field.focus()));
  const dialog = h('dialog', { class: 'palette', 'aria-label': 'Search' },
    h('div', { class: 'palette-head' }, icon('search'),
      inner.show(search.thread$, (within, part) => within && part.h('span', { class: 'tag-chosen' }, 'In this thread',
        part.h('button', { type: 'button', 'aria-label': 'Search everywhere', onclick: search.everywhere }, icon('x', 'small')))),
      field,
      h('button', { class: 'tool', type: 'button', 'aria-label': 'Close', title: 'Close', onclick: () => dialog.close() }, icon('x'))),
    h('div', { class: 'palette-list', id: 'palette-list', role: 'listbox', 'aria-label': 'Results', hidden: search.options$.map(({ length }) => length === 0) },
      inner.list(search.groups$, ({ name }) => name, (group$, part) => Group(part, group$, search.current$, leave))),
    h('div', { class: 'palette-foot' },
      h('p', { role: 'status' }, computed([search.quick.state$, search.quick.answer$], () => statusOf(search.quick))),
      h('p', { class: 'palette-keys', 'aria-hidden': 'true' }, h('kbd', {}, '↑'), h('kbd', {}, '↓'), ' choose ', h('kbd', {}, 'Enter'), ' open ', h('kbd', {}, 'Esc'), ' close')));
  show(inner, dialog);
  if (how.typed?.()) search.look(how.typed());
}

/** @param {Scope} scope @param {App} app @param {How} how @returns {Search} */
function searchOf(scope, app, { go = false, thread = null }) {
  const words$ = observable('');
  const thread$ = observable(thread);
  const chosen$ = observable(/** @type {string | null} */ (null));
  const recent = new RecentSearches(storageOf('localStorage'), app.session.me$.get()?.id ?? null);
  const quick = new QuickSearch((q, signal) => app.api.search.find({ q, thread: thread$.get(), each: EACH, signal }));
  scope.onEnd(() => quick.end());
  const look = (/** @type {string} */ words) => {
    words$.set(words);
    quick.look(words);
    chosen$.set(null);
  };
  const groups$ = computed([words$, thread$, quick.answer$, quick.state$, recent.list$], (words, within, answer, state, searches) => (
    optionGroups(scope, app, { words, thread: within, found: answer?.found ?? null, waiting: state !== 'ready', searches, look, forget: () => recent.forget() })));
  const options$ = groups$.map((groups) => groups.flatMap(({ options }) => options));
  return {
    words$, thread$, chosen$, quick, recent, groups$, options$, look,
    current$: computed([options$, chosen$, words$], (options, chosen, words) => options.find(({ id }) => id === chosen) ?? (words.trim() === '' ? null : meant(options, go))),
    everywhere: () => {
      thread$.set(null);
      quick.again();
    },
  };
}

/** What Enter means while one types. @param {readonly Option[]} options all results stand first @param {boolean} go @returns {Option | null} */
function meant(options, go) {
  return (go && options.slice(1).find(({ stale }) => !stale)) || (options[0] ?? null);
}

/** @param {Scope} scope @param {Search} search @param {(option: Option) => void} leave */
function Field({ h }, search, leave) {
  const { words$, thread$, chosen$, options$, current$ } = search;
  const field = h('input', {
    class: 'palette-input', type: 'text', inputmode: 'search', enterkeyhint: 'search', autofocus: true, maxlength: '256', autocomplete: 'off', spellcheck: 'false', dir: 'auto',
    placeholder: thread$.map((within) => (within ? 'Words in this thread' : 'Search, or go to a place')), 'aria-label': 'Search',
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': 'palette-list', 'aria-expanded': options$.map(({ length }) => String(length > 0)),
    'aria-activedescendant': current$.map((option) => option?.id ?? null), value: words$,
    oninput: () => search.look(field.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const [options, current] = [options$.get(), current$.get()];
      const to = step(event.key, options.length, current ? options.indexOf(current) : -1, chosen$.get() !== null);
      if (event.key === 'Enter' && current) leave(current);
      else if (event.key === 'Backspace' && field.value === '' && thread$.get()) search.everywhere();
      else if (to !== null) choose(options[to]);
      else return;
      event.preventDefault();
    },
  });
  const choose = (/** @type {Option} */ { id }) => {
    chosen$.set(id);
    document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
  };
  return field;
}

/**
 * Where a key leads in the list. Home and End belong to the words until one has gone into the list.
 *
 * @param {string} key
 * @param {number} length
 * @param {number} at -1: nowhere
 * @param {boolean} inside
 * @returns {number | null}
 */
export function step(key, length, at, inside) {
  if (length === 0) return null;
  if (key === 'ArrowDown') return (at + 1) % length;
  if (key === 'ArrowUp') return at <= 0 ? length - 1 : at - 1;
  if (key === 'Home' && inside) return 0;
  return key === 'End' && inside ? length - 1 : null;
}

/** @param {Scope} scope @param {Readable<OptionGroup>} group$ @param {Readable<Option | null>} current$ @param {(option: Option) => void} leave */
function Group(scope, group$, current$, leave) {
  const { h } = scope;
  const { name } = group$.get();
  return h('div', { class: 'palette-group', role: name ? 'group' : 'none', 'aria-label': name || null },
    name && h('p', { class: 'palette-title', 'aria-hidden': 'true' }, name),
    scope.list(group$.map(({ options }) => options), ({ id }) => id, (option$, row) => row.h('a', {
      class: 'palette-item', id: option$.get().id, role: 'option', tabindex: '-1',
      href: option$.map((option) => ('url' in option ? option.url : null)),
      'aria-selected': computed([option$, current$], ({ id }, current) => String(id === current?.id)),
      onclick: (/** @type {MouseEvent} */ event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        leave(option$.get());
      },
    }, row.show(option$, (option, part) => option.view(part)))));
}

/** @param {QuickSearch} quick */
function statusOf({ state$, answer$, fault$ }) {
  const [answer, fault] = [answer$.get(), fault$.get()];
  if (state$.get() === 'failed' && fault) return fault.status === 0 ? `${fault.message} Only what is known here is shown.` : explain(fault);
  if (!answer) return '';
  const { total, understood } = answer.found;
  return [resultCount(total), ...understood.problems.map(({ field, why }) => filterWords({ name: field, value: why }))].join(' · ');
}
