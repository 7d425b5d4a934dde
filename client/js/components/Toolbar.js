// @ts-check
// Markdown for those who like buttons: each puts its signs around what is selected.

import { icon } from './icons.js';
/** @import { Scope } from '../utils/dom.js' */

/** @typedef {{icon: string, words: string, key?: string, before?: string, after?: string, line?: string}} Mark */

/** @type {readonly Mark[]} */
const MARKS = [
  { icon: 'bold', words: 'Bold', key: 'b', before: '**', after: '**' },
  { icon: 'italic', words: 'Italic', key: 'i', before: '*', after: '*' },
  { icon: 'link', words: 'Link', before: '[', after: '](https://)' },
  { icon: 'quote', words: 'Quote', line: '> ' },
  { icon: 'code', words: 'Code', key: 'e', before: '`', after: '`' },
  { icon: 'list', words: 'List', line: '- ' },
];

/** @param {Scope} scope @param {HTMLTextAreaElement} area */
export function Toolbar(scope, area) {
  return MARKS.map((mark) => {
    const title = mark.key ? `${mark.words} (Ctrl-${mark.key.toUpperCase()})` : mark.words;
    return scope.h('button', { class: 'tool', type: 'button', title, 'aria-label': mark.words, onclick: () => apply(mark, area) }, icon(mark.icon));
  });
}

/** Ctrl-B, Ctrl-I, Ctrl-E. @param {KeyboardEvent} event @param {HTMLTextAreaElement} area */
export function shortcut(event, area) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const mark = MARKS.find((one) => one.key === event.key);
  if (!mark) return;
  event.preventDefault();
  apply(mark, area);
}

/** @param {Mark} mark @param {HTMLTextAreaElement} area */
function apply(mark, area) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const chosen = value.slice(from, to);
  area.focus();
  if (mark.line) {
    const start = value.lastIndexOf('\n', from - 1) + 1;
    area.setSelectionRange(start, to);
    type(area, value.slice(start, to).split('\n').map((line) => mark.line + line).join('\n'));
  } else if (mark.icon === 'code' && chosen.includes('\n')) {
    type(area, `\`\`\`\n${chosen}\n\`\`\``);
  } else {
    type(area, `${mark.before}${chosen}${mark.after}`);
    const start = from + (mark.before?.length ?? 0);
    area.setSelectionRange(start, start + chosen.length);
  }
}

/**
 * Puts text in the place of the selection as if typed, so that Ctrl-Z takes it back. `execCommand` is old but
 * the only way a page has to do that; where it is refused the text is set directly.
 *
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 */
export function type(area, text) {
  if (document.execCommand('insertText', false, text)) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
}
