// @ts-check
/** What one writes is in every open window at once, and nothing that is being read moves. */

import { expect, test } from '../rig/test.js';

const PARAGRAPH = 'A paragraph long enough to fill some lines on any screen, so that a page has to be scrolled. '.repeat(4);

test('posts, edits, reactions and new threads appear in another window', async ({ browser, server, ann, bob, board, watch }) => {
  const thread = await ann.opens(board.slug, 'Live', 'Begin.');
  const context = await browser.newContext({ baseURL: server.url });
  await bob.enters(context);
  const page = await context.newPage();
  watch(page);
  await page.goto(thread.url);
  await expect(page.locator('.prose')).toHaveText(['Begin.']);

  const reply = await ann.replies(thread, 'Hello **bob**');
  await expect(page.locator('.prose').nth(1)).toHaveText('Hello bob');
  await ann.asks('PATCH', `/api/posts/${reply.id}`, { body: 'Hello again', version: reply.version });
  await expect(page.locator('.prose').nth(1)).toHaveText('Hello again');
  await ann.asks('PUT', `/api/posts/${reply.id}/reactions/${encodeURIComponent('👍')}`);
  await expect(page.locator(`#post-${reply.id} .reaction`)).toContainText('👍');
  await ann.asks('DELETE', `/api/posts/${reply.id}`);
  await expect(page.getByText('Hello again')).toHaveCount(0);

  await page.goto(`/b/${board.slug}`);
  await expect(page.getByRole('link', { name: 'Live', exact: true }).first()).toBeVisible();
  await ann.opens(board.slug, 'Fresh', 'New here.');
  const pill = page.getByRole('button', { name: /1 new thread/ });
  await expect(pill).toBeVisible();
  await expect(page.getByRole('link', { name: 'Fresh' })).toHaveCount(0);
  await pill.click();
  await expect(page.getByRole('link', { name: 'Fresh' }).first()).toBeVisible();
  await context.close();
});

test('what is being read stays where it is: 0 px after 20 posts, edits and a load above', async ({ browser, server, ann, bob, board, watch }) => {
  const thread = await ann.opens(board.slug, 'Long', PARAGRAPH);
  const posts = [];
  for (let number = 2; number <= 60; number++) posts.push(await ann.replies(thread, `${number}. ${PARAGRAPH}`));
  const context = await browser.newContext({ baseURL: server.url });
  await bob.enters(context);
  const page = await context.newPage();
  watch(page);
  await page.goto(`${thread.url}?page=2`);
  const read = page.locator('[data-position="25"]');
  await read.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  const before = await read.evaluate((element) => element.getBoundingClientRect().top);

  for (let number = 0; number < 20; number++) {
    await ann.replies(thread, `Live ${number}. ${PARAGRAPH}`);
    // Above what is being read, so that every edit pushes at it.
    const above = posts[19 + (number % 3)];
    const current = (await ann.asks('GET', `/api/posts/${above.id}`)).post;
    await ann.asks('PATCH', `/api/posts/${above.id}`, { body: PARAGRAPH.repeat(1 + (number % 4)), version: current.version });
  }
  await expect(page.getByRole('button', { name: /20 new posts/ })).toBeVisible();
  expect(await read.evaluate((element) => element.getBoundingClientRect().top)).toBe(before);

  // The page before comes for whoever goes up, and for whoever asks.
  await page.getByRole('link', { name: 'Earlier posts' }).evaluate((link) => link.click());
  await expect(page.locator('[data-position="3"]')).toBeAttached();
  expect(await read.evaluate((element) => element.getBoundingClientRect().top)).toBe(before);
  await context.close();
});

