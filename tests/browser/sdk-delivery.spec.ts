import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { readRunFile } from '@arbor/local-stack/run-file';
import type { SdkSite, SdkWindow } from './sdk-site.ts';
import {
  answer,
  endpoint,
  expectStored,
  expectUsers,
  flush,
  open,
  openLater,
  recordsOf,
  scriptUrl,
  serveSdkSite,
  storedByZone,
  track,
} from './sdk-site.ts';
import { apiUrl, dataDir } from './stack.ts';

/** Without page views, and with room for more than two thousand records, which are about half a kB each. */
const roomy = { 'page-views': 'off', 'max-bytes': '9000000' };

/** As a crash would: the supervisor starts it again. */
function killApi(): void {
  const api = readRunFile(dataDir)?.processes.find(({ name }) => name === 'api');
  if (api === undefined) throw new Error(`no api runs by the run.json of ${dataDir}`);
  process.kill(api.pid, 'SIGKILL');
}

// Hundreds of requests one after the other, and a server that starts again, on cores that also run the browser.
test.describe.configure({ timeout: 300_000 });

/**
 * The browser SDK on a site of a customer, against the real API: nothing lost, nothing doubled
 * (`browser-sdk.md` 15, T2 to T11). Each test has an event name of its own and counts what is stored of it.
 */
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

test('T2 one event, 50, 51 and 10 000: all, in order, a chunk a request', async ({ page }) => {
  const bodies: number[][] = [];
  page.on('request', (request) => {
    if (request.url() !== endpoint) return;
    bodies.push(recordsOf(request).map(({ properties }) => properties['n'] as number));
  });
  await open(page, site.url({ attributes: roomy }), { readable: true });
  let begun = 0;
  for (const count of [1, 50, 51, 10_000]) {
    bodies.length = 0;
    const name = `${event} ${count}`;
    await page.evaluate(
      ([one, times]) => {
        const { arbor } = window as unknown as SdkWindow;
        for (let n = 0; n < times; n++) arbor.track(one, { n });
        return arbor.flush();
      },
      [name, count] as const,
    );
    await expectStored(name, count, 40_000);
    // What a busy server answered too late goes out again: that it is stored once is told above.
    const inOrder = [...new Set(bodies.flat())];
    expect(inOrder).toEqual(Array.from({ length: count }, (_, n) => n));
    expect(Math.max(...bodies.map(({ length }) => length))).toBeLessThanOrEqual(50);
    begun += bodies.length;
  }
  expect(begun).toBeLessThanOrEqual(1 + 1 + 2 + 10_000 / 40);
  await expectUsers(`${event} 10000`, 1);
});

test('T3 a tab that is closed directly after track, one that goes elsewhere, one that crashes', async ({
  context,
}) => {
  const closed = await open(await context.newPage(), site.url());
  await track(closed, event, 3);
  await closed.close();
  const gone = await open(await context.newPage(), site.url());
  await track(gone, event, 4);
  await gone.goto('about:blank');
  const crashed = await open(await context.newPage(), site.url());
  await track(crashed, event, 2);
  await sleep(50);
  await crashed.goto('chrome://crash').catch(() => {});
  await crashed.close();
  await openLater(await context.newPage(), site.url());
  await expectStored(event, 9, 30_000);
});

test('T4 ten minutes offline with 5 000 events and three reloads, then online', async ({
  context,
}) => {
  const script = await (await fetch(scriptUrl)).text();
  const parts = await (await fetch(scriptUrl.replace('.js', '.pages.js'))).text();
  const javascript = { contentType: 'text/javascript', headers: answer(200, '').headers };
  const url = site.url({ attributes: roomy });
  const html = await (await fetch(url)).text();
  // What a browser has in its cache; the rest of the world is away.
  await context.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await context.route(scriptUrl, (route) => route.fulfill({ ...javascript, body: script }));
  await context.route(`${apiUrl}/sdk/*.pages.js`, (route) =>
    route.fulfill({ ...javascript, body: parts }),
  );
  const page = await context.newPage();
  await page.clock.install({ time: Date.now() - 600_000 });
  await context.setOffline(true);
  for (let load = 0; load < 4; load++) {
    await open(page, url);
    await track(page, event, 1250);
    await flush(page);
    await page.clock.fastForward(150_000);
  }
  expect((await storedByZone(event)).map(({ total }) => total)).toEqual([0, 0]);
  await context.setOffline(false);
  await context.unrouteAll();
  await open(page, url);
  await page.clock.fastForward(300_000);
  await flush(page);
  await expectStored(event, 5000, 40_000);
});

