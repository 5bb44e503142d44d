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

/**
 * One event twice, in the mode `legacy`: its sender became an alias of another user between the two. Shards are told
 * nothing of it.
 */
const cases = [
  {
    sender: 'the identifier it was sent under',
    sent: { distinctId: 'new' },
    first: 'new',
    second: 'old',
  },
  {
    sender: 'the user that a device named',
    sent: { distinctId: '$device:d', properties: { $device_id: 'd', $user_id: 'new' } },
    first: 'new',
    second: 'old',
  },
  {
    sender: 'the user that a device named, and the device has it now',
    sent: { distinctId: '$device:d', properties: { $device_id: 'd', $user_id: 'new' } },
    first: 'new',
    second: '$device:d',
  },
  {
    sender: 'the number that a device named as its user',
    sent: { distinctId: '$device:d', properties: { $device_id: 'd', $user_id: 7 } },
    first: '7',
    second: 'old',
  },
];

const shown = (store: ShardStore): string[] =>
  rowTexts(viewOf(store))
    .map((text) => text.replace(/ \d+ /, ' '))
    .sort();

it.each(cases)(
  'counts an event once that is sent again after $sender became an alias',
  async ({ sender, sent, first, second }) => {
    const { store, files } = await openStore();
    const catalog = new TestCatalog(mkdtempSync(join(folder, `${sender.length}-`)));
    const index = async (): Promise<void> => {
      const job = await store.prepareIndex();
      if (job) catalog.commit(job);
      await store.adopt(catalog.latest);
    };
    const before = event({ ...sent, user: first });
    await store.append(encodeRowBatch(batch('first', { sequence: 1, events: [before] })));
    await index();
    expect(shown(store)).toStrictEqual([`${first} View`]);
    const both = [`${second} Buy`, `${second} View`];
    const again = event({ ...sent, user: second });
    const other = { ...again, insertId: 'other', event: 'Buy', position: 1 };
    await store.append(encodeRowBatch(batch('second', { sequence: 2, events: [again, other] })));
    expect(shown(store)).toStrictEqual(both);
    await index();
    expect(shown(store)).toStrictEqual(both);
    const restarted = await openStore(files.crash(), { catalog: catalog.latest });
    expect(shown(restarted.store)).toStrictEqual(both);
    catalog.compact(1, store);
    await store.adopt(catalog.latest);
    expect(shown(store)).toStrictEqual(both);
  },
);
