import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import type { World } from '../../../test/model/world.ts';
import { mergePartials } from '../merge/merge.ts';
import { planQuery, type Plan } from '../plan/plan.ts';
import type { ProjectSnapshot, SegmentPart } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost, type ScanAnswer } from './scan-host.ts';

const midnight = Date.UTC(2024, 2, 10);
const dayMs = 86_400_000;
const plain = { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };

let folder: string;
let host: ScanHost;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-scan-host-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 22 });
});
afterEach(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
});

/** So many users see a page on each of so many days. */
function busyWorld(users: number, days: number): World {
  const events = Array.from({ length: users * days }, (_, i) => ({
    user: `u${i % users}`,
    event: (i + Math.floor(i / users)) % 3 === 0 ? 'Buy' : 'View',
    time: midnight + Math.floor(i / users) * dayMs + (i % users) * 1000,
    properties: { page: `/p${i % 5}`, price: i % 7 },
  }));
  return { events, people: { u0: { plan: 'pro' } } };
}

function planOf(
  query: Partial<QueryInput> & Pick<QueryInput, 'type'>,
  context: { shardCount?: number } = {},
): Plan {
  const whole = { range: { from: '2024-03-10', to: '2024-03-19' }, ...query };
  return planQuery(querySchema.parse(whole), {
    timezone: 'UTC',
    weekStart: 1,
    nowMs: Date.UTC(2025, 0, 1),
    ...context,
  });
}

const view = { anyOf: [{ event: 'View' }] };
const buy = { anyOf: [{ event: 'Buy' }] };
const viewsByPage = planOf({
  type: 'insights',
  metrics: [{ selector: view, measure: { type: 'total' } }],
  breakdowns: [{ property: { scope: 'event', name: 'page' } }],
} as Partial<QueryInput> & { type: 'insights' });
const views = planOf({
  type: 'insights',
  metrics: [{ selector: view, measure: { type: 'total' } }],
} as Partial<QueryInput> & { type: 'insights' });
const usersEver = planOf({
  type: 'insights',
  metrics: [{ selector: view, measure: { type: 'unique' } }],
} as Partial<QueryInput> & { type: 'insights' });
const active = planOf({
  type: 'insights',
  metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'active', days: 2 } }],
} as Partial<QueryInput> & { type: 'insights' });
const usersByPlan = planOf({
  type: 'insights',
  metrics: [{ selector: view, measure: { type: 'unique' } }],
  breakdowns: [{ property: { scope: 'person', name: 'plan' } }],
} as Partial<QueryInput> & { type: 'insights' });
const funnel = planOf({
  type: 'funnel',
  steps: [view, buy],
  window: { value: 1, unit: 'day' },
  graceMs: 1000,
} as Partial<QueryInput> & { type: 'funnel' });

const resultOf = (plan: Plan, { partials }: ScanAnswer) =>
  mergePartials(plan, partials.map(readPartial), null);

