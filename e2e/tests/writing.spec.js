// @ts-check
/** Writing: what one types is never lost, never sent twice, and the focus goes where a person expects. */

import { expect, test } from '../rig/test.js';

/** @typedef {import('@playwright/test').Page} Page */

/** Somebody's browser; its console is not watched where requests fail on purpose. @param {any} browser @param {any} server @param {any} person */
async function browserOf(browser, server, person) {
  const context = await browser.newContext({ baseURL: server.url });
  await person.enters(context);
  return context;
}

/** @param {Page} page */
const field = (page) => page.getByRole('textbox', { name: 'Your reply' });
/** @param {Page} page */
const opens = (page) => page.locator('.dock-open').click();
/** @param {Page} page */
const sends = (page) => page.getByRole('button', { name: 'Reply', exact: true }).click();
/** The drafts that this browser keeps. @param {Page} page */
const drafts = (page) => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('folkmoot.draft.')));

test.describe('a post that is edited', () => {
  test('keeps its words through Escape and a reload, until they are saved or discarded', async ({ page, context, bob, ann, board }) => {
    await bob.enters(context);
    const thread = await ann.opens(board.slug, 'To be edited', 'Begin.');
    const post = await bob.replies(thread, 'As *written*');
    const item = page.locator(`#post-${post.id}`);
    const editor = page.getByRole('textbox', { name: 'Edit your post' });
    const edit = () => item.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.goto(thread.url);
    await edit();
    await expect(editor).toHaveValue('As *written*');
    await editor.press('Escape');
    await expect(item).toBeFocused();
    expect(await drafts(page)).toEqual([]);

    await edit();
    await expect(editor).toHaveValue('As *written*');
    await editor.fill('As rewritten');
    await editor.press('Escape');
    await expect(page.getByText('Your changes are kept')).toBeVisible();
    await expect(item).toBeFocused();
    await page.reload();
    await edit();
    await expect(editor).toHaveValue('As rewritten');
    await item.getByRole('button', { name: 'Discard changes' }).click();
    await expect(item).toBeFocused();
    await expect(item.locator('.prose')).toHaveText('As written');
    expect(await drafts(page)).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(editor).toHaveValue('As rewritten');
    await item.getByRole('button', { name: 'Save' }).click();
    await expect(item.locator('.prose')).toHaveText('As rewritten');
    await expect(item).toBeFocused();
    expect(await drafts(page)).toEqual([]);
  });

  test('is not replaced unseen where somebody else changed it meanwhile, even after a reload', async ({ browser, server, ann, board }) => {
    const thread = await ann.opens(board.slug, 'Two hands', 'Begin.');
    const post = await ann.replies(thread, 'First');
    const context = await browserOf(browser, server, ann);
    const page = await context.newPage();
    const item = page.locator(`#post-${post.id}`);
    const editor = page.getByRole('textbox', { name: 'Edit your post' });
    await page.goto(thread.url);
    await item.getByRole('button', { name: 'Edit', exact: true }).click();
    await editor.fill('Mine');
    await expect(item.getByText('Draft saved')).toBeVisible();
    await ann.asks('PATCH', `/api/posts/${post.id}`, { body: 'Theirs', version: post.version });
    await page.reload();
    await expect(item.locator('.prose')).toHaveText('Theirs');
    await item.getByRole('button', { name: 'Edit', exact: true }).click();
    await expect(editor).toHaveValue('Mine');
    await item.getByRole('button', { name: 'Save' }).click();
    await expect(item.getByText(/Changed by somebody else/)).toBeVisible();
    expect((await ann.asks('GET', `/api/posts/${post.id}`)).post.body).toBe('Theirs');
    await item.getByRole('button', { name: 'Save' }).click();
    await expect(item.locator('.prose')).toHaveText('Mine');
    await context.close();
  });
});

