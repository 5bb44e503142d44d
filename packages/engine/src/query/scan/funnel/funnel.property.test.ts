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
  funnelQuery,
  world,
} from '../../../../test/model/random-worlds.ts';
import { withFirstTimes } from '../../../../test/model/random-first-times.ts';
import { rounded } from '../../../../test/model/rounded.ts';
import { askAllScans, askScans, scanCuts } from '../../../../test/model/run-user-scans.ts';
import { isPlainPlan } from '../../plan/plain-plan.ts';
import { planQuery } from '../../plan/plan.ts';
import { createFunnelScans } from './create-funnel-scan.ts';

const withoutGrace = funnelQuery.map((query) =>
  query.type === 'funnel' ? { ...query, graceMs: 0 } : query,
);

test(
  `follows funnels as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, withoutGrace, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const actual = askScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

/** What the scan does beside the defaults. */
const plainOptions = fc
  .record({
    counting: fc.constantFrom('unique' as const, 'totals' as const, 'totals' as const),
    completion: fc.constantFrom('after_range' as const, 'in_range' as const),
    attribution: fc.oneof(
      fc.record({ type: fc.constantFrom('first' as const, 'last' as const) }),
      fc.record({ type: fc.constant('step' as const), step: fc.constantFrom(0, 1) }),
    ),
    distribution: fc.constantFrom(
      undefined,
      { from: 0, to: 1, bins: 3 },
      { from: 0, to: 2, bins: 20 },
      { from: 1, to: 2, bins: 1 },
    ),
    times: fc.constantFrom(
      undefined,
      { from: 0, to: 1, percentiles: [25] },
      { from: 0, to: 2, percentiles: [] },
      { from: 1, to: 2, percentiles: [90] },
      { from: 1, to: 3, percentiles: [0, 50, 100] },
    ),
  })
  .map(({ distribution, times, ...options }) => ({
    ...options,
    ...(distribution && { distribution }),
    ...(times && { times }),
  }));

const withPlainOptions = fc
  .tuple(withoutGrace, plainOptions)
  .filter(
    ([query, { distribution, times }]) =>
      query.type === 'funnel' &&
      Math.max(distribution?.to ?? 0, times?.to ?? 0) < query.steps.length,
  )
  .map(([query, { times, ...options }]): QueryInput => {
    const isTimed = query.type === 'funnel' && query.timing !== false;
    return { ...query, ...options, ...(times && isTimed && { times }) } as QueryInput;
  });

test(
  `follows totals, completion in the range, attributed values and distributions as the model and the rows do (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(world, withPlainOptions, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
        expect(rounded(actual)).toEqual(rounded(ask(buildViews(things, 1), question, zone)));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `follows events of one instant with these options as the model does (seed ${propertySeed})`,
  () => {
    const crowded = fc
      .tuple(withPlainOptions, crowdedRange)
      .map(([query, range]) => ({ ...query, range }) as QueryInput);
    fc.assert(
      fc.property(crowdedWorld, crowded, scanCuts, (things, question, cuts) => {
        const expected = naive(things, querySchema.parse(question), later);
        const actual = askScans(createFunnelScans, things, question, later, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

/** Where a user has the attempt of his first entry: properties held constant; also of totals: sums. */
const withHeldOrSum = fc
  .tuple(
    withPlainOptions,
    fc.subarray(['p', 'n'], { minLength: 1 }),
    fc.constantFrom(undefined, 'n'),
    fc.boolean(),
  )
  .map(([query, held, sum, isHeld]): QueryInput => {
    if (query.type !== 'funnel') return query;
    const ofEvents = (name: string) => ({ scope: 'event' as const, name });
    const counting = isHeld ? 'unique' : query.counting;
    const breakdowns = (query.breakdowns ?? []).filter(
      (one) => !isHeld || !('property' in one) || one.property.scope === 'person',
    );
    const rest = { ...query, entry: 'first' as const, counting, breakdowns };
    return {
      ...rest,
      ...(isHeld && { hold: held.map(ofEvents) }),
      ...(sum !== undefined && { sum: ofEvents(sum) }),
    };
  });

test.each([
  ['apart', world, withHeldOrSum],
  [
    'at one instant',
    crowdedWorld,
    fc
      .tuple(withHeldOrSum, crowdedRange)
      .map(([query, range]) => ({ ...query, range }) as QueryInput),
  ],
])(
  `holds properties constant and adds up numbers of events %s as the model and the rows do (seed ${propertySeed})`,
  (_, worlds, queries) => {
    fc.assert(
      fc.property(worlds, queries, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
        expect(rounded(actual)).toEqual(rounded(ask(buildViews(things, 1), question, zone)));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

const breakdown = fc.record({
  scope: fc.constantFrom('event' as const, 'person' as const),
  name: fc.constantFrom('p', 'n'),
});
const withSeveralBreakdowns = fc
  .tuple(withPlainOptions, fc.array(breakdown, { minLength: 2, maxLength: 3 }), fc.boolean())
  .map(([query, properties, otherSegment]) => {
    const breakdowns = properties.map((property) => ({ property }));
    return { ...query, breakdowns, otherSegment } as QueryInput;
  });

test.each([
  ['apart', world, withSeveralBreakdowns],
  [
    'at one instant',
    crowdedWorld,
    fc
      .tuple(withSeveralBreakdowns, crowdedRange)
      .map(([query, range]) => ({ ...query, range }) as QueryInput),
  ],
])(
  `breaks events %s down by several properties as the model and the rows do (seed ${propertySeed})`,
  (_, worlds, queries) => {
    fc.assert(
      fc.property(worlds, queries, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askAllScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
        expect(rounded(actual)).toEqual(rounded(ask(buildViews(things, 1), question, zone)));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

/** Every bucket a funnel of its own (5.11), in windows that end beside and far beyond it. */
const withTrends = fc
  .tuple(
    withHeldOrSum.filter((query) => query.type === 'funnel'),
    fc.constantFrom('day' as const, 'day' as const, 'week' as const, 'month' as const),
    fc.constantFrom(
      { value: 1, unit: 'second' as const },
      { value: 12, unit: 'hour' as const },
      { value: 3, unit: 'day' as const },
      { value: 12, unit: 'day' as const },
    ),
  )
  .map(([query, unit, window]): QueryInput => {
    if (query.type !== 'funnel') return query;
    const breakdowns = (query.breakdowns ?? []).filter(
      (one) => 'property' in one && one.property.scope === 'person',
    );
    return { ...query, unit, trends: true, window, counting: 'unique', breakdowns };
  });

test.each([
  ['apart', world, withTrends],
  [
    'at one instant',
    crowdedWorld,
    fc.tuple(withTrends, crowdedRange).map(([query, range]) => ({ ...query, range }) as QueryInput),
  ],
])(
  `follows a funnel for each bucket of events %s as the model and the rows do (seed ${propertySeed})`,
  (_, worlds, queries) => {
    fc.assert(
      fc.property(worlds, queries, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
        expect(rounded(actual)).toEqual(rounded(ask(buildViews(things, 1), question, zone)));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

const crowdedQuery = fc
  .tuple(withoutGrace, crowdedRange)
  .map(([query, range]) => (query.type === 'funnel' ? { ...query, range } : query));

test(
  `follows events of one instant as the model does (seed ${propertySeed})`,
  () => {
    fc.assert(
      fc.property(crowdedWorld, crowdedQuery, scanCuts, (things, question, cuts) => {
        const expected = naive(things, querySchema.parse(question), later);
        const actual = askScans(createFunnelScans, things, question, later, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

test(
  `counts the segment of all others as the model does (seed ${propertySeed})`,
  () => {
    const withOthers = withPlainOptions.map(
      (query) => ({ ...query, otherSegment: true, segmentsMax: 1 }) as QueryInput,
    );
    fc.assert(
      fc.property(world, withOthers, context, scanCuts, (things, question, zone, cuts) => {
        const expected = naive(things, querySchema.parse(question), zone);
        const actual = askAllScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(expected));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);

const withFirstSteps = fc
  .tuple(
    fc.oneof(withPlainOptions, withTrends),
    fc.constantFrom('event' as const, 'matching' as const),
    fc.boolean(),
  )
  .map(([query, kind, isEvery]): QueryInput => {
    if (query.type !== 'funnel') return query;
    const steps = query.steps.map((step, index) =>
      isEvery || index === 0 ? withFirstTimes(step, kind) : step,
    );
    return { ...query, steps };
  });

test.each([
  ['apart', world, withFirstSteps],
  [
    'at one instant',
    crowdedWorld,
    fc
      .tuple(withFirstSteps, crowdedRange)
      .map(([query, range]) => ({ ...query, range }) as QueryInput),
  ],
])(
  `follows first times ever of events %s as the model does (seed ${propertySeed})`,
  (_, worlds, queries) => {
    fc.assert(
      fc.property(worlds, queries, context, scanCuts, (things, question, zone, cuts) => {
        expect(isPlainPlan(planQuery(querySchema.parse(question), zone))).toBe(true);
        const actual = askScans(createFunnelScans, things, question, zone, cuts);
        expect(rounded(actual)).toEqual(rounded(naive(things, querySchema.parse(question), zone)));
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
  },
  propertyTimeoutMs,
);
