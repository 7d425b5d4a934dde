// @ts-check
// Who is signed in, in this tab and in the others.

import { observable } from '../utils/state.js';
import { ApiError } from '../api/client.js';
/** @import { Api } from '../api/index.js' */
/** @import { Me, Site } from '../types.js' */

export class Session {
  #api;
  #channel;
  /** The signed-in person; `null` is a guest. */
  me$;
  site$;
  /** Whether we are just signing out: what then ends is no loss. */
  #leaving = false;
  /** Called when somebody signed in or out in another tab. @type {() => void} */
  onElsewhere = () => {};
  /** Whether the server no longer knew us without our having signed out. */
  lost$ = observable(false);

  /**
   * @param {Api} api
   * @param {BroadcastChannel} channel to the other tabs
   * @param {{me: Me | null, site: Site}} first what the page came with
   */
  constructor(api, channel, { me, site }) {
    this.#api = api;
    this.#channel = channel;
    this.me$ = observable(me);
    this.site$ = observable(site);
    channel.onmessage = ({ data }) => this.#heard(data);
  }

  // Actions

  /** After signing in, registering or using a link. @param {Me} user */
  signedIn(user) {
    this.#become(user);
    this.#tell();
  }

  /** The account was changed here. @param {Me} user */
  changed(user) {
    this.#become(user);
  }

  async signOut() {
    this.#leaving = true;
    try {
      await this.#api.auth.logout();
      this.#become(null);
      this.#tell();
    } finally {
      this.#leaving = false;
    }
  }

  /** The server refused us as unknown. */
  expired() {
    if (!this.me$.get() || this.#leaving) return;
    this.#lose();
    this.#channel.postMessage({ lost: true });
  }

  /** Asks the server who we are. Without an answer all stays as it is. @returns {Promise<string | null>} the id */
  async refresh() {
    try {
      this.#become((await this.#api.me.get()).user);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#become(null);
      else throw error;
    }
    return this.#id();
  }

  async reloadSite() {
    this.site$.set(await this.#api.site.get());
  }

  // Internal

  /** Another tab has signed in or out, or found that the session was lost. @param {{account?: string | null, lost?: boolean}} news */
  async #heard({ account, lost }) {
    if (lost) return this.me$.get() ? this.#lose() : undefined;
    if (account === this.#id()) return undefined;
    this.#leaving = account === null;
    try {
      await this.refresh();
    } catch {
      // Without an answer all stays as it is; the next request will tell.
    } finally {
      this.#leaving = false;
    }
    return this.onElsewhere();
  }

  #lose() {
    this.lost$.set(true);
    this.me$.set(null);
  }

  #tell() {
    this.#channel.postMessage({ account: this.#id() });
  }

  /** @param {Me | null} user */
  #become(user) {
    if (user) this.lost$.set(false);
    this.me$.set(user);
  }

  #id() {
    return this.me$.get()?.id ?? null;
  }
}
