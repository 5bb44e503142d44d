import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { querySchema } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerAsync } from '../../../test/model/ask.ts';
import { naive } from '../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import {
  propertyQuery,
  richDefinitions,
  richWorld,
} from '../../../test/model/random-properties.ts';
import { context } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { type Layout, worldSnapshot } from '../../../test/model/world-snapshot.ts';
import { readPartial, ScanHost } from './scan-host.ts';

const layout: fc.Arbitrary<Layout> = fc.record({
  parts: fc.constantFrom(1, 2),
  inMemory: fc.nat({ max: 7 }),
  copyEvery: fc.constantFrom(0, 2),
  mergedEvery: fc.constantFrom(0, 3),
  hiddenEvery: fc.constantFrom(0, 4),
});

let folder: string;
let host: ScanHost;
let snapshots = 0;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-host-properties-'));
  host = ScanHost.create({ threads: 2, cacheBytes: 2 ** 24 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 120_000);

test(
  `reads from files all that computed properties look at (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        richWorld,
        propertyQuery,
        context,
        layout,
        async (world, query, zone, laid) => {
          const asked = { ...zone, definitions: richDefinitions, shardCount: 1 };
          const snapshot = worldSnapshot(world, laid, { folder, name: `${snapshots++}` });
          const answer = await answerAsync(query, asked, async (plan) => {
            const { partials } = await host.run(plan, snapshot);
            return partials.map(readPartial);
          });
          expect(rounded(answer)).toEqual(rounded(naive(world, querySchema.parse(query), asked)));
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
