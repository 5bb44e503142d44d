import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batch as batchOf, openStore } from '../../../test/batches.ts';
import { answerAsync, ask } from '../../../test/model/ask.ts';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { context, query } from '../../../test/model/random-worlds.ts';
import { rounded } from '../../../test/model/rounded.ts';
import { viewOf } from '../../../test/model/snapshot-view.ts';
import { batchesOfTwoDays } from '../../../test/random-batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch, type RowBatch } from '../../format/row-batch.ts';
import { readPartial, ScanHost } from '../../query/host/scan-host.ts';
import type { ShardStore } from '../shard-store.ts';
import { type Move, type MoveBatch, moveOfBatch } from './move-batches.ts';
import { peopleBatches } from './move-people.ts';
import { readMoves } from './read-moves.ts';

let folder: string;
let host: ScanHost;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-move-users-'));
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

const linkSequence = 100;
const move: Move = {
  id: 7,
  project: 1,
  loser: 'a',
  winner: 'b',
  sequence: linkSequence,
  createdAt: 1_709_510_400_000,
};

/** A store with the catalog of its files. */
interface Shard {
  readonly store: ShardStore;
  readonly catalog: TestCatalog;
}

/** All are called shard 0: none of them knows of the others. */
async function openShard(): Promise<Shard> {
  const { store } = await openStore(undefined, { chunkRows: 3 });
  return { store, catalog: new TestCatalog(folder) };
}

async function index({ store, catalog }: Shard): Promise<void> {
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
}

/** The part of a batch that some users have. Copies of updates are told apart within a shard alone: each has its own sender. */
function partOf(given: RowBatch, isHere: (user: string) => boolean): RowBatch {
  return {
    ...given,
    events: given.events.filter(({ user }) => isHere(user)),
    persons: given.persons.filter(
      ({ user, distinctId }) => user === distinctId && isHere(distinctId),
    ),
    links: [],
  };
}

const linkBatch = batchOf('link', {
  sequence: linkSequence,
  links: [{ loser: 'a', winner: 'b' }],
});

/**
 * Brings what the replica has of the loser now to the other shard. `kept`: what was said of him when he was read for the
 * first time; null = this is it. Answers that.
 */
async function copy(
  from: Shard,
  to: Shard,
  kept: readonly MoveBatch[] | null,
): Promise<readonly MoveBatch[]> {
  const { users, segments, memory } = from.store.movingUsers(1, [{ loser: 'a' }]);
  const [{ ids }] = users;
  const first = kept ?? peopleBatches(move, 0, users[0]);
  const people = peopleBatches(move, 0, { ...users[0], profiles: {} });
  const days = new Set([...segments.map(({ day }) => day), ...memory.keys()]);
  const events = [...days].flatMap((day) =>
    readMoves([
      {
        owner: { project: 1, shard: 0, day },
        segments: segments.filter((segment) => segment.day === day),
        memory: memory.get(day) ?? [],
        moves: [{ move, toShard: 0, ids }],
      },
    ]).flat(),
  );
  for (const batch of [...events, ...first, ...people]) {
    expect(moveOfBatch(batch.batchId)).toBe(7);
    await to.store.append(batch.bytes);
    expect(to.store.hasBatch(batch)).toBe(true);
  }
  return first;
}

const step = fc.constantFrom('copy', 'index from', 'index to', 'nothing');

test(
  `counts a user who moved as if he had always been in one shard (seed ${propertySeed})`,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        batchesOfTwoDays,
        fc.array(step, { minLength: 7, maxLength: 7 }),
        question,
        context,
        async (given, steps, asked, zone) => {
          const [truth, from, to] = await Promise.all([openShard(), openShard(), openShard()]);
          for (const { store } of [truth, from, to]) await store.append(encodeRowBatch(linkBatch));
          let kept: readonly MoveBatch[] | null = null;
          // What comes when later updates are in files already is applied after them, in one shard as in two.
          const inOrder = given.toSorted((one, other) => one.sequence - other.sequence);
          for (const [i, batch] of inOrder.entries()) {
            const parts = [
              [truth, partOf(batch, () => true)],
              [from, partOf(batch, (user) => user === 'a')],
              [to, partOf(batch, (user) => user !== 'a')],
            ] as const;
            for (const [{ store }, part] of parts) await store.append(encodeRowBatch(part));
            if (steps[i] === 'copy') kept = await copy(from, to, kept);
            if (steps[i] === 'index from') {
              // What came for him since then goes after him before it becomes part of files.
              if (kept !== null) await copy(from, to, kept);
              await index(from);
            }
            // Files of where he goes are not made while he is on the way.
            if (steps[i] === 'index to' && kept !== null) {
              await copy(from, to, kept);
              await index(to);
              await index(truth);
            }
          }
          await copy(from, to, kept);
          const profileOf = ({ store }: Shard) => store.profiles(1, ['b']).get('b');
          expect(profileOf(to)).toEqual(profileOf(truth));
          const snapshots = [from.store.snapshot(1, ['a']), to.store.snapshot(1)];
          const actual = await answerAsync(asked, { ...zone, shardCount: 2 }, async (plan) => {
            const answers = await Promise.all(snapshots.map((one) => host.run(plan, one)));
            return answers.flatMap(({ partials }) => partials.map(readPartial));
          });
          expect(rounded(actual)).toEqual(rounded(ask([viewOf(truth.store)], asked, zone)));
          for (const { store } of [truth, from, to]) await store.close();
        },
      ),
      { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
    );
  },
  60_000 + propertyRuns * 300,
);
