import fc from 'fast-check';
import type { PropertyValue } from '@arbor/schema/property-value';
import { filterOperators } from '@arbor/schema/query';
import type {
  FilterInput,
  PropertyFilterInput,
  PropertyRef,
  QueryInput,
  UserConditionInput,
} from '@arbor/schema/query';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { historyParts, withHistory } from './random-cohort.ts';
import { flowQuery } from './random-flow.ts';
import { frequencyQuery } from './random-frequency.ts';
import { retentionQuery as retentionOptionsQuery } from './random-retention.ts';
import { composedInsights, measuredInsights } from './random-insights.ts';
import { funnelBetween, optionFunnel } from './random-funnel.ts';
import type { World } from './world.ts';

const hourMs = 3_600_000;

/** Both spring and autumn changes of the tested zones lie in these weeks. */
const firstMs = Date.UTC(2024, 2, 8);
const lastDay = 36;

/**
 * Few instants, so that things meet: events of one user tie, windows end on events, ranges begin with
 * them. Midnight is on the grid in UTC (0), New York (4, 5), Berlin (−2, −1), Kolkata (6.5) and on Lord
 * Howe (13).
 */
const instant = fc
  .tuple(
    fc.nat({ max: lastDay * 2 }),
    fc.constantFrom(0, 0, 0, 0, 4, 5, -2, -1, 6.5, 13),
    fc.constantFrom(0, 0, 0, 0, 0, -1, 1, 1000, -2000, 2001),
  )
  .map(([halfDay, hours, shiftMs]) => firstMs + (halfDay * 12 + hours) * hourMs + shiftMs);

const value: fc.Arbitrary<PropertyValue> = fc.constantFrom<PropertyValue[]>(
  null,
  null,
  'x',
  'x',
  'X',
  '',
  '1',
  1,
  2.5,
  -3,
  0,
  true,
  false,
  'true',
  [],
  ['x', 'y', 'x'],
  [1, '1', null],
  { k: 1 },
);

const properties = fc.dictionary(fc.constantFrom('p', 'n'), value, { maxKeys: 2 });

const user = fc.constantFrom('', 'ada', 'ada', 'bob', 'bob', 'cyd');

export const world: fc.Arbitrary<World> = fc.record({
  events: fc.array(
    fc.record({
      user,
      event: fc.constantFrom('A', 'A', 'B', 'B', 'C', '$identify'),
      time: instant,
      properties,
    }),
    { maxLength: 80, size: 'max' },
  ),
  people: fc.dictionary(
    user.filter((id) => id !== ''),
    properties,
    { maxKeys: 5, size: 'max' },
  ),
});

/** Two users who do everything within a few hours of two days: most events share their instant with others. */
export const crowdedWorld: fc.Arbitrary<World> = fc.record({
  events: fc.array(
    fc.record({
      user: fc.constantFrom('ada', 'ada', 'ada', 'bob'),
      event: fc.constantFrom('A', 'A', 'B', 'B', 'C'),
      time: fc
        .tuple(fc.nat({ max: 5 }), fc.constantFrom(0, 0, 1))
        .map(([step, day]) => firstMs + (day * 24 + step) * hourMs),
      properties,
    }),
    { maxLength: 40, size: 'max' },
  ),
  people: fc.constant({ ada: { p: 'x' } }),
});

/** The two days of the crowded world, its first hours or its last ones. */
export const crowdedRange = fc.constantFrom(
  { from: '2024-03-08', to: '2024-03-09' },
  { from: '2024-03-07T23:59:59Z', to: '2024-03-08T02:00:00Z' },
  { from: '2024-03-08T01:00:00Z', to: '2024-03-20' },
);

export const context: fc.Arbitrary<PlanContext> = fc.record({
  timezone: fc.constantFrom(
    'UTC',
    'America/New_York',
    'Europe/Berlin',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
  ),
  weekStart: fc.integer({ min: 1, max: 7 }),
  quarterStart: fc.constantFrom(1, 1, 2, 12),
  nowMs: instant,
});

const property = fc.record({
  scope: fc.constantFrom('event' as const, 'person' as const),
  name: fc.constantFrom('p', 'n', 'missing'),
});

/** Operators whose values need no unit. */
type PlainOperator = Exclude<(typeof filterOperators)[number], `was_${string}`>;
const plainOperators = filterOperators.filter(
  (operator): operator is PlainOperator => !operator.startsWith('was_'),
);

