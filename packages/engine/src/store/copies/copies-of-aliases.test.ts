import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batch, event, openStore, rowTexts } from '../../../test/batches.ts';
import { viewOf } from '../../../test/model/snapshot-view.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch } from '../../format/row-batch.ts';
import type { ShardStore } from '../shard-store.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arbor-aliases-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** In the mode `legacy` "new" became an alias of "old" between the two: shards are told nothing of it. */
const first = batch('first', { sequence: 1, events: [event({ distinctId: 'new', user: 'new' })] });
const second = batch('second', {
  sequence: 2,
  events: [
    event({ distinctId: 'new', user: 'old' }),
    event({ distinctId: 'new', user: 'old', insertId: 'other', event: 'Buy' }),
  ],
});

const shown = (store: ShardStore): string[] =>
  rowTexts(viewOf(store)).map((text) => text.replace(/ \d+ /, ' '));

it('counts an event once that is sent again after its sender became an alias of another user', async () => {
  const { store, files } = await openStore();
  const catalog = new TestCatalog(folder);
  const index = async (): Promise<void> => {
    const job = await store.prepareIndex();
    if (job) catalog.commit(job);
    await store.adopt(catalog.latest);
  };
  await store.append(encodeRowBatch(first));
  await index();
  expect(shown(store)).toStrictEqual(['new View']);
  const both = ['old Buy', 'old View'];
  await store.append(encodeRowBatch(second));
  expect(shown(store).sort()).toStrictEqual(both);
  await index();
  expect(shown(store).sort()).toStrictEqual(both);
  const again = await openStore(files.crash(), { catalog: catalog.latest });
  expect(shown(again.store).sort()).toStrictEqual(both);
  catalog.compact(1, store);
  await store.adopt(catalog.latest);
  expect(shown(store).sort()).toStrictEqual(both);
});
