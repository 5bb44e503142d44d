import type { IdentityMode } from '@arbor/schema/identity';
import type { IngestBatch, IngestSource, PersonOperation } from '@arbor/schema/ingest';
import fc from 'fast-check';
import {
  batchesOf,
  browserEvent,
  delivery,
  type Draft,
  eventOf,
  identifier,
  identifiers,
  link,
  midnight,
  moment,
  pair,
  plainEvent,
  type Sent,
  timeOf,
} from './random-history.ts';

/**
 * Updates that lead to the same profile in whatever order they are applied, for each is about properties of its sender's own: so the
 * truth needs no order in which they reach shards that a user leaves and comes to, and none may be lost or counted twice.
 */
const operation = (distinctId: string): fc.Arbitrary<PersonOperation> =>
  fc.oneof(
    fc.record({
      operator: fc.constant('$add' as const),
      values: fc.record({ [`count of ${distinctId}`]: fc.integer({ min: 1, max: 9 }) }),
    }),
    fc.constant({
      operator: '$set' as const,
      values: { [`name of ${distinctId}`]: distinctId },
    }),
    fc.record({
      operator: fc.constant('$union' as const),
      values: fc.record({
        [`tags of ${distinctId}`]: fc.array(fc.constantFrom('a', 'b', 1), { maxLength: 3 }),
      }),
    }),
  );

const update: fc.Arbitrary<Draft> = identifier
  .chain((distinctId) =>
    fc.record({
      distinctId: fc.constant(distinctId),
      moment,
      operations: fc.array(operation(distinctId), { minLength: 1, maxLength: 2 }),
    }),
  )
  .map(({ distinctId, moment: at, operations }) => (n) => {
    return { kind: 'person', distinctId, time: timeOf(at, n), operations, ignoreTime: true };
  });

/** One that is never refused, so that many move. */
const personsLink: fc.Arbitrary<Draft> = pair.map(({ one, other }) => (n) => {
  return { kind: 'link', time: midnight + n, alias: one, user: other };
});

const sent = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(plainEvent, browserEvent).map((draft) => ({ draft })) },
  { weight: 5, arbitrary: fc.oneof(personsLink, link).map((draft) => ({ draft })) },
  { weight: 4, arbitrary: update.map((draft) => ({ draft })) },
  { weight: 1, arbitrary: fc.record({ again: fc.nat(9), movedBy: fc.constantFrom(0, 0, 5, 24) }) },
);

interface Packed {
  readonly source: IngestSource;
  readonly records: Sent[];
}

/** Users who have something already when they turn out to be one: only these move. */
const known: fc.Arbitrary<Packed> = fc.subarray(identifiers, { minLength: 2 }).map((seen) => ({
  source: 'track',
  records: seen.map((by, i) => ({
    draft: (n) => eventOf('View', by, timeOf({ day: i % 4, hour: i }, n), {}),
  })),
}));

const packed = fc
  .tuple(
    known,
    fc.array(
      fc.record({
        source: fc.constantFrom<IngestSource[]>('track', 'import'),
        records: fc.array(sent, { minLength: 1, maxLength: 5, size: 'max' }),
      }),
      { minLength: 1, maxLength: 9, size: 'max' },
    ),
  )
  .map(([first, others]): Packed[] => [first, ...others]);

const zone = fc.nat(1);
const slot = fc.nat(3);
/** A mover that dies: after so many times that it sent something, or of a lost statement after so many others. */
const death = fc.option(
  fc.record({ by: fc.constantFrom('send' as const, 'statement' as const), after: fc.nat(6) }),
  { freq: 3 },
);

/** What happens next. `slot`: one of the shards of the project; `n`: of those that wait. */
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ type: fc.constant('resolve' as const), n: fc.nat(1), how: delivery }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ type: fc.constant('take' as const), zone, slot, n: fc.nat(2) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('index', 'index', 'adopt', 'compact', 'tasks', 'tasks'),
      zone,
      slot,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      type: fc.constantFrom('copy', 'copy', 'settle'),
      zone,
      death,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const), zone }) },
  /** Everything arrives and is copied; `look`: and both zones are asked. */
  { weight: 2, arbitrary: fc.record({ type: fc.constant('quiet' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('look' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
export type Death = typeof death extends fc.Arbitrary<infer T> ? T : never;

export interface MovingHistory {
  readonly mode: IdentityMode;
  /** How many shards the project lies on. */
  readonly spread: number;
  /** In order of arrival at the edge. */
  readonly batches: readonly IngestBatch[];
  readonly steps: readonly Step[];
}

/** Not in the mode `legacy`, in which nobody's history follows him. */
export const movingHistory: fc.Arbitrary<MovingHistory> = fc.record({
  mode: fc.constantFrom<IdentityMode[]>('simplified', 'original'),
  spread: fc.constantFrom(4, 2, 2),
  batches: packed.map(batchesOf),
  steps: fc.array(step, { maxLength: 45, size: 'max' }),
});
