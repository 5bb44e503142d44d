import { encodeRowBatch, type RowBatch } from '../../src/format/row-batch.ts';
import type { ShardStore } from '../../src/store/shard-store.ts';
import { batch, event, openStore, person } from '../batches.ts';
import type { World, WorldEvent } from '../model/world.ts';
import { TestCatalog } from '../test-catalog.ts';

/** Where the rows lie when they are asked for: all in the row log, all in segments, or some here and some there. */
export const places = ['row log', 'segments', 'both'] as const;
export type Place = (typeof places)[number];

const batchEvents = 5000;

/** A store of the one shard that has the whole world as project 1. Files of its segments lie in `folder`. */
export async function storeWorld(world: World, place: Place, folder: string): Promise<ShardStore> {
  const { store } = await openStore();
  const catalog = new TestCatalog(folder);
  const batches = toBatches(world);
  // The last come first, as late events do, and some come twice: neither may show.
  const deliveries = [...batches.toReversed(), ...batches.slice(0, 3)];
  const indexed = { 'row log': 0, segments: deliveries.length, both: deliveries.length >>> 1 };
  for (const one of deliveries.slice(0, indexed[place])) await store.append(encodeRowBatch(one));
  for (;;) {
    const job = await store.prepareIndex();
    if (job === null) break;
    catalog.commit(job);
    await store.adopt(catalog.latest);
  }
  for (const one of deliveries.slice(indexed[place])) await store.append(encodeRowBatch(one));
  return store;
}

function toBatches({ events, people }: World): RowBatch[] {
  const persons = Object.entries(people).map(([user, values]) =>
    person(user, [{ operator: '$set', values }]),
  );
  const batches = [batch('people', { persons })];
  for (let first = 0; first < events.length; first += batchEvents) {
    const own = events.slice(first, first + batchEvents);
    batches.push(
      batch(`events ${first}`, {
        sequence: 1001 + first,
        events: own.map((one, position) => toEvent(one, `${first + position}`, position)),
      }),
    );
  }
  return batches;
}

function toEvent(one: WorldEvent, insertId: string, position: number): RowBatch['events'][number] {
  // What ingestion takes out of the properties.
  const { time: _, distinct_id: __, $insert_id: ___, ...properties } = one.properties;
  const { user, time } = one;
  const sent = { distinctId: user, user, time, sentTime: time, insertId };
  return event({ ...sent, event: one.event, position, properties });
}
