// @ts-check
/** Every page, as guests and members find it: words without scripts, no complaints, nothing refused by the policy. */

import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../rig/test.js';

const GUESTS = ['/', '/boards', '/b/cats', '/people', '/people/ann', '/people/ann?tab=posts', '/tags/naps', '/search', '/search?q=cats', '/login', '/register'];
const MEMBERS = ['/settings', '/new', '/b/cats/new'];
const STAFF = ['/admin', '/admin/boards', '/admin/people', '/admin/groups'];

test.beforeEach(async ({ ann, board }) => {
  const { items } = await ann.asks('GET', '/api/tags/naps/threads');
  if (items.length === 0) {
    const { thread } = await ann.asks('POST', `/api/boards/${board.slug}/threads`, {
      title: 'Where cats sleep',
      body: 'On the `keyboard`:\n\n```js\nconst cat = "asleep";\n```\n\n| place | hours |\n| --- | --- |\n| sofa | 9 |\n\n> Quietly.',
      tags: ['naps'],
    });
    await ann.replies(thread, 'And in **boxes**.');
  }
});

test('every route opens, by its address and by the way', async ({ page, ann, bob, context }) => {
  const { items } = await ann.asks('GET', '/api/tags/naps/threads');
  await ann.enters(context);
  const permalink = `/p/${items[0].last_post.id}`;
  const people = await ann.asks('GET', `/api/admin/people?q=${bob.nickname}`);
  const link = new URL((await ann.asks('POST', `/api/admin/people/${people.items[0].id}/link`)).url).pathname;
  for (const path of [...GUESTS.filter((path) => !['/login', '/register'].includes(path)), items[0].url, permalink, link, ...MEMBERS, ...STAFF]) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(200);
    await expect(page.locator('h1').first(), path).toBeVisible();
    await expect(page.locator('.rail, .tabs').first(), path).toBeAttached();
  }
  await page.goto('/');
  await page.evaluate(() => Object.assign(window, { marker: 1 }));
  // The link home also says how much is new.
  for (const name of [/^Boards$/, /^People$/, /^Home/]) {
    await page.locator('.rail').getByRole('link', { name }).click();
    await expect(page.locator('.rail').getByRole('link', { name })).toHaveAttribute('aria-current', 'page');
  }
  await page.goBack();
  await expect(page).toHaveURL(/\/people$/);
  await page.goForward();
  await expect(page).toHaveURL(/\/$/);
  expect(await page.evaluate(() => 'marker' in window)).toBe(true);
});

test('a page without scripts has the words', async ({ browser, server, ann }) => {
  const { items } = await ann.asks('GET', '/api/tags/naps/threads');
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto('/tags/naps');
  await expect(page.getByRole('link', { name: 'Where cats sleep' }).first()).toBeVisible();
  await page.goto(items[0].url);
  await expect(page.locator('h1')).toHaveText('Where cats sleep');
  await expect(page.getByText('And in boxes.')).toBeVisible();
  await expect(page.locator('pre code')).toContainText('const cat');
  await page.goto('/people/ann');
  await expect(page.locator('h1')).toContainText('ann');
  await context.close();
});

test('what is not there answers 404 with a page that says so', async ({ page }) => {
  // The browser reports the status itself.
  page.removeAllListeners('console');
  for (const path of ['/nowhere', '/threads/1/nothing', '/b/nothing', '/people/nobody']) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.locator('h1').first(), path).toBeVisible();
  }
  const answer = await page.request.get('/api/nope');
  expect(answer.status()).toBe(404);
  expect(answer.headers()['content-type']).toContain('application/problem+json');
});

/** Fails where a page is wider than its window or keeps somebody out. @param {import('@playwright/test').Page} page @param {string} what */
async function fits(page, what) {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
  expect(violations.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
}

for (const [width, colorScheme] of /** @type {const} */ ([[1280, 'light'], [1280, 'dark'], [375, 'light'], [375, 'dark']])) {
  test(`pages are accessible and fit, ${width} px, ${colorScheme}`, async ({ browser, server, ann, watch }) => {
    const { items } = await ann.asks('GET', '/api/tags/naps/threads');
    for (const [who, paths] of /** @type {const} */ ([
      [null, ['/', '/b/cats', items[0].url, '/search?q=cats', '/login', '/register']],
      [ann, ['/', '/boards', '/b/cats', items[0].url, '/people/ann', '/search?q=cats+author:ann', '/new', '/settings', ...STAFF]],
    ])) {
      const context = await browser.newContext({ baseURL: server.url, viewport: { width, height: 800 }, colorScheme });
      if (who) await who.enters(context);
      const page = await context.newPage();
      watch(page);
      for (const path of paths) {
        await page.goto(path);
        await expect(page.locator('h1').first()).toBeVisible();
        await page.waitForLoadState('networkidle');
        await fits(page, `${who ? '' : 'guest '}${path}`);
      }
      await context.close();
    }
  });
}

for (const width of [1280, 375]) {
  test(`what floats is accessible and fits, ${width} px`, async ({ browser, server, ann, watch }) => {
    const { items } = await ann.asks('GET', '/api/tags/naps/threads');
    const context = await browser.newContext({ baseURL: server.url, viewport: { width, height: 800 } });
    await ann.enters(context);
    const page = await context.newPage();
    watch(page);
    await page.goto(items[0].url);
    const menu = page.getByRole('button', { name: 'Manage this thread' });
    await expect(menu).toHaveAttribute('aria-expanded', 'false');
    await menu.click();
    await expect(menu).toHaveAttribute('aria-expanded', 'true');
    await fits(page, 'the menu of a thread');
    await page.getByRole('menuitem', { name: 'Edit title and tags' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await fits(page, 'the form of a thread');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('combobox', { name: 'Search' })).toBeFocused();
    await fits(page, 'Ctrl-K');
    await page.keyboard.press('Escape');
    await page.locator('.dock-open').click();
    const words = page.getByRole('textbox', { name: 'Your reply' });
    await words.pressSequentially('@an');
    await expect(page.getByRole('option', { name: /ann/ })).toBeVisible();
    await expect(words).toHaveAttribute('aria-activedescendant', /./);
    await fits(page, 'suggestions');
    await page.goto('/admin/boards');
    await page.getByRole('button', { name: 'New board' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await fits(page, 'the form of a board');
    await context.close();
  });
}
