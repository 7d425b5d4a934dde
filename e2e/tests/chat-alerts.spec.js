// @ts-check
/** How one hears of messages one does not look at: counts, title, icon, sound, desktop; and how one does not. */

import { bubbles, choose, pageOf, says, two } from '../rig/chat.js';
import { expect, test } from '../rig/test.js';

/** @typedef {import('@playwright/test').Page} Page */

const count = (/** @type {Page} */ page) => page.locator('.rail a[href="/chat"] .unread-count');
const icon = (/** @type {Page} */ page) => page.locator('link[rel=icon]');

/** Notes what the page would show on the desktop, and what it would play. @param {Page} page @param {'granted' | 'denied'} answer to the page that asks */
async function listens(page, answer) {
  await page.addInitScript((permission) => {
    /** @type {any} */
    const noted = (window.heard = { shown: [], rung: 0 });
    class Noted {
      static permission = localStorage.getItem('asked') ? permission : 'default';
      static async requestPermission() {
        localStorage.setItem('asked', 'yes');
        return (Noted.permission = permission);
      }

      /** @param {string} title @param {{body: string}} options */
      constructor(title, { body }) {
        noted.shown.push({ title, body });
        noted.last = this;
      }

      close() {}
    }
    Object.assign(window, { Notification: Noted });
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function ring(...when) {
      noted.rung += 1;
      return start.apply(this, when);
    };
  }, answer);
}

/** Another page, which knows one's conversations and hears what happens. @param {Page} page */
async function loads(page) {
  const listed = page.waitForResponse(/\/api\/conversations\?/);
  await page.goto('/people');
  await listed;
  // Browsers are silent until somebody touches the page.
  await page.locator('h1').click();
}

const heard = (/** @type {Page} */ page) => page.evaluate(() => ({ shown: /** @type {any} */ (window).heard.shown, rung: /** @type {any} */ (window).heard.rung }));

test('title and icon say that something is new, from every page, until it is read', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server, 0);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto('/people');
  await expect(page).toHaveTitle(/^[^(]/);
  await expect(icon(page)).toHaveAttribute('href', /\/folkmoot\.svg$/);
  await says(kim, conversation, 'One');
  await says(kim, conversation, 'Two');
  await expect(count(page)).toContainText('2');
  await expect(page).toHaveTitle(/^\(2\) /);
  await expect(icon(page)).toHaveAttribute('href', /\/folkmoot-unread\.svg$/);
  await page.goto(conversation.url);
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page).toHaveTitle(/^[^(]/);
  await expect(icon(page)).toHaveAttribute('href', /\/folkmoot\.svg$/);
});

test('a muted conversation counts in its own row only, and is heard again', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await page.goto(conversation.url);
  await expect(bubbles(page)).toHaveText(['Message 1']);
  await choose(page, 'Mute');
  await expect(page.locator('.conversation-list [title=Muted]')).toBeVisible();
  await page.goto('/chat');
  await says(kim, conversation, 'Not now');
  await expect(page.locator('.unread-badge.quiet')).toContainText('1');
  await expect(count(page)).toHaveCount(0);
  await expect(page).toHaveTitle(/^[^(]/);
  await page.goto(conversation.url);
  await choose(page, 'Unmute');
  await expect(page.locator('.conversation-list [title=Muted]')).toHaveCount(0);
  await page.goto('/chat');
  await says(kim, conversation, 'Now');
  await expect(count(page)).toContainText('1');
});

test('sound and desktop notifications come to who asked for them, and lead to the message', async ({ browser, server, watch }) => {
  const { kim, lee, conversation } = await two(server);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await listens(page, 'granted');
  await page.goto('/settings');
  await says(kim, conversation, 'Nobody asked for this');
  await expect(count(page)).toContainText('2');
  await page.getByLabel('Sound for new messages').check();
  await page.getByLabel('Desktop notifications').check();
  await says(kim, conversation, 'Can you **hear** me?');
  await expect.poll(() => heard(page)).toEqual({ shown: [{ title: kim.nickname, body: 'Can you hear me?' }], rung: 1 });
  await page.evaluate(() => /** @type {any} */ (window).heard.last.onclick());
  await expect(bubbles(page).last()).toHaveText('Can you hear me?');
  // What one looks at is not announced; one's own words never are.
  await says(kim, conversation, 'While you look');
  await says(lee, conversation, 'From another device');
  await expect(bubbles(page).last()).toHaveText('From another device');
  expect((await heard(page)).rung).toBe(1);

  // Kept in this browser, turned off in the conversation's menu.
  await loads(page);
  await says(kim, conversation, 'Again');
  await expect.poll(async () => (await heard(page)).rung).toBe(1);
  await page.goto(conversation.url);
  await choose(page, 'No sound for new messages');
  await choose(page, 'No desktop notifications');
  await loads(page);
  await says(kim, conversation, 'And again');
  await expect(count(page)).toContainText('1');
  expect(await heard(page)).toEqual({ shown: [], rung: 0 });
});

test('a browser that does not allow notifications says so, and the choice stays off', async ({ browser, server, watch }) => {
  const { lee } = await two(server, 0);
  const page = await pageOf(browser, server, lee);
  watch(page);
  await listens(page, 'denied');
  await page.goto('/settings');
  await page.getByLabel('Desktop notifications').click();
  await expect(page.getByText('The browser does not allow it.')).toBeVisible();
  await expect(page.getByLabel('Desktop notifications')).not.toBeChecked();
});
