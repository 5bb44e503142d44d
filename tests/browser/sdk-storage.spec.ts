import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import type { SdkSite, SdkWindow } from './sdk-site.ts';
import {
  endpoint,
  expectStored,
  expectUsers,
  flush,
  open,
  scriptUrl,
  serveSdkSite,
  storedByZone,
  storedKeys,
  track,
  watchRecords,
} from './sdk-site.ts';

/** What the browser SDK keeps on a page, and when it may (`browser-sdk.md` 15, T12 to T14, T16, T17). */
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

test.describe('T12', () => {
  const breakages = {
    denied: () =>
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      }),
    full: () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    },
    damaged: () => {
      const getItem = Storage.prototype.getItem.bind(localStorage);
      Storage.prototype.getItem = (key) => {
        return getItem(key) === null ? null : '{"deviceId":7';
      };
    },
  };
  for (const [name, breakage] of Object.entries(breakages)) {
    test(`storage ${name}: the page's memory has to do`, async ({ page }) => {
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      await page.addInitScript(breakage);
      await open(page, site.url());
      await track(page, event, 60);
      await flush(page);
      await expectStored(event, 60);
      expect(errors).toEqual([]);
    });
  }

  test('storage emptied while the page runs, and a queue of the old format', async ({ page }) => {
    await open(page, site.url());
    await track(page, event, 5);
    await page.evaluate(
      ([name, token]) => {
        const key = Object.keys(localStorage).find((one) => one.endsWith('_id')) ?? '';
        localStorage.clear();
        const properties = { token, distinct_id: 'old', time: Date.now() };
        const record = {
          event: name,
          properties: { ...properties, $insert_id: `old${Date.now()}` },
        };
        const old = JSON.stringify({ at: Date.now() - 60_000, records: [record] });
        localStorage.setItem(key.replace(/id$/, 'q_deadbeef'), old);
      },
      [event, demoProject.token] as const,
    );
    await open(page, site.url());
    await expectStored(event, 6);
  });

  test('a sandboxed frame without an origin: its memory has to do', async ({ page }) => {
    const inner = site.url();
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(
      site.url({ instead: `<iframe sandbox="allow-scripts" src="${inner}"></iframe>` }),
    );
    const frame = page.frame({ url: inner });
    await frame?.waitForFunction(() => 'track' in ((window as { arbor?: object }).arbor ?? {}));
    const left = await frame?.evaluate(async (name) => {
      const { arbor } = window as unknown as SdkWindow;
      for (let n = 0; n < 60; n++) arbor.track(name, { n });
      return arbor.flush();
    }, event);
    expect(left).toEqual({ sent: 60, left: 0 });
    await expectStored(event, 60);
    expect(errors).toEqual([]);
  });
});

test('T13 more than the queue may hold: the oldest events go, counted and told, and nobody is forgotten', async ({
  page,
}) => {
  await page.route(endpoint, (route) => route.abort());
  await open(page, site.url(), { readable: true });
  const dropped = await page.evaluate(async (name) => {
    const { arbor } = window as unknown as SdkWindow;
    let lost = 0;
    // What counts it is loaded at the first trouble.
    const counted = new Promise<void>((resolve) => {
      arbor.on('dropped', ({ count = 0 }) => {
        lost += count;
        setTimeout(resolve, 100);
      });
    });
    arbor.identify(`${name} ada`);
    for (let n = 0; n < 700; n++) arbor.track(name, { n, text: 'x'.repeat(1500) });
    await counted;
    return lost;
  }, event);
  expect(dropped).toBeGreaterThan(100);
  const records = watchRecords(page);
  await page.unroute(endpoint);
  await track(page, `${event} later`);
  await flush(page);
  await expectStored(event, 700 - dropped);
  await expectUsers(event, 1);
  const numbers = records
    .filter((record) => record.event === event)
    .map(({ properties }) => properties['n']);
  expect(Math.min(...(numbers as number[]))).toBe(dropped);
  const told = records.flatMap(({ properties }) => properties?.['$dropped'] ?? []) as number[];
  expect(told.reduce((sum, one) => sum + one, 0)).toBe(dropped);
  expect(records.filter((record) => record.event === '$identify')).toHaveLength(1);
});

