// @ts-check
// Where rows of unlike and partly unknown heights stand in a long list: what was measured counts, the rest is estimated.

export class Layout {
  #estimate;
  /** @type {Map<string, number>} */
  #heights = new Map();
  /** @type {readonly string[]} */
  #keys = [];
  /** @type {Map<string, number>} */
  #places = new Map();
  /** The top of each row, and the end of the last one. */
  #tops = new Float64Array(1);
  /** From this row on the tops are to be added up anew. */
  #stale = 0;

  /** @param {number} estimate the height of a row that was not measured, px */
  constructor(estimate) {
    this.#estimate = estimate;
  }

  get length() {
    return this.#keys.length;
  }

  get total() {
    return this.top(this.#keys.length);
  }

  /** The rows from now on; heights of those that stay are kept. @param {readonly string[]} keys */
  rows(keys) {
    let same = 0;
    while (same < keys.length && keys[same] === this.#keys[same]) same += 1;
    this.#stale = Math.min(this.#stale, same);
    this.#keys = keys;
    this.#places = new Map(keys.map((key, at) => [key, at]));
    if (this.#tops.length <= keys.length) {
      const tops = new Float64Array(keys.length * 2 + 1);
      tops.set(this.#tops);
      this.#tops = tops;
    }
  }

  /** @param {string} key @param {number} height px @returns {boolean} whether it was another */
  measured(key, height) {
    if (this.#heights.get(key) === height) return false;
    this.#heights.set(key, height);
    this.#stale = Math.min(this.#stale, this.place(key));
    return true;
  }

  /** Where a row stands among the others, or the number of rows. @param {string} key */
  place(key) {
    return this.#places.get(key) ?? this.#keys.length;
  }

  /** @param {number} at @returns {string | undefined} */
  key(at) {
    return this.#keys[at];
  }

  /** The top of the row at a place, px from the top of the first. @param {number} at */
  top(at) {
    for (let next = this.#stale; next < at; next += 1) {
      this.#tops[next + 1] = this.#tops[next] + (this.#heights.get(this.#keys[next]) ?? this.#estimate);
    }
    this.#stale = Math.max(this.#stale, at);
    return this.#tops[at];
  }

  /** The row that stands at a height: the last one that begins at or above it. @param {number} y px */
  at(y) {
    this.top(this.#keys.length);
    let low = 0;
    let high = this.#keys.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#tops[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }
}