export const propertyFilter: fc.Arbitrary<PropertyFilterInput> = fc
  .tuple(property, fc.constantFrom(...plainOperators))
  .chain(([ref, operator]) =>
    valuesFor(operator).map((values) => ({
      type: 'property',
      property: ref,
      operator,
      values,
      // Of two parts, so that either is tried often.
      ...(partOperators.has(operator) && values.length === 2 && { matchCase: true }),
    })),
  );

const partOperators: ReadonlySet<PlainOperator> = new Set<PlainOperator>([
  'contains',
  'does_not_contain',
  'starts_with',
  'ends_with',
]);

function valuesFor(operator: PlainOperator): fc.Arbitrary<(string | number | boolean)[]> {
  const number = fc.constantFrom(-3, 0, 1, 2, 2.5);
  switch (operator) {
    case 'equals':
    case 'does_not_equal':
      return fc.array(fc.constantFrom('x', '', '1', 'true', 1, 0, true, false), {
        minLength: 1,
        maxLength: 3,
      });
    case 'contains':
    case 'does_not_contain':
    case 'starts_with':
    case 'ends_with':
      return fc.array(fc.constantFrom('x', 'Y', '1', 'TRUE', '.5'), { minLength: 1, maxLength: 2 });
    case 'between':
    case 'not_between':
      return fc.tuple(number, number);
    case 'greater_than':
    case 'less_than':
    case 'at_least':
    case 'at_most':
      return fc.tuple(number);
    case 'is_true':
    case 'is_false':
    case 'is_set':
    case 'is_not_set':
      return fc.constant([]);
  }
}

const filter: fc.Arbitrary<FilterInput> = fc.oneof(
  { weight: 4, arbitrary: propertyFilter },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('all' as const, 'any' as const),
      filters: fc.array(propertyFilter, { minLength: 1, maxLength: 3 }),
    }),
  },
);

const filters = fc.oneof(
  { weight: 1, arbitrary: fc.constant<FilterInput[]>([]) },
  { weight: 1, arbitrary: fc.array(filter, { minLength: 1, maxLength: 2 }) },
);

