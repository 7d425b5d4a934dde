// @ts-check
// What a search says of itself, as words. Pure; the server's page writes the same (app/src/server/pages/search_words.rs).

import { count, grouped } from './words.js';
/** @import { Found, FoundKinds } from '../types.js' */
/** @import { Asked } from '../utils/search.js' */

/** @type {readonly {kind: FoundKinds | null, words: string}[]} */
export const TABS = [
  { kind: null, words: 'All' },
  { kind: 'posts', words: 'Threads and posts' },
  { kind: 'messages', words: 'Messages' },
  { kind: 'people', words: 'People' },
  { kind: 'boards', words: 'Boards' },
  { kind: 'tags', words: 'Tags' },
];

/** `No results`, `137 results`, `More than 1,000 results`. @param {Found['total']} total */
export function resultCount({ count: number, at_least: more }) {
  if (more) return `More than ${grouped(number)} results`;
  return number === 0 ? 'No results' : count(number, 'result');
}

/** What stands over the page. @param {Asked} asked @param {Found | null} found */
export function searchTitle({ q }, found) {
  if (q === '') return 'Search';
  return found ? `${resultCount(found.total)} for ${q}` : q;
}

/** How a filter reads on its chip. @param {{name: string, value: string}} filter */
export function filterWords({ name, value }) {
  return `${name}: ${value}`;
}

/** @param {{done: number, total: number}} indexing */
export function indexingWords({ done, total }) {
  return `Older words are still being made findable: ${grouped(done)} of ${grouped(total)} so far. Something may be missing.`;
}

/** What one may write besides words: what it is, and an example. @type {readonly (readonly [string, string])[]} */
export const FILTERS = [
  ['"shadow map"', 'these words, one after the other'],
  ['-windows', 'without this word'],
  ['shad*', 'words that begin so'],
  ['author:ann or @ann', 'written by somebody'],
  ['board:support', 'on a board'],
  ['tag:rendering', 'in threads with a tag'],
  ['in:title', 'in titles; also first, posts, messages, people, boards, tags'],
  ['after:2024 before:2024-06', 'from a year, month or day on; up to one'],
  ['has:code', 'with code; also image, link'],
  ['is:unread', 'that you have not read'],
];
