import { expect, test } from '@playwright/test';
import type { SdkSite, SdkWindow } from './sdk-site.ts';
import { expectStored, flush, open, serveSdkSite, track, watchRecords } from './sdk-site.ts';

/** The page around the browser SDK: it is never harmed, and cannot harm (`browser-sdk.md` 15, T23, T25). */
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

test('T23 whatever it is given, no error ever reaches the page', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  const records = watchRecords(page);
  await open(page, site.url());
  const thrown = await page.evaluate((name) => {
    const cyclic: Record<string, unknown> = { name: 'a', list: [1] };
    cyclic['self'] = cyclic;
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 10_000; i++) deep = { deep };
    const throwing = {
      ok: 1,
      get bad(): never {
        throw new Error('of the page');
      },
    };
    const proxy = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('of the proxy');
        },
      },
    );
    const hostile: unknown[] = [
      undefined,
      null,
      NaN,
      -0,
      '',
      'text',
      7,
      true,
      10n,
      Symbol('s'),
      () => 1,
      document.body,
      window,
      [],
      {},
      cyclic,
      deep,
      throwing,
      proxy,
      new Date(NaN),
      new Map([[1, 2]]),
      'x'.repeat(10_000_000),
      { big: 10n, symbol: Symbol('s'), run: () => 1, node: document.body, date: new Date(0) },
      JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    ];
    const { arbor } = window as unknown as { arbor: Record<string, unknown> };
    const failures: string[] = [];
    const call = (path: string, method: unknown, given: unknown[]): void => {
      try {
        const result: unknown = (method as (...all: unknown[]) => unknown)(...given);
        if (result instanceof Promise) {
          result.catch((error: unknown) => failures.push(`${path}: ${String(error)}`));
        }
      } catch (error) {
        failures.push(`${path}(${given.map((one) => typeof one).join(', ')}): ${String(error)}`);
      }
    };
    // Ends the client, or asks for the visitor to be forgotten: called at the end.
    const last = new Set(['destroy', 'optOut', 'consent', 'init', 'createClient']);
    const visit = (holder: Record<string, unknown>, path: string): void => {
      for (const [own, member] of Object.entries(holder)) {
        if (path === '' && last.has(own)) continue;
        if (typeof member === 'function') {
          for (const value of hostile) {
            call(`${path}${own}`, member, [value]);
            call(`${path}${own}`, member, [name, value]);
            call(`${path}${own}`, member, [name, {}, value]);
          }
        } else if (own === 'people') visit(member as Record<string, unknown>, 'people.');
      }
    };
    visit(arbor, '');
    if ('polluted' in {}) failures.push('Object.prototype was changed');
    return failures;
  }, event);
  expect(thrown).toEqual([]);
  // It goes on, and what could be kept of a hostile value is there.
  await page.evaluate((name) => {
    const { arbor } = window as unknown as SdkWindow;
    const cyclic: Record<string, unknown> = { n: 1 };
    cyclic['self'] = cyclic;
    arbor.reset();
    arbor.track(`${name} cyclic`, cyclic);
    arbor.track(`${name} after`, { big: 1n, date: new Date(0), run: () => 1, node: document.body });
  }, event);
  await flush(page);
  await expectStored(`${event} after`, 1);
  const sent = (name: string): object | undefined =>
    records.find((record) => record.event === `${event} ${name}`)?.properties;
  expect(sent('after')).toMatchObject({ big: '1', date: '1970-01-01T00:00:00.000Z' });
  expect(sent('after')).not.toHaveProperty('run');
  expect(sent('after')).not.toHaveProperty('node');
  expect(sent('cyclic')).toMatchObject({ n: 1, self: { n: 1 }, $truncated: true });
  expect(errors).toEqual([]);
});

