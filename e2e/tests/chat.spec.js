// @ts-check
/** Two people who write to each other, each in a browser of their own. */

import AxeBuilder from '@axe-core/playwright';
import { bubbles, field, member, pageOf, says, two, writes } from '../rig/chat.js';
import { expect, test } from '../rig/test.js';

/** How long a message may take to be seen by the other, ms. */
const PROMISED_MS = 2000;

test('two people write: seen by the other in time, with name, date and whose it is', async ({ browser, server, watch }) => {
  const [kim, lee] = [await member(server, 'kim'), await member(server, 'lee')];
  const [one, other] = [await pageOf(browser, server, kim), await pageOf(browser, server, lee)];
  for (const page of [one, other]) {
    watch(page);
    await page.goto('/');
    await page.locator('.rail a[href="/chat"]').click();
  }
  await one.getByRole('searchbox', { name: 'Find people, conversations and messages' }).fill(lee.nickname);
  await one.locator('.people-list').getByRole('link', { name: lee.nickname }).click();
  await expect(one.locator('.chat-head h1')).toHaveText(lee.nickname);
  await writes(one, 'Hello **there**');
  await expect(bubbles(one)).toHaveText(['Hello there']);
  await expect(one).toHaveURL(/\/chat\/\d+$/);

  await other.locator('.conversation-list').getByRole('link', { name: kim.nickname }).click();
  await other.getByRole('button', { name: 'Accept' }).click();
  await expect(other.locator('.message.theirs .prose')).toHaveText('Hello there');
  await expect(other.locator('.message.theirs .bubble-name')).toHaveText(kim.nickname);
  await expect(other.locator('.day-divider')).toHaveText('Today');

  const at = Date.now();
  await writes(other, 'Hello yourself');
  await expect(bubbles(one).nth(1)).toHaveText('Hello yourself', { timeout: PROMISED_MS });
  expect(Date.now() - at).toBeLessThan(PROMISED_MS);
  await expect(other.locator('.message.mine .prose')).toHaveText(['Hello yourself']);
  await expect(one.locator('.message time').first()).toHaveAttribute('datetime', /^20/);
});

test('log in, send, and the reply arrives: by the names that scripts know', async ({ browser, server }) => {
  for (const username of ['user1', 'user2']) await server.member(username);
  /** @param {string} username */
  const logIn = async (username) => {
    const page = await (await browser.newContext({ baseURL: server.url })).newPage();
    await page.goto('/login');
    await page.fill('input[name=username]', username);
    await page.fill('input[name=password]', 'password123');
    await page.click('button[type=submit]');
    await page.click('a[href="/chat"]');
    return page;
  };
  const [one, other] = [await logIn('user1'), await logIn('user2')];
  await one.getByRole('searchbox', { name: 'Find people, conversations and messages' }).fill('user2');
  await one.locator('.people-list').getByRole('link', { name: 'user2' }).click();
  await one.fill('textarea[name=message]', 'Hello from user1');
  await one.click('button#send');
  await other.locator('.conversation-list').getByRole('link', { name: 'user1' }).click();
  await expect(bubbles(other)).toHaveText(['Hello from user1']);
  await other.fill('textarea[name=message]', 'Hello from user2');
  await other.click('button#send');
  await expect(one.getByText('Hello from user2').last()).toBeVisible({ timeout: PROMISED_MS });
});

test('typing and receipts: who writes, what has arrived and what was read', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server);
  const [one, other] = [await pageOf(browser, server, kim), await pageOf(browser, server, lee)];
  for (const page of [one, other]) watch(page);
  await one.goto(conversation.url);
  await writes(one, 'Are you there?');
  await expect(one.locator('.message.mine').last()).toHaveAttribute('data-state', 'sent');
  await other.goto(conversation.url);
  await other.bringToFront();
  await expect(one.locator('.message.mine').last()).toHaveAttribute('data-state', 'read');
  await expect(one.locator('.readers')).toHaveAttribute('aria-label', `Read by ${lee.nickname}`);
  await field(other).pressSequentially('Yes');
  await expect(one.locator('.typing')).toHaveText(`${lee.nickname} is typing`);
  await other.keyboard.press('Enter');
  await expect(one.locator('.typing')).toHaveText('');
  await expect(bubbles(one).last()).toHaveText('Yes');
});

