import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAsync } from '../../../test/model/ask.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import { context, query, world } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { type Layout, worldSnapshot } from '../../../test/model/world-snapshot.ts';
import type { PlanContext } from '../plan/plan.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const layout: fc.Arbitrary<Layout> = fc.record({
  parts: fc.constantFrom(1, 1, 2, 3),
  inMemory: fc.nat({ max: 7 }),
  copyEvery: fc.constantFrom(0, 2, 5),
  mergedEvery: fc.constantFrom(0, 0, 3, 7),
  hiddenEvery: fc.constantFrom(0, 0, 4),
});

let folder: string;
let hosts: ScanHost[];
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-scan-host-'));
  hosts = [
    ScanHost.create({ threads: 1, cacheBytes: 2 ** 24 }),
    ScanHost.create({ threads: 3, cacheBytes: 2 ** 24, resultCacheBytes: 2 ** 20 }),
    // Less than a day takes: every day is a chunk, and nothing stays.
    ScanHost.create({ threads: 2, cacheBytes: 64, heldBytesMax: 64 }),
  ];
});
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  fs.rmSync(folder, { recursive: true });
}, 60_000);

async function ask(
  host: ScanHost,
  snapshot: ProjectSnapshot,
  question: QueryInput,
  zone: PlanContext,
): Promise<QueryResult> {
  return answerAsync(question, { ...zone, shardCount: 1 }, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
}

test(
  `answers from files and memory as the model does (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(world, query, context, layout, async (things, question, zone, laid) => {
        const name = `${snapshots++}`;
        const snapshot = worldSnapshot(things, laid, { folder, name });
        const expected = rounded(naive(things, querySchema.parse(question), zone));
        const answers = await Promise.all(hosts.map((host) => ask(host, snapshot, question, zone)));
        for (const answer of answers) expect(rounded(answer)).toEqual(expected);
        // Once more, with everything in the cache: of columns, and of results.
        for (const host of hosts.slice(0, 2)) {
          expect(rounded(await ask(host, snapshot, question, zone))).toEqual(expected);
        }
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
