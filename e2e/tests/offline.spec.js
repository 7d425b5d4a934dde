// @ts-check
/** Without a network, without a session, in several tabs: what was written is kept, sent once, and by its author. */

import { expect, test } from '../rig/test.js';

/** @typedef {import('@playwright/test').Page} Page */

/** A browser of somebody. Its console is not watched: it reports every request that fails on purpose here. @param {any} browser @param {any} server @param {any} person */
async function browserOf(browser, server, person) {
  const context = await browser.newContext({ baseURL: server.url });
  await person.enters(context);
  return context;
}

/** @param {Page} page @param {string} words */
async function writes(page, words) {
  await page.getByRole('button', { name: /Write a reply|Go on with your draft/ }).click();
  await page.getByRole('textbox', { name: 'Your reply' }).fill(words);
}

/** @param {Page} page */
const sends = (page) => page.getByRole('button', { name: 'Reply', exact: true }).click();

/** How often the server has these words. @param {any} person @param {{id: string}} thread @param {string} words */
async function held(person, thread, words) {
  const { posts } = await person.asks('GET', `/api/threads/${thread.id}`);
  return posts.items.filter((/** @type {any} */ post) => post.html?.includes(words)).length;
}

test('a page opens without a network, and comes by itself when it is back', async ({ browser, server, bob, board }) => {
  const context = await browserOf(browser, server, bob);
  const page = await context.newPage();
  await page.goto('/');
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active?.state !== 'activated') await new Promise((done) => active?.addEventListener('statechange', done, { once: true }));
  });
  await context.setOffline(true);
  await page.goto(`/b/${board.slug}`);
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
  await expect(page.locator('.rail')).toContainText('bob');
  await context.setOffline(false);
  await expect(page.locator('h1')).toHaveText(board.title);
  await context.close();
});