test('T5 the server is away at the start, is killed while it is sent to, and an answer is lost', async ({
  page,
}) => {
  await page.route(endpoint, (route) => route.abort());
  for (let load = 0; load < 3; load++) {
    await open(page, site.url());
    await track(page, event, 60);
    await flush(page);
  }
  await page.unroute(endpoint);
  await open(page, site.url());
  await flush(page);
  await expectStored(event, 180);

  // The first request arrives, and nobody hears of it.
  let lost = 0;
  await page.route(endpoint, async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await track(page, event, 10);
  await flush(page);
  await expectStored(event, 190);
  await expect.poll(() => lost, { timeout: 60_000 }).toBeGreaterThan(1);
  await expectStored(event, 190);
  await page.unroute(endpoint);

  // Fifteen requests one after the other, and in their midst there is no server any more.
  const sent = page.waitForRequest(endpoint);
  await track(page, event, 750);
  await sent;
  killApi();
  const isReady = (): Promise<boolean> =>
    fetch(`${apiUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isReady, { timeout: 90_000 }).toBe(true);
  await flush(page);
  await expectStored(event, 940, 30_000);
});

test('T6 waits as long as it was told, and longer after each failure', async ({ browser }) => {
  const soon = (seconds: number): string => new Date(Date.now() + seconds * 1000).toUTCString();
  /** What is answered first, and the least ms until the next attempt. */
  const cases: [() => ReturnType<typeof answer>, number][] = [
    [() => answer(500, ''), 1000],
    [() => answer(503, '{"status":0,"retry_after_ms":1500}'), 1500],
    [() => answer(429, '', { 'retry-after': '2' }), 2000],
    // A date has no fraction of a second.
    [() => answer(429, '', { 'retry-after': soon(4) }), 2000],
    [() => answer(429, '{"status":0,"retry_after_ms":1200}'), 1200],
  ];
  const waits = await Promise.all(
    cases.map(async ([first]) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.addInitScript(() => {
        const real = window.fetch;
        const times: number[] = [];
        Object.assign(window, { times });
        window.fetch = (...given) => {
          times.push(performance.now());
          return real(...given);
        };
      });
      let attempts = 0;
      await page.route(endpoint, (route) =>
        attempts++ > 0 ? route.continue() : route.fulfill(first()),
      );
      await open(page, site.url());
      await track(page, event);
      await flush(page);
      await expect.poll(() => attempts).toBe(2);
      const [begun = 0, again = 0] = await page.evaluate(
        () => (window as unknown as { times: number[] }).times,
      );
      await context.close();
      return again - begun;
    }),
  );
  await expectStored(event, cases.length);
  for (const [i, [, least]] of cases.entries()) {
    expect(waits[i], `case ${i}`).toBeGreaterThanOrEqual(least - 20);
  }
});

test('T7 a body that is too large is halved; one record too large alone is told, and no other', async ({
  page,
}) => {
  await page.route(endpoint, (route) =>
    (route.request().postDataBuffer()?.length ?? 0) > 4000
      ? route.fulfill(answer(413, '{"status":0}'))
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

test('T8 one bad record among 50: 49 are stored, whether the answer names it or not', async ({
  page,
}) => {
  const send = (bad: string): Promise<(string | number | undefined)[]> =>
    page.evaluate(
      async ([good, other]) => {
        const { arbor } = window as unknown as SdkWindow;
        const refused: (string | undefined)[] = [];
        const end = arbor.on('refused', ({ code }) => refused.push(code));
        for (let n = 0; n < 50; n++) arbor.track(n === 20 ? other : good, { n });
        await arbor.flush();
        end();
        return refused;
      },
      [event, bad] as const,
    );
  await open(page, site.url());
  // Merging users takes more than a public token.
  expect(await send('$merge')).toEqual(['not_supported']);
  await expectStored(event, 49);
  await page.route(endpoint, (route) =>
    recordsOf(route.request()).some((record) => record.event === 'a bad one')
      ? route.fulfill(answer(400, 'Bad Request'))
      : route.continue(),
  );
  expect(await send('a bad one')).toEqual([400]);
  await expectStored(event, 98);
});

test('T9 a hotel log-in page, a redirect to another host and an hour of 404 are no answers', async ({
  page,
}) => {
  const portal = await serveSdkSite();
  const portalPage = portal.url({
    instead: 'Log in to the hotel',
    headers: answer(200, '').headers,
  });
  const pending: (() => { status: number; headers: Record<string, string>; body: string })[] = [
    () => answer(200, '<html>Log in to the hotel</html>'),
    () => answer(302, '', { location: portalPage }),
    () => answer(302, '', { location: portal.url() }),
    ...Array.from({ length: 12 }, () => () => answer(404, '')),
  ];
  let attempts = 0;
  site.serve('/collect', (request, response) => {
    attempts++;
    const next = pending.shift()?.();
    if (next) {
      response.writeHead(next.status, next.headers).end(next.body);
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      void fetch(endpoint, { method: 'POST', body: Buffer.concat(parts) })
        .then(async (answered) => response.writeHead(answered.status).end(await answered.text()))
        .catch(() => response.destroy());
    });
  });
  await page.clock.install({ time: Date.now() - 3_900_000 });
  const attributes = { 'page-views': 'off', host: site.origin, path: '/collect' };
  await open(page, site.url({ attributes }));
  await track(page, event, 7);
  for (let minutes = 0; minutes < 65; minutes++) {
    const before = attempts;
    await page.clock.fastForward(60_000);
    // Either the wait is not over, or the attempt comes to its end.
    if (attempts > before || minutes === 0) await flush(page);
  }
  expect(pending).toEqual([]);
  await expectStored(event, 7);
  await portal.close();
});

test('T10 leaving with 200 kB waiting: a part goes out, the next page brings the rest', async ({
  page,
}) => {
  await open(page, site.url());
  await track(page, event, 100, { text: 'x'.repeat(2000) });
  await open(page, site.url());
  await expectStored(event, 100, 60_000);
});

test('T11 ten tabs at once, of which five are killed', async ({ context }) => {
  const pages = await Promise.all(
    Array.from({ length: 10 }, async () => open(await context.newPage(), site.url())),
  );
  // The first makes the device; several at the same instant could each make one.
  const [first, ...others] = pages;
  if (first) await track(first, event, 40);
  await Promise.all(others.map((page) => track(page, event, 40)));
  await Promise.all(
    others.slice(0, 5).map(async (page, i) => {
      if (i % 2 === 0) await page.goto('chrome://crash').catch(() => {});
      await page.close();
    }),
  );
  await openLater(await context.newPage(), site.url());
  await expectStored(event, 400, 40_000);
  await expectUsers(event, 1);
});
