// @ts-check
/** Every place has an address; the way back leads to where one was, and nothing that was typed is lost on the way. */

import { expect, test } from '../rig/test.js';

const PARAGRAPH = 'Words that fill some lines, so that there is something to scroll through here. '.repeat(6);

/** @param {import('../rig/server.js').Person} ann @param {{slug: string}} board */
async function manyThreads(ann, board) {
  const { items } = await ann.asks('GET', `/api/boards/${board.slug}/threads?limit=100`);
  for (let number = items.length; number < 45; number++) await ann.opens(board.slug, `Thread ${number}`, PARAGRAPH);
}

/** @param {import('@playwright/test').Page} page */
const scrolled = (page) => page.evaluate(() => Math.round(window.scrollY));

test.beforeEach(({ context, bob }) => bob.enters(context));

test('back leads to the row one came from, with all that had been loaded', async ({ page, ann, board }) => {
  await manyThreads(ann, board);
  await page.goto(`/b/${board.slug}`);
  await expect(page.locator('.row')).not.toHaveCount(0);
  await page.evaluate(() => Object.assign(window, { marker: 1 }));
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 3000);
      return page.locator('.row').count();
    })
    .toBeGreaterThan(40);
  // What the wheel has begun goes on for a while, and would go on from where one is put.
  let at = -1;
  await expect.poll(async () => at === (at = await scrolled(page)), { intervals: [300] }).toBe(true);
  await page.evaluate(() => window.scrollTo(0, 1500));
  const before = await scrolled(page);
  const rows = await page.locator('.row').count();
  await page.evaluate(() => {
    const links = [...document.querySelectorAll('a.row-link')];
    /** @type {HTMLElement} */ (links.find((link) => link.getBoundingClientRect().top > 200)).click();
  });
  await expect(page.locator('.post').first()).toBeVisible();
  expect(await scrolled(page)).toBe(0);
  await page.goBack();
  await expect(page.locator('.row')).toHaveCount(rows);
  await expect.poll(() => scrolled(page)).toBe(before);
  await page.goForward();
  await expect(page.locator('.post').first()).toBeVisible();
  expect(await page.evaluate(() => 'marker' in window)).toBe(true);
});

test('a link to a post leads to it: in place, by its address, and after a reload', async ({ page, ann, board }) => {
  const thread = await ann.opens(board.slug, 'Long way down', PARAGRAPH);
  const posts = [];
  for (let number = 2; number <= 30; number++) posts.push(await ann.replies(thread, `${number}. ${PARAGRAPH}`));
  const target = posts[26];
  const inView = async () => {
    await expect(page.locator(`#post-${target.id}`)).toBeInViewport();
    const top = await page.locator(`#post-${target.id}`).evaluate((element) => element.getBoundingClientRect().top);
    expect(Math.abs(top)).toBeLessThan(200);
  };

  await page.goto(`/p/${target.id}`);
  await inView();
  await expect(page).toHaveURL(new RegExp(`/threads/${thread.id}/.*#post-${target.id}$`));
  await page.reload();
  await inView();

  // The same from within, as a link in somebody's post would lead there.
  await page.goto('/people');
  await expect(page.locator('h1')).toHaveText(/People/);
  await page.evaluate((id) => {
    const link = Object.assign(document.createElement('a'), { href: `/p/${id}`, textContent: 'there', id: 'there' });
    Object.assign(window, { marker: 1 });
    document.querySelector('main')?.prepend(link);
  }, target.id);
  await page.locator('#there').click();
  await inView();
  expect(await page.evaluate(() => 'marker' in window)).toBe(true);
});

test('a new page is announced, and keyboards begin at its heading', async ({ page }) => {
  await page.goto('/');
  await page.locator('.rail').getByRole('link', { name: 'People', exact: true }).click();
  await expect(page).toHaveTitle(/^(\(\d+\) )?People/);
  await expect(page.locator('h1')).toBeFocused();
  await expect(page.getByRole('status').filter({ hasText: 'People' })).toBeAttached();
});

test('a draft is there again after the tab was closed, until it is sent', async ({ context, ann, board, watch }) => {
  const thread = await ann.opens(board.slug, 'Half a thought', 'Begin.');
  const write = async () => {
    const page = await context.newPage();
    watch(page);
    await page.goto(thread.url);
    await page.getByRole('button', { name: /Write a reply|Go on with your draft/ }).click();
    return { page, field: page.getByRole('textbox', { name: 'Your reply' }) };
  };
  const first = await write();
  await first.field.fill('I was just about to');
  await first.page.close();
  const second = await write();
  await expect(second.field).toHaveValue('I was just about to');
  await second.field.fill('I was just about to say this.');
  await second.page.getByRole('button', { name: 'Reply', exact: true }).click();
  await expect(second.page.locator('.post .prose').filter({ hasText: 'I was just about to say this.' })).toHaveCount(1);
  await second.page.close();
  const third = await write();
  await expect(third.field).toHaveValue('');
});

test('home is never moved by what comes on any board: it waits behind a pill', async ({ page, ann, board }) => {
  await manyThreads(ann, board);
  await ann.makesBoard('hens', 'Hens');
  await page.goto('/');
  const first = page.locator('.row').first();
  const title = await first.locator('.row-link').textContent();
  const top = await first.evaluate((element) => element.getBoundingClientRect().top);
  for (const [name, slug] of [['One', board.slug], ['Two', 'hens'], ['Three', 'hens']]) await ann.opens(slug, `${name} more`, 'New.');
  await expect(page.getByRole('button', { name: /3 new threads/ })).toBeVisible();
  expect(await first.locator('.row-link').textContent()).toBe(title);
  expect(await first.evaluate((element) => element.getBoundingClientRect().top)).toBe(top);
});
