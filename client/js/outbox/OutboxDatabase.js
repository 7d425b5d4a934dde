// @ts-check
// Where the outbox keeps what waits: IndexedDB, so that it survives a closed tab.

/** @import { OutboxItem } from './Outbox.js' */

const NAME = 'folkmoot';
const STORE = 'outbox';
const VERSION = 1;

/** @typedef {Pick<OutboxDatabase, 'of' | 'add' | 'put' | 'remove'>} Keeping */

/**
 * The outbox of this browser; one that lives as long as the page where the browser keeps nothing.
 *
 * @param {IDBFactory | undefined} factory
 * @returns {Promise<Keeping>}
 */
export async function openOutbox(factory) {
  try {
    const database = new OutboxDatabase(/** @type {IDBFactory} */ (factory));
    await database.opened();
    return database;
  } catch {
    return new OutboxInMemory();
  }
}

class OutboxDatabase {
  #factory;
  /** @type {Promise<IDBDatabase> | null} */
  #database = null;

  /** @param {IDBFactory} factory */
  constructor(factory) {
    this.#factory = factory;
  }

  /** Opens it, or opens it anew after the browser took it away or another tab asked for it. */
  opened() {
    this.#database ??= open(this.#factory).then((database) => {
      const gone = () => (this.#database = null);
      database.onclose = gone;
      database.onversionchange = () => {
        gone();
        database.close();
      };
      return database;
    }).catch((error) => {
      this.#database = null;
      throw error;
    });
    return this.#database;
  }

  /** What waits for an account, oldest first. @param {string} account @returns {Promise<OutboxItem[]>} */
  async of(account) {
    const store = await this.#store('readonly');
    return promised(store.index('account').getAll(account));
  }

  /** Gives the item its place in the order. @param {Omit<OutboxItem, 'order'>} item @returns {Promise<OutboxItem>} once it is kept */
  async add(item) {
    const store = await this.#store('readwrite');
    const order = /** @type {number} */ (await promised(store.add(item)));
    await settled(store.transaction);
    return /** @type {OutboxItem} */ ({ ...item, order });
  }

  /** @param {OutboxItem} item */
  async put(item) {
    const store = await this.#store('readwrite');
    store.put(item);
    await settled(store.transaction);
  }

  /** @param {number} order */
  async remove(order) {
    const store = await this.#store('readwrite');
    store.delete(order);
    await settled(store.transaction);
  }

  /** @param {IDBTransactionMode} mode */
  async #store(mode) {
    return (await this.opened()).transaction(STORE, mode).objectStore(STORE);
  }
}

/** The same for as long as the page lives. */
class OutboxInMemory {
  /** @type {Map<number, OutboxItem>} */
  #items = new Map();
  #last = 0;

  /** @param {string} account */
  async of(account) {
    return [...this.#items.values()].filter((item) => item.account === account);
  }

  /** @param {any} item @returns {Promise<OutboxItem>} */
  async add(item) {
    this.#last += 1;
    const kept = { ...item, order: this.#last };
    this.#items.set(this.#last, kept);
    return kept;
  }

  /** @param {OutboxItem} item */
  async put(item) {
    this.#items.set(item.order, item);
  }

  /** @param {number} order */
  async remove(order) {
    this.#items.delete(order);
  }
}

/** @param {IDBFactory} factory @returns {Promise<IDBDatabase>} */
function open(factory) {
  const request = factory.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: 'order', autoIncrement: true });
    store.createIndex('account', 'account');
  };
  return promised(request);
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function promised(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction @returns {Promise<void>} */
function settled(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}
