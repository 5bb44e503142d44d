import { chromium, type Browser } from '@playwright/test';
import { findChromium } from '@arbor/local-stack/chromium';
import { repository } from '@arbor/local-stack/repository';
import { startTestStack } from '@arbor/local-stack/testing/test-stack';
import { loadDemoTruth } from '../../support/demo-truth.ts';

/**
 * Gives a browser and the dashboard over the whole demo world: of the stack that ARBOR_WEB_URL, ARBOR_API_URL and
 * ARBOR_DATA_DIR name, or else of one that is started from the production build and ended afterwards.
 */
export async function withDemo(
  use: (browser: Browser, webUrl: string) => Promise<void>,
): Promise<void> {
  const { ARBOR_WEB_URL: webUrl, ARBOR_API_URL: apiUrl, ARBOR_DATA_DIR: dataDir } = process.env;
  const isGiven = webUrl !== undefined && apiUrl !== undefined && dataDir !== undefined;
  const stack = isGiven
    ? { webUrl, apiUrl, dataDir, stop: () => Promise.resolve() }
    : await startTestStack({ web: true, demo: true, programs: 'build' });
  try {
    await loadDemoTruth(stack.apiUrl, stack.dataDir);
    const { executablePath, env, args } = await findChromium({
      executable: process.env.CHROMIUM_PATH,
      cacheDirectory: repository.cache,
    });
    const browser = await chromium.launch({ executablePath, env: { ...env }, args: [...args] });
    try {
      await use(browser, stack.webUrl);
    } finally {
      await browser.close();
    }
  } finally {
    await stack.stop();
  }
}
