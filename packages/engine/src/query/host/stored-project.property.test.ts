import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../test/batches.ts';
import { answerAsync, ask } from '../../../test/model/ask.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../test/model/property-runs.ts';
import { context, query } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { viewOf } from '../../../test/model/snapshot-view.ts';
import { batchesOfTwoDays } from '../../../test/random-batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch } from '../../format/row-batch.ts';
import type { ShardStore } from '../../store/shard-store.ts';
import { readPartial, ScanHost } from './scan-host.ts';

let folder: string;
let host: ScanHost;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-stored-project-'));
  // Everything at once: columns are evicted, results are kept.
  const bounds = { cacheBytes: 1000, heldBytesMax: 1000, resultCacheBytes: 2 ** 20 };
  host = ScanHost.create({ threads: 2, ...bounds });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
}, 60_000);

/** A random query about what random batches hold. */
const question: fc.Arbitrary<QueryInput> = query.map((one) => {
  const text = JSON.stringify(one)
    .replaceAll(/"[AC]"/g, '"View"')
    .replaceAll('"B"', '"Buy"')
    .replaceAll('"name":"n"', '"name":"q"');
  const asked = JSON.parse(text) as QueryInput;
  return 'range' in asked ? { ...asked, range: { from: '2024-03-03', to: '2024-03-06' } } : asked;
});

/** What is done after a batch: nothing, index it, or bring a day to one segment as well. */
const afterwards = fc.constantFrom('nothing', 'nothing', 'index', 'compact');

async function index(store: ShardStore, catalog: TestCatalog): Promise<void> {
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
}

// Snapshots of one store come one after the other, with ids of parts and users that go on from each other:
// what was kept of the last must not be taken for what the next has.
test(
  `answers at every moment of a store as over its rows (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        batchesOfTwoDays,
        fc.array(afterwards, { minLength: 7, maxLength: 7 }),
        question,
        context,
        async (given, steps, asked, zone) => {
          const catalog = new TestCatalog(folder);
          const { store } = await openStore(undefined, { chunkRows: 3 });
          for (const [i, batch] of given.entries()) {
            await store.append(encodeRowBatch(batch));
            if (steps[i] !== 'nothing') await index(store, catalog);
            if (steps[i] === 'compact') {
              catalog.compact(1, store);
              await store.adopt(catalog.latest);
            }
            const snapshot = store.snapshot(1);
            const actual = await answerAsync(asked, { ...zone, shardCount: 1 }, async (plan) => {
              const { partials } = await host.run(plan, snapshot);
              return partials.map(readPartial);
            });
            expect(rounded(actual)).toEqual(rounded(ask([viewOf(store)], asked, zone)));
          }
          await store.close();
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