test('a dot says who is here, and turns when they go', async ({ browser, server }) => {
  const { kim, lee, conversation } = await two(server);
  const other = await pageOf(browser, server, lee);
  await other.goto('/');
  const one = await pageOf(browser, server, kim);
  await one.goto(conversation.url);
  const dot = one.locator(`.conversation-list [data-id="${conversation.id}"] .dot`);
  await expect(dot).toHaveClass(/online/);
  await expect(one.locator('.chat-status')).toHaveText('online');
  await other.context().close();
  await expect(dot).toHaveClass(/offline/, { timeout: 25_000 });
  await expect(one.locator('.chat-status')).toHaveText(/last seen/);
});

test('what is unread is counted in the list, in the rail and in the title, and no more once it is read', async ({ browser, server }) => {
  const { kim, lee, conversation } = await two(server, 1);
  const page = await pageOf(browser, server, lee);
  await page.goto('/');
  const count = page.locator('.rail a[href="/chat"] .unread-count');
  await expect(count).toContainText('1');
  await says(kim, conversation, 'One more');
  await expect(count).toContainText('2');
  await expect(page).toHaveTitle(/^\(2\)/);
  await page.locator('.rail a[href="/chat"]').click();
  await expect(page.locator('.unread-badge')).toContainText('2');
  await page.locator('.conversation-list').getByRole('link', { name: kim.nickname }).click();
  await expect(page.locator('.chat-line.is-new')).toBeVisible();
  await expect(count).toHaveCount(0);
  await expect(page).toHaveTitle(/^[^(]/);
  await page.reload();
  await expect(page.locator('.chat-line.is-new')).toHaveCount(0);
});

test('older messages come by ten near the top, at most one request in half a second, and nothing jumps', async ({ browser, server, watch }) => {
  const { lee, conversation } = await two(server, 65);
  const page = await pageOf(browser, server, lee, { viewport: { width: 1280, height: 600 } });
  watch(page);
  // As the page's own clock has them: what this process hears of them comes late on a busy machine.
  const asked = () => page.evaluate(() => performance.getEntriesByType('resource')
    .filter(({ name }) => name.includes('/messages?')).map(({ name, startTime }) => ({ search: new URL(name).search, at: startTime })));
  await page.goto(conversation.url);
  await expect(bubbles(page).last()).toHaveText('Message 65');
  expect((await asked())[0].search).toBe('?limit=10&offset=0');
  const log = page.locator('.chat-log');
  // Whoever turns the wheel without rest.
  for (let turn = 0; turn < 120 && !(await page.getByText('Message 1', { exact: true }).count()); turn += 1) {
    await log.evaluate((element) => (element.scrollTop = Math.max(0, element.scrollTop - 300)));
    await page.waitForTimeout(30);
  }
  await expect(page.getByText('Message 1', { exact: true })).toBeVisible();
  const older = (await asked()).slice(1);
  expect(older.length).toBe(6);
  expect(older.every(({ search }) => new URLSearchParams(search).get('limit') === '10')).toBe(true);
  for (let at = 1; at < older.length; at += 1) expect(older[at].at - older[at - 1].at).toBeGreaterThan(490);
});

test('what one reads stays where it is: 0 px while messages, edits and pictures come', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 40);
  const page = await pageOf(browser, server, lee, { viewport: { width: 1280, height: 420 } });
  watch(page);
  await page.goto(conversation.url);
  const log = page.locator('.chat-log');
  await expect(bubbles(page).last()).toHaveText('Message 40');
  await log.evaluate((element) => (element.scrollTop = 90));
  await expect(page.getByText('Message 21', { exact: true })).toBeAttached();
  const top = () => page.getByText('Message 26', { exact: true }).evaluate((element) => element.getBoundingClientRect().top);
  await page.getByText('Message 26', { exact: true }).evaluate((element) => {
    const box = /** @type {HTMLElement} */ (element.closest('.chat-log'));
    box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - 60;
  });
  await page.waitForTimeout(700); // older ones that are on their way
  const before = await top();
  for (let number = 0; number < 8; number += 1) await says(kim, conversation, `While reading ${number}`);
  const { items } = await kim.asks('GET', `/api/conversations/${conversation.id}/messages?limit=30&offset=8`);
  for (const message of items.filter((/** @type {any} */ one) => /Message 2[34]/.test(one.html))) await kim.asks('PATCH', `/api/messages/${message.id}`, { body: 'Now very much longer. '.repeat(40) });
  await expect(page.getByText('8 new messages')).toBeVisible();
  // A picture above whose height nobody knew.
  await log.evaluate((element) => {
    const picture = document.createElement('canvas');
    Object.assign(picture, { width: 20, height: 333 });
    element.querySelector('.message .prose')?.append(picture);
  });
  await page.waitForTimeout(200);
  expect(await top()).toBe(before);
  await page.getByText('8 new messages').click();
  await expect(bubbles(page).last()).toHaveText('While reading 7');
  await expect(bubbles(page).last()).toBeInViewport();
});

