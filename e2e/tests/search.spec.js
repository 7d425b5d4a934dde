// @ts-check
/** One field for everything: as one types over any page, and the page of results. */

import AxeBuilder from '@axe-core/playwright';
import { member, pageOf, says } from '../rig/chat.js';
import { expect, test } from '../rig/test.js';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('../rig/server.js').Server} Server */

const EVIL = '<img src=x onerror="window.broken = true">';

/** Threads about gardens, and somebody who wrote in them. */
const it = test.extend({
  /** @type {any} */
  garden: [
    async ({ server, ann }, use) => {
      const board = await ann.makesBoard('gardens', 'Gardens');
      const other = await ann.makesBoard('kitchens', 'Kitchens');
      const gert = await server.member('gert');
      const marigolds = (await ann.asks('POST', '/api/boards/gardens/threads', { title: 'Marigolds in winter', body: `Do marigolds survive frost? ${EVIL}`, tags: ['flowers'] })).thread;
      for (let number = 2; number <= 8; number += 1) await gert.replies(marigolds, `Answer ${number}: my marigolds froze.`);
      const soup = (await gert.asks('POST', '/api/boards/kitchens/threads', { title: 'Soup', body: 'With a marigold petal in it.', tags: ['flowers'] })).thread;
      await ann.replies(soup, 'Marigold leaves do as well.');
      const tea = (await gert.asks('POST', '/api/boards/kitchens/threads', { title: '煎茶の淹れ方', body: '熱い湯は使わないでください。' })).thread;
      for (let number = 1; number <= 42; number += 1) await ann.opens('kitchens', `Turnip recipe ${number}`, `Boil the turnips, number ${number}.`);
      for (let number = 1; number <= 3; number += 1) await gert.opens('gardens', `Turnip bed ${number}`, `Sow the turnips in row ${number}.`);
      await findable(server, 'marigold', 'posts', 10);
      await findable(server, 'turnips', 'posts', 45);
      await findable(server, '煎茶', 'posts', 1);
      await use({ board, other, gert, marigolds, soup, tea });
    },
    { scope: 'worker' },
  ],
});

/** Waits until so many are found: what was written becomes findable a moment later. @param {Server} server @param {string} q @param {string} kind @param {number} count @param {import('../rig/server.js').Person} [person] */
async function findable(server, q, kind, count, person) {
  await expect(async () => {
    const path = `/api/search?q=${encodeURIComponent(q)}`;
    const { counts } = person ? await person.asks('GET', path) : await (await fetch(server.url + path)).json();
    expect(counts[kind]).toBeGreaterThanOrEqual(count);
  }).toPass({ timeout: 60_000 });
}

const field = (/** @type {Page} */ page) => page.getByRole('combobox', { name: 'Search' });
const dialog = (/** @type {Page} */ page) => page.getByRole('dialog', { name: 'Search' });
const group = (/** @type {Page} */ page, /** @type {string} */ name) => dialog(page).getByRole('group', { name });
const chosen = (/** @type {Page} */ page) => page.getByRole('option', { selected: true });
const pageField = (/** @type {Page} */ page) => page.getByRole('searchbox', { name: 'Search' });
const rows = (/** @type {Page} */ page) => page.locator('main .rows > .row');
const tab = (/** @type {Page} */ page, /** @type {RegExp} */ name) => page.getByRole('navigation', { name: 'Kinds' }).getByRole('link', { name });

