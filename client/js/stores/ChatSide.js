// @ts-check
// What stands beside a conversation: the people one may write to, who of them is here, and what one looks for. It outlives
// the conversations one goes through, so that nothing there is loaded twice or moves.

import { computed, observable } from '../utils/state.js';
import { MessageSearch } from './MessageSearch.js';
/** @import { Api } from '../api/index.js' */
/** @import { WebSocketManager } from '../websocket/WebSocketManager.js' */
/** @import { Conversations } from './Conversations.js' */
/** @import { Live } from './Live.js' */
/** @import { Profile } from '../types.js' */

/** The server tells of at most so many people. */
const MOST_WATCHED = 200;
/** So many people are offered at once. */
const PEOPLE = 50;
/** A rest after which people are looked for, ms. */
const REST_MS = 150;
/** Messages are searched for so many letters and more: one letter is in all of them. */
const SHORTEST = 2;

/** After this the lists count as left, ms. */
const LEFT_MS = 1000;

/** For so long who was here counts as here, though this connection has not said so yet, ms. */
const CONFIRMED_MS = 3000;

/** @typedef {{online: boolean, lastSeen: string | null}} Presence */

export class ChatSide {
  #parts;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;
  /** What the server was told last. */
  #told = '';
  /** Of whom the present connection has told. @type {Set<string>} */
  #confirmed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #confirming;
  /** How many views show it. */
  #shown = 0;
  #watch;
  /** @type {(() => void)[]} */
  #endings = [];
  #found$ = observable(/** @type {readonly Profile[]} */ ([]));

  filter$ = observable('');
  /** Messages that hold what one looks for. */
  search;
  /** How far the list was scrolled, px. */
  scrolled = 0;
  state$ = observable(/** @type {'loading' | 'ready' | 'failed'} */ ('loading'));
  presence$ = observable(/** @type {ReadonlyMap<string, Presence>} */ (new Map()));
  /** Conversations that match what one looks for. */
  conversations$;
  /** People one has never spoken to, by name. */
  people$;
  /** Whose presence matters beside the lists'. @type {import('../utils/state.js').Observable<readonly string[]>} */
  also$ = observable(/** @type {readonly string[]} */ ([]));

  /** @param {{api: Api, socket: WebSocketManager, live: Live, conversations: Conversations, me: () => {id: string} | null}} parts */
  constructor(parts) {
    this.#parts = parts;
    const { conversations, socket, live, api } = parts;
    this.search = new MessageSearch((options) => api.messages.searchAll(options), SHORTEST);
    this.conversations$ = computed([conversations.items$, this.filter$], (items, filter) => {
      const wanted = filter.trim().toLowerCase();
      return items.filter((one) => nameOf(one).toLowerCase().includes(wanted));
    });
    this.people$ = computed([this.#found$, conversations.items$], (found, items) => {
      const spoken = new Set([parts.me()?.id, ...items.map((one) => one.with?.id)]);
      return found.filter(({ id }) => !spoken.has(id)).sort((a, b) => a.nickname.localeCompare(b.nickname));
    });
    const watched$ = computed([conversations.items$, this.people$, this.also$], (items, people, also) => (
      [...new Set([...also, ...items.flatMap((one) => (one.with ? [one.with.id] : [])), ...people.map(({ id }) => id)])].slice(0, MOST_WATCHED)
    ));
    live.onPresence = (id, online, lastSeen) => {
      this.#confirmed.add(id);
      this.presence$.update((all) => new Map(all).set(id, { online, lastSeen: lastSeen ?? all.get(id)?.lastSeen ?? null }));
    };
    const watch = (again = false) => {
      const people = this.#shown > 0 ? watched$.get() : [];
      if (people.join() === this.#told && !again) return;
      this.#told = socket.send('watch', { people }) ? people.join() : '';
      clearTimeout(this.#confirming);
      if (this.#told !== '') this.#confirming = setTimeout(() => this.#confirm(people), CONFIRMED_MS);
    };
    this.#endings.push(
      watched$.subscribe(() => watch()),
      socket.on('welcome', () => {
        this.#confirmed.clear();
        watch(true);
      }),
      this.filter$.subscribe((words) => {
        this.#findSoon();
        this.search.look(words);
      }),
      () => this.search.end(),
    );
    this.#watch = watch;
    void this.find();
  }

  /** Is on screen as long as a view is: nobody's presence is asked for in vain. @param {import('../utils/dom.js').Scope} scope */
  shownIn(scope) {
    this.#shown += 1;
    this.#watch();
    scope.onEnd(() => {
      this.#shown -= 1;
      setTimeout(() => this.#watch(), LEFT_MS); // the next conversation shows it again
    });
  }

  /** Asks for people that match. */
  async find() {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const { items } = await this.#parts.api.users.search({ q: this.filter$.get().trim(), limit: PEOPLE });
      if (asked !== this.#asked) return;
      this.presence$.update((all) => new Map([...items.map((one) => /** @type {[string, Presence]} */ ([one.id, { online: one.online, lastSeen: one.last_seen_at }])), ...all]));
      this.#found$.set(items);
      this.state$.set('ready');
    } catch {
      if (asked === this.#asked) this.state$.set('failed');
    }
  }

  end() {
    clearTimeout(this.#timer);
    clearTimeout(this.#confirming);
    for (const ending of this.#endings) ending();
  }

  /** The server tells who is here: whoever it did not name has gone meanwhile. @param {readonly string[]} people */
  #confirm(people) {
    const gone = people.filter((id) => this.presence$.get().get(id)?.online && !this.#confirmed.has(id));
    if (gone.length > 0) this.presence$.update((all) => new Map([...all].map(([id, one]) => [id, gone.includes(id) ? { ...one, online: false } : one])));
  }

  #findSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.find(), REST_MS);
  }
}

/** What a conversation is called. @param {import('../types.js').Conversation} conversation */
export function nameOf({ title, with: other, members }) {
  return title ?? other?.nickname ?? members.map(({ person }) => person.nickname).join(', ');
}
