import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../test/batches.ts';
import { answerAsync, ask } from '../../../test/model/ask.ts';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { context, query } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { viewOf } from '../../../test/model/snapshot-view.ts';
import { batchesOfTwoDays } from '../../../test/random-batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch } from '../../format/row-batch.ts';
import type { ShardView } from '../../query/exec/shard-view.ts';
import { readPartial, ScanHost } from '../../query/host/scan-host.ts';

let folder: string;
let host: ScanHost;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-left-out-'));
  // One host for all stores: what is kept of one query must not be taken for what the next has.
  host = ScanHost.create({ threads: 2, cacheBytes: 100_000, resultCacheBytes: 2 ** 20 });
});
afterAll(async () => {
  await host.close();
  fs.rmSync(folder, { recursive: true });
});

const question: fc.Arbitrary<QueryInput> = query.map((one) => {
  const text = JSON.stringify(one)
    .replaceAll(/"[AC]"/g, '"View"')
    .replaceAll('"B"', '"Buy"')
    .replaceAll('"name":"n"', '"name":"q"');
  const asked = JSON.parse(text) as QueryInput;
  return 'range' in asked ? { ...asked, range: { from: '2024-03-03', to: '2024-03-06' } } : asked;
});

/** The view without the rows, profiles and ids of some users. */
function withoutUsers(view: ShardView, gone: ReadonlySet<number>): ShardView {
  const rows = Array.from(view.users.keys()).filter((row) => !gone.has(view.users[row]));
  const pick = <T extends Uint32Array | Float64Array>(list: T): T =>
    list.filter((_, row) => !gone.has(view.users[row])) as T;
  const userIds = view.userIds.map((id, ordinal) => (gone.has(ordinal) ? '' : id));
  const users = pick(view.users);
  return {
    ...view,
    rowCount: rows.length,
    users,
    times: pick(view.times),
    events: pick(view.events),
    userIds,
    eventProperty: (name) => {
      if (name === '$distinct_id') return { codes: users, values: userIds };
      const column = view.eventProperty(name);
      return column && { ...column, codes: pick(column.codes) };
    },
    personProperty: (name) => {
      const column = view.personProperty(name);
      return (
        column && {
          ...column,
          codes: column.codes.map((code, ordinal) => (gone.has(ordinal) ? 0 : code)),
        }
      );
    },
  };
}

test(
  `answers without some users as if they were not there, whoever is left out next (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        batchesOfTwoDays,
        fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
        fc.array(fc.subarray(['a', 'b', 'c', 'nobody']), { minLength: 1, maxLength: 3 }),
        question,
        context,
        async (given, isIndexed, leftOut, asked, zone) => {
          const catalog = new TestCatalog(folder);
          const { store } = await openStore(undefined, { chunkRows: 3 });
          for (const [i, batch] of given.entries()) {
            await store.append(encodeRowBatch(batch));
            if (!isIndexed[i]) continue;
            const job = await store.prepareIndex();
            if (job) catalog.commit(job);
            await store.adopt(catalog.latest);
          }
          for (const ids of leftOut) {
            const snapshot = store.snapshot(1, ids);
            const actual = await answerAsync(asked, { ...zone, shardCount: 1 }, async (plan) => {
              const { partials } = await host.run(plan, snapshot);
              return partials.map(readPartial);
            });
            const gone = new Set(goneOf(store.snapshot(1), ids));
            const view = withoutUsers(viewOf(store), gone);
            expect(rounded(actual)).toEqual(rounded(ask([view], asked, zone)));
          }
          await store.close();
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  60_000 + propertyRuns * 200,
);

type Snapshot = Parameters<ScanHost['run']>[1];

/** By the ids and merges of the whole snapshot: everybody who counts as the same user as one of them. */
function goneOf({ users, redirects }: Snapshot, ids: readonly string[]): number[] {
  const { bytes, ends, count } = users;
  const userOf = (ordinal: number): number => {
    const i = redirects.losers.indexOf(ordinal);
    return i < 0 ? ordinal : redirects.winners[i];
  };
  const ordinals = Array.from({ length: count }, (_, i) => i + 1);
  const named = ordinals.filter((ordinal) =>
    ids.includes(Buffer.from(bytes.slice(ends[ordinal - 1], ends[ordinal])).toString()),
  );
  const gone = new Set(named.map(userOf));
  return ordinals.filter((ordinal) => gone.has(userOf(ordinal)));
}
