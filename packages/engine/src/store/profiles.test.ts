import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batch, openStore, person } from '../../test/batches.ts';
import { TestCatalog } from '../../test/test-catalog.ts';
import { encodeRowBatch, type RowBatch } from '../format/row-batch.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbor-profiles-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const set = (user: string, plan: string) => person(user, [{ operator: '$set', values: { plan } }]);

it('finds profiles by any id of the user, in files and in memory, and nobody else', async () => {
  const { store } = await openStore();
  const catalog = new TestCatalog(folder);
  const give = (one: RowBatch): Promise<string> => store.append(encodeRowBatch(one));
  await give(batch('b1', { persons: [set('ann', 'pro'), set('bob', 'free'), set('cy', 'pro')] }));
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
  await give(
    batch('b2', {
      sequence: 2000,
      persons: [set('bob', 'team'), person('cy', [{ operator: '$delete' }])],
      links: [{ loser: 'dee', winner: 'ann' }],
    }),
  );
  expect(store.profiles(1, ['ann', 'bob', 'cy', 'dee', 'nobody', ''])).toEqual(
    new Map([
      ['ann', { plan: 'pro' }],
      ['bob', { plan: 'team' }],
      ['dee', { plan: 'pro' }],
    ]),
  );
  // Whoever lies in another shard by now, by any id.
  expect(store.profiles(1, ['ann', 'bob', 'dee'], ['dee', 'nobody'])).toEqual(
    new Map([['bob', { plan: 'team' }]]),
  );
  expect(store.profiles(2, ['ann'])).toEqual(new Map());
  await store.close();
});
