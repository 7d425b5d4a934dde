// @ts-check
/** Who is in a group, and who may write to whom. */

import { bubbles, choose, field, member, pageOf, says, two, writes } from '../rig/chat.js';
import { expect, test } from '../rig/test.js';

/** @typedef {import('@playwright/test').Page} Page */

/** A group of somebody, with others in it. @param {import('../rig/server.js').Person} owner @param {import('../rig/server.js').Person[]} others @param {string} title */
async function group(owner, others, title) {
  const { conversation } = await owner.asks('POST', '/api/conversations', { members: others.map(({ nickname }) => nickname), title });
  return conversation;
}

const members = (/** @type {Page} */ page) => page.getByRole('dialog', { name: 'Members' });
const line = (/** @type {Page} */ page, /** @type {string} */ nickname) => members(page).locator('.member').filter({ hasText: nickname });

/** @param {Page} page @param {string} nickname @param {string} act */
async function does(page, nickname, act) {
  await line(page, nickname).getByRole('button', { name: `What to do with ${nickname}` }).click();
  await page.getByRole('menuitem', { name: act }).click();
}

/** @param {Page} page @param {string} nickname */
async function picks(page, nickname) {
  await members(page).getByRole('searchbox').fill(nickname);
  await members(page).getByRole('list', { name: 'People' }).getByRole('button', { name: nickname }).click();
}

