/**
 * What the browser SDK takes of a page's main thread, by how much slower than this machine the visitor's is: asks the stack
 * named by ARBOR_API_URL (or one's own at the default) for the script, and prints medians over pages.
 */
import { chromium } from '@playwright/test';
import { findChromium } from '@arbor/local-stack/chromium';
import { repository } from '@arbor/local-stack/repository';
import { measureSdkCost, type SdkCost } from './sdk-cost-of-page.ts';
import { serveSdkSite } from '../browser/sdk-site.ts';

const pages = 15;
const slowdowns = [1, 4, 6];

const { executablePath, env, args } = await findChromium({
  executable: process.env.CHROMIUM_PATH,
  cacheDirectory: repository.cache,
});
const browser = await chromium.launch({ executablePath, env: { ...env }, args: [...args] });
const site = await serveSdkSite();
try {
  const url = site.url({ instead: '' });
  for (const slowdown of slowdowns) {
    const costs: SdkCost[] = [];
    for (let page = 0; page < pages; page++) {
      costs.push(await measureSdkCost(browser, { url, event: 'sdk cost', slowdown }));
    }
    const median = (of: (cost: SdkCost) => number): string => {
      const sorted = costs.map(of).sort((a, b) => a - b);
      return (sorted[sorted.length >> 1] ?? 0).toFixed(2);
    };
    process.stdout.write(
      `${slowdown} times slower: start ${median((cost) => cost.startMs)} ms, ` +
        `first track ${median((cost) => cost.firstTrackMs)} ms, ` +
        `track median ${median((cost) => cost.trackMedianMs)} ms, ` +
        `p95 ${median((cost) => cost.trackP95Ms)} ms, ` +
        `slowest ${median((cost) => cost.trackMostMs)} ms\n`,
    );
  }
} finally {
  await browser.close();
  await site.close();
}
