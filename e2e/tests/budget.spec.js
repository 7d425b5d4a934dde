// @ts-check
/** What a first visit loads, compressed: at most 60 KB of script and 15 KB of style. */

import { expect, test } from '../rig/test.js';

const LIMITS = { Script: 60_000, Stylesheet: 15_000 };

test('a first visit stays within its budget', async ({ ann, bob, board, context }) => {
  const thread = await ann.opens(board.slug, 'Light enough', 'Begin.');
  await ann.replies(thread, 'And *on*.');
  for (const person of [null, bob]) {
    await context.clearCookies();
    await person?.enters(context);
    for (const path of ['/', `/b/${board.slug}`, thread.url, '/people/ann']) {
      const page = await context.newPage();
      const cdp = await context.newCDPSession(page);
      await cdp.send('Network.enable');
      await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
      await cdp.send('Network.setBypassServiceWorker', { bypass: true });
      const loaded = { Script: 0, Stylesheet: 0 };
      cdp.on('Network.responseReceived', ({ type, response }) => {
        if (type === 'Script' || type === 'Stylesheet') loaded[type] += Number(response.headers['content-length']);
      });
      await page.goto(path, { waitUntil: 'networkidle' });
      console.log(`${path} for ${person ? 'a member' : 'a guest'}: ${loaded.Script} bytes of script, ${loaded.Stylesheet} of style`);
      expect(loaded.Script, path).toBeGreaterThan(5_000);
      expect(loaded.Script, path).toBeLessThan(LIMITS.Script);
      expect(loaded.Stylesheet, path).toBeLessThan(LIMITS.Stylesheet);
      await page.close();
    }
  }
});
