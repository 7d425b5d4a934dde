// @ts-check
/** `test` with a community: one server for all tests of a file, and pages that must not complain. */

import { test as base, expect } from '@playwright/test';
import { Server } from './server.js';

/** @typedef {import('./server.js').Person} Person */

export const test = /** @type {import('@playwright/test').TestType<
  import('@playwright/test').PlaywrightTestArgs & import('@playwright/test').PlaywrightTestOptions &
  { tidy: void, watch: (page: import('@playwright/test').Page) => void },
  import('@playwright/test').PlaywrightWorkerArgs & import('@playwright/test').PlaywrightWorkerOptions &
  { server: Server, ann: Person, bob: Person, board: { slug: string } }>} */ (
  base.extend({
    server: [
      async ({}, use) => {
        const server = await Server.start();
        await use(server);
        await server.remove();
      },
      { scope: 'worker' },
    ],
    ann: [async ({ server }, use) => use(await server.admin('ann')), { scope: 'worker' }],
    bob: [async ({ server }, use) => use(await server.member('bob')), { scope: 'worker' }],
    board: [async ({ ann }, use) => use(await ann.makesBoard('cats', 'Cats')), { scope: 'worker' }],
    baseURL: async ({ server }, use) => use(server.url),
    /** Closes the browsers of people that a test opened: pages left behind stay live and slow down every test after it. */
    tidy: [
      async ({ browser }, use) => {
        await use();
        for (const context of browser.contexts()) await context.close();
      },
      { auto: true },
    ],
    /** Collects what a page complains about; the test fails at its end if there is anything. */
    watch: [
      async ({ tidy: _ }, use) => {
        /** @type {string[]} */
        const complaints = [];
        await use((page) => {
          page.on('console', (message) => {
            if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`);
          });
          page.on('pageerror', (error) => complaints.push(`error: ${error.stack}`));
        });
        expect(complaints).toEqual([]);
      },
      { auto: true },
    ],
    page: async ({ page, watch }, use) => {
      watch(page);
      await use(page);
    },
  })
);

export { expect };
