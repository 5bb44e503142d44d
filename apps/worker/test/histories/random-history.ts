import type { IdentityMode } from '@arbor/schema/identity';
import type {
  IngestBatch,
  IngestRecord,
  IngestSource,
  PersonOperation,
} from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';
import fc from 'fast-check';

/** 2024-03-04T00:00:00Z. */
export const midnight = 1_709_510_400_000;
const hourMs = 3_600_000;

/** A person's two devices, an id that an old client made up, and two ids of an account. */
const identifiersOf = (name: string, n: number): readonly string[] => [
  `$device:${name}-1`,
  `$device:${name}-2`,
  `0000000${n}-0000-4000-8000-000000000000`,
  name,
  `${name}@example.com`,
];
/** Few, so that links often meet users who have something already. */
const people = ['ann', 'bob'].map(identifiersOf);
export const identifiers = people.flat();
export const identifier = fc.constantFrom(...identifiers);

/** Two identifiers, nearly always of one person: the rules must also stand a device that is shared. */
export const pair = fc
  .oneof(
    { weight: 8, arbitrary: fc.nat(1).map((n) => [people[n], people[n]] as const) },
    { weight: 1, arbitrary: fc.constant([people[0], people[1]] as const) },
  )
  .chain(([own, other]) =>
    fc.record({ one: fc.constantFrom(...own), other: fc.constantFrom(...other) }),
  )
  .filter(({ one, other }) => one !== other);
const deviceAndUser = fc.record({
  owner: fc.nat(1),
  device: fc.nat(1),
  account: fc.constantFrom(3, 4),
  visitor: fc.oneof(
    { weight: 8, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat(1) },
  ),
});

/** Every event has an instant of its own, so that the order of a user's events is known. */
export type Draft = (n: number) => IngestRecord;

export const moment = fc.record({ day: fc.nat(3), hour: fc.nat(23) });
export const timeOf = ({ day, hour }: { day: number; hour: number }, n: number): number =>
  midnight + (day * 24 + hour) * hourMs + n;
const name = fc.constantFrom('View', 'View', 'Buy');

export const eventOf = (
  event: string,
  distinctId: string,
  time: number,
  properties: Record<string, PropertyValue>,
): IngestRecord => {
  const insertId = `i${time % hourMs}`;
  return { kind: 'event', event, time, distinctId, insertId, properties };
};

export const plainEvent: fc.Arbitrary<Draft> = fc
  .record({ name, moment, by: fc.oneof({ weight: 9, arbitrary: identifier }, fc.constant('')) })
  .map(
    ({ name: event, moment: at, by }) =>
      (n) =>
        eventOf(event, by, timeOf(at, n), {}),
  );
/** As a browser sends it that knows who is signed in. */
export const browserEvent: fc.Arbitrary<Draft> = fc
  .record({ name, moment, deviceAndUser, isNew: fc.boolean() })
  .map(({ name: event, moment: at, deviceAndUser: ids, isNew }) => (n) => {
    const device = people[ids.owner][ids.device];
    const user = people[ids.visitor ?? ids.owner][ids.account];
    const properties = { $device_id: device.slice('$device:'.length), $user_id: user };
    return eventOf(event, isNew ? device : user, timeOf(at, n), properties);
  });
export const link: fc.Arbitrary<Draft> = fc
  .record({
    form: fc.constantFrom('identify' as const, 'alias' as const, 'merge' as const, 'link' as const),
    pair,
    moment,
  })
  .map(({ form, pair: { one, other }, moment: at }) => (n) => {
    const time = timeOf(at, n);
    switch (form) {
      case 'identify':
        return eventOf('$identify', other, time, { $anon_distinct_id: one });
      case 'alias':
        return eventOf('$create_alias', other, time, { alias: one });
      case 'merge':
        return eventOf('$merge', other, time, { $distinct_ids: [one, other] });
      case 'link':
        return { kind: 'link', time, alias: one, user: other };
    }
  });

