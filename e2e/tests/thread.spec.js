// @ts-check
/** What one does in a thread: react, quote, follow pictures, go on where one was, and for staff keep order. */

import { expect, test } from '../rig/test.js';

/** A picture of one point. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

test('a reaction is there at once, for both, and a second click takes it back', async ({ page, context, ann, bob, board }) => {
  await bob.enters(context);
  const thread = await ann.opens(board.slug, 'Liked', 'Begin.');
  await page.goto(thread.url);
  const post = page.locator('.post').first();
  await post.getByRole('button', { name: 'React' }).click();
  await page.locator('.emoji').first().click();
  const reaction = post.locator('.reaction');
  await expect(reaction).toHaveAttribute('aria-pressed', 'true');
  await expect(reaction).toContainText('1');
  const count = async () => (await ann.asks('GET', `/api/threads/${thread.id}`)).posts.items[0].reactions.length;
  await expect.poll(count).toBe(1);
  await reaction.click();
  await expect(reaction).toHaveCount(0);
  await expect.poll(count).toBe(0);
});

test('selected words are quoted by one key, and the reply says whom it answers', async ({ page, context, ann, bob, board }) => {
  await bob.enters(context);
  const thread = await ann.opens(board.slug, 'To be quoted', 'One thing.\n\nAnother thing.');
  await page.goto(thread.url);
  await expect(page.locator('.dock-open')).toBeVisible();
  await page.locator('.post .prose p').nth(1).evaluate((words) => getSelection()?.selectAllChildren(words));
  await expect(page.locator('.quote-button')).toBeVisible();
  await page.keyboard.press('q');
  const field = page.getByRole('textbox', { name: 'Your reply' });
  await expect(field).toHaveValue(/^> \[@ann\]\(post:\d+\):\n> Another thing\.\n/);
  await expect(page.locator('.composer-head')).toContainText('Answering ann');
  await page.keyboard.type('Indeed.');
  await page.keyboard.press('Control+Enter');
  const own = page.locator('.post').nth(1);
  await expect(own.locator('blockquote')).toContainText('Another thing.');
  await expect(own.locator('blockquote')).not.toContainText('One thing.');
  await expect(own.locator('.reply-to')).toContainText('ann');
});

test('who comes back goes on where they were', async ({ page, context, ann, bob, board }) => {
  await bob.enters(context);
  const thread = await ann.opens(board.slug, 'Read so far', 'Begin.');
  await ann.replies(thread, 'Second');
  await page.goto(thread.url);
  const mark = async () => (await bob.asks('GET', `/api/threads/${thread.id}`)).mark?.position;
  await expect.poll(mark).toBe(2);
  await page.goto('/boards');
  await ann.replies(thread, 'Third');
  await page.goto(`/b/${board.slug}`);
  const row = page.locator('.row', { hasText: 'Read so far' });
  await row.getByRole('link', { name: '1 new' }).click();
  await expect(page.locator('.divider')).toHaveText('Continue where you were');
  await expect(page.locator('.divider + .post')).toContainText('Third');
  await expect(page.locator('.divider + .post')).toBeInViewport();
});

test('a picture from elsewhere is fetched when one asks for it, not before', async ({ page, context, ann, bob, board }) => {
  await bob.enters(context);
  /** @type {string[]} */
  const fetched = [];
  await context.route('https://pictures.example/**', (route) => {
    fetched.push(route.request().url());
    return route.request().url().endsWith('here.png') ? route.fulfill({ contentType: 'image/png', body: PNG }) : route.fulfill({ status: 404, body: '' });
  });
  page.removeAllListeners('console'); // the browser reports the missing one itself
  const thread = await ann.opens(board.slug, 'Pictures', '![a dot](https://pictures.example/here.png)\n\n![gone](https://pictures.example/gone.png)');
  await page.goto(thread.url);
  const buttons = page.locator('button.remote-image');
  await expect(buttons).toHaveCount(2);
  expect(fetched).toEqual([]);
  await buttons.first().click();
  await expect(page.getByRole('img', { name: 'a dot' })).toBeVisible();
  expect(await page.getByRole('img', { name: 'a dot' }).evaluate((/** @type {HTMLImageElement} */ image) => image.naturalWidth)).toBe(1);
  await buttons.click();
  await expect(page.getByRole('link', { name: /did not load/ })).toHaveAttribute('href', 'https://pictures.example/gone.png');
  expect(fetched).toEqual(['https://pictures.example/here.png', 'https://pictures.example/gone.png']);
});

test('tags are typed, offered and taken away, and lead to what else has them', async ({ page, context, ann, bob, board }) => {
  await bob.enters(context);
  await ann.asks('POST', `/api/boards/${board.slug}/threads`, { title: 'Older', body: 'Old.', tags: ['whiskers'] });
  await page.goto(`/b/${board.slug}/new`);
  await page.getByRole('textbox', { name: 'Title' }).fill('Tagged');
  const tags = page.getByLabel('Add a tag');
  await tags.fill('whisk');
  await expect(page.locator('#known-tags option')).toHaveAttribute('value', 'whiskers');
  await tags.fill('#Whiskers,');
  await tags.fill('mistake');
  await tags.press('Enter');
  await page.getByRole('button', { name: 'Remove mistake' }).click();
  await expect(tags).toBeFocused();
  await page.getByRole('textbox', { name: 'First post' }).fill('With a tag.');
  await page.getByRole('button', { name: 'Open thread' }).click();
  await expect(page.locator('h1')).toHaveText('Tagged');
  await expect(page.locator('.thread-facts .tag')).toHaveText(['whiskers']);
  await page.locator('.thread-facts .tag').click();
  await expect(page.locator('.row-link')).toHaveText(['Tagged', 'Older']);
});

test('staff rename, pin, lock, archive, move and delete a thread, and take it back', async ({ page, context, ann, bob, board }) => {
  await ann.enters(context);
  const other = await ann.makesBoard('attic', 'Attic');
  const thread = await bob.opens(board.slug, 'In the wrong plaec', 'Begin.');
  await page.goto(thread.url);
  const facts = page.locator('.thread-facts');
  const choose = async (/** @type {string} */ words) => {
    await page.getByRole('button', { name: 'Manage this thread' }).click();
    await page.getByRole('menuitem', { name: words, exact: true }).click();
  };
  await choose('Edit title and tags');
  await page.getByRole('dialog').getByLabel('Title', { exact: true }).fill('In the wrong place');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('h1')).toHaveText('In the wrong place');
  await choose('Pin to the top');
  await expect(facts).toContainText('pinned');
  await expect(page.getByRole('button', { name: 'Manage this thread' })).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(facts).not.toContainText('pinned');
  await choose('Lock');
  await expect(facts).toContainText('locked');
  await expect(page.getByText('Only moderators can reply')).toBeVisible();
  await choose('Archive');
  await expect(facts).toContainText('archived');
  await expect(page.getByText('This thread is archived: it can be read but not answered.')).toBeVisible();
  await expect(page.locator('.dock')).toHaveCount(0);
  await choose('Open again');
  await choose('Unlock');
  await expect(page.locator('.dock-open')).toBeVisible();
  await choose('Move to another board');
  await page.getByRole('dialog').getByLabel('Board', { exact: true }).selectOption(other.slug);
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
  await expect(page.locator('.crumbs')).toContainText('Attic');
  await choose('Delete thread');
  await expect(page).toHaveURL(/\/b\/attic$/);
  await expect(page.getByText('In the wrong place')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.locator('h1')).toHaveText('In the wrong place');
});
