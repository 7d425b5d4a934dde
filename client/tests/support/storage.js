// @ts-check
// A Storage that tabs of one browser share, and that can be full.

export class FakeStorage {
  /** @type {Map<string, string>} */
  map = new Map();
  full = false;

  get length() {
    return this.map.size;
  }

  /** @param {number} at */
  key(at) {
    return [...this.map.keys()][at] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    return this.map.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (this.full) throw new DOMException('no room', 'QuotaExceededError');
    this.map.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.map.delete(key);
  }
}
