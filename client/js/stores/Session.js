// @ts-check
// Who is signed in, in this tab and in the others.

import { observable } from '../utils/state.js';
import { ApiError } from '../api/client.js';
/** @import { Api } from '../api/index.js' */
/** @import { Me, Site } from '../types.js' */

/** The longest that signing out may take, in ms: as long as a request. */
const LEAVING_MS = 20_000;

export class Session {
  #api;
  #channel;
  /** The signed-in person; `null` is a guest. */
  me$;
  site$;
  /** Whether this browser is just signing out, here or in another tab: what then ends is no loss. */
  #leaving = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #leavingTimer;
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
    this.#leave(true);
    // The others are refused by the server before they could hear that it is done.
    this.#channel.postMessage({ leaving: true });
    try {
      await this.#api.auth.logout();
      this.#become(null);
      this.#tell();
    } catch (error) {
      this.#channel.postMessage({ leaving: false });
      throw error;
    } finally {
      this.#leave(false);
    }
  }

  /** The server refused us as unknown. */
  expired() {
    if (!this.me$.get() || this.#leaving) return;
    this.lost$.set(true);
    this.me$.set(null);
    this.#channel.postMessage({ lost: true });
  }

  /** Asks the server who we are. Without an answer all stays as it is. @returns {Promise<string | null>} the id */
  async refresh() {
    try {
      this.#become((await this.#api.me.get()).user);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.expired();
      this.me$.set(null);
    }
    return this.#id();
  }

  async reloadSite() {
    this.site$.set(await this.#api.site.get());
  }

  // Internal

  /** Another tab signs in or out, or found that the session was lost. @param {{account?: string | null, leaving?: boolean, lost?: boolean}} news */
  async #heard({ account, leaving, lost }) {
    if (leaving !== undefined) return this.#leave(leaving);
    if (lost ? !this.me$.get() : account === this.#id() && account !== null) return undefined;
    if (account === null) {
      this.#leave(true);
      this.lost$.set(false);
    }
    try {
      await this.refresh();
    } catch {
      // Without an answer all stays as it is; the next request will tell.
    } finally {
      this.#leave(false);
    }
    return lost ? undefined : this.onElsewhere();
  }

  /** @param {boolean} leaving */
  #leave(leaving) {
    clearTimeout(this.#leavingTimer);
    this.#leaving = leaving;
    // A tab that was closed on the way does not tell how it went.
    if (leaving) this.#leavingTimer = setTimeout(() => (this.#leaving = false), LEAVING_MS);
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
