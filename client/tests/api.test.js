import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError, Client } from '../js/api/client.js';
import { createApi } from '../js/api/index.js';

/**
 * A fetch that notes what was asked and answers what it was given, in turn.
 *
 * @param {...(Response | Error | (() => Response))} answers
 */
function fakeFetch(...answers) {
  /** @type {{method: string, address: string, body: any, credentials: any, type: string | undefined}[]} */
  const calls = [];
  /** @type {any} */
  const fetch = async (/** @type {string} */ address, /** @type {any} */ init) => {
    init.signal?.throwIfAborted();
    calls.push({ method: init.method, address, body: init.body && JSON.parse(init.body), credentials: init.credentials, type: init.headers['Content-Type'] });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : /** @type {Response} */ (answer).clone();
  };
  return { fetch, calls };
}

/** @param {unknown} body @param {number} [status] @param {Record<string, string>} [headers] */
const json = (body, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });

/** @param {any} answer */
function apiWith(answer) {
  const { fetch, calls } = fakeFetch(answer);
  return { api: createApi(new Client({ fetch, online: () => true })), calls };
}

describe('every call of the API', () => {
  /** @type {[string, (api: import('../js/api/index.js').Api) => Promise<any>, string, string, any?][]} */
  const table = [
    ['register', (a) => a.auth.register({ nickname: 'ada' }), 'POST', '/api/auth/register', { nickname: 'ada' }],
    ['sign in', (a) => a.auth.login('ada@x.test', 'secret'), 'POST', '/api/auth/login', { identifier: 'ada@x.test', password: 'secret' }],
    ['sign out', (a) => a.auth.logout(), 'POST', '/api/auth/logout'],
    ['look at a link', (a) => a.auth.link('t/k'), 'GET', '/api/auth/links/t%2Fk'],
    ['use a link', (a) => a.auth.useLink('tk', { password: 'x' }), 'POST', '/api/auth/links/tk', { password: 'x' }],
    ['tokens', (a) => a.auth.tokens(), 'GET', '/api/auth/tokens'],
    ['make a token', (a) => a.auth.createToken('bot', 30), 'POST', '/api/auth/tokens', { name: 'bot', expires_in_days: 30 }],
    ['revoke a token', (a) => a.auth.revokeToken('5'), 'DELETE', '/api/auth/tokens/5'],
    ['sessions', (a) => a.auth.sessions(), 'GET', '/api/auth/sessions'],
    ['end a session', (a) => a.auth.endSession('5'), 'DELETE', '/api/auth/sessions/5'],
    ['end the others', (a) => a.auth.endOtherSessions(), 'DELETE', '/api/auth/sessions'],
    ['me', (a) => a.me.get(), 'GET', '/api/me'],
    ['change me', (a) => a.me.change({ bio: 'hi' }), 'PATCH', '/api/me', { bio: 'hi' }],
    ['change my password', (a) => a.me.changePassword('a', 'b'), 'POST', '/api/me/password', { current: 'a', password: 'b' }],
    ['site', (a) => a.site.get(), 'GET', '/api/site'],
    ['boards', (a) => a.boards.all(), 'GET', '/api/boards'],
    ['a board', (a) => a.boards.get('café'), 'GET', '/api/boards/caf%C3%A9'],
    ['threads of a board', (a) => a.boards.threads('x', { cursor: 'c=1', tag: null, sort: 'newest' }), 'GET', '/api/boards/x/threads?cursor=c%3D1&sort=newest'],
    ['open a thread', (a) => a.boards.open('x', { title: 'T', body: 'B', client_id: 'u' }), 'POST', '/api/boards/x/threads', { title: 'T', body: 'B', client_id: 'u' }],
    ['make a board', (a) => a.boards.create({ slug: 'x', title: 'X' }), 'POST', '/api/boards', { slug: 'x', title: 'X' }],
    ['change a board', (a) => a.boards.change('x', { version: 2, title: 'Y' }), 'PATCH', '/api/boards/x', { version: 2, title: 'Y' }],
    ['a thread', (a) => a.threads.get('7', { page: 3 }), 'GET', '/api/threads/7?page=3'],
    ['a thread at a post', (a) => a.threads.get('7', { post: '99' }), 'GET', '/api/threads/7?post=99'],
    ['change a thread', (a) => a.threads.change('7', { locked: true }), 'PATCH', '/api/threads/7', { locked: true }],
    ['delete a thread', (a) => a.threads.remove('7'), 'DELETE', '/api/threads/7'],
    ['restore a thread', (a) => a.threads.restore('7'), 'POST', '/api/threads/7/restore'],
    ['mark as read', (a) => a.threads.read('7', '99'), 'POST', '/api/threads/7/read', { post_id: '99' }],
    ['posts of a thread', (a) => a.comments.list('7', { cursor: 'abc' }), 'GET', '/api/threads/7/posts?cursor=abc'],
    ['reply', (a) => a.comments.add('7', { body: 'B', reply_to: '98', client_id: 'u' }), 'POST', '/api/threads/7/posts', { body: 'B', reply_to: '98', client_id: 'u' }],
    ['home feed', (a) => a.posts.feed({ sort: 'activity' }), 'GET', '/api/posts?sort=activity'],
    ['a post', (a) => a.posts.get('99'), 'GET', '/api/posts/99'],
    ['edit', (a) => a.posts.edit('99', { body: 'B', version: 1 }), 'PATCH', '/api/posts/99', { body: 'B', version: 1 }],
    ['delete a post', (a) => a.posts.remove('99'), 'DELETE', '/api/posts/99'],
    ['restore a post', (a) => a.posts.restore('99'), 'POST', '/api/posts/99/restore'],
    ['edits', (a) => a.posts.edits('99'), 'GET', '/api/posts/99/edits?limit=100'],
    ['react', (a) => a.posts.react('99', '👍'), 'PUT', '/api/posts/99/reactions/%F0%9F%91%8D'],
    ['take a reaction back', (a) => a.posts.unreact('99', '👍'), 'DELETE', '/api/posts/99/reactions/%F0%9F%91%8D'],
    ['who reacted', (a) => a.posts.reactions('99'), 'GET', '/api/posts/99/reactions'],
    ['preview', (a) => a.posts.preview('*x*'), 'POST', '/api/preview', { body: '*x*' }],
    ['conversations', (a) => a.messages.conversations({ limit: 50, cursor: 'c' }), 'GET', '/api/conversations?limit=50&cursor=c'],
    ['begin a conversation', (a) => a.messages.begin({ members: ['bob'] }), 'POST', '/api/conversations', { members: ['bob'] }],
    ['a conversation', (a) => a.messages.conversation('5'), 'GET', '/api/conversations/5'],
    ['name a conversation', (a) => a.messages.rename('5', { title: 'T', version: 2 }), 'PATCH', '/api/conversations/5', { title: 'T', version: 2 }],
    ['messages', (a) => a.messages.list('5', { before: 40 }), 'GET', '/api/conversations/5/messages?limit=10&before=40'],
    ['the latest ten messages', (a) => a.messages.getConversation('5'), 'GET', '/api/conversations/5/messages?limit=10&offset=0'],
    ['ten messages after so many', (a) => a.messages.getConversation('5', 10, 20), 'GET', '/api/conversations/5/messages?limit=10&offset=20'],
    ['write', (a) => a.messages.send('5', { body: 'B', client_id: 'u', reply_to: '8' }), 'POST', '/api/conversations/5/messages', { body: 'B', client_id: 'u', reply_to: '8' }],
    ['a message', (a) => a.messages.get('9'), 'GET', '/api/messages/9'],
    ['what a message said before', (a) => a.messages.edits('9', { cursor: 'c' }), 'GET', '/api/messages/9/edits?limit=100&cursor=c'],
    ['search all conversations', (a) => a.messages.searchAll({ q: 'tea', cursor: null }), 'GET', '/api/conversations/search?q=tea'],
    ['messages from a time on', (a) => a.messages.list('5', { at: '2026-11-20T00:00:00.000Z' }), 'GET', '/api/conversations/5/messages?limit=10&at=2026-11-20T00%3A00%3A00.000Z'],
    ['edit a message', (a) => a.messages.edit('9', { body: 'B', version: 1 }), 'PATCH', '/api/messages/9', { body: 'B', version: 1 }],
    ['delete a message', (a) => a.messages.remove('9'), 'DELETE', '/api/messages/9'],
    ['react to a message', (a) => a.messages.react('9', '👍'), 'PUT', '/api/messages/9/reactions/%F0%9F%91%8D'],
    ['take it back', (a) => a.messages.unreact('9', '👍'), 'DELETE', '/api/messages/9/reactions/%F0%9F%91%8D'],
    ['read a conversation', (a) => a.messages.read('5', 41), 'POST', '/api/conversations/5/read', { seq: 41 }],
    ['add members', (a) => a.messages.add('5', ['bob'], 'now'), 'POST', '/api/conversations/5/members', { nicknames: ['bob'], history: 'now' }],
    ['give a role', (a) => a.messages.setRole('5', 'bob', 'admin'), 'PATCH', '/api/conversations/5/members/bob', { role: 'admin' }],
    ['remove a member', (a) => a.messages.removeMember('5', 'b/b'), 'DELETE', '/api/conversations/5/members/b%2Fb'],
    ['mute', (a) => a.messages.mute('5', true), 'PUT', '/api/conversations/5/mute'],
    ['unmute', (a) => a.messages.mute('5', false), 'DELETE', '/api/conversations/5/mute'],
    ['accept', (a) => a.messages.accept('5'), 'POST', '/api/conversations/5/accept'],
    ['whom one has blocked', (a) => a.messages.blocks(), 'GET', '/api/me/blocks'],
    ['block', (a) => a.messages.block('bob', true), 'PUT', '/api/me/blocks/bob'],
    ['unblock', (a) => a.messages.block('bob', false), 'DELETE', '/api/me/blocks/bob'],
    ['search a conversation', (a) => a.messages.search('5', { q: 'a b', cursor: 'c' }), 'GET', '/api/conversations/5/search?q=a+b&cursor=c'],
    ['people', (a) => a.users.search({ q: 'a b', limit: 5 }), 'GET', '/api/users?q=a+b&limit=5'],
    ['a person', (a) => a.users.get('a/b'), 'GET', '/api/users/a%2Fb'],
    ['their threads', (a) => a.users.threads('ada', { cursor: 'c' }), 'GET', '/api/users/ada/threads?cursor=c'],
    ['their posts', (a) => a.users.posts('ada'), 'GET', '/api/users/ada/posts'],
    ['all that is found', (a) => a.search.find({ q: 'a b', in: 'posts', sort: null, thread: '7' }), 'GET', '/api/search?q=a+b&in=posts&thread=7'],
    ['tags', (a) => a.tags.search('ru'), 'GET', '/api/tags?q=ru'],
    ['threads with a tag', (a) => a.tags.threads('c#', { cursor: 'c' }), 'GET', '/api/tags/c%23/threads?cursor=c'],
    ['admin: people', (a) => a.admin.people({ q: 'x' }), 'GET', '/api/admin/people?q=x'],
    ['admin: change a person', (a) => a.admin.changePerson('1', { standing: 'banned' }), 'PATCH', '/api/admin/people/1', { standing: 'banned' }],
    ['admin: one-time link', (a) => a.admin.link('1'), 'POST', '/api/admin/people/1/link'],
    ['admin: groups', (a) => a.admin.groups(), 'GET', '/api/admin/groups'],
    ['admin: make a group', (a) => a.admin.createGroup({ slug: 'g', title: 'G' }), 'POST', '/api/admin/groups', { slug: 'g', title: 'G' }],
    ['admin: who is in a group', (a) => a.admin.members('g', { cursor: 'c' }), 'GET', '/api/admin/groups/g/members?cursor=c'],
    ['admin: remove a group', (a) => a.admin.removeGroup('g'), 'DELETE', '/api/admin/groups/g'],
    ['admin: add to a group', (a) => a.admin.addMember('g', 'ada'), 'PUT', '/api/admin/groups/g/members/ada'],
    ['admin: take from a group', (a) => a.admin.removeMember('g', 'ada'), 'DELETE', '/api/admin/groups/g/members/ada'],
    ['admin: community', (a) => a.admin.site(), 'GET', '/api/admin/site'],
    ['admin: change the community', (a) => a.admin.changeSite({ name: 'N' }), 'PATCH', '/api/admin/site', { name: 'N' }],
  ];

  for (const [name, call, method, address, body] of table) {
    it(`${name}: ${method} ${address}`, async () => {
      const { api, calls } = apiWith(json({ answer: 1 }));
      assert.deepEqual(await call(api), { answer: 1 });
      assert.deepEqual(calls, [{ method, address, body, credentials: 'same-origin', type: body ? 'application/json' : undefined }]);
    });
  }

  it('leaves out no function of any resource', () => {
    const { api } = apiWith(json({}));
    const all = Object.values(api).flatMap((resource) => Object.values(resource)).length;
    const called = new Set(table.map(([, call]) => /a\.(\w+\.\w+)/.exec(String(call))?.[1]));
    assert.equal(called.size, all);
  });
});

