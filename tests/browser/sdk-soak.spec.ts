import { expect, test } from '@playwright/test';
import type { SdkSite } from './sdk-site.ts';
import { expectStored, open, serveSdkSite, storedKeys } from './sdk-site.ts';

/** What the browser SDK takes of a page over a day (`browser-sdk.md` 15, T29); what a call takes: `tests/measure/sdk-cost.ts`. */
let site: SdkSite;
let event = '';
test.beforeAll(async () => {
  site = await serveSdkSite();
});
test.afterAll(() => site.close());
test.beforeEach(() => {
  const [id = ''] = test.info().title.split(' ', 1);
  event = `sdk ${id} ${Date.now().toString(36)}`;
});

test('T29 a day on one page: neither memory nor storage grows', async ({ page }) => {
  const session = await page.context().newCDPSession(page);
  const heapBytes = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    return usedSize;
  };
  await page.clock.install({ time: Date.now() - 24 * 3_600_000 });
  await open(page, site.url());
  const hours: { keys: string[]; heap: number }[] = [];
  for (let hour = 0; hour < 24; hour++) {
    await page.evaluate(async (name) => {
      const { arbor } = window as unknown as {
        arbor: { track(event: string, given: object): void; flush(): Promise<unknown> };
      };
      for (let n = 0; n < 60; n++) arbor.track(name, { n, text: 'x'.repeat(200) });
      await arbor.flush();
    }, event);
    await page.clock.runFor(3_600_000);
    hours.push({ keys: await storedKeys(page), heap: await heapBytes() });
  }
  await expectStored(event, 24 * 60);
  const [first, last] = [hours[3], hours[23]];
  expect(last?.keys).toEqual(first?.keys);
  // Kept records would be 20 hours of 60 times half a kB.
  expect((last?.heap ?? Infinity) - (first?.heap ?? 0)).toBeLessThan(300_000);
});
