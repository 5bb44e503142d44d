import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { servePage } from './page-server.ts';
import type { WireRecord } from './sdk-site.ts';
import { answer, endpoint, recordsOf, storedKeys } from './sdk-site.ts';
import { apiUrl } from './stack.ts';

const token = '0123456789abcdef0123456789abcdef';

/** T28 of `browser-sdk.md` 15: what the types of mixpanel-browser declare is there, under the same names. */
test('T28 no documented method of mixpanel-browser is missing', async ({ page }) => {
  const manifest = createRequire(import.meta.url).resolve('mixpanel-browser/package.json');
  const types = fs.readFileSync(path.join(path.dirname(manifest), 'src/index.d.ts'), 'utf8');
  /** The methods that a declared interface has. */
  const methodsOf = (name: string): string[] => {
    const pattern = new RegExp(`export interface ${name} \\{\\n([^]*?)\\n\\}`);
    const [, body = ''] = pattern.exec(types) ?? [];
    return [...body.matchAll(/^ {2}(\w+)[(<]/gm)].map(([, method = '']) => method);
  };
  const documented = {
    '': methodsOf('Mixpanel'),
    people: methodsOf('People'),
    flags: methodsOf('FlagsManager'),
    group: methodsOf('Group'),
  };
  expect(documented[''].length).toBeGreaterThan(30);
  expect(documented.group.length).toBeGreaterThan(4);
  const site = await servePage(`
    import mixpanel from '@arbor/sdk-js/mixpanel';
    mixpanel.init('${token}');
    const { people, flags } = mixpanel;
    window.holders = { '': mixpanel, people, flags, group: mixpanel.get_group('company', 'acme') };
  `);
  await page.goto(site.url);
  const missing = await page.evaluate((wanted) => {
    const { holders } = window as unknown as { holders: Record<string, Record<string, unknown>> };
    return Object.entries(wanted).flatMap(([holder, names]) =>
      names
        .filter((name) => typeof holders[holder]?.[name] !== 'function')
        .map((name) => `${holder}.${name}`),
    );
  }, documented);
  await site.close();
  expect(missing).toEqual([]);
});

test('T23 whatever they are given, the methods of mixpanel-browser throw nothing', async ({
  page,
}) => {
  await page.route(endpoint, (route) => route.fulfill(answer(200, '{"status":1}')));
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const site = await servePage(`
    import mixpanel from '@arbor/sdk-js/mixpanel';
    mixpanel.init('${token}', {
      api_host: '${apiUrl}', ignore_dnt: true,
      loaded() { throw new Error('of the page'); },
      hooks: { before_register() { throw new Error('of the hook'); } },
    });
    const { people, flags } = mixpanel;
    window.holders = { '': mixpanel, people, flags, group: mixpanel.get_group('company', 'acme') };
  `);
  await page.goto(site.url);
  const thrown = await page.evaluate(() => {
    const { holders } = window as unknown as { holders: Record<string, Record<string, unknown>> };
    const failing = (): never => {
      throw new Error('of the proxy');
    };
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const hostile: unknown[] = [
      undefined,
      null,
      NaN,
      '',
      '><',
      7,
      true,
      10n,
      Symbol('s'),
      document.body,
      [],
      [null],
      {},
      cyclic,
      {
        get bad(): never {
          throw new Error('of the getter');
        },
      },
      new Proxy({}, { ownKeys: failing, has: failing }),
      'x'.repeat(1000),
    ];
    const failures: string[] = [];
    const { '': own = {} } = holders;
    for (const [holder, members] of Object.entries(holders)) {
      for (const [name, method] of Object.entries(members)) {
        if (typeof method !== 'function') continue;
        // What one of them has registered would make each later call slower.
        (own['reset'] as () => void)();
        for (const value of hostile) {
          for (const given of [[value], ['x', value], [value, value, value]]) {
            try {
              (method as (...all: unknown[]) => unknown)(...given);
            } catch (error) {
              failures.push(`${holder}.${name}: ${String(error)}`);
            }
          }
        }
      }
    }
    return failures;
  });
  await site.close();
  expect(thrown).toEqual([]);
  expect(errors).toEqual([]);
});

test('who opts out is deleted though the server is away, also by a later page, and is not captured meanwhile', async ({
  page,
}) => {
  let isAway = true;
  const records: WireRecord[] = [];
  await page.route(endpoint, (route) => {
    if (isAway) return route.abort();
    records.push(...recordsOf(route.request()));
    return route.fulfill(answer(200, '{"status":1}'));
  });
  // Bodies as they are: nobody could read what a packed one holds.
  await page.addInitScript(() => Reflect.deleteProperty(window, 'CompressionStream'));
  const site = await servePage(`
    import mixpanel from '@arbor/sdk-js/mixpanel';
    mixpanel.init('${token}', { api_host: '${apiUrl}', ignore_dnt: true, batch_flush_interval_ms: 100 });
    window.mixpanel = mixpanel;
  `);
  interface Client {
    identify(id: string): void;
    track(event: string): void;
    opt_out_tracking(): void;
    has_opted_out_tracking(): boolean;
  }
  await page.goto(site.url);
  const isOut = await page.evaluate(() => {
    const { mixpanel } = window as unknown as { mixpanel: Client };
    mixpanel.identify('ada');
    for (let n = 0; n < 120; n++) mixpanel.track('before');
    mixpanel.opt_out_tracking();
    mixpanel.track('after');
    return mixpanel.has_opted_out_tracking();
  });
  expect(isOut).toBe(true);
  await page.reload();
  await page.evaluate(() => (window as unknown as { mixpanel: Client }).mixpanel.track('after'));
  isAway = false;
  await page.reload();
  await page.evaluate(() => (window as unknown as { mixpanel: Client }).mixpanel.track('after'));
  await expect
    .poll(() => records.filter((record) => '$delete' in record))
    .toContainEqual(expect.objectContaining({ $distinct_id: 'ada' }));
  // Nothing of the visitor is left but that he refused.
  await expect
    .poll(() => storedKeys(page))
    .toEqual([`__mp_opt_in_out_${token}`, expect.stringMatching(/^arb_\w{6}_out$/)]);
  expect(records.filter(({ event }) => event === 'after')).toEqual([]);
  await page.reload();
  const stays = await page.evaluate(() =>
    (window as unknown as { mixpanel: Client }).mixpanel.has_opted_out_tracking(),
  );
  expect(stays).toBe(true);
  await site.close();
});
