import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { servePage } from './page-server.ts';
import type { PageOptions, SdkSite, SdkWindow, WireRecord } from './sdk-site.ts';
import {
  endpoint,
  expectStored,
  expectUsers,
  flush,
  open,
  scriptUrl,
  serveSdkSite,
  track,
  watchRecords,
} from './sdk-site.ts';
import { apiUrl } from './stack.ts';

/** Who is in front of a page, what it sees of pages, and policies (`browser-sdk.md` 15, T15, T19, T20, T22). */
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

const viewsOf = (records: readonly WireRecord[]): WireRecord['properties'][] =>
  records
    .filter((record) => record.event === '$mp_web_page_view')
    .map(({ properties }) => properties);

test('T15 who signs in is one user in all tabs, who comes second another; what names nobody is refused', async ({
  context,
  page,
}) => {
  const ids = (): Promise<{ deviceId: string; userId?: string } | undefined> =>
    page.evaluate(() => (window as unknown as SdkWindow).arbor.ids);
  const identify = (id: string): Promise<void> =>
    page.evaluate((user) => (window as unknown as SdkWindow).arbor.identify(user), id);
  await open(page, site.url());
  const other = await open(await context.newPage(), site.url());
  await track(page, event);
  await identify(`${event} ada`);
  await track(page, event);
  await track(other, event);
  const first = await ids();
  expect(first?.userId).toBe(`${event} ada`);

  const refused = await page.evaluate(() => {
    const { arbor } = window as unknown as SdkWindow;
    const codes: (string | undefined)[] = [];
    arbor.on('refused', ({ code }) => codes.push(code));
    const none = ['', 'undefined', 'null', 'nil', 'none', 'NaN', '0', '-1', 'true', 'false'];
    const more = ['[object Object]', 'Anonymous', 'guest', '00000000-0000-0000-0000-000000000000'];
    for (const id of [...none, ...more, 'x'.repeat(256), undefined, null, {}, true, 0]) {
      arbor.identify(id);
    }
    return codes;
  });
  expect(refused).toEqual(Array.from({ length: 20 }, () => 'identity'));
  expect(await ids()).toEqual(first);
  await track(page, event);
  await Promise.all([flush(page), flush(other)]);
  await expectStored(event, 4);
  await expectUsers(event, 1);

  await identify(`${event} bob`);
  expect((await ids())?.deviceId).not.toBe(first?.deviceId);
  await track(page, event);
  await track(other, event);
  await page.evaluate(() => (window as unknown as SdkWindow).arbor.reset());
  const last = await ids();
  expect(last?.userId).toBeUndefined();
  await track(page, event);
  await track(other, event);
  await Promise.all([flush(page), flush(other)]);
  await expectStored(event, 8);
  await expectUsers(event, 3);
});

test.describe('T19 page views', () => {
  test('the load, each route once, none for a change that is no page, one out of the cache', async ({
    page,
  }) => {
    const records = watchRecords(page);
    await open(page, site.url({ attributes: {} }));
    await expect.poll(() => viewsOf(records)).toHaveLength(1);
    await page.evaluate(async () => {
      const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200));
      history.pushState(null, '', '/redirect');
      history.replaceState(null, '', '/second');
      await settled();
      history.replaceState(null, '', '/second?tab=1');
      location.hash = 'part';
      await settled();
      history.back();
      await settled();
      history.pushState(null, '', '/third');
      await settled();
      history.back();
      await settled();
      // As the browser tells a page that it was kept and is shown again.
      window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
      window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
      await settled();
    });
    await flush(page);
    await expect
      .poll(() => viewsOf(records).map(({ $navigation }) => $navigation))
      .toEqual(['load', 'spa', 'spa', 'spa', 'bfcache']);
    const [load, second, third, back] = viewsOf(records);
    expect(second?.['$current_url']).toBe(`${site.origin}/second`);
    expect(second?.['$previous_url']).toBe(load?.['$current_url']);
    expect(third?.['$current_url']).toBe(`${site.origin}/third`);
    expect(back?.['$current_url']).toBe(`${site.origin}/second?tab=1`);
  });

  test('of a page that is made before anybody looks at it, when somebody does', async ({
    page,
  }) => {
    await page.addInitScript(() => {
      const state = { isHidden: true };
      Object.assign(window, { state });
      Object.defineProperty(Document.prototype, 'prerendering', { get: () => state.isHidden });
    });
    const records = watchRecords(page);
    await open(page, site.url({ attributes: {} }));
    await flush(page);
    expect(viewsOf(records)).toEqual([]);
    await page.evaluate(() => {
      (window as unknown as { state: { isHidden: boolean } }).state.isHidden = false;
      document.dispatchEvent(new Event('prerenderingchange'));
    });
    await expect.poll(() => viewsOf(records)).toHaveLength(1);
  });

  test('by the whole address where the fragment makes the page', async ({ page }) => {
    const routed = await servePage(`
      import { createClient } from '@arbor/sdk-js';
      import { pages } from '@arbor/sdk-js/pages';
      window.arbor = createClient('${demoProject.token}', { host: '${apiUrl}', hash: true });
      window.arbor.use(pages({ pageViewKey: 'full', hash: true }));
    `);
    const records = watchRecords(page);
    await open(page, routed.url);
    await expect.poll(() => viewsOf(records)).toHaveLength(1);
    await page.evaluate(() => (location.hash = '#/cart'));
    await expect.poll(() => viewsOf(records)).toHaveLength(2);
    expect(viewsOf(records)[1]).toMatchObject({
      $current_url: `${routed.url}#/cart`,
      $navigation: 'spa',
    });
    await routed.close();
  });
});