test('members are added with or without the past, and removed; what they see goes with it', async ({ browser, server, watch }) => {
  const [kim, lee, max, noa] = [await member(server, 'kim'), await member(server, 'lee'), await member(server, 'max'), await member(server, 'noa')];
  const choir = await group(kim, [lee], 'Choir');
  await says(kim, choir, 'We sing on Friday');
  const [page, other] = [await pageOf(browser, server, kim), await pageOf(browser, server, max)];
  watch(page);
  await page.goto(choir.url);
  await other.goto('/chat');
  await choose(page, 'Members');
  await expect(members(page).locator('.member')).toHaveCount(2);
  await picks(page, max.nickname);
  await members(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(line(page, max.nickname)).toBeVisible();
  await picks(page, noa.nickname);
  await members(page).getByLabel('They may read what was written before').check();
  await members(page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(members(page).locator('.member')).toHaveCount(4);

  // It comes by itself, and begins where they came.
  await other.locator('.conversation-list').getByRole('link', { name: 'Choir' }).click();
  await expect(other.locator('.chat-status')).toHaveText('4 members');
  await expect(other.locator('.chat-start')).toBeVisible();
  await expect(bubbles(other)).toHaveCount(0);
  const third = await pageOf(browser, server, noa);
  await third.goto(choir.url);
  await expect(bubbles(third)).toHaveText(['We sing on Friday']);

  await does(page, max.nickname, 'Remove');
  await expect(members(page).locator('.member')).toHaveCount(3);
  await expect(other.locator('main')).toContainText('There is nothing here');
  await says(kim, choir, 'Without Max');
  await expect(bubbles(third).last()).toHaveText('Without Max');
  await other.goto('/chat');
  await expect(other.locator('.conversation-list').getByRole('link', { name: 'Choir' })).toHaveCount(0);
  await expect(other.getByText('Without Max')).toHaveCount(0);
});

test('an owner makes admins, and leaves only after handing the group over', async ({ browser, server, watch }) => {
  const [kim, lee, max] = [await member(server, 'kim'), await member(server, 'lee'), await member(server, 'max')];
  const band = await group(kim, [lee, max], 'Band');
  const [page, other] = [await pageOf(browser, server, kim), await pageOf(browser, server, lee)];
  watch(other);
  await page.goto(band.url);
  await other.goto(band.url);
  await choose(other, 'Members');
  await expect(members(other).getByRole('button', { name: /^What to do with/ })).toHaveCount(0);
  await expect(members(other).getByRole('button', { name: 'Add', exact: true })).toHaveCount(0);

  await choose(page, 'Leave');
  await expect(page.getByText('Hand the group over to somebody else first')).toBeVisible();
  await choose(page, 'Members');
  await does(page, lee.nickname, 'Make an admin');
  await expect(line(page, lee.nickname)).toContainText('admin');
  await expect(line(other, lee.nickname)).toContainText('admin');
  await expect(members(other).getByRole('button', { name: 'Add', exact: true })).toBeVisible();
  await members(other).getByLabel('Name of the group').fill('Orchestra');
  await members(other).getByRole('button', { name: 'Save' }).click();
  await expect(page.locator('.chat-head h1')).toHaveText('Orchestra');
  await does(page, lee.nickname, 'No longer an admin');
  await expect(line(page, lee.nickname)).not.toContainText('admin');
  await does(page, lee.nickname, 'Hand the group over');
  await expect(line(page, lee.nickname)).toContainText('owner');
  await page.getByRole('button', { name: 'Close' }).click();
  await choose(page, 'Leave');
  await expect(page).toHaveURL(/\/chat$/);
  await expect(line(other, kim.nickname)).toHaveCount(0);
});

test('a stranger asks first: accepted they may go on, and see only then what is read', async ({ browser, server, watch }) => {
  const [kim, lee] = [await member(server, 'kim'), await member(server, 'lee')];
  const [one, other] = [await pageOf(browser, server, kim), await pageOf(browser, server, lee)];
  for (const page of [one, other]) watch(page);
  await one.goto(`/chat?with=${lee.nickname}`);
  await writes(one, 'May I ask you something?');
  await other.goto('/chat');
  await expect(other.locator('.chat-preview').first()).toHaveText('Wants to write to you');
  await other.locator('.conversation-list').getByRole('link', { name: kim.nickname }).click();
  await expect(other.getByText(`${kim.nickname} wants to write to you.`)).toBeVisible();
  await expect(bubbles(other)).toHaveText(['May I ask you something?']);
  await other.bringToFront();
  await expect(one.locator('.message.mine')).toHaveAttribute('data-state', 'sent');
  await other.getByRole('button', { name: 'Accept' }).click();
  await expect(other.getByText('wants to write to you')).toHaveCount(0);
  await expect(one.locator('.message.mine')).toHaveAttribute('data-state', 'read');
  await writes(other, 'Ask away');
  await expect(bubbles(one).last()).toHaveText('Ask away');
});

test('a stranger who is refused cannot go on, and their words are given back to them', async ({ browser, server }) => {
  const [kim, lee] = [await member(server, 'kim'), await member(server, 'lee')];
  const one = await pageOf(browser, server, kim);
  await one.goto(`/chat?with=${lee.nickname}`);
  await writes(one, 'Buy this!');
  await expect(one.locator('.message.mine')).toHaveAttribute('data-state', 'sent');
  const other = await pageOf(browser, server, lee);
  await other.goto('/chat');
  await other.locator('.conversation-list').getByRole('link', { name: kim.nickname }).click();
  // What is on its way just then is refused, and stays theirs.
  await one.context().setOffline(true);
  await writes(one, 'And this!');
  await expect(one.locator('.message.is-pending')).toHaveCount(1);
  await other.getByRole('button', { name: 'Block' }).click();
  await expect(other.getByText(`You have blocked ${kim.nickname}`)).toBeVisible();
  await one.context().setOffline(false);
  await expect(one.locator('.message[data-state=failed]')).toContainText('And this!');
  await expect(one.locator('.message[data-state=failed]')).toContainText('blocked');
  await expect(one.getByText('You cannot write here.')).toBeVisible();
  await expect(field(one)).toHaveCount(0);
  await expect(bubbles(other)).toHaveText(['Buy this!']);
  await one.getByRole('button', { name: 'Throw away' }).click();
  await expect(one.locator('.message[data-state=failed]')).toHaveCount(0);
});

test('who takes messages only from people they know is not written to by others', async ({ browser, server }) => {
  const { kim, lee, conversation } = await two(server);
  const max = await member(server, 'max');
  const settings = await pageOf(browser, server, lee);
  await settings.goto('/settings');
  const saved = settings.waitForResponse((response) => response.url().endsWith('/api/me') && response.request().method() === 'PATCH');
  await settings.getByLabel('Who may write to me').selectOption('known');
  await saved;
  const stranger = await pageOf(browser, server, max);
  await stranger.goto(`/chat?with=${lee.nickname}`);
  await writes(stranger, 'Hello?');
  await expect(stranger.getByRole('status').filter({ hasText: 'They take messages only from people they know.' }).or(stranger.getByText('They take messages only from people they know.')).first()).toBeVisible();
  await expect(field(stranger)).toHaveValue('Hello?');
  await says(kim, conversation, 'I may');
});
