// @ts-check
// Where words stand in a text, compared as the server's search does: compatible spellings are one, case and the kind of
// space do not matter.

/** So much of the text stands before the first hit, and so much there is in all, in letters. */
const BEFORE = 24;
const LENGTH = 160;

/** @typedef {{text: string, hit: boolean}} Part */

/**
 * The part of a text in which the words stand, or its beginning where they do not.
 *
 * @param {string} text
 * @param {string} words
 * @returns {Part[]}
 */
export function marked(text, words) {
  // A letter and its accent, written apart, are one letter from here on.
  const letters = [...text.normalize('NFC').replace(/\s+/g, ' ').trim()];
  const hits = find(letters, words);
  const from = hits.length > 0 ? beginning(letters, hits[0][0]) : 0;
  const to = Math.min(letters.length, Math.max(from + LENGTH, hits[0]?.[1] ?? 0));
  /** @type {Part[]} */
  const parts = [];
  const add = (/** @type {number} */ start, /** @type {number} */ end, /** @type {boolean} */ hit) => {
    if (end > start) parts.push({ text: letters.slice(start, end).join(''), hit });
  };
  let at = from;
  for (const [start, end] of hits.filter(([, last]) => last <= to)) {
    add(at, start, false);
    add(start, end, true);
    at = end;
  }
  add(at, to, false);
  if (from > 0) parts.unshift({ text: '…', hit: false });
  if (to < letters.length) parts.push({ text: '…', hit: false });
  return parts;
}

/** Where the words begin and end, as numbers of letters. @param {readonly string[]} letters @param {string} words @returns {[number, number][]} */
function find(letters, words) {
  const wanted = folded(words).replace(/\s+/g, ' ').trim();
  /** The letter that each unit of the folded text comes from. @type {number[]} */
  const origins = [];
  let all = '';
  letters.forEach((letter, at) => {
    const small = folded(letter);
    all += small;
    for (let unit = 0; unit < small.length; unit += 1) origins.push(at);
  });
  /** @type {[number, number][]} */
  const hits = [];
  for (let at = wanted ? all.indexOf(wanted) : -1; at >= 0; at = all.indexOf(wanted, at + wanted.length)) {
    hits.push([origins[at], origins[at + wanted.length - 1] + 1]);
  }
  return hits;
}

/** @param {string} text */
function folded(text) {
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Not in the middle of a word, if one begins near. @param {readonly string[]} letters @param {number} hit */
function beginning(letters, hit) {
  const from = Math.max(0, hit - BEFORE);
  const space = letters.indexOf(' ', from);
  return from === 0 ? 0 : space >= 0 && space < hit ? space + 1 : from;
}
