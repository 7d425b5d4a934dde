// @ts-check
// A part of a text in which what was looked for is marked.

/** @import { Scope } from '../utils/dom.js' */
/** @import { Piece } from '../types.js' */

/** @param {Scope} scope @param {readonly Piece[]} pieces */
export function Pieces(scope, pieces) {
  return pieces.map(({ text, hit }) => (hit ? scope.h('mark', {}, text) : text));
}
