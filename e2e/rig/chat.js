// @ts-check
/** People who write to each other, each in a browser of their own. */

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./server.js').Server} Server */
/** @typedef {import('./server.js').Person} Person */

/** A person who is new here. @param {Server} server @param {string} name */
export const member = (server, name) => server.member(`${name}${(server.people += 1)}`);

/** Two people and their conversation, with so many messages in it. @param {Server} server @param {number} [messages] */
export async function two(server, messages = 1) {
  const [kim, lee] = [await member(server, 'kim'), await member(server, 'lee')];
  const { conversation } = await kim.asks('POST', '/api/conversations', { members: [lee.nickname] });
  for (let number = 1; number <= messages; number += 1) await says(kim, conversation, `Message ${number}`);
  if (messages > 0) await lee.asks('POST', `/api/conversations/${conversation.id}/accept`);
  return { kim, lee, conversation };
}

let sends = 0;

/** @param {Person} person @param {{id: string}} conversation @param {string} body @param {object} [more] */
export async function says(person, conversation, body, more = {}) {
  sends += 1;
  return (await person.asks('POST', `/api/conversations/${conversation.id}/messages`, { body, client_id: `e2e-${process.pid}-${sends}`, ...more })).message;
}

/** A page of somebody's own browser. @param {import('@playwright/test').Browser} browser @param {Server} server @param {Person} person @param {import('@playwright/test').BrowserContextOptions} [options] */
export async function pageOf(browser, server, person, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, ...options });
  await person.enters(context);
  return context.newPage();
}

export const field = (/** @type {Page} */ page) => page.locator('textarea[name=message]');
export const bubbles = (/** @type {Page} */ page) => page.locator('.message .prose');

/** @param {Page} page @param {string} words */
export async function writes(page, words) {
  await field(page).fill(words);
  await page.locator('button#send').click();
}

/** Chooses from the menu of the conversation that is open. @param {Page} page @param {string | RegExp} item */
export async function choose(page, item) {
  await page.getByRole('button', { name: 'What to do with this conversation' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}
