// @ts-check
/** Chat by keyboard alone, and as those hear it who do not see it. */

import { bubbles, field, member, pageOf, says, two } from '../rig/chat.js';
import { expect, test } from '../rig/test.js';

/** @typedef {import('@playwright/test').Page} Page */

/** Goes on with the tab key until something has the focus. @param {Page} page @param {import('@playwright/test').Locator} wanted @param {string} [key] */
async function tabsTo(page, wanted, key = 'Tab') {
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  await expect(wanted).toBeFocused();
}

test('keyboard only: from the first page through a whole conversation', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 25);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto('/');
  await tabsTo(page, page.locator('.rail a[href="/chat"]'));
  await page.keyboard.press('Enter');
  const find = page.getByRole('searchbox', { name: 'Find people, conversations and messages' });
  await expect(find).toBeVisible();
  await tabsTo(page, find);
  await page.keyboard.type(kim.nickname);
  await page.keyboard.press('ArrowDown');
  await expect(page.locator(`.conversation-list [data-id="${conversation.id}"] a`)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('Hello from the keyboard');
  await page.keyboard.press('Enter');
  await expect(bubbles(page).last()).toHaveText('Hello from the keyboard');
  await expect(page.locator('.is-pending')).toHaveCount(0);

  // Up among the messages, answer one of them, and follow the answer back.
  await page.keyboard.press('Shift+Tab');
  await tabsTo(page, page.locator('.chat-log'), 'Shift+Tab');
  for (let number = 0; number < 3; number += 1) await page.keyboard.press('ArrowUp');
  const answered = page.locator('.message').filter({ hasText: /Message 24$/ });
  await expect(answered).toBeFocused();
  await page.keyboard.press('r');
  await expect(field(page)).toBeFocused();
  await expect(page.getByText(`Answering ${kim.nickname}`)).toBeVisible();
  await page.keyboard.type('An answer');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message.mine .bubble-answered').last()).toContainText('Message 24');
  await tabsTo(page, page.locator('.message.mine .bubble-answered').last(), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(answered).toBeFocused();

  // The menu of the conversation opens, is walked, and gives the focus back.
  const more = page.getByRole('button', { name: 'What to do with this conversation' });
  await tabsTo(page, more, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Search' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Mute' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Search' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('searchbox', { name: 'Words to find' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('what is heard of a conversation: its list, its messages, who writes, and what comes', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 1);
  const max = await member(server, 'max');
  await kim.asks('POST', '/api/conversations', { members: [lee.nickname, max.nickname], title: 'Film night' });
  const mine = await says(lee, conversation, 'An *answer*');
  await kim.asks('PUT', `/api/messages/${mine.id}/reactions/${encodeURIComponent('👍')}`);
  await kim.asks('POST', `/api/conversations/${conversation.id}/read`, { seq: mine.seq });
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto(conversation.url);
  await expect(page.getByRole('complementary', { name: 'Conversations and people' })).toMatchAriaSnapshot(`
    - complementary:
      - heading "Chat" [level=2]
      - button "New conversation"
      - searchbox "Find people, conversations and messages"
      - list "Conversations":
        - listitem:
          - link /${kim.nickname} You.+An answer/
        - listitem:
          - link /Film night No messages yet/
  `);
  const log = page.getByRole('log', { name: `Messages: ${kim.nickname}` });
  await expect(log).toMatchAriaSnapshot(`
    - log:
      - paragraph: This is where you and ${kim.nickname} begin.
      - separator: Today
      - separator: New
      - article /${kim.nickname}, .* at \\d+.\\d+/:
        - paragraph: Message 1
      - article /You, .* at \\d+.\\d+/:
        - paragraph:
          - text: An
          - emphasis: answer
        - button "👍 1 person"
        - img "Read by ${kim.nickname}"
  `);
  await log.getByRole('article').last().focus();
  for (const name of ['React', 'Reply', 'More']) await expect(log.getByRole('button', { name })).toHaveCount(1);
  await expect(page.getByRole('textbox', { name: `Message ${kim.nickname}` })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send' })).toBeVisible();
  // What comes is said once, by whom; many at once are only counted.
  const status = page.locator('.chat-log-box [role=status]');
  await says(kim, conversation, 'Do you hear me?');
  await expect(status).toHaveText(`${kim.nickname}: Do you hear me?`);
  const other = await pageOf(browser, server, kim);
  await other.goto(conversation.url);
  await field(other).pressSequentially('Well');
  await expect(page.getByRole('status').filter({ hasText: `${kim.nickname} is typing` })).toBeVisible();
});
