import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore, rowTexts } from '../../test/batches.ts';
import { describeStore } from '../../test/describe-store.ts';
import { deliveries } from '../../test/random-batches.ts';
import { type BatchPersonUpdate, encodeRowBatch, type RowBatch } from '../format/row-batch.ts';
import { MemoryLogFiles } from './row-log/memory-log-files.ts';
import type { ShardStore } from './shard-store.ts';
import { viewOf } from '../../test/model/snapshot-view.ts';

async function give(
  store: ShardStore,
  batches: readonly RowBatch[],
  isWatched: boolean,
): Promise<void> {
  for (const rows of batches) {
    await store.append(encodeRowBatch(rows));
    if (isWatched) await describeStore(store);
  }
}

describe('any order of delivery', () => {
  it('with repetitions gives the same rows, people and names, watched or not, before and after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.boolean(), async ([list, otherOrder], isWatched) => {
        const files = new MemoryLogFiles();
        const { store } = await openStore();
        const { store: other } = await openStore(files);
        await give(store, list, false);
        await give(other, otherOrder, isWatched);
        const expected = await describeStore(store);
        expect(await describeStore(other)).toStrictEqual(expected);
        expect(await describeStore((await openStore(files.crash())).store)).toStrictEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('shows of each duplicate key the latest copy, in the order of a plain sort', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, async ([list, otherOrder]) => {
        const { store } = await openStore();
        const unlinked = (rows: RowBatch): RowBatch => ({ ...rows, links: [] });
        await give(store, otherOrder.map(unlinked), true);
        expect(rowTexts(viewOf(store), 'p').sort()).toStrictEqual(naiveRows(list).sort());
      }),
      { numRuns: 300 },
    );
  });
});

describe('updates of people with insert ids', () => {
  it('are applied as if the first of each id had come alone, through merges and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.boolean(), async ([list, otherOrder], isWatched) => {
        const files = new MemoryLogFiles();
        const { store } = await openStore();
        const { store: other } = await openStore(files);
        await give(store, withoutCopies(list), false);
        await give(other, otherOrder, isWatched);
        const expected = await describeStore(store);
        expect(await describeStore(other)).toStrictEqual(expected);
        expect(await describeStore((await openStore(files.crash())).store)).toStrictEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});

function inOrderOfArrival(list: readonly RowBatch[]): RowBatch[] {
  return [...list].sort((a, b) => a.sequence - b.sequence || (a.batchId < b.batchId ? -1 : 1));
}

/** No update has an id any more, and later copies do nothing: such a store need not know of ids. */
function withoutCopies(list: readonly RowBatch[]): RowBatch[] {
  const known = new Set<string>();
  return inOrderOfArrival(list).map((rows) => ({
    ...rows,
    persons: rows.persons.map(({ insertId, ...update }): BatchPersonUpdate => {
      if (insertId === undefined) return update;
      const key = JSON.stringify([update.distinctId, insertId]);
      const isCopy = known.has(key);
      known.add(key);
      if (!isCopy) return update;
      return { ...update, ignoreTime: true, operations: [{ operator: '$unset', names: [] }] };
    }),
  }));
}

/** The same from a list of objects: what a reader should see of the events. */
function naiveRows(list: readonly RowBatch[]): string[] {
  const latest = new Map<string, string>();
  for (const rows of inOrderOfArrival(list)) {
    for (const one of rows.events) {
      const key = JSON.stringify([one.event, one.sentTime, one.distinctId, one.insertId]);
      const p = one.properties['p'];
      latest.set(
        key,
        `${one.user} ${one.time} ${one.event} ${p === undefined ? '-' : JSON.stringify(p)}`,
      );
    }
  }
  return [...latest.values()];
}