test('a reply written without a network survives a closed tab and is sent once', async ({ browser, server, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Offline', 'Begin.');
  const context = await browser.newContext({ baseURL: server.url });
  await bob.enters(context);
  let page = await context.newPage();
  await page.goto(thread.url);
  await page.getByRole('button', { name: 'Write a reply' }).click();
  await page.getByRole('textbox', { name: 'Your reply' }).fill('Written in a tunnel');
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Reply', exact: true }).click();
  await expect(page.getByText('Written in a tunnel').first()).toBeVisible();
  await page.close();

  await context.setOffline(false);
  page = await context.newPage();
  await page.goto(thread.url);
  await expect(page.locator('.post .prose').filter({ hasText: 'Written in a tunnel' })).toHaveCount(1);
  await expect
    .poll(async () => (await ann.asks('GET', `/api/threads/${thread.id}`)).posts.items.filter((post) => post.html?.includes('tunnel')).length)
    .toBe(1);
  await context.close();
});

/** The socket of a page in the middle: what the server says can be added to, and it can be cut. @param {import('@playwright/test').Page} page */
async function wire(page) {
  const line = { down: false, heard: '', /** @type {any} */ open: null, says: (/** @type {any} */ frame) => line.open.send(JSON.stringify(frame)), cut: () => {
    line.down = true;
    return line.open.close();
  } };
  await page.routeWebSocket(/\/ws$/, (socket) => {
    line.open = socket;
    if (line.down) return void socket.close();
    return socket.connectToServer().onMessage((frame) => {
      line.heard += frame;
      socket.send(frame);
    });
  });
  return line;
}

// Each try asks three times when the server is merely busy.
for (const [status, times, headers] of /** @type {const} */ ([[429, 2, { 'Retry-After': '1' }], [503, 4, {}]])) {
  test(`a thread that must be read again is, though the server answers ${status} at first`, async ({ page, context, ann, bob, board }) => {
    const thread = await ann.opens(board.slug, `Gap ${status}`, 'Begin.');
    await bob.enters(context);
    page.removeAllListeners('console'); // the refused requests
    const line = await wire(page);
    await page.goto(thread.url);
    await expect(page.locator('.prose')).toHaveText(['Begin.']);
    await ann.replies(thread, 'Heard');
    await expect(page.locator('.prose')).toHaveText(['Begin.', 'Heard']);
    let refusals = /** @type {number} */ (times);
    await page.route(`**/api/threads/${thread.id}?*`, (route) => {
      refusals -= 1;
      if (refusals < 0) return route.continue();
      return route.fulfill({ status, headers: { ...headers, 'content-type': 'application/problem+json' }, body: JSON.stringify({ status, code: 'busy', detail: 'Not now.' }) });
    });
    line.says({ type: 'resync', payload: { stream: `thread:${thread.id}` } });
    await ann.replies(thread, 'Missed');
    await expect(page.locator('.prose')).toHaveText(['Begin.', 'Heard', 'Missed'], { timeout: 30_000 });
    await ann.replies(thread, 'Live again');
    await expect(page.locator('.prose')).toHaveText(['Begin.', 'Heard', 'Missed', 'Live again']);
  });
}

test('a list counts what was said while there was no connection, and says that there was none', async ({ page, context, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Counted', 'Begin.');
  const old = await ann.opens(board.slug, 'Renamed later', 'Begin.');
  await bob.enters(context);
  const line = await wire(page);
  await page.goto(`/b/${board.slug}`);
  const replies = page.locator(`.row[data-id="${thread.id}"] .row-count`);
  await expect(replies).toHaveText('0');
  // Counts are told once: to whoever follows the board by then.
  await expect.poll(() => line.heard).toMatch(/"stream":"board:\d+"},"type":"subscribed"/);
  await ann.replies(thread, 'One');
  await expect(replies).toHaveText('1');
  await line.cut();
  await ann.replies(thread, 'Two');
  await ann.replies(thread, 'Three');
  await expect(page.getByText(/No connection/)).toBeVisible();
  await expect(replies).toHaveText('1');
  line.down = false;
  await expect(replies).toHaveText('3', { timeout: 20_000 });
  await expect(page.getByText(/No connection/)).toHaveCount(0);
  await ann.asks('PATCH', `/api/threads/${old.id}`, { title: 'Under a new name' });
  await expect(page.getByRole('link', { name: 'Under a new name' }).first()).toBeVisible();
  await expect(page.getByRole('button', { name: /new thread/ })).toHaveCount(0);
});

test('a window finds its way back after the server was killed', async ({ browser, server, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Killed', 'Begin.');
  const context = await browser.newContext({ baseURL: server.url });
  await bob.enters(context);
  const page = await context.newPage();
  await page.goto(thread.url);
  await expect(page.locator('.prose')).toHaveText(['Begin.']);
  await server.stop('SIGKILL');
  await server.resume();
  await ann.replies(thread, 'Still here');
  await expect(page.locator('.prose').nth(1)).toHaveText('Still here', { timeout: 20_000 });
  await context.close();
});
