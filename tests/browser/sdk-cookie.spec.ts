import { expect, test } from '@playwright/test';
import type { SdkSite, SdkWindow } from './sdk-site.ts';
import {
  expectStored,
  expectUsers,
  flush,
  open,
  serveSdkSite,
  storedKeys,
  track,
} from './sdk-site.ts';

/** Who the visitor is in a cookie of the first party (`browser-sdk.md` 15, T18). */
let site: SdkSite;
let event = '';
test.beforeAll(async () => {
  site = await serveSdkSite();
});
test.afterAll(() => site.close());
test.beforeEach(() => {
  event = `sdk T18 ${Date.now().toString(36)}`;
});

const attributes = { 'page-views': 'off', persistence: 'cookie' };
const deviceOf = (): string | undefined => (window as unknown as SdkWindow).arbor.ids?.deviceId;

test('T18 of the host alone, small, and the same after a reload', async ({ page, context }) => {
  await open(page, site.url({ attributes }));
  await page.evaluate(
    (id) => (window as unknown as SdkWindow).arbor.identify(id),
    `${event} ${'a'.repeat(200)}`,
  );
  await track(page, event, 2);
  await flush(page);
  const device = await page.evaluate(deviceOf);
  const cookies = await context.cookies();
  expect(cookies).toEqual([
    expect.objectContaining({
      name: expect.stringMatching(/^arb_\w{6}$/),
      domain: '127.0.0.1',
      path: '/',
      sameSite: 'Lax',
      value: expect.stringContaining(device ?? 'no device'),
    }),
  ]);
  const [cookie] = cookies;
  expect(`${cookie?.name}=${cookie?.value}`.length).toBeLessThanOrEqual(300);
  await open(page, site.url({ attributes }));
  expect(await page.evaluate(deviceOf)).toBe(device);
  await track(page, event);
  await flush(page);
  await expectStored(event, 3);
  await expectUsers(event, 1);
  expect(JSON.stringify(await storedKeys(page))).not.toContain(device);
});

test('T18 of all hosts of a domain where it is asked for; a domain that is refused is left out', async ({
  page,
  context,
}) => {
  const hosted = (host: string, domain: string): string =>
    site.url({ attributes: { ...attributes, 'cookie-domain': domain } }).replace('127.0.0.1', host);
  await open(page, hosted('a.shop.localhost', 'shop.localhost'));
  const device = await page.evaluate(deviceOf);
  await open(page, hosted('b.shop.localhost', 'shop.localhost'));
  expect(await page.evaluate(deviceOf)).toBe(device);
  expect(await context.cookies()).toMatchObject([{ domain: '.shop.localhost' }]);
  await context.clearCookies();
  await open(page, hosted('c.shop.localhost', 'another.example'));
  const own = await page.evaluate(deviceOf);
  expect(own).toBeDefined();
  expect(await context.cookies()).toMatchObject([{ domain: 'c.shop.localhost' }]);
  await page.reload();
  await page.waitForFunction(() => 'track' in ((window as { arbor?: object }).arbor ?? {}));
  expect(await page.evaluate(deviceOf)).toBe(own);
});
