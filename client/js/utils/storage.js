// @ts-check
// The browser's storage, or one that lasts as long as the page where a person has it turned off.

/** @param {'localStorage' | 'sessionStorage'} name @returns {Storage} */
export function storageOf(name) {
  try {
    return globalThis[name] ?? new PageStorage();
  } catch {
    return new PageStorage();
  }
}

/** @implements {Storage} */
class PageStorage {
  /** @type {Map<string, string>} */
  #texts = new Map();

  get length() {
    return this.#texts.size;
  }

  /** @param {number} at */
  key(at) {
    return [...this.#texts.keys()][at] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    return this.#texts.get(key) ?? null;
  }

  /** @param {string} key @param {string} text */
  setItem(key, text) {
    this.#texts.set(key, String(text));
  }

  /** @param {string} key */
  removeItem(key) {
    this.#texts.delete(key);
  }

  clear() {
    this.#texts.clear();
  }
}