test.describe('a new thread', () => {
  test('that is refused says why, where it was written and on the page for new ones', async ({ browser, server, ann, bob, board }) => {
    const closing = await ann.makesBoard('closing', 'Closing');
    const context = await browserOf(browser, server, bob);
    const page = await context.newPage();
    await page.goto('/b/closing/new');
    await page.getByRole('textbox', { name: 'Title' }).fill('Just in time');
    await page.getByRole('textbox', { name: 'First post' }).fill('Is this still open?');
    await ann.asks('PATCH', `/api/boards/closing`, { version: closing.version, rights: { read: 'everyone', start: 'staff', reply: 'members' } });
    await page.getByRole('button', { name: 'Open thread' }).click();
    await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible();
    await expect(page.getByRole('textbox', { name: 'First post' })).toHaveValue('Is this still open?');
    // Another board takes it.
    await page.getByLabel('Board', { exact: true }).selectOption(board.slug);
    await page.getByRole('button', { name: 'Open thread' }).click();
    await expect(page.locator('h1')).toHaveText('Just in time');
    expect(await drafts(page)).toEqual([]);
    await page.goto('/b/closing/new');
    await expect(page.getByText(/choose another one/)).toBeVisible();
    await expect(page.getByLabel('Board', { exact: true })).not.toHaveValue('');
    await context.close();
  });

  test('written without a network is sent once though the tab was closed, and leaves no draft', async ({ browser, server, ann, bob, board }) => {
    const context = await browserOf(browser, server, bob);
    const page = await context.newPage();
    await page.goto(`/b/${board.slug}/new`);
    await page.getByRole('textbox', { name: 'Title' }).fill('From the tunnel');
    await page.getByRole('textbox', { name: 'First post' }).fill('Dark here.');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Open thread' }).click();
    await expect(page.getByText('Waiting for the network').first()).toBeVisible();
    expect(await drafts(page)).toEqual([]);
    await page.close();
    const later = await context.newPage();
    await context.setOffline(false);
    await later.goto(`/b/${board.slug}/new`);
    await expect(later.getByRole('textbox', { name: 'First post' })).toHaveValue('');
    const posted = async () => (await ann.asks('GET', `/api/boards/${board.slug}/threads`)).items.filter((/** @type {any} */ one) => one.title === 'From the tunnel').length;
    await expect.poll(posted).toBe(1);
    await expect(later.getByText('From the tunnel')).toHaveCount(0);
    await context.close();
  });

  test('that is sent after its page was left pulls nobody back', async ({ browser, server, bob, board }) => {
    const context = await browserOf(browser, server, bob);
    const page = await context.newPage();
    await page.goto('/people');
    await page.goto(`/b/${board.slug}/new`);
    await page.getByRole('textbox', { name: 'Title' }).fill('Sent later');
    await page.getByRole('textbox', { name: 'First post' }).fill('No hurry.');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Open thread' }).click();
    await expect(page.getByText('Waiting for the network').first()).toBeVisible();
    await page.locator('.rail').getByRole('link', { name: 'People', exact: true }).click();
    await context.setOffline(false);
    await expect(page.getByText('“Sent later” is posted')).toBeVisible({ timeout: 20_000 });
    await expect(page).toHaveURL(/\/people$/);
    await page.getByRole('button', { name: 'Go to it' }).click();
    await expect(page.locator('h1')).toHaveText('Sent later');
    await context.close();
  });

  test('that was refused in an earlier visit waits under the form, and can be edited or thrown away', async ({ browser, server, ann, board }) => {
    const carla = await server.member('carla');
    const shut = await ann.makesBoard('shut', 'Shut soon');
    const context = await browserOf(browser, server, carla);
    const page = await context.newPage();
    await page.goto('/b/shut/new');
    await page.getByRole('textbox', { name: 'Title' }).fill('Too late');
    await page.getByRole('textbox', { name: 'First post' }).fill('For this board.');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Open thread' }).click();
    await expect(page.getByText('Waiting for the network').first()).toBeVisible();
    await page.close();
    await ann.asks('PATCH', '/api/boards/shut', { version: shut.version, rights: { read: 'everyone', start: 'staff', reply: 'members' } });
    await context.setOffline(false);
    const later = await context.newPage();
    await later.goto('/new');
    const unsent = later.getByRole('region', { name: 'Not posted yet' });
    await expect(unsent.getByText('For this board.')).toBeVisible();
    await unsent.getByRole('button', { name: 'Throw away' }).click();
    await expect(unsent).toHaveCount(0);
    await later.getByRole('button', { name: 'Undo' }).click();
    await unsent.getByRole('button', { name: 'Edit' }).click();
    await expect(unsent).toHaveCount(0);
    await expect(later.getByRole('textbox', { name: 'Title' })).toHaveValue('Too late');
    await later.getByLabel('Board', { exact: true }).selectOption(board.slug);
    await later.getByRole('button', { name: 'Open thread' }).click();
    await expect(later.locator('h1')).toHaveText('Too late');
    await context.close();
  });
});

