import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { ApiError } from '../js/api/client.js';
import { readEmbedded, rememberForOffline } from '../js/embedded.js';
import { Notices } from '../js/stores/Notices.js';
import { Session } from '../js/stores/Session.js';
import { FakeStorage } from './support/storage.js';
import { me, site } from './support/things.js';

describe('the session', () => {
  /** @type {any} */
  let channel;
  /** @type {any} */
  let answers;
  const open = (/** @type {any} */ who = null) => new Session(/** @type {any} */ ({
    auth: { logout: async () => answers.logout?.() ?? null },
    me: { get: async () => answers.me() },
    site: { get: async () => ({ ...site(), name: 'New' }) },
  }), channel, { me: who, site: site() });

  beforeEach(() => {
    channel = { told: [], postMessage: (/** @type {any} */ data) => channel.told.push(data) };
    answers = {};
  });

  it('tells the other tabs who signed in and out', async () => {
    const session = open();
    session.signedIn(me('ada'));
    assert.equal(session.me$.get()?.nickname, 'ada');
    await session.signOut();
    assert.equal(session.me$.get(), null);
    assert.deepEqual(channel.told, [{ account: 'u-ada' }, { leaving: true }, { account: null }]);
  });

  it('follows the other tabs by asking the server', async () => {
    const session = open();
    let told = 0;
    session.onElsewhere = () => (told += 1);
    answers.me = () => ({ user: me('bob') });
    await channel.onmessage({ data: { account: 'u-bob' } });
    assert.equal(session.me$.get()?.nickname, 'bob');
    await channel.onmessage({ data: { account: 'u-bob' } }); // known already
    assert.equal(told, 1);
    answers.me = () => {
      session.expired(); // as the client does at every 401
      throw new ApiError({ status: 401, code: 'unauthorized', detail: '' });
    };
    await channel.onmessage({ data: { account: null } });
    assert.equal(session.me$.get(), null);
    assert.equal(session.lost$.get(), false); // its owner left on purpose
  });

  const refused = () => {
    throw new ApiError({ status: 401, code: 'unauthorized', detail: '' });
  };

  it('that another tab has lost is lost only if the server says so', async () => {
    const session = open(me('ada'));
    answers.me = () => ({ user: me('ada') });
    await channel.onmessage({ data: { lost: true } });
    assert.equal(session.lost$.get(), false);
    assert.equal(session.me$.get()?.nickname, 'ada');
    answers.me = refused;
    await channel.onmessage({ data: { lost: true } });
    assert.equal(session.lost$.get(), true);
    assert.equal(session.me$.get(), null);
  });

  it('is not lost when another tab signs out, however early the server refuses this one', async () => {
    const session = open(me('ada'));
    let told = 0;
    session.onElsewhere = () => (told += 1);
    answers.me = refused;
    await channel.onmessage({ data: { leaving: true } });
    session.expired();
    assert.equal(session.me$.get()?.nickname, 'ada');
    await channel.onmessage({ data: { account: null } });
    assert.equal(session.me$.get(), null);
    assert.equal(session.lost$.get(), false);
    assert.equal(told, 1);
  });

  it('is found again by a tab that took a sign-out for a loss', async () => {
    const session = open(me('ada'));
    let told = 0;
    session.onElsewhere = () => (told += 1);
    session.expired();
    assert.equal(session.lost$.get(), true);
    answers.me = refused;
    await channel.onmessage({ data: { account: null } });
    assert.equal(session.lost$.get(), false);
    assert.equal(told, 1);
  });

  it('stays where signing out failed, in all tabs', async () => {
    const session = open(me('ada'));
    answers.logout = () => {
      throw new ApiError({ status: 0, code: 'offline', detail: '' });
    };
    await assert.rejects(session.signOut(), { code: 'offline' });
    assert.equal(session.me$.get()?.nickname, 'ada');
    assert.deepEqual(channel.told, [{ leaving: true }, { leaving: false }]);
    session.expired();
    assert.equal(session.lost$.get(), true);
  });

  it('that the server no longer knows is lost, until somebody signs in', () => {
    const session = open(me('ada'));
    session.expired();
    session.expired();
    assert.equal(session.lost$.get(), true);
    assert.deepEqual(channel.told, [{ lost: true }]);
    session.signedIn(me('ada'));
    assert.equal(session.lost$.get(), false);
    open().expired(); // a guest has nothing to lose
  });

  it('is not lost by signing out, though the server closes everything at once', async () => {
    const session = open(me('ada'));
    const leaving = session.signOut();
    session.expired();
    await leaving;
    assert.equal(session.lost$.get(), false);
    assert.equal(session.me$.get(), null);
  });

  it('stays as it is when the server cannot be asked', async () => {
    const session = open(me('ada'));
    answers.me = () => {
      throw new ApiError({ status: 0, code: 'offline', detail: '' });
    };
    await assert.rejects(session.refresh(), { code: 'offline' });
    assert.equal(session.me$.get()?.nickname, 'ada');
  });

  it('takes over a change of the account and of the site', async () => {
    const session = open(me('ada'));
    session.changed(me('ada', { bio: 'hi' }));
    await session.reloadSite();
    assert.equal(session.me$.get()?.bio, 'hi');
    assert.equal(session.site$.get().name, 'New');
    assert.deepEqual(channel.told, []);
  });
});