describe('an answer that is a problem', () => {
  const problem = { type: 'about:blank', title: 'Bad request', status: 400, detail: 'Two fields are wrong.', code: 'invalid', request_id: 'r-1', errors: { age: 'must be a number' } };

  it('becomes an ApiError with all that the server said', async () => {
    const { api } = apiWith(json(problem, 400));
    await assert.rejects(api.auth.register({}), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual(
        { status: error.status, code: error.code, message: error.message, fields: error.fields, requestId: error.requestId },
        { status: 400, code: 'invalid', message: 'Two fields are wrong.', fields: { age: 'must be a number' }, requestId: 'r-1' },
      );
      return true;
    });
  });

  it('says how long to wait', async () => {
    const { api } = apiWith(json({ code: 'too_many', detail: 'Slow down.' }, 429, { 'Retry-After': '12' }));
    await assert.rejects(api.auth.login('a', 'b'), { status: 429, retryAfter: 12, passing: true });
  });

  it('keeps an answer that is no JSON, such as one of a proxy, legible', async () => {
    const { api } = apiWith(new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'X-Request-Id': 'p-9' } }));
    await assert.rejects(api.auth.logout(), { status: 502, code: 'http_502', requestId: 'p-9' });
  });

  it('tells that we are no longer signed in, but not for a wrong password', async () => {
    const { fetch } = fakeFetch(() => json({ code: 'unauthorized', detail: 'Sign in.' }, 401));
    const client = new Client({ fetch });
    let told = 0;
    client.onSignedOut = () => (told += 1);
    const api = createApi(client);
    await assert.rejects(api.auth.login('a', 'b'), { status: 401 });
    assert.equal(told, 0);
    await assert.rejects(api.comments.add('7', { body: 'B', client_id: 'u' }), { status: 401 });
    assert.equal(told, 1);
  });
});

