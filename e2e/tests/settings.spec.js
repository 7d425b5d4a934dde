// @ts-check
/** One's own settings, the keyboard, and what a window says of what is new. */

import { PASSWORD } from '../rig/server.js';
import { expect, test } from '../rig/test.js';

const theme = (/** @type {import('@playwright/test').Page} */ page) => page.evaluate(() => document.documentElement.dataset.theme ?? 'auto');

test('an admin from the command line, who has no name and no age, can change the rest', async ({ page, context, ann }) => {
  await ann.enters(context);
  await page.goto('/settings');
  await expect(page.getByLabel('First name')).toHaveValue('');
  await page.getByLabel('About').fill('I keep the *keys*.');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('.toast')).toHaveText('Saved');
  await page.getByRole('link', { name: 'Your profile' }).first().click();
  await expect(page.locator('.profile-bio em')).toHaveText('keys');

  await page.goto('/settings');
  await page.getByLabel('Age', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByLabel('Age', { exact: true })).toBeFocused();
  await page.getByLabel('Age', { exact: true }).fill('44');
  await page.getByLabel('Gender').selectOption('own');
  await page.getByLabel('Gender in your own words').fill('as I please');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.locator('.toast')).toHaveText('Saved');
  expect((await ann.asks('GET', '/api/me')).user).toMatchObject({ age: 44, gender: 'as I please', first_name: null });
});

test('a theme is seen at once, goes with the account, and comes as one signs in elsewhere', async ({ page, context, browser, server }) => {
  const fay = await server.member('fay');
  await fay.enters(context);
  await page.goto('/settings');
  await page.getByLabel('Light or dark').selectOption('dark');
  expect(await theme(page)).toBe('dark');
  await expect.poll(async () => (await fay.asks('GET', '/api/me')).user.settings.theme).toBe('dark');
  await page.locator('.rail').getByRole('button', { name: 'Light or dark' }).click();
  expect(await theme(page)).toBe('light');
  await expect.poll(async () => (await fay.asks('GET', '/api/me')).user.settings.theme).toBe('light');

  const elsewhere = await browser.newContext({ baseURL: server.url, colorScheme: 'dark' });
  const other = await elsewhere.newPage();
  await other.goto('/login');
  expect(await theme(other)).toBe('auto');
  await other.getByLabel('Nickname or e-mail').fill('fay');
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await expect(other.locator('.rail')).toContainText('fay');
  expect(await theme(other)).toBe('light');
  await elsewhere.close();
});

test('a password is changed, tokens are made and taken back, other browsers are signed out', async ({ page, context, server }) => {
  const gus = await server.member('gus');
  const elsewhere = await server.signIn('gus');
  await gus.enters(context);
  await page.goto('/settings');
  await page.getByLabel('What it is for').fill('a script');
  await page.getByRole('button', { name: 'Make a token' }).click();
  const token = (await page.locator('code.secret').textContent()) ?? '';
  expect((await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  await page.getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByRole('cell', { name: 'a script' })).toHaveCount(0);
  expect((await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);

  await page.getByLabel('Present password').fill(PASSWORD);
  await page.getByLabel('New password').fill('a better password');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.locator('.toast')).toHaveText('Your password is changed');
  await expect(elsewhere.asks('GET', '/api/me')).rejects.toThrow(/401/);
});

test('Ctrl-K goes to places, boards, threads one has seen and people, and does things', async ({ page, context, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Ways to the cellar', 'Down.');
  await bob.enters(context);
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Ways to the cellar' }).first()).toBeVisible();
  const field = page.getByRole('combobox', { name: 'Search' });
  const goes = async (/** @type {string} */ words, group = 'Go to') => {
    await page.keyboard.press('Control+k');
    await field.fill(words);
    const option = page.getByRole('group', { name: group }).getByRole('option', { selected: true });
    await expect(option).toContainText(new RegExp(words, 'i'));
    // What the server finds may just take the place of what was known.
    await expect(async () => expect(await field.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'))).toPass();
    await page.keyboard.press('Enter');
    await expect(field).toHaveCount(0);
  };
  await goes('cellar', 'Threads');
  await expect(page).toHaveURL(new RegExp(thread.url));
  await goes(board.title);
  await expect(page).toHaveURL(new RegExp(`/b/${board.slug}$`));
  await goes('ann', 'People');
  await expect(page).toHaveURL(/\/people\/ann$/);
  const before = await theme(page);
  await goes('light and dark');
  expect(await theme(page)).not.toBe(before);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('option', { name: 'Home' })).toBeVisible();
  await expect(page.getByRole('option', { selected: true })).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
});

test('what is new in a thread one has read is counted on every page until it is read', async ({ page, context, server, ann, board }) => {
  const hal = await server.member('hal');
  const thread = await ann.opens(board.slug, 'Going on', 'Begin.');
  await hal.enters(context);
  await page.goto(thread.url);
  await expect.poll(async () => (await hal.asks('GET', `/api/threads/${thread.id}`)).mark?.position, { timeout: 10_000 }).toBe(1);
  // Counts are told once: to whoever follows the board by then.
  const followed = new Promise((done) => page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => /board:.*"subscribed"/.test(String(payload)) && done(true))));
  await page.goto('/people');
  await expect(page.locator('h1')).toHaveText('People');
  await followed;
  const mark = page.locator('.rail .unread-count');
  await expect(mark).toHaveCount(0);
  await ann.replies(thread, 'And on.');
  await expect(mark).toHaveText(/^1 thread/);
  await expect(page).toHaveTitle(/^\(1\) People/);
  await expect(page.locator('.rail-boards .is-unread')).toContainText(board.title);
  for (const path of ['/', '/boards', `/b/${board.slug}`, '/settings']) {
    await page.goto(path);
    await expect(mark, path).toHaveText(/^1 thread/);
  }
  await page.goto(thread.url);
  await expect(mark).toHaveCount(0);
  await expect(page).toHaveTitle(/^Going on/);
});

test('letters do nothing in threads for somebody who turned them off', async ({ page, context, ann, bob, board }) => {
  const thread = await ann.opens(board.slug, 'Spoken to', 'Begin.');
  await bob.enters(context);
  await page.goto(thread.url);
  await expect(page.locator('.dock')).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.locator('.post').first()).toBeFocused();
  await page.locator('.rail').getByRole('link', { name: 'Settings' }).click();
  await page.getByLabel(/Single keys/).uncheck();
  await page.goto(thread.url);
  await expect(page.locator('.dock')).toBeVisible();
  await page.keyboard.press('r');
  await expect(page.getByRole('textbox', { name: 'Your reply' })).toHaveCount(0);
});
