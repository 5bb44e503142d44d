import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import { encodeRowBatch } from '../../src/format/row-batch.ts';
import type { RowBatch } from '../../src/format/row-batch.ts';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { batch, event, openStore, person } from '../batches.ts';
import { ask } from './ask.ts';
import { naive } from './naive.ts';
import { propertyRuns, propertySeed } from './property-runs.ts';
import { context, query, world } from './random-worlds.ts';
import { rounded } from './rounded.ts';
import type { World } from './world.ts';

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

async function storedViews(shards: readonly RowBatch[][]): Promise<ShardView[]> {
  return Promise.all(
    shards.map(async (batches) => {
      const { store } = await openStore();
      // The last come first and the first come twice: neither may show.
      for (const one of [...batches.toReversed(), ...batches.slice(0, 3)]) {
        await store.append(encodeRowBatch(one));
      }
      return store.view(1);
    }),
  );
}

test(
  `answers from the store as the model does (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(world, query, context, async (things, question, zone) => {
        const views = await storedViews(toBatches(things, 3));
        const expected = naive(things, querySchema.parse(question), zone);
        expect(rounded(ask(views, question, zone))).toEqual(rounded(expected));
      }),
      { numRuns: Math.ceil(propertyRuns / 3), seed: propertySeed },
    );
  },
  30_000 + propertyRuns * 100,
);
