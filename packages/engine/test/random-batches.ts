import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';
import type { RowBatch } from '../src/format/row-batch.ts';
import { dayMs } from '../src/format/segment/segment-rows.ts';
import { batch, event, midnight, person } from './batches.ts';

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

/** With an id and positions. */
function numbered(
  { events, persons, ...rest }: Pick<RowBatch, 'events' | 'persons' | 'links' | 'sequence'>,
  i: number,
): RowBatch {
  return batch(`batch ${i}`, {
    ...rest,
    events: events.map((one, position) => ({ ...one, position })),
    persons: persons.map((one, position) => ({ ...one, position: 100 + position })),
  });
}

/** Few keys and many times: most events are copies of others, and the edge changed the time of most. */
const copiedEvent = fc
  .record({
    event: fc.constantFrom('View', 'View', 'Buy'),
    time: fc.constantFrom(0, 1, dayMs, dayMs + 1).map((ms) => midnight + ms),
    sentTime: fc.constantFrom(1, dayMs).map((ms) => midnight + ms),
    distinctId: fc.constantFrom('', 'a', 'a', 'b'),
    insertId: fc.constantFrom('i', 'i', 'j'),
    properties: fc.dictionary(name, value, { maxKeys: 1, noNullPrototype: true }),
  })
  .map((change) => event({ ...change, user: change.distinctId }));

/** Batches over two days, each with a sequence of its own, in any order of it. */
export const batchesOfTwoDays = fc
  .array(
    fc.record({
      events: fc.array(fc.oneof(copiedEvent, anyEvent), { maxLength: 5 }),
      persons: fc.array(anyPerson, { maxLength: 3 }),
      links: fc.array(fc.record({ loser: someone, winner: someone }), { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 7 },
  )
  .chain((list) =>
    fc
      .shuffledSubarray(
        list.map((_, i) => i + 1),
        { minLength: list.length, maxLength: list.length },
      )
      .map((sequences) => list.map((rows, i) => numbered({ ...rows, sequence: sequences[i] }, i))),
  );

/** Batches with ids and positions of their own, and another order in which some come twice. */
export const deliveries = fc
  .array(anyBatch, { minLength: 1, maxLength: 6 })
  .map((list) => list.map((rows, i) => numbered(rows, i)))
  .chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([...list, ...list.slice(0, 3)], {
        minLength: list.length + Math.min(3, list.length),
        maxLength: list.length + Math.min(3, list.length),
      }),
    ),
  );
