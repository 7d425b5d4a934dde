// @ts-check
import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(chromium)) {
  throw new Error('Chromium is missing: apt-get install chromium');
}

export default defineConfig({
  testDir: 'tests',
  outputDir: '../test-results/e2e',
  // Two cores: one browser and one server keep them busy.
  workers: 1,
  // A whole walk through the pages on two busy cores; what is waited for has its own, shorter limit.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // A second try keeps a machine that stood still for a moment from failing a whole run. The run names what needed one:
  // mostly it is a fault that shows rarely.
  retries: 1,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
