import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, mock } from 'node:test';
import { ChatSide } from '../js/stores/ChatSide.js';
import { Scope } from '../js/utils/dom.js';
import { observable } from '../js/utils/state.js';
import { conversation, me, person, settle } from './support/things.js';

/** @type {any[]} */
let people;
/** @type {any[]} what the server was asked to tell of */
let watched;
/** @type {() => void} */
let welcome;
/** @type {any} */
let live;
const items$ = observable(/** @type {readonly any[]} */ ([conversation('5', { with: person('bob') })]));

const profile = (/** @type {string} */ nickname, online = false) => ({ ...me(nickname), online, last_seen_at: null });

function open() {
  live = {};
  const socket = {
    send: (/** @type {string} */ _type, /** @type {any} */ payload) => (watched.push(payload.people), true),
    on: (/** @type {string} */ _type, /** @type {any} */ handler) => ((welcome = handler), () => {}),
  };
  const api = { users: { search: async (/** @type {any} */ { q }) => ({ items: people.filter((one) => one.nickname.startsWith(q)) }) } };
  return new ChatSide(/** @type {any} */ ({ api, socket, live, conversations: { items$ }, me: () => me('ada') }));
}

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  people = [profile('zed'), profile('ada'), profile('bob', true), profile('cleo', true)];
  watched = [];
});
afterEach(() => mock.timers.reset());

describe('what stands beside conversations', () => {
  it('is people one has never spoken to, by name, without oneself', async () => {
    const side = open();
    await settle();
    assert.deepEqual(side.people$.get().map(({ nickname }) => nickname), ['cleo', 'zed']);
    side.filter$.set('z');
    mock.timers.tick(200);
    await settle();
    assert.deepEqual([side.people$.get().map(({ nickname }) => nickname), side.conversations$.get()], [['zed'], []]);
    side.end();
  });

  it('watches those who are shown, and nobody once it is left', async () => {
    const side = open();
    const scope = new Scope();
    side.shownIn(scope);
    await settle();
    assert.deepEqual(watched.at(-1), ['u-bob', 'u-cleo', 'u-zed']);
    scope.end();
    mock.timers.tick(1500);
    assert.deepEqual(watched.at(-1), []);
    side.end();
  });

  it('shows as here only whom the connection names', async () => {
    const side = open();
    side.shownIn(new Scope());
    await settle();
    live.onPresence('u-bob', true, null);
    assert.equal(side.presence$.get().get('u-cleo')?.online, true);
    mock.timers.tick(3500);
    assert.deepEqual([side.presence$.get().get('u-bob')?.online, side.presence$.get().get('u-cleo')?.online], [true, false]);
    welcome(); // another connection, and bob has gone meanwhile
    mock.timers.tick(3500);
    assert.equal(side.presence$.get().get('u-bob')?.online, false);
    side.end();
  });
});