describe('notices', () => {
  it('stand for a while, the same words once, longer where they offer something', () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const notices = new Notices();
    notices.say('Saved.');
    notices.say('Saved.');
    const offer = notices.say('Deleted.', { action: { label: 'Undo', run: () => {} } });
    assert.deepEqual(notices.items$.get().map(({ text, kind }) => [text, kind]), [['Saved.', 'info'], ['Deleted.', 'info']]);
    mock.timers.tick(4000);
    assert.deepEqual(notices.items$.get().map(({ text }) => text), ['Deleted.']);
    offer.hold(); // a pointer is on its way to it
    mock.timers.tick(60_000);
    assert.equal(notices.items$.length, 1);
    offer.release();
    mock.timers.tick(7999);
    assert.equal(notices.items$.length, 1);
    mock.timers.tick(1);
    assert.equal(notices.items$.length, 0);
    notices.say('This did not reach the server.', { kind: 'error' }); // a failure can be read to its end
    mock.timers.tick(7999);
    assert.equal(notices.items$.length, 1);
    notices.items$.get()[0].close();
    const staying = notices.say('You have been signed out.', { stays: true });
    mock.timers.tick(60_000);
    assert.equal(notices.items$.length, 1);
    staying.close();
    assert.equal(notices.items$.length, 0);
    mock.timers.reset();
  });
});

describe('what the server wrote into the page', () => {
  const page = (/** @type {string} */ text) => /** @type {any} */ ({ getElementById: () => ({ textContent: text }) });

  /** @param {() => any} site @param {() => any} [who] */
  const api = (site, who = () => assert.fail('not asked')) => /** @type {any} */ ({ site: { get: async () => site() }, me: { get: async () => who() } });
  const offline = () => {
    throw new ApiError({ status: 0, code: 'offline', detail: '' });
  };

  it('is read as it is', async () => {
    const embedded = { route: 'home', site: site(), me: null, boards: [], data: { items: [] } };
    assert.deepEqual(await readEmbedded(page(JSON.stringify(embedded)), /** @type {any} */ (new FakeStorage()), api(offline)), embedded);
  });

  it('is asked for where there is none', async () => {
    const guest = await readEmbedded(page(''), /** @type {any} */ (new FakeStorage()), api(site, () => {
      throw new ApiError({ status: 401, code: 'unauthorized', detail: '' });
    }));
    assert.deepEqual(guest, { route: '', site: site(), me: null, boards: [], data: null });
    const member = await readEmbedded(page(''), /** @type {any} */ (new FakeStorage()), api(site, () => ({ user: me('ada') })));
    assert.equal(member.me?.nickname, 'ada');
  });

  it('is, without a network, what this browser knew last', async () => {
    const storage = /** @type {any} */ (new FakeStorage());
    const ada = me('ada');
    rememberForOffline(storage, { site: site(), me: ada, boards: [] });
    const frame = await readEmbedded(/** @type {any} */ ({ getElementById: () => null }), storage, api(offline, offline));
    assert.equal(frame.me?.nickname, 'ada');
    assert.equal([...storage.map.values()].join().includes('ada@'), false); // nothing personal is left lying about
    assert.equal(frame.site.name, 'Moot');
    assert.equal(frame.data, null);
    rememberForOffline(storage, { site: site(), me: null, boards: [{ id: '1', slug: 'secret', url: '', title: '', hue: 0 }] });
    const afterSignOut = await readEmbedded(page(''), storage, api(offline, offline));
    assert.equal(afterSignOut.me, null);
    assert.deepEqual(afterSignOut.boards, []);
    assert.equal((await readEmbedded(page(''), /** @type {any} */ (new FakeStorage()), api(offline, offline))).site.epoch, '');
  });
});