const property = fc.constantFrom('plan', 'tags');
const value: fc.Arbitrary<PropertyValue> = fc.constantFrom(
  1,
  '1',
  'pro',
  'free',
  null,
  ['a'],
  ['b', 1],
);
const values = fc.dictionary(property, value, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
const operation: fc.Arbitrary<PersonOperation> = fc.oneof(
  fc.record({
    operator: fc.constantFrom('$set', '$set', '$set', '$set_once', '$append', '$remove'),
    values,
  }),
  fc.record({
    operator: fc.constant('$add' as const),
    values: fc.record({ plan: fc.integer({ min: -2, max: 2 }) }),
  }),
  fc.record({
    operator: fc.constant('$union' as const),
    values: fc.record({ tags: fc.array(fc.constantFrom('a', 'b', 1), { maxLength: 3 }) }),
  }),
  fc.record({
    operator: fc.constant('$unset' as const),
    names: fc.array(property, { maxLength: 2 }),
  }),
  fc.constant({ operator: '$delete' as const }),
);
const update: fc.Arbitrary<Draft> = fc
  .record({
    distinctId: identifier,
    moment,
    operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
    flags: fc.record(
      { ignoreTime: fc.boolean(), ignoreAlias: fc.constant(true), hasInsertId: fc.boolean() },
      { requiredKeys: ['ignoreTime', 'hasInsertId'] },
    ),
  })
  .map(({ distinctId, moment: at, operations, flags: { hasInsertId, ...flags } }) => (n) => {
    const insertId = hasInsertId ? { insertId: `u${n}` } : {};
    return { kind: 'person', distinctId, time: timeOf(at, n), operations, ...flags, ...insertId };
  });

/** A record, or the one that stood so many before it, once more: perhaps at a time that the edge changed. */
const sent = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(plainEvent, browserEvent).map((draft) => ({ draft })) },
  { weight: 4, arbitrary: link.map((draft) => ({ draft })) },
  { weight: 6, arbitrary: update.map((draft) => ({ draft })) },
  { weight: 2, arbitrary: fc.record({ again: fc.nat(9), movedBy: fc.constantFrom(0, 0, 5, 24) }) },
);
export type Sent = typeof sent extends fc.Arbitrary<infer T> ? T : never;

const packed = fc.array(
  fc.record({
    source: fc.constantFrom<IngestSource[]>('track', 'import'),
    records: fc.array(sent, { minLength: 1, maxLength: 7, size: 'max' }),
  }),
  { minLength: 1, maxLength: 7, size: 'max' },
);

function recordsOf(all: readonly Sent[]): IngestRecord[] {
  const records: IngestRecord[] = [];
  for (const [n, one] of all.entries()) {
    const earlier = 'again' in one ? records.at(-1 - one.again) : undefined;
    if ('draft' in one) records.push(one.draft(n));
    else if (earlier !== undefined) records.push(movedBy(earlier, one.movedBy * hourMs));
    // Nothing stood so far back.
    else records.push(eventOf('View', 'ann', midnight + n, {}));
  }
  return records;
}

function movedBy(record: IngestRecord, ms: number): IngestRecord {
  if (record.kind !== 'event' || ms === 0) return record;
  return { ...record, time: record.time + ms, sentTime: record.sentTime ?? record.time };
}

export function batchesOf(
  drafts: readonly { source: IngestSource; records: Sent[] }[],
): IngestBatch[] {
  const records = recordsOf(drafts.flatMap((draft) => draft.records));
  let taken = 0;
  return drafts.map((draft, i): IngestBatch => {
    const own = records.slice(taken, (taken += draft.records.length));
    return {
      version: 1,
      batchId: `history-${i}`,
      project: 1,
      source: draft.source,
      receivedAt: midnight + i,
      sequence: 1000 + i,
      records: own,
    };
  });
}

/** How the ETL fares with a batch: `lost` = it died before anything was pinned, `again` = after all was sent. */
export const delivery = fc.constantFrom('once', 'once', 'once', 'lost', 'again');
export type Delivery = typeof delivery extends fc.Arbitrary<infer T> ? T : never;

/** What a replica does between two batches of its queue. */
const action = fc.record({
  zone: fc.nat(1),
  act: fc.constantFrom(
    'take',
    'take',
    'take',
    'take again',
    'index',
    'adopt',
    'compact',
    'restart',
  ),
});
export type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

export interface RandomHistory {
  readonly mode: IdentityMode;
  /** In order of arrival at the edge. */
  readonly batches: readonly IngestBatch[];
  readonly deliveries: readonly Delivery[];
  /** In which order they are resolved, and in which they reach each zone: weights to sort by. */
  readonly resolved: readonly number[];
  readonly reaching: readonly [readonly number[], readonly number[]];
  readonly actions: readonly Action[];
}

const sevenWeights = fc.array(fc.nat(9), { minLength: 7, maxLength: 7 });
const inOrder = [0, 0, 0, 0, 0, 0, 0];

/**
 * An alias of the mode `legacy` is another's from a record on, so that copies of one event may be of two users. These are
 * found as long as the later copy comes later: here everything does.
 */
function asItCame(random: RandomHistory): RandomHistory {
  if (random.mode !== 'legacy') return random;
  const deliveries = random.deliveries.map((one) => (one === 'lost' ? 'once' : one));
  return { ...random, deliveries, resolved: inOrder, reaching: [inOrder, inOrder] };
}

export const history: fc.Arbitrary<RandomHistory> = fc
  .record({
    mode: fc.constantFrom<IdentityMode[]>('simplified', 'original', 'original', 'legacy'),
    batches: packed.map(batchesOf),
    deliveries: fc.array(delivery, { minLength: 7, maxLength: 7 }),
    resolved: fc.oneof(fc.constant(inOrder), sevenWeights),
    reaching: fc.tuple(sevenWeights, sevenWeights),
    actions: fc.array(action, { maxLength: 24, size: 'max' }),
  })
  .map(asItCame);