it('what one types is found at once, in groups, and by keyboard one is there', async ({ page, garden }) => {
  await page.goto('/boards');
  await page.keyboard.press('/');
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue('');
  await page.keyboard.type('marig');
  await expect(group(page, 'Threads and posts').getByRole('option', { name: /Marigolds in winter/ })).toBeVisible();
  await expect(dialog(page).getByRole('status')).toHaveText(/^\d+ results/);
  await expect(field(page)).toHaveAttribute('aria-expanded', 'true');
  // Enter means all results until one has gone to something else.
  await expect(chosen(page)).toHaveText('All results for marig');
  await page.keyboard.press('ArrowDown');
  await expect(chosen(page)).toContainText('Gardens');
  expect(await field(page).getAttribute('aria-activedescendant')).toBe(await chosen(page).getAttribute('id'));
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  const options = dialog(page).getByRole('option');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Home');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('End');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  // Once one types again, Home belongs to the words.
  await page.keyboard.type('olds winter');
  await expect(chosen(page)).toHaveText('All results for marigolds winter');
  await page.keyboard.press('Home');
  await page.keyboard.type('in ');
  await expect(field(page)).toHaveValue('in marigolds winter');
  await expect(group(page, 'Threads and posts').getByRole('option').first()).toContainText('Marigolds in winter');
  await group(page, 'Threads and posts').getByRole('option').first().click();
  await expect(page).toHaveURL(new RegExp(`${garden.marigolds.url}`));
  await expect(dialog(page)).toHaveCount(0);
});

it('Escape gives the place back, a slash in words is a slash, and keys can be turned off', async ({ page, context, garden }) => {
  await garden.gert.enters(context);
  await page.goto('/people');
  const finder = page.getByRole('searchbox', { name: 'Find people by name' });
  await finder.focus();
  await page.keyboard.press('/');
  await expect(finder).toHaveValue('/');
  await expect(dialog(page)).toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await expect(finder).toBeFocused();
  await page.evaluate(() => localStorage.setItem('folkmoot.single-keys', 'off'));
  await finder.blur();
  await page.keyboard.press('/');
  await page.keyboard.press('Control+k');
  await expect(field(page)).toHaveValue('');
});

it('people, boards and tags are found by their names', async ({ page, garden }) => {
  expect(garden.gert.nickname).toBe('gert');
  await page.goto('/');
  await page.keyboard.press('/');
  await page.keyboard.type('gert');
  await expect(group(page, 'People').getByRole('option')).toHaveText(/gert/);
  await field(page).fill('flowers');
  await expect(group(page, 'Tags').getByRole('option')).toHaveText(/flowers.*2 threads/);
  await field(page).fill('kitch');
  await expect(group(page, 'Go to').getByRole('option')).toHaveText(/Kitchens/);
  await expect(group(page, 'Boards')).toHaveCount(0);
  await group(page, 'Go to').getByRole('option').click();
  await expect(page).toHaveURL(/\/b\/kitchens$/);
});

it('what one looked for is offered again, to oneself alone, and can be forgotten', async ({ page, context, server, garden, browser }) => {
  expect(garden.board.slug).toBe('gardens');
  const hana = await member(server, 'hana');
  await hana.enters(context);
  await page.goto('/');
  await page.keyboard.press('/');
  // What is typed before the dialog is there is not lost.
  await page.keyboard.type('petal');
  await expect(field(page)).toHaveValue('petal');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=petal$/);
  await expect(rows(page)).toHaveCount(1);
  await page.locator('.rail .find').click();
  await group(page, 'Recent searches').getByRole('option', { name: 'petal' }).click();
  await expect(field(page)).toHaveValue('petal');
  await expect(group(page, 'Threads and posts')).toBeVisible();
  await field(page).fill('');
  await group(page, 'Recent searches').getByRole('option', { name: 'Forget these searches' }).click();
  await expect(group(page, 'Recent searches')).toHaveCount(0);
  await field(page).fill('soup');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/q=soup/);
  const guest = await (await browser.newContext({ baseURL: server.url, storageState: await context.storageState().then(({ origins }) => ({ cookies: [], origins })) })).newPage();
  await guest.goto('/');
  await guest.keyboard.press('/');
  await expect(group(guest, 'Go to')).toBeVisible();
  await expect(group(guest, 'Recent searches')).toHaveCount(0);
});

