import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batch,
  event,
  midnight,
  openStore,
  person,
  profileOf,
  rowTexts,
} from '../../test/batches.ts';
import { MemoryLogFiles } from './row-log/memory-log-files.ts';
import { type BatchPersonUpdate, encodeRowBatch, type RowBatch } from '../format/row-batch.ts';
import type { ShardStore } from './shard-store.ts';

// Few of everything, so that duplicates, ties and merges are frequent.
const user = fc.constantFrom('', 'a', 'b', 'c', 'd');
const someone = fc.constantFrom('a', 'b', 'c', 'd');
const time = fc.integer({ min: 0, max: 4 }).map((ms) => midnight + ms);
const name = fc.constantFrom('p', 'q', 'r');
const value: fc.Arbitrary<PropertyValue> = fc.constantFrom(1, '1', true, null, 'x', ['x'], 2.5);

const anyEvent = fc
  .record({
    event: fc.constantFrom('View', 'Buy'),
    time,
    sentTime: time,
    distinctId: user,
    insertId: fc.constantFrom('i', 'j'),
    properties: fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true }),
  })
  .map((change) => event({ ...change, user: change.distinctId }));

const operation: fc.Arbitrary<PersonOperation> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('$set', '$set_once', '$append', '$remove'),
    values: fc.dictionary(name, value, { maxKeys: 2, noNullPrototype: true }),
  }),
  fc.record({ operator: fc.constant('$add' as const), values: fc.record({ p: fc.integer() }) }),
  fc.record({
    operator: fc.constant('$union' as const),
    values: fc.record({ q: fc.array(value, { maxLength: 3 }) }),
  }),
  fc.record({ operator: fc.constant('$unset' as const), names: fc.array(name, { maxLength: 2 }) }),
  fc.constant({ operator: '$delete' as const }),
);

/** Sent as somebody, counted as somebody: a copy may be resolved otherwise than the first one was. */
const anyPerson = fc
  .record({
    user: someone,
    distinctId: someone,
    insertId: fc.constantFrom(undefined, 'i', 'j'),
    operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
  })
  .map(({ user, distinctId, insertId, operations }) =>
    person(user, operations, {
      distinctId,
      ignoreTime: false,
      ...(insertId === undefined ? {} : { insertId }),
    }),
  );

const anyBatch = fc.record({
  sequence: fc.integer({ min: 1, max: 6 }),
  events: fc.array(anyEvent, { maxLength: 8 }),
  persons: fc.array(anyPerson, { maxLength: 4 }),
  links: fc.array(fc.record({ loser: someone, winner: someone }), { maxLength: 1 }),
});

/** Batches with ids and positions of their own, and another order in which some come twice. */
const deliveries = fc
  .array(anyBatch, { minLength: 1, maxLength: 6 })
  .map((list) =>
    list.map(({ events, persons, ...rest }, i) =>
      batch(`batch ${i}`, {
        ...rest,
        events: events.map((one, position) => ({ ...one, position })),
        persons: persons.map((one, position) => ({ ...one, position: 100 + position })),
      }),
    ),
  )
  .chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([...list, ...list.slice(0, 3)], {
        minLength: list.length + Math.min(3, list.length),
        maxLength: list.length + Math.min(3, list.length),
      }),
    ),
  );

/** Everything a reader can see, in a form that does not depend on ordinals and codes. */
async function describeStore(store: ShardStore): Promise<unknown> {
  const view = store.view(1);
  const names = ['p', 'q', 'r', '$last_seen'];
  const rows = rowTexts(view, 'p', 'q', 'r', '$distinct_id', '$event_name');
  // Users stand in any order; within one the rows have theirs, which a stable sort keeps. Of rows of one instant
  // that came for users merged later nobody knows the order within one sequence.
  const hasMerged = store.snapshot(1).redirects.losers.length > 0;
  const keyOf = (text: string) => (hasMerged ? text : text.slice(0, text.indexOf(' ')));
  const byUser = rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const users = view.userIds.filter((id) => id !== '').sort();
  const { events, properties, persons, users: userCount } = await store.names(1);
  const sorted = properties.map((property) => ({ ...property, types: [...property.types].sort() }));
  return {
    byUser,
    profiles: users.map((id) => [id, profileOf(view, id, names)]),
    names: { events, properties: sorted, persons, userCount },
  };
}

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
        expect(rowTexts(store.view(1), 'p').sort()).toStrictEqual(naiveRows(list).sort());
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