test.describe('one draft in two tabs', () => {
  for (const first of [0, 1]) {
    test(`outlives both, whichever closes first (${first})`, async ({ browser, server, ann, bob, board }) => {
      const thread = await ann.opens(board.slug, `Both closed ${first}`, 'Begin.');
      const context = await browserOf(browser, server, bob);
      const tabs = [await context.newPage(), await context.newPage()];
      for (const tab of tabs) {
        await tab.goto(thread.url);
        await opens(tab);
      }
      await field(tabs[0]).fill('Half a sentence');
      await expect(field(tabs[1])).toHaveValue('Half a sentence');
      await field(tabs[1]).pressSequentially(' more');
      await tabs[first].close({ runBeforeUnload: false });
      await tabs[1 - first].close();
      const later = await context.newPage();
      await later.goto(thread.url);
      await opens(later);
      await expect(field(later)).toHaveValue('Half a sentence more');
      // Sent here, it is not brought back by a tab that had it open.
      const other = await context.newPage();
      await other.goto(thread.url);
      await sends(later);
      await expect(later.locator('.post .prose')).toHaveText(['Begin.', 'Half a sentence more']);
      await expect(other.getByRole('button', { name: 'Write a reply' })).toBeVisible();
      await other.close();
      expect(await drafts(later)).toEqual([]);
      await context.close();
    });
  }
});

test.describe('a reply', () => {
  test('leaves the focus where one goes on from, and says that it was sent', async ({ page, context, bob, ann, board }) => {
    await bob.enters(context);
    const thread = await ann.opens(board.slug, 'Focus', 'Begin.');
    await page.goto(thread.url);
    await opens(page);
    await field(page).fill('Once only');
    await field(page).press('Escape');
    await expect(page.locator('.dock-open')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(field(page)).toBeFocused();
    // However often it is asked for, it goes once.
    await field(page).evaluate((area) => {
      for (let times = 0; times < 3; times++) area.form?.requestSubmit();
    });
    await expect(page.locator('.dock-open')).toBeFocused();
    await expect(page.locator('.dock [role=status]')).toHaveText('Reply sent');
    await expect(page.locator('.post .prose')).toHaveText(['Begin.', 'Once only']);

    const own = page.locator('.post').last();
    await own.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(page.getByText('Deleted by its author')).toBeVisible();
    await expect(page.locator('article[data-position="2"]')).toBeFocused();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.locator('.post .prose')).toHaveText(['Begin.', 'Once only']);
    await expect(page.locator('article[data-position="2"]')).toBeFocused();
  });

  test('that a lock refused is there to be read, and can be edited when the lock is gone', async ({ browser, server, ann, bob, board }) => {
    const thread = await ann.opens(board.slug, 'On and off', 'Begin.');
    const first = await ann.replies(thread, 'Answer this');
    const context = await browserOf(browser, server, bob);
    const page = await context.newPage();
    await page.goto(thread.url);
    const lock = async (/** @type {boolean} */ locked) => ann.asks('PATCH', `/api/threads/${thread.id}`, { locked });

    await opens(page);
    await field(page).fill('Half way');
    await lock(true);
    await expect(page.getByText('Nobody can reply any more')).toBeVisible();
    await expect(page.getByRole('region', { name: 'Your draft' })).toContainText('Half way');
    await expect(page.getByRole('button', { name: 'Reply (r)' })).toHaveCount(0);
    await lock(false);
    await expect(field(page)).toHaveValue('Half way');
    await field(page).fill('');

    await page.locator(`#post-${first.id}`).getByRole('button', { name: 'Reply (r)' }).click();
    await field(page).fill('Too late');
    await context.setOffline(true);
    await sends(page);
    const pending = page.getByRole('article', { name: 'Your post, not sent yet' });
    await expect(pending).toContainText('Waiting for the network');
    await lock(true);
    await context.setOffline(false);
    await expect(pending).toContainText(/locked/i);
    await page.reload();
    await expect(pending).toContainText('Too late');
    await expect(pending.getByRole('button', { name: 'Edit' })).toHaveCount(0);
    await lock(false);
    await pending.getByRole('button', { name: 'Edit' }).click();
    await expect(pending).toHaveCount(0);
    await expect(field(page)).toHaveValue('Too late');
    await expect(page.locator('.composer-head')).toContainText('Answering ann');
    await field(page).fill('Just in time');
    await sends(page);
    await expect(page.locator('.post').last()).toContainText('Just in time');
    await expect(page.locator('.post').last().locator('.reply-to')).toBeVisible();

    await context.setOffline(true);
    await opens(page);
    await field(page).fill('Never mind');
    await sends(page);
    await lock(true);
    await context.setOffline(false);
    await pending.getByRole('button', { name: 'Throw away' }).click();
    await expect(pending).toHaveCount(0);
    await context.close();
  });
});

