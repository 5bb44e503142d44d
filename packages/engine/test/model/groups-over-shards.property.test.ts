import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listedReportSchema, querySchema, type QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { readPartial, ScanHost } from '../../src/query/host/scan-host.ts';
import { countsTogether, type PlanContext } from '../../src/query/plan/plan.ts';
import type { ProjectSnapshot } from '../../src/query/scan/project-snapshot.ts';
import { listQuery } from './ask-list.ts';
import { answerAsync } from './ask.ts';
import { countedAt } from './list-counted.ts';
import { numberAt } from './list-numbers.ts';
import { somePoint } from './list-points.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { countingQuery, worldOfGroups } from './random-groups.ts';
import { richDefinitions } from './random-properties.ts';
import { context } from './random-worlds.ts';
import { rounded } from './rounded.ts';
import { type Layout, worldShards } from './world-snapshot.ts';

let folder: string;
let hosts: readonly ScanHost[];
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-groups-over-shards-'));
  hosts = [
    ScanHost.create({ threads: 2, cacheBytes: 2 ** 24, resultCacheBytes: 2 ** 20 }),
    // Less than a day takes: every day of every shard is a chunk, and groups are gone over in several passes.
    ScanHost.create({ threads: 2, cacheBytes: 64, heldBytesMax: 64 }),
  ];
});
afterAll(async () => {
  for (const host of hosts) await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

const layouts: readonly Layout[] = [
  { parts: 2, inMemory: 2, copyEvery: 2, mergedEvery: 0, hiddenEvery: 4 },
  { parts: 1, inMemory: 0, copyEvery: 0, mergedEvery: 3, hiddenEvery: 0 },
];
const shardCounts = fc.integer({ min: 1, max: 4 });

/** As the query server asks: all shards together where groups are counted, else each by itself. */
function askShards(
  query: QueryInput,
  asked: PlanContext,
  host: ScanHost,
  shards: readonly ProjectSnapshot[],
): Promise<QueryResult> {
  return answerAsync(query, { ...asked, shardCount: shards.length }, async (plan) => {
    const together = countsTogether(plan) ? [shards] : shards.map((shard) => [shard]);
    const answers = await Promise.all(together.map((own) => host.runTogether(plan, own)));
    return answers.flatMap(({ partials }) => partials.map(readPartial));
  });
}

test(
  `counts groups whose users lie on several shards as the model does (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        worldOfGroups,
        countingQuery,
        context,
        shardCounts,
        fc.constantFrom(...layouts),
        async (world, query, zone, shardCount, layout) => {
          const asked = { ...zone, definitions: richDefinitions };
          const shards = worldShards(world, shardCount, layout, {
            folder,
            name: `${snapshots++}`,
          });
          const expected = rounded(naive(world, querySchema.parse(query), asked));
          for (const host of hosts) {
            expect(rounded(await askShards(query, asked, host, shards))).toEqual(expected);
          }
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 6), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `lists as many groups and events over several shards as a number says (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        worldOfGroups,
        countingQuery,
        context,
        shardCounts,
        fc.nat({ max: 1_000_000 }),
        async (world, query, zone, shardCount, at) => {
          // Shares of touches are no whole numbers of events.
          fc.pre(!JSON.stringify(query).includes('"attributed"'));
          const asked = { ...zone, definitions: richDefinitions };
          const of = listedReportSchema.parse(query);
          const result = naive(world, of, asked);
          const point = somePoint(of, result, at);
          fc.pre(point !== undefined);
          const what = countedAt(of, point);
          fc.pre(what !== null);
          const place = { folder, name: `${snapshots++}` };
          const [one, several] = [1, shardCount].map((count) =>
            worldShards(world, count, layouts[1], { ...place, name: `${place.name} of ${count}` }),
          );
          const list = listQuery({ of, point, what });
          const listed = await askShards(list, asked, hosts[0], several);
          if (listed.type !== 'list') throw new Error(listed.type);
          expect(listed.total).toBe(numberAt(result, point));
          expect(listed[what].length).toBe(numberAt(result, point));
          expect(listed).toEqual(await askShards(list, asked, hosts[0], one));
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 6), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
