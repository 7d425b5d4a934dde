// @ts-check
/** Finding one's way in what was said: words in one conversation and in all. */

import { bubbles, choose, field, member, pageOf, says, two } from '../rig/chat.js';
import { expect, test } from '../rig/test.js';

const looksFor = (/** @type {import('@playwright/test').Page} */ page) => page.getByRole('searchbox', { name: 'Find people, conversations and messages' });
const hits = (/** @type {import('@playwright/test').Page} */ page) => page.locator('.user-list .found');

test('words are found in all of one’s conversations, marked, and by keyboard one is where they were said', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 30);
  const max = await member(server, 'max');
  const { conversation: group } = await kim.asks('POST', '/api/conversations', { members: [lee.nickname, max.nickname], title: 'Gardeners' });
  await says(kim, conversation, `${'Some words before it. '.repeat(9)}The **Marigolds** need <water>`);
  for (let number = 0; number < 30; number += 1) await says(kim, conversation, `Later ${number}`);
  await says(max, group, 'Who waters the marigolds?');
  const { conversation: foreign } = await kim.asks('POST', '/api/conversations', { members: [max.nickname] });
  await says(kim, foreign, 'Marigolds, between you and me');

  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto('/chat');
  await looksFor(page).fill('marigolds');
  await expect(page.getByRole('heading', { name: 'Messages' })).toBeVisible();
  await expect(hits(page)).toHaveCount(2);
  await expect(hits(page).nth(0)).toContainText('Gardeners');
  await expect(hits(page).nth(0)).toContainText(`${max.nickname}: Who waters the marigolds?`);
  await expect(hits(page).nth(1).locator('.chat-name')).toHaveText(kim.nickname);
  await expect(hits(page).nth(1).locator('.found-words')).toHaveText(/^kim\d+: ….*The Marigolds need <water>$/);
  await expect(hits(page).locator('mark')).toHaveText(['marigolds', 'Marigolds']);
  await expect(hits(page).nth(1).locator('time')).toHaveAttribute('datetime', /^20/);

  await page.keyboard.press('ArrowDown');
  await expect(hits(page).nth(0)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\?message=/);
  const found = page.locator('.message').filter({ hasText: 'The Marigolds need' });
  await expect(found).toBeFocused();
  await expect(found).toBeInViewport();
  // One may go on to the next, and Enter alone leads to the first.
  await expect(looksFor(page)).toHaveValue('marigolds');
  await looksFor(page).press('Enter');
  await expect(page.locator('.chat-head h1')).toHaveText('Gardeners');
  await expect(bubbles(page).filter({ hasText: 'Who waters' })).toBeInViewport();
  await looksFor(page).press('Escape');
  await expect(hits(page)).toHaveCount(0);
  await looksFor(page).fill('nobody said this');
  await expect(page.getByText('Nobody is called so, and no message says it.')).toBeVisible();
});

test('more than a page of hits comes as one goes down, and without a network it is said', async ({ browser, server }) => {
  const { lee, conversation, kim } = await two(server, 0);
  for (let number = 1; number <= 50; number += 1) await says(kim, conversation, `Turnip ${number}`);
  const page = await pageOf(browser, server, lee);
  await page.goto('/chat');
  await looksFor(page).fill('turnip');
  await expect(hits(page).first()).toContainText('Turnip 50');
  await expect(async () => {
    await page.locator('.user-list-scroll').evaluate((element) => (element.scrollTop = element.scrollHeight));
    await expect(hits(page)).toHaveCount(50, { timeout: 300 });
  }).toPass();
  await expect(hits(page).last()).toContainText('Turnip 1');
  await page.context().setOffline(true);
  await looksFor(page).fill('parsnip');
  await expect(page.getByText('Messages could not be searched.')).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Nobody is called so')).toBeVisible();
});

test('words are found in one conversation, from its menu', async ({ browser, server, watch }) => {
  const { lee, conversation, kim } = await two(server, 0);
  await says(kim, conversation, 'A heron by the pond');
  for (let number = 1; number <= 40; number += 1) await says(kim, conversation, `Message ${number}`);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto(conversation.url);
  await expect(bubbles(page).last()).toHaveText('Message 40');
  await choose(page, 'Search');
  const dialog = page.getByRole('dialog', { name: 'Search this conversation' });
  await dialog.getByRole('searchbox').fill('heron');
  await expect(dialog.locator('.found mark')).toHaveText('heron');
  await page.keyboard.press('Tab');
  await expect(dialog.locator('.found')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('A heron by the pond').first()).toBeInViewport();
  await expect(field(page)).toBeVisible();
});

