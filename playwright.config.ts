import { defineConfig } from '@playwright/test';
import { findChromium } from './packages/local-stack/src/chromium.ts';
import { repository } from './packages/local-stack/src/repository.ts';

const { executablePath, env, args } = await findChromium({
  executable: process.env.CHROMIUM_PATH,
  cacheDirectory: repository.cache,
});

export default defineConfig({
  testDir: 'tests/browser',
  // Two cores also run the stack that is being tested.
  workers: 1,
  // What is asserted is what a page shows, not how soon: a machine that does much else gets the time it needs.
  timeout: 180_000,
  expect: { timeout: 45_000 },
  forbidOnly: true,
  outputDir: 'test-results',
  reporter: [['list']],
  use: {
    // Set by the test command, which starts the stack; a stack of one's own stands at the default.
    baseURL: process.env.ARBOR_WEB_URL ?? 'http://localhost:3000',
    launchOptions: { executablePath, env: { ...env }, args: [...args] },
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  // With one worker they run in this order: the one-time link makes the account that others then sign in with.
  projects: [
    { name: 'owner', testMatch: 'owner.spec.ts' },
    { name: 'views', testIgnore: 'owner.spec.ts' },
  ],
});
