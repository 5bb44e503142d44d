import { expect, test } from '@playwright/test';
import type { SdkSite, SdkWindow } from './sdk-site.ts';
import { expectStored, open, serveSdkSite, stored, track } from './sdk-site.ts';
import { apiUrl } from './stack.ts';

/**
 * The browser SDK on a site of a customer, against the real API: nothing lost, nothing doubled
 * (`browser-sdk.md` 15). Each test has an event name of its own and counts what is stored of it.
 */
let site: SdkSite;
let event = '';
test.beforeAll(async () => {
  site = await serveSdkSite();
});
test.afterAll(() => site.close());
test.beforeEach(() => {
  const { title } = test.info();
  event = `sdk ${title.slice(0, 20)} ${Date.now().toString(36)}`;
});

const endpoint = `${apiUrl}/e`;
const failure = {
  status: 503,
  headers: { 'access-control-allow-origin': '*' },
  body: '{"status":0}',
};

test('a burst of 1 051 events is stored whole, in bodies of fifty', async ({ page }) => {
  const sizes: number[] = [];
  await open(page, site.url());
  page.on('response', async (response) => {
    if (response.url() !== endpoint) return;
    sizes.push(((await response.json()) as { accepted: number }).accepted);
  });
  await track(page, event, 1051);
  await expectStored(event, 1051, 40_000);
  expect(Math.max(...sizes)).toBe(50);
  expect((await stored(event)).users).toBe(1);
});

test('more than the queue may hold: the oldest events go, counted, and nobody is forgotten', async ({
  page,
}) => {
  await page.route(endpoint, (route) => route.abort());
  await open(page, site.url());
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
  await page.unroute(endpoint);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  await expectStored(event, 700 - dropped);
  expect((await stored(event)).users).toBe(1);
});

test('a tab that is closed directly after track, and one that crashes', async ({ context }) => {
  const first = await open(await context.newPage(), site.url());
  await track(first, event, 3);
  await first.close();
  const second = await open(await context.newPage(), site.url());
  await track(second, event, 2);
  await second.goto('chrome://crash').catch(() => {});
  await second.close();
  // The heartbeat of the crashed page grows old first.
  await open(await context.newPage(), site.url());
  await expectStored(event, 5, 30_000);
});

test('navigating at once, with more waiting than a page may send when it goes', async ({
  page,
}) => {
  await open(page, site.url());
  await track(page, event, 100, { text: 'x'.repeat(2000) });
  await open(page, site.url());
  await expectStored(event, 100);
});

test('the server is away while pages come and go, then answers again', async ({ page }) => {
  await page.route(endpoint, (route) => route.abort());
  for (let load = 0; load < 3; load++) {
    await open(page, site.url());
    await track(page, event, 60);
    await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  }
  expect((await stored(event)).total).toBe(0);
  await page.unroute(endpoint);
  await open(page, site.url());
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  await expectStored(event, 180);
});

test('an answer that is lost after the server has stored the records', async ({ page }) => {
  let lost = 0;
  await page.route(endpoint, async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await open(page, site.url());
  await track(page, event, 10);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  await expectStored(event, 10);
  await expect.poll(() => lost, { timeout: 15_000 }).toBeGreaterThan(1);
  await expectStored(event, 10);
});

test('a hotel log-in page, a 404 and a 503 in the place of the server', async ({ page }) => {
  const answers = [
    { status: 200, headers: failure.headers, body: '<html>Log in to the hotel</html>' },
    { status: 404, headers: failure.headers, body: '' },
    { ...failure, body: '{"status":0,"retry_after_ms":100}' },
  ];
  await page.route(endpoint, (route) => {
    const answer = answers.shift();
    return answer ? route.fulfill(answer) : route.continue();
  });
  await open(page, site.url());
  await track(page, event, 7);
  for (let attempt = 0; attempt < 4; attempt++) {
    await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  }
  expect(answers).toEqual([]);
  await expectStored(event, 7);
});

test('one record that the server refuses: its neighbours are stored, it is told', async ({
  page,
}) => {
  await open(page, site.url());
  const codes = await page.evaluate(async (name) => {
    const { arbor } = window as unknown as SdkWindow;
    const refused: (string | undefined)[] = [];
    arbor.on('refused', ({ code }) => refused.push(code));
    for (let n = 0; n < 49; n++) arbor.track(n === 20 ? '$merge' : name, { n });
    await arbor.flush();
    return refused;
  }, event);
  expect(codes).toEqual(['not_supported']);
  await expectStored(event, 48);
});

test('a body that is too large is halved, and one record too large alone is told', async ({
  page,
}) => {
  await page.route(endpoint, (route) =>
    (route.request().postDataBuffer()?.length ?? 0) > 4000
      ? route.fulfill({ status: 413, headers: failure.headers, body: '{"status":0}' })
      : route.continue(),
  );
  // Bodies as they are: gzip would hide how large they are.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'CompressionStream'));
  await open(page, site.url());
  const codes = await page.evaluate(async (name) => {
    const { arbor } = window as unknown as SdkWindow;
    const refused: (string | undefined)[] = [];
    arbor.on('refused', ({ code }) => refused.push(code));
    for (let n = 0; n < 20; n++) arbor.track(name, { n, text: 'x'.repeat(n === 9 ? 5000 : 300) });
    await arbor.flush();
    return refused;
  }, event);
  expect(codes).toEqual([413]);
  await expectStored(event, 19);
});

test('five tabs at once, two of them closed at once', async ({ context }) => {
  const pages = await Promise.all(
    [0, 1, 2, 3, 4].map(async () => open(await context.newPage(), site.url())),
  );
  // The first makes the device; five at the same instant could each make one.
  const [first, ...others] = pages;
  if (first) await track(first, event, 40);
  await Promise.all(others.map((page) => track(page, event, 40)));
  await Promise.all([pages[1]?.close(), pages[3]?.close()]);
  await open(await context.newPage(), site.url());
  await expectStored(event, 200);
  expect((await stored(event)).users).toBe(1);
});

test.describe('storage', () => {
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
    test(`${name}: the page's memory has to do`, async ({ page }) => {
      const errors: Error[] = [];
      page.on('pageerror', (error) => errors.push(error));
      await page.addInitScript(breakage);
      await open(page, site.url());
      await track(page, event, 60);
      await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
      await expectStored(event, 60);
      expect(errors).toEqual([]);
    });
  }

  test('emptied while the page runs, and a queue of the old format', async ({ page }) => {
    await open(page, site.url());
    await track(page, event, 5);
    await page.evaluate((name) => {
      const key = Object.keys(localStorage).find((one) => one.endsWith('_id')) ?? '';
      localStorage.clear();
      const properties = { token: 'arbor-demo-shop-token', distinct_id: 'old', time: Date.now() };
      const record = { event: name, properties: { ...properties, $insert_id: `old${Date.now()}` } };
      const old = JSON.stringify({ at: Date.now() - 60_000, records: [record] });
      localStorage.setItem(key.replace(/id$/, 'q_deadbeef'), old);
    }, event);
    await open(page, site.url());
    await expectStored(event, 6);
  });
});