test('of ten thousand messages only those near are on the page, and a link finds any of them', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 30);
  const page = await pageOf(browser, server, lee);
  watch(page);
  const model = (await kim.asks('GET', `/api/conversations/${conversation.id}/messages?limit=1`)).items[0];
  // As the server would tell them, without writing each of them first.
  await page.route(`**/api/conversations/${conversation.id}/messages?*`, async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const around = Number(query.get('around'));
    const before = Number(query.get('before') ?? 10_001);
    const [from, to] = around ? [around - 50, around + 50] : [Math.max(1, before - 1000), before - 1];
    const items = Array.from({ length: to - from + 1 }, (_, at) => ({ ...model, id: `v${to - at}`, seq: to - at, html: `<p>${`Row ${to - at} `.repeat(1 + ((to - at) % 9) * 7)}</p>`, client_id: null }));
    const { epoch, stream, seq } = await (await route.fetch({ url: route.request().url().replace(/\?.*/, '?limit=1') })).json();
    await route.fulfill({ json: { items, older: from > 1, newer: Boolean(around), epoch, stream, seq } });
  });
  await page.goto(conversation.url);
  const log = page.locator('.chat-log');
  await expect.poll(async () => {
    await log.evaluate((element) => (element.scrollTop = 0));
    return page.locator('.chat-start').count();
  }, { intervals: [200], timeout: 60_000 }).toBe(1);
  const rows = await log.evaluate((element) => element.querySelectorAll('.chat-row').length);
  expect(rows).toBeLessThan(120);
  expect(await log.evaluate((element) => element.scrollHeight)).toBeGreaterThan(400_000);
  for (const part of [0.1, 0.9, 0.5, 0.02]) {
    await log.evaluate((element, where) => (element.scrollTop = element.scrollHeight * where), part);
    const filled = () => log.evaluate((element) => {
      const { top, bottom, left } = element.getBoundingClientRect();
      return [top + 5, (top + bottom) / 2, bottom - 5].every((y) => document.elementFromPoint(left + 60, y)?.closest('.chat-row') || document.elementFromPoint(left + 200, y)?.closest('.chat-row'));
    });
    await expect.poll(filled, { message: String(part), intervals: [50] }).toBe(true);
    expect(await log.evaluate((element) => element.querySelectorAll('.chat-row').length)).toBeLessThan(120);
  }
  await page.goto(`${conversation.url}?message=5000`);
  await expect(page.locator('.message[data-seq="5000"]')).toBeInViewport();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('words written without a network survive a closed tab and are sent once, in order', async ({ browser, server }) => {
  const { kim, lee, conversation } = await two(server);
  let page = await pageOf(browser, server, lee);
  const context = page.context();
  await page.goto(conversation.url);
  await expect(field(page)).toBeVisible();
  await context.setOffline(true);
  for (const words of ['First in the tunnel', 'Second in the tunnel']) {
    await writes(page, words);
    await expect(page.locator('.message.is-pending').filter({ hasText: words })).toBeVisible();
  }
  await page.close();
  await context.setOffline(false);
  page = await context.newPage();
  await page.goto(conversation.url);
  await expect(bubbles(page)).toHaveText(['Message 1', 'First in the tunnel', 'Second in the tunnel']);
  await expect(page.locator('.is-pending')).toHaveCount(0);
  const { items } = await kim.asks('GET', `/api/conversations/${conversation.id}/messages?limit=20`);
  expect(items.map((/** @type {any} */ one) => one.excerpt)).toEqual(['Second in the tunnel', 'First in the tunnel', 'Message 1']);
});

