// @ts-check
/** What browsers tell their own server, where all of them are asked. */

import { Server } from '../rig/server.js';
import { expect, test } from '../rig/test.js';

test('pages say how long they took, without saying whose they were', async ({ browser }) => {
  const server = await Server.start({ TELEMETRY_PERCENT: '100' });
  try {
    const ida = await server.admin('ida-tell');
    await ida.makesBoard('tell', 'Tell');
    const context = await browser.newContext({ baseURL: server.url });
    await ida.enters(context);
    const page = await context.newPage();
    /** @type {import('@playwright/test').Request[]} */
    const reports = [];
    page.on('request', (request) => request.url().endsWith('/api/telemetry') && reports.push(request));
    await page.goto('/b/tell');
    await expect.poll(() => server.metric('browser_page_load_seconds_count{route="board"}')).toBe(1);
    expect(await server.metric('browser_first_paint_seconds_count{route="board"}')).toBe(1);
    expect(await server.metric('browser_sessions_total')).toBe(1);
    expect((await reports[0].allHeaders()).cookie).toBeUndefined();
    expect(reports[0].postData()).not.toMatch(/ida|tell/);

    // What breaks is told when the page is left.
    await page.evaluate(() => setTimeout(() => { throw new RangeError('of ida-tell'); }));
    await expect(page.getByText('Something in this page broke.')).toBeVisible();
    await page.goto('/people', { referer: `${server.url}/b/tell` });
    await expect.poll(() => server.metric('browser_errors_total{class="RangeError"}')).toBe(1);
    await expect.poll(() => server.metric('browser_page_load_seconds_count{route="people"}')).toBe(1);
    expect(await server.metric('browser_sessions_total')).toBe(1);
    expect(server.log).toContain('something broke in a browser');
    expect(server.log).not.toContain('of ida-tell');
    await context.close();
  } finally {
    await server.remove();
  }
});
