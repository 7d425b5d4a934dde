// @ts-check
/** The page that the server writes and the one that the client makes of the same JSON are the same, element by element. */

import { expect, test } from '../rig/test.js';

/** @typedef {import('../rig/server.js').Person} Person */

const WORDS = 'Some **words**, `code` and @bob.\n\n```c\nint main() {}\n```\n\n> a quote\n\n- one\n- two\n\n![far](https://pictures.example/p.png)';

/** A community with one of each thing that a page may show. */
const it = test.extend({
  /** @type {any} */
  places: [
    async ({ ann, bob, board }, use) => {
      const thread = (await ann.asks('POST', '/api/boards/cats/threads', { title: 'First & <foremost>', body: WORDS, tags: ['c++', 'grüße'] })).thread;
      const first = await bob.replies(thread, 'A reply');
      const answer = (await ann.asks('POST', `/api/threads/${thread.id}/posts`, { body: 'An answer', reply_to: first.id })).post;
      await bob.asks('PUT', `/api/posts/${answer.id}/reactions/${encodeURIComponent('👍')}`);
      await bob.asks('PATCH', `/api/posts/${first.id}`, { body: 'A reply, edited', version: first.version });
      await bob.asks('DELETE', `/api/posts/${(await bob.replies(thread, 'Regretted')).id}`);
      const long = await ann.opens('cats', `مرحبا ${'W'.repeat(80)}`, 'Long');
      for (let number = 2; number <= 45; number += 1) await bob.replies(long, `Reply ${number}`);
      const shut = await ann.opens('cats', 'Shut', 'Nobody may answer');
      await ann.asks('PATCH', `/api/threads/${shut.id}`, { locked: true, pinned: true });
      await ann.makesBoard('empty', 'Empty');
      await ann.makesBoard('secret', 'Secret', { rights: { read: 'staff', start: 'staff', reply: 'staff' } });
      for (let number = 1; number <= 25; number += 1) await ann.opens('cats', `Thread ${number}`, `Opening ${number}`);
      await use({ board, thread, long, shut });
    },
    { scope: 'worker' },
  ],
});

it('guests get each public page as words that the client would have made too', async ({ page, places }) => {
  test.setTimeout(120_000);
  // Without its beginning the client does not run by itself: the test builds its view beside the server's.
  await page.route('**/js/main.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  const { thread, long, shut } = places;
  // What was written becomes findable a moment later.
  for (const [q, kind] of [['reply 45', 'posts'], ['cats', 'boards'], ['bob', 'people'], ['grüße', 'tags']]) {
    await expect.poll(async () => (await (await page.request.get(`/api/search?q=${encodeURIComponent(q)}`)).json()).counts[kind]).toBeGreaterThan(0);
  }
  const addresses = [
    '/', '/?sort=activity', '/boards', '/b/cats', '/b/empty', '/b/cats?tag=c%2B%2B', '/b/cats?tag=none', `/tags/${encodeURIComponent('grüße')}`, '/tags/none',
    '/people', '/people?q=an', '/people?q=nobody-is-called-so', '/people/ann', '/people/bob', '/people/bob?tab=posts',
    '/search', `/search?thread=${thread.id}`, '/search?q=reply', '/search?q=reply&in=people&sort=date', `/search?q=reply&thread=${thread.id}`, '/search?q=nobody+said+this+author:ann',
    '/search?q=opening&sort=date', '/search?q=cats', '/search?q=bob+', `/search?q=${encodeURIComponent('grüße')}&in=tags`, '/search?q=opening+author:nobody-at-all',
    thread.url, `/threads/${thread.id}`, long.url, `${long.url}?page=2`, `${long.url}?page=3`, shut.url,
  ];
  for (const address of addresses) {
    const answer = await page.goto(address);
    expect(answer?.status(), address).toBe(200);
    const [server, client] = await page.evaluate(bothPages);
    expect(client, address).toEqual(server);
    expect(server.length, address).toBeGreaterThan(50);
  }
});

it('what is not there says so with the same words, and a private board is not there', async ({ page, places, request }) => {
  expect(places.board.slug).toBe('cats');
  const answers = await Promise.all(['/b/secret', '/b/never-was', '/people/nobody', '/threads/1/x', '/tags/%20'].map((address) => request.get(address)));
  for (const answer of answers) {
    expect(answer.status(), answer.url()).toBe(404);
    expect(await answer.text()).toContain('There is nothing here');
  }
  const secret = (await answers[0].text()).replaceAll('secret', '').replaceAll('Secret', '');
  expect(secret).toBe((await answers[1].text()).replaceAll('never-was', ''));
  expect((await request.get('/?cursor=nonsense')).status()).toBe(400);
  await page.goto('about:blank');
});

it('nothing moves when the client takes a page over', async ({ page, places }) => {
  for (const address of ['/', '/b/cats', places.long.url, `${places.long.url}?page=2`]) {
    await page.goto(address);
    const shift = await page.evaluate(() => new Promise((done) => {
      let sum = 0;
      new PerformanceObserver((list) => {
        for (const entry of /** @type {any[]} */ (list.getEntries())) if (!entry.hadRecentInput) sum += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => done(sum), 1500);
    }));
    expect(shift, address).toBeLessThan(0.02);
    // Times become the reader's own only once the client has the page.
    await expect(page.locator('time').first()).toHaveAttribute('title', /20\d\d/);
  }
});

/** Runs in the page: the server's elements and the client's, line by line. */
async function bothPages() {
  const main = /** @type {HTMLScriptElement} */ (document.querySelector('script[type="module"]')).src;
  const at = (/** @type {string} */ path) => import(main.replace('main.js', path));
  const [{ createApp }, { Shell }, { mount }] = await Promise.all([at('app.js'), at('components/Shell.js'), at('utils/dom.js')]);
  const embedded = JSON.parse(document.getElementById('data')?.textContent ?? '');
  const app = createApp(embedded, (/** @type {unknown} */ error) => {
    throw error;
  });
  const shell = Shell(app);
  let unmount = () => {};
  const show = (/** @type {any} */ view) => {
    unmount();
    unmount = mount(shell.main, view);
  };
  await app.router.start({ main: shell.main, show }, embedded.data);
  return [document.querySelector('#app > .shell'), shell.element].map((element) => {
    const copy = element.cloneNode(true);
    copy.normalize();
    return lines(copy);
  });

  /** @param {Node} node @param {string} [indent] @returns {string[]} */
  function lines(node, indent = '') {
    if (node instanceof Text) return [`${indent}${JSON.stringify(node.data)}`];
    if (!(node instanceof Element)) return [];
    const attributes = [...node.attributes].map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).sort();
    return [`${indent}<${node.localName}${attributes.join('')}>`, ...[...node.childNodes].flatMap((child) => lines(child, `${indent} `))];
  }
}
