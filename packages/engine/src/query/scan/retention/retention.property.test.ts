import fc from 'fast-check';
import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { QueryInput } from '@arbor/schema/query';
import { ask, later } from '../../../../test/model/ask.ts';
import { buildViews } from '../../../../test/model/build-views.ts';
import { naive } from '../../../../test/model/naive.ts';
import {
  propertyRuns,
  propertySeed,
  propertyTimeoutMs,
} from '../../../../test/model/property-runs.ts';
import {
  context,
  crowdedRange,
  crowdedWorld,
  retentionQuery,
  world,
} from '../../../../test/model/random-worlds.ts';
import { withFirstTimes } from '../../../../test/model/random-first-times.ts';
import { rounded } from '../../../../test/model/rounded.ts';
import { askAllScans, askScans, scanCuts } from '../../../../test/model/run-user-scans.ts';
import { isPlainPlan } from '../../plan/plain-plan.ts';
import { planQuery } from '../../plan/plan.ts';
import { createRetentionScans } from './create-retention-scan.ts';

const settings = { numRuns: propertyRuns, seed: propertySeed };

test(
  `finds who came back as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, retentionQuery, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const actual = askScans(createRetentionScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

const crowdedQuery = fc
  .tuple(retentionQuery, crowdedRange)
  .map(([query, range]) => (query.type === 'retention' ? { ...query, range } : query));

test(
  `tells births from returns of one instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(crowdedWorld, crowdedQuery, scanCuts, (things, question, cuts) => {
        const expected = naive(things, querySchema.parse(question), later);
        const actual = askScans(createRetentionScans, things, question, later, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

/** What returns have decides: their segments, and numbers that are summed up. */
const withReads = fc
  .record({
    query: retentionQuery,
    breakdowns: fc.constantFrom(
      [],
      ['p' as const],
      ['p' as const],
      ['n' as const],
      ['missing' as const],
    ),
    segmentBy: fc.constantFrom('birth' as const, 'return' as const, 'both' as const),
    measure: fc.constantFrom(
      { type: 'users' as const },
      { type: 'sum' as const, name: 'n' },
      { type: 'average' as const, name: 'p' },
    ),
    other: fc.constantFrom({}, { otherSegment: true, segmentsMax: 1 }),
  })
  .map(({ query, breakdowns, measure, other, segmentBy }): QueryInput => {
    if (query.type !== 'retention') return query;
    const ofEvents = (name: string) => ({ scope: 'event' as const, name });
    return {
      ...query,
      ...other,
      segmentBy,
      breakdowns: breakdowns.map((name) => ({ property: ofEvents(name) })),
      measure:
        measure.type === 'users' ? measure : { ...measure, property: ofEvents(measure.name) },
    } as QueryInput;
  });

test.each([
  ['apart', world, withReads],
  [
    'at one instant',
    crowdedWorld,
    fc.tuple(withReads, crowdedRange).map(([query, range]) => ({ ...query, range }) as QueryInput),
  ],
])(
  `puts events %s into segments by either event and sums up what they have as the model and the rows do (seed ${propertySeed})`,
  (_, worlds, queries) => {
    fc.assert(
      fc.property(worlds, queries, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askAllScans(createRetentionScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
        expect(rounded(actual)).toEqual(rounded(ask(buildViews(things, 1), question, zone)));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);

const withFirstBirths = fc
  .tuple(withReads, fc.constantFrom('event' as const, 'matching' as const))
  .map(([query, kind]): QueryInput => {
    if (query.type !== 'retention') return query;
    return { ...query, birth: withFirstTimes(query.birth, kind) };
  });

test.each([
  ['apart', world, withFirstBirths],
  [
    'at one instant',
    crowdedWorld,
    fc
      .tuple(withFirstBirths, crowdedRange)
      .map(([query, range]) => ({ ...query, range }) as QueryInput),
  ],
])(
  `finds first times ever of events %s as the model does (seed ${propertySeed})`,
  (_, worlds, queries) => {
    fc.assert(
      fc.property(worlds, queries, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askAllScans(createRetentionScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
      }),
      settings,
    );
  },
  propertyTimeoutMs,
);