test('three tabs show the same, and count the same', async ({ browser, server }) => {
  const { kim, lee, conversation } = await two(server);
  const first = await pageOf(browser, server, lee);
  const tabs = [first, await first.context().newPage(), await first.context().newPage()];
  await tabs[0].goto(conversation.url);
  await tabs[1].goto(conversation.url);
  await tabs[2].goto('/chat');
  await writes(tabs[0], 'From the first tab');
  for (const tab of tabs.slice(0, 2)) await expect(bubbles(tab)).toHaveText(['Message 1', 'From the first tab']);
  await expect(tabs[2].locator('.chat-preview').first()).toHaveText('You: From the first tab');
  await tabs[2].bringToFront();
  for (const tab of tabs) await tab.evaluate(() => Object.defineProperty(document, 'hasFocus', { value: () => false, configurable: true }));
  await says(kim, conversation, 'For all tabs');
  for (const tab of tabs) await expect(tab.locator('.rail a[href="/chat"] .unread-count')).toContainText('1');
  await tabs[1].evaluate(() => {
    Object.defineProperty(document, 'hasFocus', { value: () => true, configurable: true });
    window.dispatchEvent(new Event('focus'));
  });
  for (const tab of tabs) await expect(tab.locator('.rail a[href="/chat"] .unread-count')).toHaveCount(0);
});

test('keyboard only: write, go through messages, react, edit the last one with arrow up, delete and take it back', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto(conversation.url);
  await expect(field(page)).toBeFocused();
  const height = async () => (await field(page).boundingBox())?.height ?? 0;
  const small = await height();
  await page.keyboard.type('One');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('three');
  expect(await height()).toBeGreaterThan(small + 30);
  await page.keyboard.press('Enter');
  await expect(bubbles(page).last()).toContainText('three');
  await expect(page.locator('.is-pending')).toHaveCount(0);
  expect(await height()).toBe(small);

  await page.keyboard.press('ArrowUp');
  await expect(field(page)).toHaveValue('One\ntwo\nthree');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('Only one');
  await page.keyboard.press('Enter');
  await expect(bubbles(page).last()).toHaveText('Only one');
  await expect(page.locator('.bubble-edited')).toBeVisible();
  await expect(field(page)).toHaveValue('');

  await page.locator('.chat-log').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.message.theirs')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'React' }).press('Enter');
  await expect(page.getByRole('searchbox', { name: 'Find an emoji by name' })).toBeFocused();
  await page.keyboard.type('heart');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message.theirs .reaction')).toHaveAttribute('aria-pressed', 'true');
  await page.locator('.message.mine').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  await expect(bubbles(page).getByText('Only one')).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(bubbles(page).last()).toHaveText('Only one');
  await page.locator('.message.mine').focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  await expect(page.getByText('You deleted a message')).toBeVisible({ timeout: 10_000 });
  const { items } = await kim.asks('GET', `/api/conversations/${conversation.id}/messages?limit=5`);
  expect(items[0].deleted).toBe(true);
});

test('a group: begun, named, joined, left', async ({ browser, server, watch }) => {
  const [kim, lee, max] = [await member(server, 'kim'), await member(server, 'lee'), await member(server, 'max')];
  const page = await pageOf(browser, server, kim);
  watch(page);
  await page.goto('/chat');
  await page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = page.getByRole('dialog');
  for (const person of [lee, max]) {
    await dialog.getByRole('searchbox').fill(person.nickname);
    await dialog.getByRole('list', { name: 'People' }).getByRole('button', { name: person.nickname }).click();
  }
  await dialog.getByLabel('Name of the group').fill('Gardeners');
  await dialog.getByRole('button', { name: 'Begin' }).click();
  await expect(page.locator('.chat-head h1')).toHaveText('Gardeners');
  await expect(page.locator('.chat-status')).toHaveText('3 members');
  await writes(page, 'Who waters on Sunday?');

  const other = await pageOf(browser, server, lee);
  await other.goto('/chat');
  await other.locator('.conversation-list').getByRole('link', { name: 'Gardeners' }).click();
  await expect(bubbles(other)).toHaveText(['Who waters on Sunday?']);
  await other.getByRole('button', { name: 'What to do with this conversation' }).click();
  await other.getByRole('menuitem', { name: 'Leave' }).click();
  await expect(other).toHaveURL(/\/chat$/);
  await expect(other.locator('.conversation-list').getByRole('link', { name: 'Gardeners' })).toHaveCount(0);
  await expect(page.locator('.chat-status')).toHaveText('2 members');
});