test('a clock that is three days ahead: refused, mended, stored once', async ({ page }) => {
  await page.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now() + 3 * 86_400_000;
  });
  await open(page, site.url());
  await track(page, event, 4);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  await expectStored(event, 4);
  // Later ones are right from the start.
  await track(page, event, 2);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  await expectStored(event, 6);
});

test('nothing is stored or sent before consent; a refusal deletes what there was', async ({
  page,
}) => {
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const keys = () => page.evaluate(() => Object.keys(localStorage));
  await open(page, site.url({ 'page-views': 'off', consent: 'pending' }));
  await track(page, event, 3);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  expect(await keys()).toEqual([]);
  expect(requests).not.toContain(endpoint);

  await page.evaluate(() => (window as unknown as SdkWindow).arbor.consent('granted'));
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  await expectStored(event, 3);

  await page.evaluate(() => (window as unknown as SdkWindow).arbor.consent('denied'));
  await track(page, event, 3);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.flush());
  expect(await keys()).toEqual([expect.stringMatching(/^arb_\w{6}_out$/)]);
  await expectStored(event, 3);
});

test('a strict content security policy has nothing to report', async ({ page }) => {
  const policy =
    `default-src 'none'; script-src ${apiUrl}; connect-src ${apiUrl}; ` +
    `require-trusted-types-for 'script'`;
  const reports: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon'))
      reports.push(message.text());
  });
  await open(page, site.url({ 'page-views': 'auto' }, { 'content-security-policy': policy }));
  const view = page.waitForResponse(endpoint);
  await track(page, event);
  await view;
  await expectStored(event, 1);
  expect(reports).toEqual([]);
});

test('page views: the load, each route once, none for a change that is no page', async ({
  page,
}) => {
  const views: { $current_url: string; $navigation: string; utm_source?: string }[] = [];
  page.on('request', (request) => {
    if (request.url() !== endpoint) return;
    const records = JSON.parse(request.postData() ?? '[]') as {
      event?: string;
      properties: (typeof views)[number];
    }[];
    for (const record of records) {
      if (record.event === '$mp_web_page_view') views.push(record.properties);
    }
  });
  await page.addInitScript(() => Reflect.deleteProperty(window, 'CompressionStream'));
  await open(page, `${site.url({})}&utm_source=news&token=secret#part`);
  await page.waitForTimeout(200);
  await page.evaluate(async () => {
    history.pushState(null, '', '/redirect');
    history.replaceState(null, '', '/second');
    await new Promise((resolve) => setTimeout(resolve, 200));
    history.replaceState(null, '', '/second?tab=1');
    await new Promise((resolve) => setTimeout(resolve, 200));
    await (window as unknown as SdkWindow).arbor.flush();
  });
  expect(views.map(({ $navigation }) => $navigation)).toEqual(['load', 'spa']);
  expect(views[0]?.$current_url).not.toContain('secret');
  expect(views[0]?.$current_url).not.toContain('#part');
  expect(views[0]?.utm_source).toBe('news');
  expect(views[1]?.$current_url).toMatch(/\/second$/);
});
