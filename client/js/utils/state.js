// @ts-check
// State that tells those who follow it when it changes: values, values computed from values
// and lists. It knows nothing of the page.
//
// A change is seen by everyone at once and told to each follower once: inside `batch` the telling
// waits for the end, and a follower of two values that both changed hears of it a single time,
// with both already new.

/** @type {Set<Readable<any>>} */
const changed = new Set();
let depth = 0;

/**
 * Runs `change`; followers are told once, after the outermost batch.
 *
 * @template T
 * @param {() => T} change
 * @returns {T}
 */
export function batch(change) {
  depth += 1;
  try {
    return change();
  } finally {
    try {
      if (depth === 1) tellFollowers();
    } finally {
      depth -= 1;
    }
  }
}

/** A follower that throws does not keep the news from the others; the first error is thrown at the end. */
function tellFollowers() {
  /** @type {unknown[]} */
  const errors = [];
  // A Set is walked in order and includes what followers add on the way.
  for (const node of changed) {
    changed.delete(node);
    node.tell(errors);
  }
  if (errors.length > 0) throw errors[0];
}

/**
 * A value one can read and follow.
 *
 * @template T
 */
export class Readable {
  // Loosely typed inside, so that a readable of something narrow serves as one of something wide.
  /** @type {Set<(value: any) => void>} */
  #followers = new Set();
  /** @type {Set<Computed<any>>} */
  #dependents = new Set();
  /** @type {any} */
  #told;

  /** The value as it is now. @returns {T} */
  get() {
    throw new TypeError('Readable is abstract');
  }

  /**
   * Calls `follower` with each later value (not with the present one). Gives back the function
   * that ends it. In views use `scope.subscribe`, which ends with the view.
   *
   * @param {(value: T) => void} follower
   * @returns {() => void}
   */
  subscribe(follower) {
    // A wrapper of its own lets one function follow twice and leave once.
    const own = (/** @type {T} */ value) => follower(value);
    this.#join(() => this.#followers.add(own));
    return () => this.#leave(() => this.#followers.delete(own));
  }

  /**
   * A value computed from this one.
   *
   * @template U
   * @param {(value: T) => U} compute
   * @returns {Readable<U>}
   */
  map(compute) {
    return new Computed([this], compute);
  }

  /**
   * As `map`, but quiet while what it gives is the same in every word: what is built from it stays, with its focus.
   *
   * @template U
   * @param {(value: T) => U} compute
   * @returns {Readable<U>}
   */
  pick(compute) {
    /** @type {U} */
    let last;
    /** @type {string | undefined} */
    let words;
    return this.map((value) => {
      const now = compute(value);
      const nowWords = JSON.stringify(now);
      if (nowWords !== words) [last, words] = [now, nowWords];
      return last;
    });
  }

  /** @param {Computed<any>} dependent */
  addDependent(dependent) {
    this.#join(() => this.#dependents.add(dependent));
  }

  /** @param {Computed<any>} dependent */
  removeDependent(dependent) {
    this.#leave(() => this.#dependents.delete(dependent));
  }

  /** Marks this and all that is computed from it as changed. */
  touch() {
    batch(() => {
      changed.add(this);
      for (const dependent of this.#dependents) dependent.invalidate();
    });
  }

  /**
   * Tells the followers, if the value is another than the one they were told last.
   *
   * @param {unknown[]} errors collects what followers throw
   */
  tell(errors) {
    const value = this.get();
    if (Object.is(value, this.#told)) return;
    this.#told = value;
    for (const follower of [...this.#followers]) {
      if (!this.#followers.has(follower)) continue;
      try {
        follower(value);
      } catch (error) {
        errors.push(error);
      }
    }
  }

  /** Called when the first follower comes. */
  onFollowed() {}

  /** Called when the last follower has gone. */
  onForgotten() {}

  /** @param {() => void} add */
  #join(add) {
    const first = this.#followers.size + this.#dependents.size === 0;
    if (first) this.onFollowed();
    if (first) this.#told = this.get();
    add();
  }

  /** @param {() => boolean} remove */
  #leave(remove) {
    if (!remove()) return;
    if (this.#followers.size + this.#dependents.size === 0) this.onForgotten();
  }
}

/**
 * A value that can be set.
 *
 * @template T
 * @extends {Readable<T>}
 */
export class Observable extends Readable {
  /** @type {T} */
  #value;

  /** @param {T} value */
  constructor(value) {
    super();
    this.#value = value;
  }

  get() {
    return this.#value;
  }

  /** @param {T} value */
  set(value) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.touch();
  }

  /** @param {(value: T) => T} change */
  update(change) {
    this.set(change(this.#value));
  }
}

/**
 * A value made from others; computed again only when it is followed and one of them changed, or
 * when it is read.
 *
 * @template T
 * @extends {Readable<T>}
 */
export class Computed extends Readable {
  /** @type {readonly Readable<any>[]} */
  #sources;
  /** @type {(...values: any[]) => T} */
  #compute;
  /** @type {T | undefined} */
  #value;
  #followed = false;
  #stale = true;

  /**
   * @param {readonly Readable<any>[]} sources
   * @param {(...values: any[]) => T} compute
   */
  constructor(sources, compute) {
    super();
    this.#sources = sources;
    this.#compute = compute;
  }

  get() {
    if (!this.#followed || this.#stale) {
      this.#value = this.#compute(...this.#sources.map((source) => source.get()));
      this.#stale = false;
    }
    return /** @type {T} */ (this.#value);
  }

  invalidate() {
    if (this.#stale) return;
    this.#stale = true;
    this.touch();
  }

  onFollowed() {
    this.#followed = true;
    this.#stale = true;
    for (const source of this.#sources) source.addDependent(this);
  }

  onForgotten() {
    this.#followed = false;
    for (const source of this.#sources) source.removeDependent(this);
  }
}

/**
 * A list whose changes are followed as a whole: each change makes a new array, so followers may
 * keep and compare the ones they got.
 *
 * @template T
 * @extends {Observable<readonly T[]>}
 */
export class ObservableList extends Observable {
  /** @returns {number} */
  get length() {
    return this.get().length;
  }

  /**
   * @param {number} index where the first of them will stand
   * @param {readonly T[]} items
   */
  insert(index, items) {
    if (items.length > 0) this.update((all) => all.toSpliced(index, 0, ...items));
  }

  /** @param {readonly T[]} items */
  append(items) {
    this.insert(this.length, items);
  }

  /**
   * Puts `change(item)` in the place of the items that `which` accepts.
   *
   * @param {(item: T) => boolean} which
   * @param {(item: T) => T} change
   */
  replace(which, change) {
    if (this.get().some(which)) this.update((all) => all.map((item) => (which(item) ? change(item) : item)));
  }

  /** @param {(item: T) => boolean} which */
  remove(which) {
    if (this.get().some(which)) this.update((all) => all.filter((item) => !which(item)));
  }
}

/** @template T @param {T} value @returns {Observable<T>} */
export function observable(value) {
  return new Observable(value);
}

/**
 * `computed([name$, count$], (name, count) => …)`.
 *
 * @template {readonly Readable<any>[]} S
 * @template T
 * @param {[...S]} sources
 * @param {(...values: {[I in keyof S]: S[I] extends Readable<infer V> ? V : never}) => T} compute
 * @returns {Readable<T>}
 */
export function computed(sources, compute) {
  return new Computed(sources, /** @type {(...values: any[]) => T} */ (compute));
}

/** @template T @param {readonly T[]} [items] @returns {ObservableList<T>} */
export function observableList(items = []) {
  return new ObservableList(items);
}
