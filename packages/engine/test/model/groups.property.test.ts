import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listedReportSchema, querySchema } from '@arbor/schema/query';
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