it('the page of results says how many, of which kind, and how to narrow it', async ({ page, garden }) => {
  await page.goto('/search');
  await expect(pageField(page)).toBeFocused();
  await pageField(page).fill('marigold');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/search\?q=marigold$/);
  await expect(page).toHaveTitle(/^\d+ results for marigold/);
  // Posts of one thread stand together.
  await expect(rows(page)).toHaveCount(2);
  const found = rows(page).filter({ hasText: 'Marigolds in winter' });
  await expect(found.locator('mark').first()).toHaveText(/marigold/i);
  await expect(tab(page, /^Threads and posts 10$/)).toBeVisible();
  await expect(tab(page, /^All/)).toHaveAttribute('aria-current', 'page');
  await expect(tab(page, /^Messages/)).toHaveCount(0);

  await found.getByRole('link', { name: /^\d more in this thread$/ }).click();
  await expect(page).toHaveURL(new RegExp(`thread=${garden.marigolds.id}`));
  await expect(rows(page)).toHaveCount(8);
  await expect(page.getByRole('link', { name: 'Search without in “Marigolds in winter”' })).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(2);
  await expect(pageField(page)).toHaveValue('marigold');

  await page.getByRole('link', { name: 'Newest first' }).click();
  await expect(page).toHaveURL(/sort=date/);
  await expect(rows(page)).toHaveCount(10);
  await expect(rows(page).first()).toContainText('Soup');
  await tab(page, /^Threads and posts/).click();
  await expect(page).toHaveURL(/in=posts&sort=date/);
  await page.goBack();
  await page.goForward();
  await expect(page).toHaveURL(/in=posts&sort=date/);
  await expect(tab(page, /^Threads and posts/)).toHaveAttribute('aria-current', 'page');
});

it('what would find less is offered, and each filter can be taken away', async ({ page, garden }) => {
  expect(garden.other.slug).toBe('kitchens');
  await page.goto('/search?q=turnips&sort=date');
  await page.getByRole('navigation', { name: 'Narrow the search' }).getByRole('link', { name: 'In Gardens 3' }).click();
  await expect(page).toHaveURL(/q=turnips%20board%3Agardens&sort=date/);
  await expect(rows(page)).toHaveCount(3);
  await expect(pageField(page)).toHaveValue('turnips board:gardens');
  await page.getByRole('list', { name: 'Filters' }).getByRole('link', { name: 'Search without board: gardens' }).click();
  await expect(page.locator('.search-line')).toContainText('45 results');
  await expect(pageField(page)).toHaveValue('turnips');
  await page.goBack();
  await expect(rows(page)).toHaveCount(3);
});

it('filters find by author, board and tag; what is not understood is said, and what would help', async ({ page, garden }) => {
  await page.goto(`/search?q=${encodeURIComponent('marigold author:gert tag:flowers')}`);
  await expect(page.getByRole('list', { name: 'Filters' }).getByRole('link')).toHaveText(['author: gert', 'tag: flowers']);
  await expect(rows(page).first()).toBeVisible();
  for (const row of await rows(page).all()) await expect(row).toContainText(garden.gert.nickname);
  await pageField(page).fill('marigold author:nobody-at-all');
  await page.keyboard.press('Enter');
  await expect(page.locator('.note')).toContainText('author: ');
  await expect(page.getByRole('heading', { name: 'Nothing was found' })).toBeVisible();
  await page.locator('.empty').getByRole('link', { name: 'Search without author: nobody-at-all' }).click();
  await expect(rows(page)).toHaveCount(2);
  await page.getByText('How to search').click();
  await expect(page.getByText('author:ann or @ann')).toBeVisible();
});

it('two characters of Japanese are found and marked', async ({ page, garden }) => {
  await page.goto('/');
  await page.keyboard.press('/');
  await field(page).fill('煎茶');
  await expect(group(page, 'Threads and posts').locator('mark')).toHaveText('煎茶');
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(1);
  await rows(page).getByRole('link', { name: '煎茶の淹れ方' }).click();
  await expect(page).toHaveURL(new RegExp(garden.tea.id));
});