test.describe('T14 a clock that is', () => {
  const day = 86_400_000;

  test('three days ahead: refused, mended, stored once', async ({ page }) => {
    await page.addInitScript((ms) => {
      const { now } = Date;
      Date.now = () => now() + ms;
    }, 3 * day);
    await open(page, site.url());
    await track(page, event, 4);
    await flush(page);
    await expectStored(event, 4);
    // Later ones are right from the start.
    await track(page, event, 2);
    const [first] = watchRecords(page);
    expect(first).toBeUndefined();
    await flush(page);
    await expectStored(event, 6);
  });

  test('three days behind: stored as it said, and told from the next record on', async ({
    page,
  }) => {
    await page.addInitScript((ms) => {
      const { now } = Date;
      Date.now = () => now() - ms;
    }, 3 * day);
    const records = watchRecords(page);
    await open(page, site.url());
    await track(page, event, 3);
    await flush(page);
    await track(page, event, 1);
    await flush(page);
    await expectStored(event, 4);
    const late = Date.now() - Number(records[0]?.properties['time']);
    expect(Math.abs(late - 3 * day)).toBeLessThan(60_000);
    const last = records.at(-1)?.properties ?? {};
    expect(Math.abs(Date.now() - Number(last['time']))).toBeLessThan(60_000);
    expect(Math.abs(Number(last['$clock_offset']) - 3 * day)).toBeLessThan(60_000);
  });

  test('put forward while the page is open: stored once, and right again', async ({ page }) => {
    await page.addInitScript(() => {
      const { now } = Date;
      const clock = { aheadMs: 0 };
      Object.assign(window, { clock });
      Date.now = () => now() + clock.aheadMs;
    });
    const records = watchRecords(page);
    await open(page, site.url());
    await track(page, event, 2);
    await flush(page);
    await page.evaluate((ms) => {
      (window as unknown as { clock: { aheadMs: number } }).clock.aheadMs = ms;
    }, 3 * day);
    await track(page, event, 3);
    await flush(page);
    await expectStored(event, 5);
    const fixed = records.filter(({ properties }) => properties['$clock_fixed'] === true);
    expect(fixed).toHaveLength(3);
    for (const { properties } of fixed) {
      expect(Math.abs(Date.now() - Number(properties['time']))).toBeLessThan(60_000);
    }
  });
});

test.describe('T16 consent', () => {
  test('pending: nothing is stored or sent; granted: all of it; denied: nothing is left; granted again: somebody new', async ({
    page,
  }) => {
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    const consent = (state: string): Promise<void> =>
      page.evaluate((to) => (window as unknown as SdkWindow).arbor.consent(to), state);
    const device = (): Promise<string | undefined> =>
      page.evaluate(() => (window as unknown as SdkWindow).arbor.ids?.deviceId);
    await open(page, site.url({ attributes: { 'page-views': 'off', consent: 'pending' } }));
    await track(page, event, 3);
    await flush(page);
    expect(await storedKeys(page)).toEqual([]);
    expect(await page.context().cookies()).toEqual([]);
    expect(await device()).toBeUndefined();
    expect(requests).not.toContain(endpoint);

    await consent('granted');
    const first = await device();
    await flush(page);
    await expectStored(event, 3);

    await consent('denied');
    await track(page, event, 3);
    await flush(page);
    expect(await storedKeys(page)).toEqual([expect.stringMatching(/^arb_\w{6}_out$/)]);
    await expectStored(event, 3);

    await consent('granted');
    expect(await device()).not.toBe(first);
    await track(page, event, 2);
    await flush(page);
    await expectStored(event, 5);
  });

  test('denied from the start: what is captured is gone, also when it is granted', async ({
    page,
  }) => {
    const records = watchRecords(page);
    await open(page, site.url({ attributes: { 'page-views': 'off', consent: 'denied' } }));
    await track(page, event, 3);
    await flush(page);
    expect(await storedKeys(page)).toEqual([]);
    expect(records).toEqual([]);
    await page.evaluate(() => (window as unknown as SdkWindow).arbor.consent('granted'));
    await track(page, event, 2);
    await flush(page);
    await expectStored(event, 2);
  });

  test('a refusal holds in all tabs, after a reload, and without the SDK by its key', async ({
    context,
    page,
  }) => {
    await open(page, site.url());
    const other = await open(await context.newPage(), site.url());
    await page.evaluate(() => (window as unknown as SdkWindow).arbor.optOut());
    await track(other, event, 2);
    await flush(other);
    await open(other, site.url());
    await track(other, event, 2);
    await flush(other);
    expect((await storedByZone(event)).map(({ total }) => total)).toEqual([0, 0]);
    const [key = ''] = await storedKeys(page);
    await page.evaluate((name) => localStorage.removeItem(name), key);
    await open(page, site.url());
    await track(page, event, 2);
    await flush(page);
    await expectStored(event, 2);
  });
});

test('T17 Do-Not-Track and Global Privacy Control refuse where the option says so, and nowhere else', async ({
  browser,
}) => {
  const cases: [object, Readonly<Record<string, string>>, boolean][] = [
    [{ doNotTrack: '1' }, { 'respect-dnt': '' }, false],
    [{ globalPrivacyControl: true }, { 'respect-dnt': '' }, false],
    [{ doNotTrack: '0', globalPrivacyControl: false }, { 'respect-dnt': '' }, true],
    [{ doNotTrack: '1', globalPrivacyControl: true }, {}, true],
  ];
  for (const [signals, attributes, isSent] of cases) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript((given) => {
      for (const [name, value] of Object.entries(given)) {
        Object.defineProperty(Navigator.prototype, name, { get: () => value as unknown });
      }
    }, signals);
    const records = watchRecords(page);
    await open(page, site.url({ attributes: { 'page-views': 'off', ...attributes } }));
    await track(page, event);
    await flush(page);
    expect(records).toHaveLength(isSent ? 1 : 0);
    expect((await storedKeys(page)).length > 0).toBe(isSent);
    await context.close();
  }
  await expectStored(event, 2);
});

test('a tag of which nothing can be had breaks nothing', async ({ page }) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.route(scriptUrl, (route) => route.abort());
  await page.goto(
    site.url({
      before: '<script>window.arbor = window.arbor || []; arbor.push(["track", "Early"])</script>',
    }),
  );
  await page.evaluate(() => (window as unknown as { arbor: unknown[] }).arbor.push(['track', 'x']));
  expect(errors).toEqual([]);
});