test('what two tabs write without a network is sent once each, in order', async ({ browser, server, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Two tabs', 'Begin.');
  const context = await browserOf(browser, server, bob);
  const tabs = [await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(thread.url);
    await tab.getByRole('button', { name: 'Write a reply' }).click();
    await expect(tab.getByRole('textbox', { name: 'Your reply' })).toBeVisible();
  }
  await context.setOffline(true);
  for (const [at, tab] of tabs.entries()) {
    await tab.getByRole('textbox', { name: 'Your reply' }).fill(`From tab ${at}`);
    await sends(tab);
    await expect(tab.getByText(`From tab ${at}`).first()).toBeVisible();
  }
  await context.setOffline(false);
  await expect.poll(() => held(ann, thread, 'From tab')).toBe(2);
  for (const tab of tabs) {
    await expect(tab.locator('.post .prose').filter({ hasText: /^From tab/ })).toHaveText(['From tab 0', 'From tab 1']);
  }
  await context.close();
});

test('a lost session keeps the words, asks to sign in, and sends them then', async ({ browser, server, ann, board }) => {
  const carol = await server.member('carol');
  const thread = await ann.opens(board.slug, 'Lost session', 'Begin.');
  const context = await browserOf(browser, server, carol);
  const page = await context.newPage();
  await page.goto(thread.url);
  await writes(page, 'Do not lose this');
  await carol.asks('POST', '/api/auth/logout'); // as if the session had run out
  await expect(page.getByText(/signed out/i).first()).toBeVisible();
  await sends(page);
  await expect(page.getByText('Do not lose this').first()).toBeVisible();
  await page.goto(`/login?to=${thread.url}`);
  await page.getByLabel(/nickname or e-mail/i).fill('carol');
  await page.getByLabel('Password', { exact: true }).fill('password123');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**${thread.url}`);
  await expect(page.locator('.post .prose').filter({ hasText: 'Do not lose this' })).toHaveCount(1);
  expect(await held(ann, thread, 'Do not lose this')).toBe(1);
  await context.close();
});

test('signing out in one tab signs out the others', async ({ browser, server, board }) => {
  const dora = await server.member('dora');
  const context = await browserOf(browser, server, dora);
  const [one, other] = [await context.newPage(), await context.newPage()];
  await one.goto('/');
  await other.goto(`/b/${board.slug}`);
  await expect(other.locator('.rail')).toContainText('dora');
  await one.evaluate(() => fetch('/api/auth/logout', { method: 'POST' }));
  await expect(other.locator('.rail').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await context.close();
});

test('signing out is no loss in the other tab, and what was private is gone from it', async ({ browser, server, ann }) => {
  const flo = await server.member('flo');
  const board = await ann.makesBoard('club', 'Club', { rights: { read: 'members', start: 'members', reply: 'members' } });
  const thread = await ann.opens(board.slug, 'Among members', 'Not for the street.');
  const context = await browserOf(browser, server, flo);
  const [one, other] = [await context.newPage(), await context.newPage()];
  await other.goto(thread.url);
  await expect(other.getByText('Not for the street.').first()).toBeVisible();
  await one.goto('/settings');
  await one.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  for (const tab of [one, other]) await expect(tab.locator('.rail').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(other.locator('main')).not.toContainText('Not for the street.');
  await expect(other.locator('.rail')).not.toContainText('Club');
  await expect(other.getByText(/You have been signed out/)).toHaveCount(0);
  await context.close();
});

test('a refused reply says why, and its words can be taken back', async ({ browser, server, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Soon locked', 'Begin.');
  const context = await browserOf(browser, server, bob);
  const page = await context.newPage();
  await page.goto(thread.url);
  await page.getByRole('button', { name: 'Write a reply' }).click();
  await page.getByRole('textbox', { name: 'Your reply' }).fill('Too late');
  await context.setOffline(true);
  await sends(page);
  await expect(page.getByText('Too late').first()).toBeVisible();
  await ann.asks('PATCH', `/api/threads/${thread.id}`, { locked: true });
  await context.setOffline(false);
  await expect(page.getByText(/locked/i).first()).toBeVisible();
  await expect(page.getByText('Too late').first()).toBeVisible();
  expect(await held(ann, thread, 'Too late')).toBe(0);
  await context.close();
});

test('signing out asks first while something waits, and keeps it for its author', async ({ browser, server, ann }) => {
  const board = await ann.makesBoard('slow', 'Slow', { policy: { slow_mode_seconds: 8 } });
  const thread = await ann.opens(board.slug, 'Take your time', 'Begin.');
  const emil = await server.member('emil');
  const context = await browserOf(browser, server, emil);
  const page = await context.newPage();
  await page.goto(thread.url);
  for (const words of ['First', 'Second']) {
    await writes(page, words);
    await sends(page);
    await expect(page.getByText(words, { exact: true }).first()).toBeVisible();
  }
  await page.locator('.rail').getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.getByRole('button', { name: 'Keep and sign out' }).click();
  await expect(page.locator('.rail').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await page.goto(thread.url);
  await expect(page.getByText('First', { exact: true })).toBeVisible();
  await expect(page.getByText('Second', { exact: true })).toHaveCount(0);

  await page.goto(`/login?to=${thread.url}`);
  await page.getByLabel(/nickname or e-mail/i).fill('emil');
  await page.getByLabel('Password', { exact: true }).fill('password123');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect.poll(() => held(ann, thread, 'Second'), { timeout: 15_000 }).toBe(1);
  await expect(page.locator('.post .prose').filter({ hasText: 'Second' })).toHaveCount(1);
  await context.close();
});

test('the way back shows nothing of somebody who has signed out', async ({ browser, server, ann }) => {
  const board = await ann.makesBoard('den', 'Den', { rights: { read: 'staff', start: 'staff', reply: 'staff' } });
  const thread = await ann.opens(board.slug, 'Between us', 'Nobody else may read this.');
  const context = await browserOf(browser, server, await server.signIn('ann'));
  const page = await context.newPage();
  await page.goto('/settings');
  await expect(page.locator('h1')).toHaveText('Settings');
  await page.locator('.rail').getByRole('link', { name: 'Den' }).click();
  await page.getByRole('link', { name: 'Between us' }).first().click();
  await expect(page.getByText('Nobody else may read this.').first()).toBeVisible();
  await page.locator('.rail').getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await expect(page.locator('.rail').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(page.locator('.rail')).not.toContainText('Den');
  const there = new RegExp(thread.url);
  while (!there.test(page.url())) await page.goBack();
  await expect(page.locator('h1')).toBeVisible();
  await expect(page.locator('main')).not.toContainText('Nobody else may read this.');
  await expect(page.locator('main')).not.toContainText('Between us');
  await context.close();
});