export const selector = fc.record({
  anyOf: fc.array(
    fc.record({
      event: fc.constantFrom('A', 'A', 'B', 'B', 'C', null),
      filters: fc.oneof(
        { weight: 3, arbitrary: fc.constant<FilterInput[]>([]) },
        { weight: 1, arbitrary: filters },
      ),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

export const range = fc
  .tuple(instant, fc.nat({ max: 20 }), fc.boolean(), fc.boolean())
  .map(([startMs, days, fromInstant, toInstant]) => {
    const from = new Date(startMs).toISOString();
    // A date may begin or end a day off in some zone: two days keep the ends in order.
    const length = fromInstant && toInstant ? days : days + 2;
    const to = new Date(startMs + length * 24 * hourMs).toISOString();
    return { from: fromInstant ? from : from.slice(0, 10), to: toInstant ? to : to.slice(0, 10) };
  });

const common = {
  range,
  filters,
  breakdowns: fc.oneof(
    fc.constant<{ property: PropertyRef }[]>([]),
    property.map((ref) => [{ property: ref }]),
  ),
  segmentsMax: fc.constantFrom(1, 3, 200),
};

const measure = fc.oneof(
  fc.record({ type: fc.constantFrom('total' as const, 'unique' as const) }),
  fc.record({ type: fc.constantFrom('dau' as const, 'wau' as const, 'mau' as const) }),
  fc.record({ type: fc.constant('active' as const), days: fc.constantFrom(1, 3, 28) }),
  fc.record({
    type: fc.constantFrom(
      'sum' as const,
      'average' as const,
      'min' as const,
      'max' as const,
      'median' as const,
      'distinct_count' as const,
    ),
    property,
  }),
  fc.record({
    type: fc.constant('percentile' as const),
    property,
    percentile: fc.constantFrom(0, 25, 90, 99, 100),
  }),
);

const behavior = fc.record({
  type: fc.constant('behavior' as const),
  selector,
  count: fc.record({
    operator: fc.constantFrom('at_least' as const, 'at_most' as const, 'exactly' as const),
    value: fc.nat({ max: 3 }),
  }),
  span: fc.oneof(
    range.map((span) => ({ type: 'range' as const, ...span })),
    fc.constantFrom(1, 2, 7, 30).map((days) => ({ type: 'last' as const, days })),
  ),
});

const personFilter: fc.Arbitrary<UserConditionInput> = propertyFilter.map((own) => ({
  ...own,
  property: { ...own.property, scope: 'person' as const },
}));

const userCondition: fc.Arbitrary<UserConditionInput> = fc.oneof(
  { weight: 3, arbitrary: behavior },
  { weight: 1, arbitrary: personFilter },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.oneof(behavior, personFilter), { minLength: 1, maxLength: 3 })
      .chain((filters) =>
        fc.constantFrom<UserConditionInput>({ type: 'all', filters }, { type: 'any', filters }),
      ),
  },
);

export const cohortQuery: fc.Arbitrary<QueryInput> = fc.record({
  type: fc.constant('cohort' as const),
  filters: fc.array(userCondition, { minLength: 1, maxLength: 3 }),
});

export const insightsQuery: fc.Arbitrary<QueryInput> = fc
  .record({
    type: fc.constant('insights' as const),
    ...common,
    unit: fc.constantFrom('hour' as const, 'day', 'week', 'month', 'total'),
    otherSegment: fc.boolean(),
    metrics: fc.array(fc.record({ selector, measure }), { minLength: 1, maxLength: 4 }),
    rankBy: fc.constantFrom(null, null, 0, 1, 3),
  })
  .map(({ rankBy, ...insights }) =>
    rankBy === null ? insights : { ...insights, rankBy: rankBy % insights.metrics.length },
  );

export const funnelQuery: fc.Arbitrary<QueryInput> = fc
  .record({
    type: fc.constant('funnel' as const),
    ...common,
    steps: fc.array(selector, { minLength: 2, maxLength: 4 }),
    window: fc.record({
      value: fc.constantFrom(1, 2, 12),
      unit: fc.constantFrom('second' as const, 'hour' as const, 'day' as const),
    }),
    graceMs: fc.constantFrom(0, 0, 1, 2000),
    entry: fc.constantFrom('first' as const, 'any' as const),
    timing: fc.constantFrom(true, true, false),
    unit: fc.constantFrom(undefined, 'day' as const, 'week' as const),
  })
  .map(({ unit, ...funnel }) => (unit ? { ...funnel, unit } : funnel));

/** What fast scans do: an hour that rolls goes over rows. */
export const retentionQuery: fc.Arbitrary<QueryInput> = fc
  .record({
    type: fc.constant('retention' as const),
    ...common,
    birth: selector,
    return: selector,
    unit: fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const),
    criterion: fc.constantFrom(
      'on' as const,
      'on_or_after' as const,
      'on_or_before' as const,
      'streak' as const,
    ),
    mode: fc.constantFrom('rolling' as const, 'calendar' as const),
    births: fc.constantFrom('every_bucket' as const, 'first' as const),
    intervals: fc.constantFrom(1, 3, 8),
    brackets: fc.option(fc.array(fc.constantFrom(1, 2, 3, 40), { minLength: 1, maxLength: 3 })),
  })
  .map(({ brackets, unit, mode, ...retention }) => ({
    ...retention,
    mode,
    unit: unit === 'hour' && mode === 'rolling' ? ('day' as const) : unit,
    // The calendar of the model ends within a year.
    ...(brackets && (unit === 'hour' || unit === 'day') && { brackets }),
  }));

/** With every option of its own. */
export const randomFlow = flowQuery({ ...common, selector });

/** Cohorts of any conditions, and first times. */
export const history = historyParts({ propertyFilter, selector, range });

export const randomFunnel = optionFunnel({ common, selector, property });
export const randomFunnelBetween = funnelBetween({ common, selector, property });

/** With every option of its own. */
export const randomRetention = retentionOptionsQuery({ ...common, selector });
export const randomFrequency = frequencyQuery({ ...common, selector });

/** With every measure; and with formulas and comparisons, which are several questions. */
export const randomInsights = measuredInsights({ common, selector, property, measure });
export const randomComposed = composedInsights({ common, selector, property, measure });

export const query = fc.oneof(
  randomInsights,
  randomRetention,
  randomFrequency,
  randomFlow,
  randomFunnel,
  history.query,
  withHistory(fc.oneof(insightsQuery, funnelQuery, retentionQuery), history),
  withHistory(fc.oneof(randomFunnel, randomRetention), history),
  cohortQuery,
  insightsQuery,
  funnelQuery,
  retentionQuery,
);