test('T20 where a visitor came from, first and last, though a router cleans the address; no secrets', async ({
  page,
}) => {
  const cleaning = `<script>
    addEventListener('load', () => history.replaceState(null, '', location.pathname));
  </script>`;
  const url = site.url({ attributes: {}, after: cleaning });
  const records = watchRecords(page);
  const landings = [
    'utm_source=news&utm_campaign=may&gclid=g1&token=hush&e=1&email=ada%40hush#hush',
    'utm_source=mail&session=hush',
  ];
  for (const [i, landing] of landings.entries()) {
    await open(page, `${url}?${landing}`);
    await expect.poll(() => viewsOf(records)).toHaveLength(i + 1);
    await track(page, event);
    await flush(page);
  }
  await page.evaluate(
    (user) => (window as unknown as SdkWindow).arbor.identify(user),
    `${event} ada`,
  );
  await flush(page);
  const [first, last] = records
    .filter((record) => record.event === event)
    .map(({ properties }) => properties);
  expect(first).toMatchObject({ utm_source: 'news', utm_campaign: 'may', gclid: 'g1' });
  expect(viewsOf(records)[0]).toMatchObject({ utm_source: 'news', initial_utm_source: 'news' });
  expect(last).toMatchObject({ utm_source: 'mail', initial_utm_source: 'news' });
  expect(records).toContainEqual(
    expect.objectContaining({ $set_once: expect.objectContaining({ initial_utm_source: 'news' }) }),
  );
  expect(JSON.stringify(records)).not.toContain('hush');
  await expectStored(event, 2);
});

test.describe('T22 a strict content security policy has nothing to report', () => {
  const integrity = async (): Promise<string> => {
    const code = Buffer.from(await (await fetch(scriptUrl)).arrayBuffer());
    return `sha384-${createHash('sha384').update(code).digest('base64')}`;
  };
  const partUrl = scriptUrl.replace(/js$/, 'pages.js');
  const types = `connect-src ${apiUrl}; img-src data:; require-trusted-types-for 'script'`;
  const cases: Readonly<Record<string, () => Promise<PageOptions>>> = {
    'by the host': async () => ({
      attributes: {},
      headers: {
        'content-security-policy': `default-src 'none'; script-src ${apiUrl}; ${types}; trusted-types arbor`,
      },
    }),
    'by a nonce': async () => ({
      attributes: {},
      tag: 'nonce="n0nce"',
      headers: {
        'content-security-policy': `default-src 'none'; script-src 'nonce-n0nce'; ${types}; trusted-types arbor`,
      },
    }),
    // What the script loads beside itself has no hash: browsers look at those of tags alone.
    'by the hash of the script and the address of its part': async () => ({
      attributes: {},
      tag: `integrity="${await integrity()}" crossorigin="anonymous"`,
      headers: {
        'content-security-policy': `default-src 'none'; script-src '${await integrity()}' ${partUrl}; ${types}; trusted-types arbor`,
      },
    }),
  };
  for (const [name, options] of Object.entries(cases)) {
    test(name, async ({ page }) => {
      const reports: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') reports.push(message.text());
      });
      await page.addInitScript(() => {
        const violations: string[] = [];
        Object.assign(window, { violations });
        document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
          violations.push(`${violatedDirective} ${blockedURI}`),
        );
      });
      const records = watchRecords(page);
      const page1 = await options();
      await open(page, site.url(page1));
      if (page1.attributes) await expect.poll(() => viewsOf(records)).toHaveLength(1);
      await track(page, event);
      await flush(page);
      await expectStored(event, 1);
      const violations = await page.evaluate(
        () => (window as unknown as { violations: string[] }).violations,
      );
      expect([...reports, ...violations]).toEqual([]);
    });
  }
});

test('an answer is asked for without a preflight, without cookies, and of the server alone', async ({
  page,
}) => {
  const requests: { method: string; origin: string }[] = [];
  page.on('request', (request) =>
    requests.push({ method: request.method(), origin: new URL(request.url()).origin }),
  );
  await open(page, site.url({ attributes: {} }));
  const sent = page.waitForRequest(endpoint);
  await track(page, event, 60);
  const headers = await (await sent).allHeaders();
  // Browsers write the type of what is packed in small letters, that of a text as here.
  expect(headers['content-type']).toMatch(/^text\/plain;charset=utf-8$/i);
  expect(headers['cookie']).toBeUndefined();
  await flush(page);
  expect(requests.filter(({ method }) => method === 'OPTIONS')).toEqual([]);
  const others = requests.filter(
    ({ origin }) => origin !== site.origin && origin !== new URL(apiUrl).origin,
  );
  expect(others).toEqual([]);
  await expectStored(event, 60);
});