test('T23 a page that replaces what the SDK stands on breaks only itself', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await open(page, site.url());
  await page.evaluate(() => {
    const broken = (): never => {
      throw new Error('replaced by the page');
    };
    Object.assign(Array.prototype, { each: broken });
    Object.assign(Object.prototype, { extra: 'of the page' });
    window.fetch = broken;
    Date.now = broken;
    Math.random = broken;
    Object.defineProperty(window, 'localStorage', { get: broken });
  });
  await page.evaluate((name) => {
    const { arbor } = window as unknown as SdkWindow;
    for (let n = 0; n < 60; n++) arbor.track(name, { n });
    void arbor.flush();
  }, event);
  await expectStored(event, 60);
  expect(errors).toEqual([]);
});

test('T23 a page that replaces JSON, timers, promises and methods of lists loses nothing', async ({
  page,
}) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // All by the page's own script: the test's machinery needs what is replaced.
  const script = `<script>
    const later = setTimeout;
    const broken = () => { throw new Error('replaced by the page'); };
    const replace = () => {
      if (!('track' in (window.arbor ?? {}))) return later(replace, 20);
      // By then the part has come, or it comes later: both must do.
      later(() => {
        Object.assign(JSON, { parse: broken, stringify: broken });
        Array.prototype.toJSON = () => 'a list';
        Object.assign(window, { setTimeout: broken, clearTimeout: broken, queueMicrotask: broken });
        window.Promise = broken;
        window.Temporal = { Now: { timeZoneId: broken } };
        for (let n = 0; n < 60; n++) arbor.track('${event}', { n, items: ['a', 'b'] });
      }, 500);
    };
    replace();
  </script>`;
  await page.goto(site.url({ after: script }));
  await expectStored(event, 60);
  expect(errors).toEqual([]);
});

test('T25 destroy leaves no listener and no patched function behind', async ({ page }) => {
  await page.addInitScript(() => {
    const left = { listeners: new Set<string>() };
    const seen = new WeakMap<object, number>();
    let count = 0;
    const idOf = (one: object): number => {
      if (!seen.has(one)) seen.set(one, ++count);
      return seen.get(one) ?? 0;
    };
    type Listen = EventTarget['addEventListener'];
    const add = Reflect.get(EventTarget.prototype, 'addEventListener') as Listen;
    const remove = Reflect.get(EventTarget.prototype, 'removeEventListener') as Listen;
    // The test's own machinery listens, too.
    const isOurs = (): boolean => (new Error('where').stack ?? '').includes('/sdk/arbor');
    const key = (target: object, name: string, run: unknown, options: unknown): string =>
      `${idOf(target)} ${name} ${idOf(run as object)} ${String(options === true || (options as { capture?: boolean } | undefined)?.capture === true)}`;
    EventTarget.prototype.addEventListener = function (name, run, options) {
      const own = key(this, name, run, options);
      // What it adds to a request of its own ends with the request.
      if (isOurs() && !(this instanceof AbortSignal)) left.listeners.add(own);
      return Reflect.apply(add, this, [name, run, options]);
    };
    EventTarget.prototype.removeEventListener = function (name, run, options) {
      left.listeners.delete(key(this, name, run, options));
      return Reflect.apply(remove, this, [name, run, options]);
    };
    Object.assign(window, { left });
  });
  const records = watchRecords(page);
  await open(page, site.url({ attributes: {} }));
  // The part of page views has come, so that all that is patched is patched.
  await expect.poll(() => records.length).toBeGreaterThan(0);
  await track(page, event, 3);
  const found = await page.evaluate(async () => {
    const { arbor, left } = window as unknown as SdkWindow & { left: { listeners: Set<string> } };
    /** Functions of the browser say that they are, one that took their place does not. */
    const patched = (): string[] =>
      [history, window].flatMap((holder) =>
        ['pushState', 'replaceState', 'fetch'].filter((name) => {
          const own: unknown = Reflect.get(holder, name);
          return typeof own === 'function' && !String(own).includes('[native code]');
        }),
      );
    const before = { listeners: left.listeners.size, patched: patched() };
    arbor.destroy();
    await arbor.flush();
    return { before, listeners: [...left.listeners], patched: patched() };
  });
  expect(found.before.listeners).toBeGreaterThan(3);
  expect(found.before.patched).toEqual(['pushState', 'replaceState']);
  expect(found.listeners).toEqual([]);
  expect(found.patched).toEqual([]);
  await expectStored(event, 3);
});
