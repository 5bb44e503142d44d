import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { listedReportSchema } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAsync } from '../../../test/model/ask.ts';
import { type AskedList, listOf, listQuery } from '../../../test/model/ask-list.ts';
import { somePoint } from '../../../test/model/list-points.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import { context, query, world } from '../../../test/model/random-worlds.ts';
import { worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-list-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24, resultCacheBytes: 2 ** 20 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

// A part in a file, one in memory, copies of events, and users who were merged.
const layout = { parts: 2, inMemory: 2, copyEvery: 5, mergedEvery: 7, hiddenEvery: 4 };

test(
  `lists from files and memory what it lists over rows (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(world, query, context, fc.nat(), async (things, question, zone, at) => {
        const of = listedReportSchema.parse(question);
        const point = somePoint(of, naive(things, of, zone), at);
        fc.pre(point !== undefined);
        const snapshot = worldSnapshot(things, layout, { folder, name: `${snapshots++}` });
        for (const what of ['users', 'events'] as const) {
          const asked: AskedList = { of, point, what, limit: 5, columns: ['p', 'missing'] };
          const actual = await answerAsync(listQuery(asked), zone, async (plan) => {
            const { partials } = await host.run(plan, snapshot);
            return partials.map(readPartial);
          });
          expect(actual).toEqual(listOf(things, asked, zone));
        }
      }),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
