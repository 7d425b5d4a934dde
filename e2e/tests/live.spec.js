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
