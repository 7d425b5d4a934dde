// @ts-check
// Puts the client's own page in the place of the one the server wrote, within one frame, without
// the reader noticing: focus, caret, selection, typed values, open details and scrolling stay.
// Both pages have the same structure, so an element is found again by its id or its path.

/** For so long nothing may have been typed or selected before the swap, in ms. */
const QUIET_MS = 400;
/** What a person does that must not be interrupted. */
const BUSY = ['selectionchange', 'keydown', 'input', 'compositionupdate', 'pointerdown', 'pointerup', 'pointercancel'];

/** @typedef {(number | string)[]} Path child numbers, or an id first */

/**
 * Replaces the content of `target`, as soon as the reader is not selecting or typing.
 *
 * @param {Element} target
 * @param {Node} next
 * @returns {Promise<void>} once it is done
 */
export async function replaceView(target, next) {
  if (target.childElementCount > 0) await quiet();
  await new Promise((done) => requestAnimationFrame(done));
  const fragment = document.createDocumentFragment();
  fragment.append(next);
  const restore = remember(target, fragment);
  target.replaceChildren(fragment);
  restore();
}

/** Waits until no pointer is held down and nothing has been typed or selected for a moment. @returns {Promise<void>} */
function quiet() {
  const busy = () => !document.getSelection()?.isCollapsed || isTyping();
  if (!busy()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = new AbortController();
    let held = false;
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (held) return wait();
        stop.abort();
        resolve();
      }, QUIET_MS);
    };
    for (const type of BUSY) {
      document.addEventListener(type, () => {
        if (type === 'pointerdown') held = true;
        if (type === 'pointerup' || type === 'pointercancel') held = false;
        wait();
      }, { signal: stop.signal, passive: true });
    }
    // A button that was down before this code ran shows only in how the pointer moves.
    document.addEventListener('pointermove', (event) => (held = event.buttons > 0), { signal: stop.signal, passive: true });
    wait();
  });
}

/** Whether the caret is in a field. */
function isTyping() {
  return Boolean(document.activeElement?.matches('input, textarea, select, [contenteditable]'));
}

/**
 * Notes all that the reader has changed in `from`; the function it gives back does the same in `to`.
 *
 * @param {Element} from
 * @param {ParentNode} to
 * @returns {() => void}
 */
function remember(from, to) {
  /** @type {Twin} */
  const twin = (element) => follow(to, pathTo(from, element));
  const steps = [...valuesOf(from, twin), ...detailsOf(from, twin), ...scrollsOf(from, twin), ...selectionOf(from, twin), ...focusOf(from, twin)];
  const { scrollX, scrollY } = window;
  return () => {
    for (const step of steps) step();
    window.scrollTo({ left: scrollX, top: scrollY, behavior: 'instant' });
  };
}

/** @typedef {(element: Element) => Element | null} Twin */

/** @param {Element} from @param {Twin} twin */
function valuesOf(from, twin) {
  const fields = /** @type {NodeListOf<HTMLInputElement>} */ (from.querySelectorAll('input, textarea, select'));
  return [...fields].filter(isChanged).map((field) => {
    const { value, checked } = field;
    const other = /** @type {HTMLInputElement | null} */ (twin(field));
    return () => {
      if (!other) return;
      if (field.type === 'checkbox' || field.type === 'radio') other.checked = checked;
      else other.value = value;
      other.dispatchEvent(new Event('input', { bubbles: true }));
    };
  });
}

/** @param {HTMLInputElement} field */
function isChanged(field) {
  if (field.type === 'file') return false;
  if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
  if (field.matches('select')) return true;
  return field.value !== field.defaultValue;
}

/** @param {Element} from @param {Twin} twin */
function detailsOf(from, twin) {
  return [...from.querySelectorAll('details')].map((details) => {
    const { open } = details;
    const other = /** @type {HTMLDetailsElement | null} */ (twin(details));
    return () => {
      if (other) other.open = open;
    };
  });
}

/** @param {Element} from @param {Twin} twin */
function scrollsOf(from, twin) {
  return [...from.querySelectorAll('*')].filter((element) => element.scrollTop !== 0 || element.scrollLeft !== 0).map((element) => {
    const { scrollTop, scrollLeft } = element;
    const other = twin(element);
    return () => other?.scrollTo({ top: scrollTop, left: scrollLeft, behavior: 'instant' });
  });
}

/** @param {Element} from @param {Twin} twin */
function focusOf(from, twin) {
  const focused = /** @type {HTMLInputElement | null} */ (document.activeElement);
  if (!focused || !from.contains(focused)) return [];
  const other = /** @type {HTMLInputElement | null} */ (twin(focused));
  const caret = hasCaret(focused) ? [focused.selectionStart, focused.selectionEnd] : null;
  return [() => {
    other?.focus({ preventScroll: true });
    if (caret && other && hasCaret(other)) other.setSelectionRange(caret[0], caret[1]);
  }];
}

/** @param {Element} element */
function hasCaret(element) {
  return element.matches('textarea, input:is(:not([type]), [type="text"], [type="search"], [type="url"], [type="tel"], [type="password"])');
}

/** @param {Element} from @param {Twin} twin */
function selectionOf(from, twin) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !from.contains(selection.anchorNode) || !from.contains(selection.focusNode)) return [];
  const ends = [
    pointOf(selection.anchorNode, selection.anchorOffset),
    pointOf(selection.focusNode, selection.focusOffset),
  ].map(({ element, offset }) => ({ other: twin(element), offset }));
  return [() => {
    const [anchor, focus] = ends.map(({ other, offset }) => (other ? textAt(other, offset) : null));
    if (anchor && focus) selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
  }];
}

/** A point in text as characters from the start of its element: text nodes may be cut differently on both sides. @param {Node | null} node @param {number} offset */
function pointOf(node, offset) {
  const element = /** @type {Element} */ (node instanceof Element ? node : node?.parentElement);
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(/** @type {Node} */ (node), offset);
  return { element, offset: range.toString().length };
}

/** @param {Element} element @param {number} offset in characters @returns {{node: Node, offset: number}} */
function textAt(element, offset) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const { length } = /** @type {Text} */ (node);
    if (left <= length) return { node, offset: left };
    left -= length;
  }
  return { node: element, offset: element.childNodes.length };
}

/** @param {Element} root @param {Element} element @returns {Path} */
export function pathTo(root, element) {
  /** @type {Path} */
  const path = [];
  for (let at = element; at !== root; at = /** @type {Element} */ (at.parentElement)) {
    if (at.id) return [at.id, ...path];
    path.unshift([.../** @type {Element} */ (at.parentElement).children].indexOf(at));
  }
  return path;
}

/** @param {ParentNode} root @param {Path} path @returns {Element | null} */
export function follow(root, path) {
  /** @type {ParentNode | null | undefined} */
  let at = root;
  for (const step of path) {
    at = typeof step === 'number' ? at.children[step] : root.querySelector(`#${CSS.escape(step)}`);
    if (!at) return null;
  }
  return /** @type {Element} */ (at);
}
