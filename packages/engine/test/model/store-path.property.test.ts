import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { encodeRowBatch } from '../../src/format/row-batch.ts';
import type { RowBatch } from '../../src/format/row-batch.ts';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { batch, event, openStore, person } from '../batches.ts';
import { TestCatalog } from '../test-catalog.ts';
import { ask } from './ask.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed, propertyTimeoutMs } from './property-runs.ts';
import { context, query, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';
import type { World } from './world.ts';
import { viewOf } from './snapshot-view.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbor-store-path-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The world as it reaches the shards: in batches, users whole; arrival is the order of sequences. */
function toBatches({ events, people }: World, shardCount: number): RowBatch[][] {
  const shards = Array.from({ length: shardCount }, (): RowBatch[] => []);
  const shardOf = (user: string): number => user.length % shardCount;
  for (const [user, values] of Object.entries(people)) {
    const persons = [person(user, [{ operator: '$set', values }])];
    const own = shards[shardOf(user)];
    own.push(batch(`person ${user}`, { sequence: 1, persons }));
  }
  for (const [i, { user, ...rest }] of events.entries()) {
    // Two events share a batch, so that position decides within and sequence between.
    const one = event({
      ...rest,
      sentTime: rest.time,
      distinctId: user,
      user,
      insertId: `${i}`,
      position: i,
    });
    const own = shards[shardOf(user)];
    const batchId = `batch ${Math.floor(i / 2)}`;
    const open = own.at(-1);
    if (open?.batchId === batchId) own[own.length - 1] = { ...open, events: [...open.events, one] };
    else own.push(batch(batchId, { sequence: 1000 + Math.floor(i / 2), events: [one] }));
  }
  return shards;
}

/** Where the rows lie when they are asked for: all in the row log, all in segments, or some here and some there. */
const places = fc.constantFrom('log' as const, 'segments' as const, 'both' as const);
type Place = 'log' | 'segments' | 'both';

async function storedViews(shards: readonly RowBatch[][], place: Place): Promise<ShardView[]> {
  return Promise.all(
    shards.map(async (batches) => {
      const { store } = await openStore(undefined, { chunkRows: 5 });
      const catalog = new TestCatalog(folder);
      // The last come first and the first come twice: neither may show.
      const deliveries = [...batches.toReversed(), ...batches.slice(0, 3)];
      const half = place === 'both' ? deliveries.length >>> 1 : deliveries.length;
      for (const one of deliveries.slice(0, half)) await store.append(encodeRowBatch(one));
      if (place !== 'log') {
        const job = await store.prepareIndex();
        if (job) catalog.commit(job);
        await store.adopt(catalog.latest);
      }
      for (const one of deliveries.slice(half)) await store.append(encodeRowBatch(one));
      return viewOf(store);
    }),
  );
}

test(
  `answers from the store as the model does (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(world, query, context, places, async (things, question, zone, place) => {
        const views = await storedViews(toBatches(things, 3), place);
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(views, question, zone))).toEqual(rounded(expected));
      }),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
