// @ts-check
// The versions of a post or a message, newest first, with what each changed.

import { observable } from '../utils/state.js';
import { openDialog } from './Dialog.js';
import { explain } from './explain.js';
import { Time } from './Time.js';
/** @import { Scope } from '../utils/dom.js' */
/** @import { App } from '../app.js' */
/** @import { LivingMessage, LivingPost, MessageBefore, Person } from '../types.js' */

/** @typedef {{body: string, by: Person, at: string}} Version */

/** @param {Scope} scope @param {App} app @param {LivingPost} post */
export function openHistory(scope, app, post) {
  openVersions(scope, app, 'Versions of this post', async (signal) => {
    const [{ items }, { post: source }] = await Promise.all([app.api.posts.edits(post.id, signal), app.api.posts.get(post.id, signal)]);
    return versionsOf(source, items);
  });
}

/** @param {Scope} scope @param {App} app @param {LivingMessage} message */
export function openMessageHistory(scope, app, { id, author }) {
  openVersions(scope, app, 'Versions of this message', async (signal) => {
    const [{ message, body }, items] = await Promise.all([app.api.messages.get(id, signal), editsOf(app, id, signal)]);
    return versionsOf({ author, body, created_at: message.created_at }, items.map((edit) => ({ ...edit, edited_by: author })));
  });
}

/** All edits of a message. @param {App} app @param {string} id @param {AbortSignal} signal */
async function editsOf(app, id, signal) {
  /** @type {MessageBefore[]} */
  const all = [];
  /** @type {string | null} */
  let cursor = null;
  do {
    const { items, next } = await app.api.messages.edits(id, { cursor, signal });
    all.push(...items);
    cursor = next;
  } while (cursor !== null);
  return all;
}

/** @param {Scope} scope @param {App} app @param {string} title @param {(signal: AbortSignal) => Promise<Version[]>} load */
function openVersions(scope, app, title, load) {
  openDialog(scope, title, (inner) => {
    const shown$ = observable(/** @type {{versions?: Version[], fault?: string}} */ ({}));
    load(inner.signal).then((versions) => shown$.set({ versions }), (error) => inner.signal.aborted || shown$.set({ fault: explain(error) }));
    return inner.h('div', {}, inner.show(shown$, ({ versions, fault }, part) => {
      if (fault) return part.h('p', { class: 'note bad' }, fault);
      if (!versions) return part.h('div', { class: 'skeleton line' });
      return versions.map((version, at) => Revision(part, app, version, versions[at - 1] ?? null)).reverse();
    }));
  });
}

/**
 * All versions, the first one first. An edit tells which words it took the place of.
 *
 * @param {{author: Person, body: string, created_at: string}} post as it is now
 * @param {readonly {version: number, body: string, edited_by: Person, edited_at: string}[]} edits
 * @returns {Version[]}
 */
export function versionsOf(post, edits) {
  const replaced = edits.toSorted((a, b) => a.version - b.version);
  const bodies = [...replaced.map((edit) => edit.body), post.body];
  const makers = [{ by: post.author, at: post.created_at }, ...replaced.map((edit) => ({ by: edit.edited_by, at: edit.edited_at }))];
  return bodies.map((body, at) => ({ body, ...makers[at] }));
}

/** @param {Scope} scope @param {App} app @param {Version} version @param {Version | null} before */
function Revision(scope, app, version, before) {
  const { h } = scope;
  return h('section', { class: 'revision' },
    h('p', { class: 'quiet' }, h('b', {}, version.by.nickname), ' ', Time(scope, app, version.at), before ? '' : ', as first written'),
    h('div', { class: 'source', dir: 'auto' }, changes(before?.body ?? version.body, version.body).map(({ tag, text }) => (tag ? h(tag, {}, text) : text))));
}

/**
 * What changed between two texts, by lines: the longest common run of lines stays, the rest was taken out or put in.
 *
 * @param {string} from
 * @param {string} to
 * @returns {{tag: 'ins' | 'del' | null, text: string}[]}
 */
export function changes(from, to) {
  const a = from.split('\n');
  const b = to.split('\n');
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  /** @type {{tag: 'ins' | 'del' | null, text: string}[]} */
  const parts = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      parts.push({ tag: null, text: `${a[i]}\n` });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && lengths[i + 1][j] >= lengths[i][j + 1])) {
      parts.push({ tag: 'del', text: `${a[i]}\n` });
      i += 1;
    } else {
      parts.push({ tag: 'ins', text: `${b[j]}\n` });
      j += 1;
    }
  }
  return parts;
}