describe('a way to the server that fails', () => {
  const broken = new TypeError('fetch failed');

  it('is tried again for reads, and succeeds in the end', async () => {
    const { fetch, calls } = fakeFetch(broken, json({}, 503), json({ items: [] }));
    const client = new Client({ fetch, random: () => 0, online: () => true });
    assert.deepEqual(await client.get('/api/boards'), { items: [] });
    assert.equal(calls.length, 3);
  });

  it('gives up after three tries', async () => {
    const { fetch, calls } = fakeFetch(broken);
    const client = new Client({ fetch, random: () => 0, online: () => true });
    await assert.rejects(client.get('/api/boards'), { status: 0, code: 'unreachable' });
    assert.equal(calls.length, 3);
  });

  it('is tried again for a write that the server was too busy to begin', async () => {
    const { fetch, calls } = fakeFetch(json({ code: 'busy', detail: 'A moment.' }, 503), json({ user: {} }));
    const client = new Client({ fetch, random: () => 0, online: () => true });
    assert.deepEqual(await client.send('POST', '/api/auth/login', {}), { user: {} });
    assert.equal(calls.length, 2);
  });

  it('is not tried again for writes, refusals, long waits, or without a network', async () => {
    const cases = [
      { answer: broken, call: (/** @type {Client} */ c) => c.send('POST', '/x', {}), code: 'unreachable' },
      { answer: json({}, 503), call: (/** @type {Client} */ c) => c.send('POST', '/x', {}), code: 'http_503' },
      { answer: json({}, 404), call: (/** @type {Client} */ c) => c.get('/x'), code: 'http_404' },
      { answer: json({}, 503, { 'Retry-After': '60' }), call: (/** @type {Client} */ c) => c.get('/x'), code: 'http_503' },
    ];
    for (const { answer, call, code } of cases) {
      const { fetch, calls } = fakeFetch(answer);
      await assert.rejects(call(new Client({ fetch, online: () => true })), { code });
      assert.equal(calls.length, 1);
    }
    const { fetch, calls } = fakeFetch(broken);
    await assert.rejects(new Client({ fetch, online: () => false }).get('/x'), { code: 'offline' });
    assert.equal(calls.length, 1);
  });

  it('is not reported when the caller has called it off', async () => {
    const { fetch } = fakeFetch(json({}));
    await assert.rejects(new Client({ fetch }).get('/x', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  });

  it('ends a wait between tries when the caller calls it off', async () => {
    const { fetch, calls } = fakeFetch(broken);
    const controller = new AbortController();
    const reading = new Client({ fetch, random: () => 1, online: () => true }).get('/x', { signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    await assert.rejects(reading, { name: 'AbortError' });
    assert.equal(calls.length, 1);
  });
});
