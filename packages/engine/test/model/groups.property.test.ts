import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listedReportSchema, querySchema } from '@arbor/schema/query';
import type { ComputedPropertyInput, FilterInput, QueryInput } from '@arbor/schema/query';
import { executePlan } from '../../src/query/exec/execute.ts';
import { readPartial, ScanHost } from '../../src/query/host/scan-host.ts';
import { joinGroups } from '../../src/query/plan/group-joins.ts';
import { listQuery } from './ask-list.ts';
import { answer, answerAsync } from './ask.ts';
import { buildViews } from './build-views.ts';
import { groupsOf } from './group-columns.ts';
import { countedAt } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { somePoint } from './list-points.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { countingQuery, groupQuery, worldOfGroups } from './random-groups.ts';
import { richDefinitions } from './random-properties.ts';
import { context } from './random-worlds.ts';
import { rounded } from './rounded.ts';
import { worldSnapshot } from './world-snapshot.ts';

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-groups-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

test(
  `reads properties of groups as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(worldOfGroups, groupQuery, context, (world, query, zone) => {
        const asked = { ...zone, definitions: richDefinitions };
        const groups = groupsOf(world);
        const views = buildViews(world, 2);
        const actual = answer(query, asked, (plan) => {
          const joined = joinGroups(plan, (key, name) => groups.property(key, name));
          return views.map((view) => executePlan(joined, view));
        });
        expect(rounded(actual)).toEqual(rounded(naive(world, querySchema.parse(query), asked)));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `counts groups as the model does (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(worldOfGroups, countingQuery, context, async (world, query, zone) => {
        const asked = { ...zone, definitions: richDefinitions, shardCount: 1 };
        const layout = { parts: 2, inMemory: 2, copyEvery: 2, mergedEvery: 0, hiddenEvery: 4 };
        const snapshot = worldSnapshot(world, layout, { folder, name: `${snapshots++}` });
        const actual = await answerAsync(query, asked, async (plan) => {
          const { partials } = await host.run(plan, snapshot);
          return partials.map(readPartial);
        });
        expect(rounded(actual)).toEqual(rounded(naive(world, querySchema.parse(query), asked)));
      }),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `lists as many groups and events behind a number as it says (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        worldOfGroups,
        countingQuery,
        context,
        fc.nat({ max: 1_000_000 }),
        async (world, query, zone, at) => {
          // Shares of touches are no whole numbers of events.
          fc.pre(!JSON.stringify(query).includes('"attributed"'));
          const asked = { ...zone, definitions: richDefinitions, shardCount: 1 };
          const of = listedReportSchema.parse(query);
          const result = naive(world, of, asked);
          const point = somePoint(of, result, at);
          fc.pre(point !== undefined);
          const counted = countedAt(of, point);
          fc.pre(counted !== null);
          const layout = { parts: 2, inMemory: 1, copyEvery: 0, mergedEvery: 3, hiddenEvery: 0 };
          const snapshot = worldSnapshot(world, layout, { folder, name: `${snapshots++}` });
          const list = await answerAsync(
            listQuery({ of, point, what: counted }),
            asked,
            async (plan) => {
              const { partials } = await host.run(plan, snapshot);
              return partials.map(readPartial);
            },
          );
          expect(list.type === 'list' && list.total).toBe(numberAt(result, point));
          expect(list.type === 'list' && list[counted].length).toBe(numberAt(result, point));
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `brings profiles of groups to the threads that read them (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(worldOfGroups, groupQuery, context, async (world, query, zone) => {
        const asked = { ...zone, definitions: richDefinitions, shardCount: 1 };
        const layout = { parts: 2, inMemory: 1, copyEvery: 2, mergedEvery: 3, hiddenEvery: 0 };
        const snapshot = worldSnapshot(world, layout, { folder, name: `${snapshots++}` });
        const actual = await answerAsync(query, asked, async (plan) => {
          const { partials } = await host.run(plan, snapshot);
          return partials.map(readPartial);
        });
        expect(rounded(actual)).toEqual(rounded(naive(world, querySchema.parse(query), asked)));
      }),
      { numRuns: Math.ceil(propertyRuns / 5), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

// Seed 920005: in the model nothing had happened that names no group.
test('measures events that have groups by all that their users did', async () => {
  const startMs = Date.UTC(2024, 2, 20);
  const hourMs = 3_600_000;
  const events = [
    { user: 'ada', event: 'B', time: startMs, properties: { source: 'ads' } },
    { user: 'ada', event: 'A', time: startMs, properties: {} },
    { user: 'ada', event: 'A', time: startMs + hourMs, properties: { tags: ['mail', 'x'] } },
    { user: 'bob', event: 'A', time: startMs, properties: { tags: 'mail' } },
  ];
  const things = { events, people: {}, groups: {} };
  const anyB = { anyOf: [{ event: 'B' }] };
  const byAda = (name: string, computed: ComputedPropertyInput): FilterInput => ({
    type: 'property',
    property: { scope: 'event', name, computed },
    operator: 'at_least',
    values: [1],
  });
  const totals: number[] = [];
  for (const filters of [
    [],
    [byAda('did', { type: 'behavior', selector: anyB, aggregate: 'count' })],
    [
      {
        ...byAda('source', { type: 'borrowed', selector: anyB }),
        operator: 'equals' as const,
        values: ['ads'],
      } as FilterInput,
    ],
  ]) {
    const query: QueryInput = {
      type: 'insights',
      range: { from: '2024-03-20', to: '2024-03-20' },
      unit: 'total',
      metrics: [{ selector: { anyOf: [{ event: 'A', filters }] }, measure: { type: 'total' } }],
      groupKey: 'tags',
    };
    const asked = { timezone: 'UTC', weekStart: 1, nowMs: startMs, shardCount: 1 };
    const layout = { parts: 1, inMemory: 1, copyEvery: 0, mergedEvery: 0, hiddenEvery: 0 };
    const snapshot = worldSnapshot(things, layout, { folder, name: `${snapshots++}` });
    const actual = await answerAsync(query, asked, async (plan) => {
      const { partials } = await host.run(plan, snapshot);
      return partials.map(readPartial);
    });
    expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(query), asked)));
    totals.push(actual.type === 'insights' ? Number(actual.series[0].total) : NaN);
  }
  expect(totals).toEqual([2, 1, 1]);
});