test('a pill leads to the first of what is new, and the line stays there while one reads', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 40);
  const read = (await kim.asks('GET', `/api/conversations/${conversation.id}/messages?limit=1&offset=25`)).items[0];
  await lee.asks('POST', `/api/conversations/${conversation.id}/read`, { seq: read.seq });
  const page = await pageOf(browser, server, lee, { viewport: { width: 1280, height: 500 } });
  watch(page);
  await page.goto(conversation.url);
  await expect(bubbles(page).last()).toHaveText('Message 40');
  const pill = page.getByRole('button', { name: /^25 new since \d\d:\d\d$/ });
  await expect(pill).toBeVisible();
  await expect(page.locator('.chat-line.is-new')).toHaveCount(0);
  await pill.click();
  await expect(page.locator('.chat-line.is-new')).toBeInViewport();
  await expect(page.getByText('Message 16', { exact: true })).toBeInViewport();
  await expect(pill).toHaveCount(0);
  await says(kim, conversation, 'Message 41');
  await page.getByRole('button', { name: '1 new message' }).click();
  await expect(bubbles(page).last()).toHaveText('Message 41');
  await expect(pill).toHaveCount(0);
  await page.locator('.chat-log').evaluate((element) => (element.scrollTop = 0));
  await expect(page.locator('.chat-line.is-new')).toBeAttached();
});

test('a link leads to a message and one stays there, also in a tall window', async ({ browser, server, watch }) => {
  const { lee, kim, conversation } = await two(server, 80);
  const { items } = await kim.asks('GET', `/api/conversations/${conversation.id}/messages?limit=1&offset=60`);
  const page = await pageOf(browser, server, lee, { viewport: { width: 1280, height: 1500 } });
  watch(page);
  const newer = page.waitForResponse(/messages\?.*after=/);
  await page.goto(items[0].url);
  const wanted = page.locator(`.message[data-seq="${items[0].seq}"]`);
  await expect(wanted).toBeFocused();
  await newer;
  await expect(page.getByText('To the newest')).toBeVisible();
  await expect(wanted).toBeInViewport();
  await expect(bubbles(page).filter({ hasText: 'Message 80' })).toHaveCount(0);
});

test('a conversation is opened at its end, though its last messages grow as they come', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 12);
  for (const part of ['one', 'two']) await says(kim, conversation, `Look:\n\n\`\`\`\n${part}\n\`\`\`\n\n| a | b |\n|---|---|\n| ${part} | 2 |`);
  const page = await pageOf(browser, server, lee, { viewport: { width: 1280, height: 500 } });
  watch(page);
  await page.goto(conversation.url);
  await expect(page.locator('.message .code')).toHaveCount(2);
  await expect(bubbles(page).last()).toBeInViewport({ ratio: 1 });
  await expect(page.getByText('To the newest')).toHaveCount(0);
});

test('one goes to a date', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 30);
  const page = await pageOf(browser, server, lee);
  watch(page);
  // A conversation that went on for a month: the answers say so.
  const day = (/** @type {number} */ seq) => new Date(Date.UTC(2026, 8, seq, 12)).toISOString();
  await page.route(new RegExp(`/api/conversations/${conversation.id}(/messages.*)?$`), async (route) => {
    const url = new URL(route.request().url());
    const at = url.searchParams.get('at');
    if (at) {
      url.searchParams.delete('at');
      url.searchParams.set('around', String(Math.round((Date.parse(at) - Date.parse(day(0))) / 86_400_000)));
    }
    const answer = await (await route.fetch({ url: url.href })).json();
    if (answer.conversation) answer.conversation.created_at = day(1);
    for (const one of answer.items ?? []) one.created_at = day(one.seq);
    await route.fulfill({ json: answer });
  });
  await page.goto(conversation.url);
  await expect(bubbles(page).last()).toHaveText('Message 30');
  await choose(page, 'Go to a date');
  const dialog = page.getByRole('dialog', { name: 'Go to a date' });
  await dialog.getByLabel('Day').fill('2026-09-10');
  await dialog.getByRole('button', { name: 'Go there' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.locator('.message[data-seq="10"]')).toBeFocused();
  await expect(page.locator('.day-divider').filter({ hasText: '10 September' })).toBeInViewport();
  expect(kim.nickname).not.toBe(lee.nickname);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('whoever reads an edited message sees what it said before; of a deleted one nothing is left', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 0);
  const message = await says(kim, conversation, 'We meet at seven');
  for (const body of ['We meet at eight', 'We meet at eight\nBring cake']) await kim.asks('PATCH', `/api/messages/${message.id}`, { body });
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto(conversation.url);
  await page.getByRole('button', { name: 'edited' }).click();
  const dialog = page.getByRole('dialog', { name: 'Versions of this message' });
  const versions = dialog.locator('.revision');
  await expect(versions).toHaveCount(3);
  await expect(versions.nth(0).locator('ins')).toHaveText('Bring cake');
  await expect(versions.nth(1).locator('del')).toHaveText('We meet at seven');
  await expect(versions.nth(2)).toContainText('as first written');
  await kim.asks('DELETE', `/api/messages/${message.id}`);
  await expect(page.getByText(`${kim.nickname} deleted a message`)).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'edited' })).toHaveCount(0);
});
