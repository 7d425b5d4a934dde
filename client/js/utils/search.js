// @ts-check
// What a search asks for, as an address and back. Pure.

/** @import { FoundItem, FoundKinds } from '../types.js' */

/** @typedef {{q: string, in: FoundKinds | null, sort: 'date' | null, thread: string | null}} Asked `sort`: `null` is by relevance */

/** @type {readonly FoundKinds[]} */
export const KINDS = ['posts', 'messages', 'people', 'boards', 'tags'];

/** @param {URLSearchParams} query @returns {Asked} */
export function askedOf(query) {
  const kind = query.get('in');
  return {
    q: (query.get('q') ?? '').trim(),
    in: KINDS.find((one) => one === kind) ?? null,
    sort: query.get('sort') === 'date' ? 'date' : null,
    thread: query.get('thread') || null,
  };
}

/** @param {Partial<Asked>} asked @returns {string} */
export function searchAddress(asked) {
  const parts = [['q', asked.q], ['in', asked.in], ['sort', asked.sort], ['thread', asked.thread]]
    .filter(([, value]) => value)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length > 0 ? `/search?${parts.join('&')}` : '/search';
}

/** Different for each thing that may be found. @param {FoundItem} item */
export function keyOf(item) {
  const { kind } = item;
  return `${kind}-${kind === 'person' ? item.person.id : kind === 'board' ? item.board.id : kind === 'tag' ? item.tag : item.id}`;
}