describe('scan host', () => {
  it('decodes what a query needs once, and nothing else', async () => {
    const snapshot = worldSnapshot(busyWorld(10, 5), plain, { folder, name: 'a' });
    const first = await host.run(viewsByPage, snapshot);
    // Five days of one event.
    expect(host.stats().loads).toBe(5);
    expect(first.rowsScanned).toBe(33);
    const again = await host.run(viewsByPage, snapshot);
    expect(resultOf(viewsByPage, again)).toEqual(resultOf(viewsByPage, first));
    expect(host.stats().loads).toBe(5);
    // How many rows there are, files say without being decoded.
    const counted = await host.run(views, snapshot);
    expect(resultOf(views, counted)).toMatchObject({ series: [{ total: 33 }] });
    expect(host.stats().loads).toBe(5);
    // Whose rows they are, nobody asked before.
    await host.run(usersEver, snapshot);
    await host.run(usersEver, snapshot);
    expect(host.stats().loads).toBe(10);
  });

  it('sends the segments that come back alone where all rows are in one shard', async () => {
    const snapshot = worldSnapshot(busyWorld(10, 5), plain, { folder, name: 'cut' });
    const query = {
      type: 'insights',
      metrics: [
        { selector: view, measure: { type: 'total' } },
        { selector: view, measure: { type: 'unique' } },
      ],
      breakdowns: [{ property: { scope: 'event', name: 'page' } }],
      segmentsMax: 2,
    } as Partial<QueryInput> & { type: 'insights' };
    const whole = planOf(query);
    const all = await host.run(whole, snapshot);
    const cutPlan = planOf(query, { shardCount: 1 });
    const cut = await host.run(cutPlan, snapshot);
    expect(resultOf(cutPlan, cut)).toEqual(resultOf(whole, all));
    for (const partial of cut.partials.map(readPartial)) {
      if (partial.type !== 'insights') throw new Error('wrong partial');
      for (const { segments, segmentCount } of partial.metrics) {
        expect(segmentCount).toBe(5);
        expect(segments).toHaveProperty('length');
        expect((segments as readonly unknown[]).length).toBeLessThanOrEqual(2);
      }
    }
  });

  it('leaves a small fast scan to one thread where it may, with the same answer', async () => {
    const snapshot = worldSnapshot(busyWorld(40, 40), plain, { folder, name: 'small' });
    const range = { from: '2024-03-10', to: '2024-04-18' };
    const metrics = [{ selector: view, measure: { type: 'unique' as const } }];
    const plan = planOf({ type: 'insights', range, metrics });
    const all = await host.run(plan, snapshot);
    const one = await host.run(plan, snapshot, { oneThreadRowsMax: 1601 });
    expect(one.partials).toHaveLength(1);
    expect(resultOf(plan, one)).toEqual(resultOf(plan, all));
    expect(one.rowsScanned).toBe(all.rowsScanned);
  });

  describe('where only one event has what every row must have', () => {
    const { events: all, people } = busyWorld(10, 5);
    const events = all.map((event) => {
      const { page = '', price = 0 } = event.properties;
      return { ...event, properties: event.event === 'Buy' ? { page, price } : { page } };
    });
    const dear = (breakdowns: readonly string[]): Plan =>
      planOf({
        type: 'insights',
        filters: [
          {
            type: 'property',
            property: { scope: 'event', name: 'price' },
            operator: 'greater_than',
            values: [2],
          },
        ],
        metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
        breakdowns: breakdowns.map((name) => ({ property: { scope: 'event', name } })),
      } as Partial<QueryInput> & { type: 'insights' });
    const dearCount = events.filter(
      (e) => e.event === 'Buy' && Number(e.properties['price']) > 2,
    ).length;
    const snapshotOf = (): ProjectSnapshot =>
      worldSnapshot({ people, events }, plain, { folder, name: 'required' });

    it('leaves the others out once that is known', async () => {
      const snapshot = snapshotOf();
      const first = await host.run(dear([]), snapshot);
      // One of two events a day.
      expect(host.stats().loads).toBe(5);
      const byPage = await host.run(dear(['page']), snapshot);
      expect(host.stats().loads).toBe(10);
      expect(byPage.rowsScanned).toBe(first.rowsScanned);
      const { series } = resultOf(dear(['page']), byPage) as { series: { total: number | null }[] };
      expect(series[0]).toMatchObject({ total: dearCount });
    });

    it('decodes nothing of the others when it finds that out', async () => {
      const snapshot = snapshotOf();
      const byPage = await host.run(dear(['page']), snapshot);
      expect(host.stats().loads).toBe(5);
      expect(byPage.rowsScanned).toBe(events.length);
      const { series } = resultOf(dear(['page']), byPage) as { series: { total: number | null }[] };
      expect(series[0]).toMatchObject({ total: dearCount });
      await host.run(viewsByPage, snapshot);
      expect(host.stats().loads).toBe(10);
    });
  });

  it('knows who did anything on a day once, whichever events there are', async () => {
    const snapshot = worldSnapshot(busyWorld(10, 5), plain, { folder, name: 'active' });
    const { loads } = host.stats();
    const first = await host.run(active, snapshot);
    expect(host.stats().loads).toBe(loads + 5);
    expect(resultOf(active, await host.run(active, snapshot))).toEqual(resultOf(active, first));
    expect(host.stats().loads).toBe(loads + 5);
    // A merge of users who were not there changes nothing; one of those who were is seen.
    const apart = { ...snapshot, redirects: redirects(snapshot.users.count + 1, 1) };
    await host.run(active, apart);
    expect(host.stats().loads).toBe(loads + 5);
    const merged = resultOf(
      active,
      await host.run(active, { ...snapshot, redirects: redirects(2, 3) }),
    );
    expect(host.stats().loads).toBeGreaterThan(loads + 5);
    expect(merged).not.toEqual(resultOf(active, first));
  });

  it('decodes again only the columns in which merged users have rows', async () => {
    const snapshot = worldSnapshot(busyWorld(6, 3), plain, { folder, name: 'b' });
    await host.run(usersEver, snapshot);
    const { loads } = host.stats();
    const seen = snapshot.users.count;
    const untouched = { ...snapshot, redirects: redirects(seen + 1, 1) };
    await host.run(usersEver, untouched);
    expect(host.stats().loads).toBe(loads);
    // Ordinal 2 is u1, who views pages on some of the days.
    const touched = { ...snapshot, redirects: redirects(2, 3) };
    const merged = await host.run(usersEver, touched);
    expect(resultOf(usersEver, merged)).toMatchObject({ series: [{ total: 5 }] });
    expect(host.stats().loads).toBeGreaterThan(loads);
    const before = await host.run(usersEver, snapshot);
    expect(resultOf(usersEver, before)).toMatchObject({ series: [{ total: 6 }] });
  });

  it('answers again from what it kept, and computes what is new alone', async () => {
    await host.close();
    host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 22, resultCacheBytes: 2 ** 16 });
    const world = busyWorld(10, 3);
    const files = worldSnapshot(world, plain, { folder, name: 'r' });
    const [today] = worldSnapshot(world, { ...plain, inMemory: 1 }, { folder, name: 's' }).days;
    const live = (id: string): ProjectSnapshot => {
      const [part] = today.parts;
      return {
        ...files,
        days: [{ day: today.day, parts: [{ ...part, id }] }, ...files.days.slice(1)],
      };
    };
    const first = await host.run(viewsByPage, live('one'));
    expect(host.stats().resultHits).toBe(0);
    const again = await host.run({ ...viewsByPage, nowMs: viewsByPage.nowMs + 5 }, live('one'));
    // What lies in files and what lies in memory are kept apart.
    expect(host.stats().resultHits).toBe(2);
    expect(again).toEqual(first);
    const { loads } = host.stats();
    const changed = await host.run(viewsByPage, live('two'));
    expect(host.stats()).toMatchObject({ resultHits: 3, loads: loads + 1 });
    expect(resultOf(viewsByPage, changed)).toEqual(resultOf(viewsByPage, first));
    // Users must be seen over all days together.
    await host.run(usersEver, live('two'));
    await host.run(usersEver, live('three'));
    expect(host.stats().resultHits).toBe(3);
    await host.run(usersEver, live('three'));
    expect(host.stats().resultHits).toBe(4);
    // Other users may be merged, and the answer another one.
    const merged = { ...live('three'), redirects: redirects(2, 3) };
    expect(resultOf(usersEver, await host.run(usersEver, merged))).toMatchObject({
      series: [{ total: 9 }],
    });
  });

  it('keeps within its bound, whatever queries ask for', async () => {
    await host.close();
    host = ScanHost.create({ threads: 2, cacheBytes: 4096 });
    const snapshot = worldSnapshot(busyWorld(40, 8), plain, { folder, name: 'c' });
    await Promise.all(
      [viewsByPage, usersEver, funnel, usersEver].map((plan) => host.run(plan, snapshot)),
    );
    // The last of them are given back when the threads say so.
    await wait(20);
    const { cacheBytes, overflowBytes, evictions, queriesRunning } = host.stats();
    expect([overflowBytes, queriesRunning]).toEqual([0, 0]);
    expect(cacheBytes).toBeLessThanOrEqual(4096);
    expect(evictions).toBeGreaterThan(0);
  });

  it('says what is wrong with a file, and goes on', async () => {
    const snapshot = worldSnapshot(busyWorld(10, 2), plain, { folder, name: 'd' });
    const good = resultOf(usersEver, await host.run(usersEver, snapshot));
    const [first, second] = snapshot.days;
    const [part] = first.parts as [SegmentPart];
    const damaged = path.join(folder, 'damaged');
    const bytes = fs.readFileSync(part.path);
    bytes.fill(0x55, 200);
    fs.writeFileSync(damaged, bytes);
    const withPart = (change: Partial<SegmentPart>): ProjectSnapshot => ({
      ...snapshot,
      days: [{ ...first, parts: [{ ...part, ...change }] }, second],
    });
    await expect(host.run(funnel, withPart({ id: 'x', path: damaged }))).rejects.toMatchObject({
      code: 'CORRUPT_SEGMENT',
    });
    await expect(
      host.run(funnel, withPart({ id: 'y', path: path.join(folder, 'gone') })),
    ).rejects.toMatchObject({ code: 'CATALOG_UNREADABLE', retry: true });
    await expect(host.run(funnel, { ...withPart({ id: 'z' }), project: 2 })).rejects.toMatchObject({
      code: 'WRONG_PROJECT',
    });
    expect(resultOf(usersEver, await host.run(usersEver, snapshot))).toEqual(good);
  });

  it('replaces a thread that ran out of memory, and tells whose query it was', async () => {
    await host.close();
    host = ScanHost.create({ threads: 1, cacheBytes: 2 ** 22, heapBytesMax: 2 ** 25 });
    const snapshot = worldSnapshot(busyWorld(6, 3), plain, { folder, name: 'm' });
    await host.run(usersEver, snapshot);
    const values = [null, ...Array.from({ length: 550_000 }, (_, i) => `plan ${i}`)];
    const codes = new Uint32Array(snapshot.users.count + 1).fill(1);
    const large = { ...snapshot, personProperty: () => ({ codes, values }) };
    const [tooLarge, other] = await Promise.allSettled([
      host.run(usersByPlan, large),
      wait(5).then(() => host.run(funnel, snapshot)),
    ]);
    expect(tooLarge).toMatchObject({
      reason: {
        code: 'INVALID_QUERY',
        message: 'the query needs more memory than it may take: filter it or shorten its range',
      },
    });
    // A query that only lost its thread may be asked again.
    expect(other).toMatchObject({ reason: { code: 'SCAN_FAILED', retry: true } });
    const { rowsScanned } = await host.run(funnel, snapshot);
    expect(rowsScanned).toBe(18);
  });

  it('ends a query whose caller left, and lets its columns go', async () => {
    const snapshot = worldSnapshot(busyWorld(60, 10), plain, { folder, name: 'e' });
    const leaving = new AbortController();
    const running = host.run(funnel, snapshot, { signal: leaving.signal });
    leaving.abort(new Error('left'));
    await expect(running).rejects.toThrow('left');
    await expect(host.run(funnel, snapshot, { signal: leaving.signal })).rejects.toThrow('left');
    const other = await host.run(usersEver, snapshot);
    expect(resultOf(usersEver, other)).toMatchObject({ series: [{ total: 60 }] });
    await expect.poll(() => host.stats().queriesRunning).toBe(0);
  });

  it('answers a query whose columns another one had under way when it was ended', async () => {
    const snapshot = worldSnapshot(busyWorld(60, 10), plain, { folder, name: 'f' });
    const leaving = new AbortController();
    const left = host.run(viewsByPage, snapshot, { signal: leaving.signal });
    const stayed = host.run(viewsByPage, snapshot);
    await wait(1);
    leaving.abort();
    await expect(left).rejects.toThrow('abort');
    expect((await stayed).rowsScanned).toBe(400);
  });

  it('tells how far it is', async () => {
    const snapshot = worldSnapshot(busyWorld(60, 10), plain, { folder, name: 'g' });
    const told: number[] = [];
    // Threads take longer to start than it takes to be told once.
    await host.run(funnel, snapshot, {
      onProgress: ({ done, total }) => told.push(done / total),
    });
    expect(told.length).toBeGreaterThan(0);
    expect(told.every((share) => share >= 0 && share <= 1)).toBe(true);
  });

  it('refuses and ends queries when it is closed', async () => {
    const snapshot = worldSnapshot(busyWorld(10, 2), plain, { folder, name: 'h' });
    const running = host.run(funnel, snapshot);
    const closed = host.close();
    await expect(running).rejects.toMatchObject({ code: 'STORE_CLOSED' });
    await closed;
    await expect(host.run(funnel, snapshot)).rejects.toMatchObject({ code: 'STORE_CLOSED' });
  });
});

function redirects(loser: number, winner: number): ProjectSnapshot['redirects'] {
  return {
    losers: Uint32Array.of(loser),
    winners: Uint32Array.of(winner),
    ranks: Uint32Array.of(1),
  };
}
