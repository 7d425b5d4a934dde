// @ts-check
/** A bad evening: the network comes and goes, pages are reloaded and closed, both write. In the end everybody sees everything, once, in order. */

import { expect, test } from '../rig/test.js';

const STEPS = 40;

/** Numbers below `sides`, the same for the same seed. @param {number} seed */
function dice(seed) {
  let state = seed;
  return (/** @type {number} */ sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % sides;
  };
}

for (const seed of [1, 2]) {
  test(`whatever happens to the connection, each message is shown once and in order (${seed})`, async ({ browser, server }) => {
    const roll = dice(seed);
    const [kay, lou] = [await server.member(`kay${seed}`), await server.member(`lou${seed}`)];
    const { conversation } = await kay.asks('POST', '/api/conversations', { members: [lou.nickname] });
    let said = 0;
    const says = async () => {
      said += 1;
      await kay.asks('POST', `/api/conversations/${conversation.id}/messages`, { body: `Kay ${said}`, client_id: `storm-${seed}-${said}` });
    };
    await says();
    await lou.asks('POST', `/api/conversations/${conversation.id}/accept`);
    const context = await browser.newContext({ baseURL: server.url });
    await lou.enters(context);
    let page = await context.newPage();
    const field = () => page.locator('textarea[name=message]');
    const enters = async () => {
      await page.goto(conversation.url);
      await expect(field()).toBeVisible();
    };
    await enters();
    let written = 0;
    let offline = false;
    const turns = async (/** @type {boolean} */ off) => {
      offline = off;
      await context.setOffline(off);
    };
    const steps = [
      says,
      says,
      async () => {
        written += 1;
        await field().fill(`Lou ${written}`);
        await field().press('Enter');
        // The field is free again once the words are kept.
        await expect(field()).toHaveValue('');
      },
      () => turns(!offline),
      async () => {
        await turns(false);
        await page.reload();
        await expect(field()).toBeVisible();
      },
      async () => {
        await page.close();
        page = await context.newPage();
        await turns(false);
        await enters();
      },
      // Away and back again.
      async () => {
        if (offline) return;
        await page.locator('.rail').getByRole('link', { name: 'People', exact: true }).click();
        await expect(field()).toHaveCount(0);
        await page.goBack();
        await expect(field()).toBeVisible();
      },
    ];
    for (let step = 0; step < STEPS; step += 1) await steps[[0, 1, 2, 2, 2, 3, 3, 4, 5, 6][roll(10)]]();
    await turns(false);
    const all = async () => (await kay.asks('GET', `/api/conversations/${conversation.id}/messages?limit=100`)).items.map((/** @type {any} */ one) => one.excerpt).reverse();
    await expect.poll(async () => (await all()).length, { timeout: 60_000 }).toBe(said + written);
    const expected = await all();
    for (const [name, most] of [['Kay', said], ['Lou', written]]) {
      expect(expected.filter((/** @type {string} */ words) => words.startsWith(String(name)))).toEqual(Array.from({ length: Number(most) }, (_, at) => `${name} ${at + 1}`));
    }
    const shown = () => page.locator('.message .prose').allTextContents();
    await expect.poll(async () => (await shown()).slice(-8), { timeout: 30_000 }).toEqual(expected.slice(-8));
    // All of them, as one who reads upwards sees them.
    const log = page.locator('.chat-log');
    await expect.poll(async () => {
      await log.evaluate((element) => (element.scrollTop = 0));
      return page.locator('.chat-start').count();
    }, { timeout: 30_000, intervals: [300] }).toBe(1);
    await expect.poll(async () => (await shown()).map((words) => words.trim())).toEqual(expected);
    await expect(page.locator('.is-pending')).toHaveCount(0);
  });
}