test('whoever is blocked can no longer write, until that is taken back in the settings', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto(conversation.url);
  await page.getByRole('button', { name: 'What to do with this conversation' }).click();
  await page.getByRole('menuitem', { name: `Block ${kim.nickname}` }).click();
  await expect(page.getByText(`You have blocked ${kim.nickname}`)).toBeVisible();
  await expect(field(page)).toHaveCount(0);
  await expect(says(kim, conversation, 'Hello?')).rejects.toThrow(/403/);
  await page.locator('.rail').getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('listitem').filter({ hasText: kim.nickname }).getByRole('button', { name: 'Unblock' }).click();
  await expect(page.getByRole('heading', { name: 'Blocked' })).toHaveCount(0);
  await says(kim, conversation, 'Hello again');
  await page.goto(`/people/${kim.nickname}`);
  await page.locator('main').getByRole('link', { name: 'Write' }).click();
  await expect(bubbles(page).last()).toHaveText('Hello again');
});

test('who does not show how far they have read is not shown', async ({ browser, server }) => {
  const { kim, lee, conversation } = await two(server);
  const settings = await pageOf(browser, server, lee);
  await settings.goto('/settings');
  const saved = settings.waitForResponse((response) => response.url().endsWith('/api/me') && response.request().method() === 'PATCH');
  await settings.getByLabel('Show how far I have read').uncheck();
  await saved;
  const page = await pageOf(browser, server, kim);
  await page.goto(conversation.url);
  await settings.goto(conversation.url);
  await settings.bringToFront();
  await expect(settings.locator('.rail a[href="/chat"] .unread-count')).toHaveCount(0);
  await expect.poll(async () => (await lee.asks('GET', `/api/conversations/${conversation.id}`)).conversation.unread.count).toBe(0);
  await page.reload();
  await expect(page.locator('.message.mine')).toHaveAttribute('data-state', 'sent');
});

test('on a phone the list and the conversation are two screens', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 25);
  const page = await pageOf(browser, server, lee, { viewport: { width: 375, height: 720 }, hasTouch: true, isMobile: true });
  watch(page);
  await page.goto('/');
  await page.locator('.tabs a[href="/chat"]').click();
  await expect(page.locator('.conversation-list')).toBeVisible();
  await expect(page.locator('.people-list li')).toHaveCount(0);
  await expect(page.locator('.chat-thread')).toBeHidden();
  await page.locator('.conversation-list').getByRole('link', { name: kim.nickname }).click();
  await expect(page.locator('.user-list')).toBeHidden();
  await expect(bubbles(page).last()).toHaveText('Message 25');
  await writes(page, 'From the bus');
  await expect(bubbles(page).last()).toHaveText('From the bus');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await page.getByRole('link', { name: 'All conversations' }).click();
  await expect(page.locator('.conversation-list')).toBeVisible();
  await expect(page.locator('.chat-preview').first()).toHaveText('You: From the bus');
  expect(conversation.kind).toBe('direct');
});

test('everything has a name for those who hear the page, in both themes', async ({ browser, server }) => {
  const { lee, kim, conversation } = await two(server, 3);
  const message = await says(lee, conversation, 'An *answer* with `code`');
  await kim.asks('PUT', `/api/messages/${message.id}/reactions/${encodeURIComponent('👍')}`);
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const page = await pageOf(browser, server, lee, { colorScheme });
    for (const address of ['/chat', conversation.url]) {
      await page.goto(address);
      await expect(page.locator('.conversation-list li').first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`), `${address} ${colorScheme}`).toEqual([]);
    }
    await expect(page.getByRole('log', { name: `Messages: ${kim.nickname}` })).toHaveAttribute('aria-live', 'off');
  }
});

test('whoever is not signed in is led there, and back', async ({ browser, server }) => {
  const { lee, conversation } = await two(server);
  const context = await browser.newContext({ baseURL: server.url });
  const page = await context.newPage();
  await page.goto(conversation.url);
  await page.locator('main').getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel(/nickname or e-mail/i).fill(lee.nickname);
  await page.getByLabel('Password', { exact: true }).fill('password123');
  await page.locator('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(conversation.url);
  await expect(bubbles(page)).toHaveText(['Message 1']);
});

test('a third person finds nothing at its address', async ({ browser, server }) => {
  const { conversation } = await two(server);
  const page = await pageOf(browser, server, await member(server, 'max'));
  await page.goto(conversation.url);
  await expect(page.locator('main')).toContainText('There is nothing here');
});