test('on a phone the composer is a screen of its own, that the way back closes', async ({ browser, server, ann, bob, board, watch }) => {
  const thread = await ann.opens(board.slug, 'In the hand', 'Begin.');
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 375, height: 700 }, hasTouch: true });
  await bob.enters(context);
  const page = await context.newPage();
  watch(page);
  await page.goto('/people');
  await expect(page.locator('h1')).toHaveText(/People/);
  await page.goto(thread.url);
  await opens(page);
  await field(page).fill('Thumbs only');
  const box = await page.locator('.dock').boundingBox();
  expect([box?.y, box?.height]).toEqual([0, 700]);
  // The keyboard takes the lower half: what sends is above it.
  await page.setViewportSize({ width: 375, height: 360 });
  await expect(page.getByRole('button', { name: 'Reply', exact: true })).toBeInViewport({ ratio: 1 });
  await expect(page.getByRole('button', { name: 'Bold' })).toBeInViewport({ ratio: 1 });
  for (let times = 0; times < 30; times++) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => Boolean(document.activeElement?.closest('.dock, body:focus, .toasts') || document.activeElement === document.body))).toBe(true);
  }
  await page.setViewportSize({ width: 375, height: 700 });
  await page.goBack();
  await expect(field(page)).toHaveCount(0);
  await expect(page.locator('.dock-open')).toHaveText(/Go on with your draft/);
  await expect(page.locator('.dock-open')).toBeFocused();
  await expect(page).toHaveURL(new RegExp(thread.url));
  await page.locator('.tabs').getByRole('link', { name: 'Home' }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.goBack();
  await opens(page);
  await sends(page);
  await expect(page.locator('.post .prose')).toHaveText(['Begin.', 'Thumbs only']);
  await page.goBack();
  await expect(page).toHaveURL(/\/people$/);
  await context.close();
});

test('signing out says what stays behind, and throws it away only once one is out', async ({ browser, server, ann, board }) => {
  const jil = await server.member('jil');
  const thread = await ann.opens(board.slug, 'Left behind', 'Begin.');
  const context = await browserOf(browser, server, jil);
  const page = await context.newPage();
  await page.goto(thread.url);
  await opens(page);
  await field(page).fill('A private thought');
  await page.locator('.rail').getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await expect(page.getByRole('dialog', { name: '1 draft' })).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('button', { name: 'Throw away and sign out' }).click();
  await expect(page.getByText('You are offline.')).toBeVisible();
  expect(await drafts(page)).toHaveLength(1);
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  await page.getByRole('button', { name: 'Throw away and sign out' }).click();
  await expect(page.locator('.rail').getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => drafts(page)).toEqual([]);
  await context.close();
});
