// @ts-check
/** One-time links: the first run, a forgotten password, an account that came with an import. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Server } from '../rig/server.js';
import { expect, test } from '../rig/test.js';

/** The one link that a text names. @param {string} text */
const linkIn = (text) => /https?:\/\/\S+(\/link\/[\w-]+)/.exec(text)?.[1] ?? '';

test('whoever starts a community sets it up in three steps', async ({ page }) => {
  const server = await Server.start();
  try {
    await expect.poll(() => linkIn(server.log)).not.toBe('');
    await page.goto(server.url + linkIn(server.log));
    await expect(page.locator('h1')).toHaveText('Name your community');
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
    await page.getByLabel('Name', { exact: true }).fill('Harbour');
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.locator('h1')).toHaveText('Your account');
    await page.getByLabel('Nickname').fill('hanna');
    await page.getByLabel('E-mail').fill('hanna@example.org');
    await page.getByLabel('Password', { exact: true }).fill('three calm words');
    await page.getByLabel('First name').fill('Hanna');
    await page.getByLabel('Last name').fill('Example');
    await page.getByLabel('Age').fill('41');
    await page.getByLabel('Gender').selectOption('undisclosed');
    await page.getByRole('button', { name: 'Next' }).click();
    await expect(page.locator('h1')).toHaveText('The first boards');
    await page.getByLabel(/Show and tell/).uncheck();
    await page.getByRole('button', { name: 'Back' }).click();
    await expect(page.getByLabel('Nickname')).toHaveValue('hanna');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Open the doors' }).click();
    await expect(page.locator('h1')).toHaveText('Harbour');
    await expect(page.locator('.rail-boards .rail-link')).toHaveText(['General', 'Help', 'About this place']);
    await expect(page.locator('.rail')).toContainText('hanna');

    page.removeAllListeners('console'); // the browser reports the status itself
    await page.goto(server.url + linkIn(server.log));
    await expect(page.locator('h1')).toHaveText('This link does not work any more');
  } finally {
    await page.close();
    await server.remove();
  }
});

test('somebody who forgot the password gets a link for a new one', async ({ page, server }) => {
  const ida = await server.member('ida');
  const { stdout } = await server.command('admin', 'reset-password', 'ida');
  await page.goto(linkIn(stdout));
  await expect(page.locator('h1')).toHaveText('A new password');
  await expect(page.getByText('For ida.')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await page.getByLabel('Password', { exact: true }).fill('a new long password');
  await page.getByRole('button', { name: 'Save and sign in' }).click();
  await expect(page.locator('.rail')).toContainText('ida');
  await expect(ida.asks('GET', '/api/me')).rejects.toThrow(/401/);
});

test('an imported account is handed to its owner with all it wrote', async ({ page, server, ann }) => {
  const folder = await mkdtemp(join(tmpdir(), 'folkmoot-import-'));
  const at = '2019-05-01T10:00:00.000Z';
  const post = { id: 901, post_number: 1, post_type: 1, username: 'oldhand', name: 'Old Hand', cooked: '<p>From the old place.</p>', created_at: at, updated_at: at, version: 1, reply_to_post_number: null, actions_summary: [], hidden: false };
  try {
    await mkdir(join(folder, 'topics'));
    await writeFile(join(folder, 'topics', 'topic.77.json'), JSON.stringify({
      id: 77, title: 'Moved in', slug: 'moved-in', archetype: 'regular', category_id: 10, tags: [], views: 3, closed: false, visible: true, post_stream: { posts: [post] },
    }));
    await server.command('import', 'discourse', join(folder, 'topics'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await page.goto('/people/oldhand');
  await expect(page.getByText('waits for its owner')).toBeVisible();
  await page.goto(linkIn((await server.command('admin', 'reset-password', 'oldhand')).stdout));
  await expect(page.locator('h1')).toHaveText('Welcome back, oldhand');
  await page.getByRole('button', { name: 'Take over the account' }).click();
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.getByLabel('E-mail').fill('oldhand@example.org');
  await page.getByLabel('Password', { exact: true }).fill('still remembered');
  await page.getByLabel('First name').fill('Old');
  await page.getByLabel('Last name').fill('Hand');
  await page.getByLabel('Age').fill('61');
  await page.getByLabel('Gender').selectOption('own');
  await page.getByLabel('Gender in your own words').fill('sailor');
  await page.getByRole('button', { name: 'Take over the account' }).click();
  await expect(page.locator('.rail')).toContainText('oldhand');
  await page.goto('/people/oldhand');
  await expect(page.getByRole('link', { name: 'Moved in' }).first()).toBeVisible();
  await expect(page.getByText('waits for its owner')).toHaveCount(0);
  void ann;
});
