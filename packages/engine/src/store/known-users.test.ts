import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batch, event, midnight, openStore, person } from '../../test/batches.ts';
import { answerAsync, ask, later } from '../../test/model/ask.ts';
import { viewOf } from '../../test/model/snapshot-view.ts';
import { TestCatalog } from '../../test/test-catalog.ts';
import { encodeRowBatch } from '../format/row-batch.ts';
import { knownUserProperty } from '../query/exec/shard-view.ts';
import { readPartial, ScanHost } from '../query/host/scan-host.ts';
import type { ShardStore } from './shard-store.ts';

let folder: string;
let host: ScanHost;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'arbor-known-users-'));
  host = ScanHost.create({ threads: 1, cacheBytes: 1000, resultCacheBytes: 2 ** 20 });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

const neverBought = {
  type: 'cohort',
  filters: [
    {
      type: 'behavior',
      selector: { anyOf: [{ event: 'Buy' }] },
      count: { operator: 'at_most', value: 0 },
      span: { type: 'range', from: '2024-03-01', to: '2024-03-31' },
    },
  ],
} satisfies QueryInput;

/** How many never bought: over the rows, and through the threads. */
async function counts(store: ShardStore): Promise<unknown[]> {
  const snapshot = store.snapshot(1);
  const threaded = await answerAsync(neverBought, later, async (plan) => {
    const { partials } = await host.run(plan, snapshot);
    return partials.map(readPartial);
  });
  const plain = ask([viewOf(store)], neverBought);
  const { users } = await store.names(1);
  return [plain.users, threaded.type === 'cohort' && threaded.users, users];
}

const give = (store: ShardStore, batches: readonly ReturnType<typeof batch>[]) =>
  Promise.all(batches.map((one) => store.append(encodeRowBatch(one))));

it('leaves out whoever has neither an event nor a profile, wherever that was found', async () => {
  const { store } = await openStore();
  const catalog = new TestCatalog(folder);
  const index = async (): Promise<void> => {
    const job = await store.prepareIndex();
    if (job) catalog.commit(job);
    await store.adopt(catalog.latest);
  };
  await give(store, [
    batch('first', {
      sequence: 1,
      events: [event({ distinctId: 'seen' }), event({ distinctId: 'loser', time: midnight + 1 })],
      persons: ['deleted', 'profile'].map((user) =>
        person(user, [{ operator: '$set', values: { p: 1 } }]),
      ),
    }),
  ]);
  expect(await counts(store)).toEqual([4, 4, 4]);
  expect(store.snapshot(1).personProperty(knownUserProperty)).toBeUndefined();
  await give(store, [
    batch('second', {
      sequence: 2,
      persons: [person('deleted', [{ operator: '$delete' }])],
      links: [
        { loser: 'loser', winner: 'winner' },
        { loser: 'nobody', winner: 'no one' },
      ],
    }),
  ]);
  // Seen, the winner of the loser's event, and the profile.
  expect(await counts(store)).toEqual([3, 3, 3]);
  await index();
  expect(await counts(store)).toEqual([3, 3, 3]);
  await give(store, [
    batch('third', { sequence: 3, events: [event({ distinctId: 'deleted', time: midnight + 2 })] }),
  ]);
  expect(await counts(store)).toEqual([4, 4, 4]);
  await index();
  expect(await counts(store)).toEqual([4, 4, 4]);
});
