// @ts-check
// Where the reader was on each page of the history, also after a reload: by the element that was
// at the top of the window, or by distance where that element is gone.

const KEY = 'folkmoot.scroll';
/** How many pages of the history are remembered. */
const LIMIT = 50;

/** @typedef {{y: number, id: string | null, top: number}} Position */

export class ScrollMemory {
  #storage;
  /** @type {Map<string, Position>} */
  #positions;

  /** @param {Storage} storage of this tab */
  constructor(storage) {
    this.#storage = storage;
    this.#positions = new Map(readAll(storage));
  }

  /** @param {string} entry @param {Element} main */
  save(entry, main) {
    const at = [...main.querySelectorAll('[id]')].map((element) => ({ id: element.id, top: element.getBoundingClientRect().top })).find(({ top }) => top >= 0);
    this.#positions.delete(entry);
    this.#positions.set(entry, { y: window.scrollY, id: at?.id ?? null, top: at?.top ?? 0 });
    const all = [...this.#positions].slice(-LIMIT);
    this.#positions = new Map(all);
    try {
      this.#storage.setItem(KEY, JSON.stringify(all));
    } catch {
      // Without room the positions live as long as the page.
    }
  }

  /** @param {string} entry @returns {Position | undefined} */
  at(entry) {
    return this.#positions.get(entry);
  }

  /** Goes back to where the reader was. @param {string} entry @returns {boolean} whether that is known */
  restore(entry) {
    const position = this.at(entry);
    if (!position) return false;
    const element = position.id === null ? null : document.getElementById(position.id);
    const top = element ? window.scrollY + element.getBoundingClientRect().top - position.top : position.y;
    window.scrollTo({ top, behavior: 'instant' });
    return true;
  }
}

/** @param {Storage} storage @returns {[string, Position][]} */
function readAll(storage) {
  try {
    return JSON.parse(storage.getItem(KEY) ?? '[]');
  } catch {
    return [];
  }
}