it('words of people are text, also where they are marked', async ({ page, garden }) => {
  expect(garden.board.slug).toBe('gardens');
  await page.goto('/');
  await page.keyboard.press('/');
  await page.keyboard.type('frost onerror');
  await expect(group(page, 'Threads and posts').locator('mark').filter({ hasText: 'onerror' })).toBeVisible();
  await expect(dialog(page).getByText('<img src=x')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(rows(page).first()).toContainText('<img src=x onerror=');
  await page.reload();
  await expect(rows(page).first()).toContainText('<img src=x onerror=');
  expect(await page.locator('main img, dialog img').count()).toBe(0);
  expect(await page.evaluate(() => 'broken' in window)).toBe(false);
});

it('more come as one goes down, and the way back leads to the same place', async ({ page, garden }) => {
  expect(garden.other.slug).toBe('kitchens');
  await page.goto('/search?q=turnips');
  await expect(page.locator('.search-line')).toContainText('45 results');
  await expect(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await expect(rows(page)).toHaveCount(45, { timeout: 500 });
  }).toPass();
  const row = rows(page).nth(38);
  await row.scrollIntoViewIfNeeded();
  const [title, top] = [await row.locator('.row-link').textContent(), await row.evaluate((element) => element.getBoundingClientRect().top)];
  await row.locator('.row-link').click();
  await expect(page.locator('h1')).toHaveText(title ?? '');
  await page.goBack();
  await expect(rows(page)).toHaveCount(45);
  await expect(async () => {
    expect(Math.abs(await rows(page).nth(38).evaluate((element) => element.getBoundingClientRect().top) - top)).toBeLessThan(4);
  }).toPass();
});

it('a thread is searched by itself, from its head', async ({ page, garden }) => {
  await page.goto(garden.marigolds.url);
  await page.getByRole('link', { name: 'Search this thread' }).click();
  await expect(dialog(page).getByText('In this thread')).toBeVisible();
  await page.keyboard.type('froze');
  await expect(group(page, 'Threads and posts').getByRole('option')).toHaveCount(5);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`q=froze&thread=${garden.marigolds.id}$`));
  await expect(rows(page)).toHaveCount(7);
  await pageField(page).fill('petal');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Nothing in this thread' })).toBeVisible();
  await page.getByRole('link', { name: 'Search everywhere' }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.goto(garden.marigolds.url);
  await page.getByRole('link', { name: 'Search this thread' }).click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.press('Backspace');
  await expect(dialog(page).getByText('In this thread')).toHaveCount(0);
  await page.keyboard.type('petal');
  await expect(group(page, 'Threads and posts').getByRole('option', { name: /Soup/ })).toBeVisible();
});

it('messages are found by those who may read them', async ({ browser, server, watch, garden }) => {
  const [ivy, jon] = [await member(server, 'ivy'), await member(server, 'jon')];
  const { conversation } = await ivy.asks('POST', '/api/conversations', { members: [jon.nickname] });
  await says(ivy, conversation, 'The rhubarb is between us');
  await findable(server, 'rhubarb', 'messages', 1, jon);
  const page = await pageOf(browser, server, jon);
  watch(page);
  await page.goto('/');
  await page.keyboard.press('/');
  await page.keyboard.type('rhub');
  await expect(group(page, 'Messages').getByRole('option')).toContainText(ivy.nickname);
  await page.keyboard.press('Enter');
  await tab(page, /^Messages 1$/).click();
  await rows(page).getByRole('link', { name: ivy.nickname }).click();
  await expect(page.locator('.message').filter({ hasText: 'The rhubarb is between us' })).toBeInViewport();
  const other = await pageOf(browser, server, garden.gert);
  await other.goto('/search?q=rhubarb');
  await expect(other.getByRole('heading', { name: 'Nothing was found' })).toBeVisible();
});

