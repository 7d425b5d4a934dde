// @ts-check
// A WebSocket that goes nowhere: tests open it, speak as the server and read what was said.

export class FakeWebSocket {
  static OPEN = 1;
  /** Every one that was made, oldest first. @type {FakeWebSocket[]} */
  static all = [];

  readyState = 0;
  /** @type {{type: string, payload: any}[]} */
  said = [];
  /** @type {any} */ onopen = null;
  /** @type {any} */ onmessage = null;
  /** @type {any} */ onerror = null;
  /** @type {any} */ onclose = null;

  /** @param {string} url */
  constructor(url) {
    this.url = url;
    FakeWebSocket.all.push(this);
  }

  static get last() {
    return /** @type {FakeWebSocket} */ (FakeWebSocket.all.at(-1));
  }

  /** @param {string} text */
  send(text) {
    this.said.push(JSON.parse(text));
  }

  close() {
    this.readyState = 3;
  }

  // What happens at the other end.

  open() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** @param {string} type @param {any} [payload] @param {{stream?: string, seq?: number}} [place] */
  hear(type, payload = {}, place = {}) {
    this.onmessage?.({ data: JSON.stringify({ type, payload, ...place }) });
  }

  fail(code = 1006) {
    this.readyState = 3;
    this.onerror?.();
    this.onclose?.({ code });
  }

  /** What was said of one type. @param {string} type */
  payloads(type) {
    return this.said.filter((frame) => frame.type === type).map(({ payload }) => payload);
  }
}