it('without scripts the page of results works all the same', async ({ browser, server, garden }) => {
  const context = await browser.newContext({ baseURL: server.url, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(garden.marigolds.url);
  await page.getByRole('link', { name: 'Search this thread' }).click();
  await pageField(page).fill('froze');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(new RegExp(`thread=${garden.marigolds.id}`));
  await expect(rows(page)).toHaveCount(7);
  await page.goto('/search?q=turnips');
  await expect(rows(page).first()).toHaveCSS('display', 'block');
  await page.getByRole('link', { name: 'Show more' }).click();
  await expect(page).toHaveURL(/cursor=/);
  await expect(rows(page).first()).toBeVisible();
  const answer = await page.request.get('/search?q=turnips');
  expect(await answer.text()).toContain('<meta name="robots" content="noindex">');
  expect(answer.headers()['cache-control']).toContain('private');
});

it('without a network it is said what is shown, and once it is back the page comes', async ({ page, garden }) => {
  page.removeAllListeners('console');
  expect(garden.board.slug).toBe('gardens');
  await page.goto('/search?q=turnips');
  await expect(rows(page).first()).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('petal');
  await expect(group(page, 'Threads and posts')).toBeVisible();
  await page.context().setOffline(true);
  await field(page).fill('kitchens');
  await expect(dialog(page).getByRole('status')).toHaveText('You are offline. Only what is known here is shown.');
  await expect(group(page, 'Go to').getByRole('option', { name: /Kitchens/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await pageField(page).fill('petal');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('You are offline.');
  await expect(pageField(page)).toHaveValue('petal');
  await page.context().setOffline(false);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

it('an older answer never takes the place of a newer one', async ({ page, garden }) => {
  expect(garden.board.slug).toBe('gardens');
  await page.goto('/');
  /** @type {(() => void)[]} */
  const held = [];
  await page.route(/\/api\/search\?q=turnip&/, async (route) => {
    await new Promise((go) => held.push(() => go(undefined)));
    await route.continue().catch(() => {}); // called off by then
  });
  await page.keyboard.press('/');
  await field(page).fill('turnip');
  await expect.poll(() => held.length).toBe(1);
  const calledOff = page.waitForEvent('requestfailed', (request) => request.url().includes('q=turnip&'));
  await field(page).fill('petal');
  await calledOff;
  held[0]();
  await expect(group(page, 'Threads and posts').getByRole('option')).toHaveText(/Soup/);
});

for (const [width, colorScheme] of /** @type {const} */ ([[1280, 'light'], [375, 'dark']])) {
  it(`searching is accessible and fits, ${width} px, ${colorScheme}`, async ({ browser, server, garden, watch }) => {
    const page = await pageOf(browser, server, garden.gert, { viewport: { width, height: 800 }, colorScheme, hasTouch: width < 700 });
    watch(page);
    const fits = async (/** @type {string} */ what) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), what).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze();
      expect(violations.map((one) => `${what}: ${one.id}: ${one.nodes.map(({ target }) => target).join(' ')}`)).toEqual([]);
    };
    await page.goto(garden.marigolds.url);
    await page.locator('.rail .find').click();
    await expect(field(page)).toBeFocused();
    await fits('the dialog before anything is typed');
    await field(page).fill('marigold');
    await expect(group(page, 'Threads and posts')).toBeVisible();
    await fits('the dialog');
    await page.getByRole('option', { name: /All results/ }).click();
    await expect(rows(page)).toHaveCount(2);
    await fits('the results');
    await page.goto(`/search?q=${encodeURIComponent('marigold author:gert in:title nobody-said-this')}`);
    await expect(page.locator('.empty')).toBeVisible();
    await fits('no results');
    await page.goto(garden.marigolds.url);
    await page.getByRole('link', { name: 'Search this thread' }).click();
    await field(page).fill('froze');
    await expect(group(page, 'Threads and posts').getByRole('option')).toHaveCount(5);
    await fits('the dialog of a thread');
    await dialog(page).getByRole('button', { name: 'Close' }).click();
    await expect(dialog(page)).toHaveCount(0);
  });
}
