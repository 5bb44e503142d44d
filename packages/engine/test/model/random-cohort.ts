import fc from 'fast-check';
import type {
  BehaviorCount,
  CohortRefInput,
  EventSelectorInput,
  FilterInput,
  PropertyFilterInput,
  PropertyRef,
  QueryInput,
  UserConditionInput,
} from '@arbor/schema/query';
import { propertyFilter, range, selector } from './random-worlds.ts';

/** Cohorts, conditions on users and first times: what `reports.md` 9 and 3.4 have beside the plain ones. */

/** A first time on some of the matches, and definitions of custom events. */
export const historySelector: fc.Arbitrary<EventSelectorInput> = fc
  .tuple(
    selector,
    fc.constantFrom(undefined, undefined, 'event' as const, 'matching' as const),
    fc.option(
      fc.array(
        fc.record({
          event: fc.constantFrom('A', 'B', null),
          filters: fc.array(propertyFilter, { maxLength: 1 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
      { nil: undefined, freq: 4 },
    ),
  )
  .map(([{ anyOf }, firstTime, definition]) => ({
    anyOf: anyOf.map((match, n) => ({
      ...match,
      ...(firstTime && { firstTime }),
      ...(n === 0 && definition && { event: null, definition }),
    })),
  }));

const count: fc.Arbitrary<BehaviorCount> = fc
  .tuple(
    fc.constantFrom(
      'at_least' as const,
      'at_most' as const,
      'exactly' as const,
      'not_exactly' as const,
      'greater_than' as const,
      'less_than' as const,
      'between' as const,
    ),
    fc.constantFrom(-3, 0, 0, 1, 1, 2, 2.5, 3),
    fc.nat({ max: 3 }),
  )
  .map(([operator, value, more]) => ({
    operator,
    value,
    ...(operator === 'between' && { to: value + more }),
  }));

const property: fc.Arbitrary<PropertyRef> = fc.record({
  scope: fc.constantFrom('event' as const, 'event' as const, 'person' as const),
  name: fc.constantFrom('p', 'n', 'n', 'missing'),
});

const measure = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ type: 'count' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'sum' as const,
        'average' as const,
        'min' as const,
        'max' as const,
        'distinct_count' as const,
      ),
      property,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('distinct_time' as const),
      unit: fc.constantFrom('minute' as const, 'hour', 'day', 'week', 'month', 'quarter', 'year'),
    }),
  },
);

const span = fc.oneof(
  range.map((own) => ({ type: 'range' as const, ...own })),
  range.map(({ from }) => ({ type: 'since' as const, from })),
  fc.record({
    type: fc.constant('last' as const),
    days: fc.constantFrom(1, 2),
    unit: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
  }),
  fc.constantFrom(3, 7, 30).map((days) => ({ type: 'last' as const, days })),
  fc.constant({ type: 'ever' as const }),
);

/** Selectors whose events are sometimes filtered by a cohort. */
const filteredSelector = (cohort: fc.Arbitrary<FilterInput> | null) =>
  cohort === null
    ? historySelector
    : fc
        .tuple(historySelector, fc.option(cohort, { nil: undefined, freq: 3 }))
        .map(([{ anyOf }, own]) => ({
          anyOf: anyOf.map((match) => ({
            ...match,
            filters: [...(match.filters ?? []), ...(own ? [own] : [])],
          })),
        }));

function condition(cohort: fc.Arbitrary<FilterInput> | null): fc.Arbitrary<UserConditionInput> {
  const selected = filteredSelector(cohort);
  const behavior = fc.record({
    type: fc.constant('behavior' as const),
    selector: selected,
    measure,
    count,
    span,
  });
  const sequence = fc.record({
    type: fc.constant('sequence' as const),
    steps: fc.array(selected, { minLength: 2, maxLength: 3 }),
    window: fc.record({
      value: fc.constantFrom(1, 2, 12),
      unit: fc.constantFrom('hour' as const, 'day' as const, 'week' as const),
    }),
    span,
    did: fc.boolean(),
  });
  const ofPerson: fc.Arbitrary<UserConditionInput> = propertyFilter.map(
    (own: PropertyFilterInput) => ({
      ...own,
      property: { ...own.property, scope: 'person' as const },
    }),
  );
  return fc.oneof(
    { weight: 3, arbitrary: behavior },
    { weight: 2, arbitrary: sequence },
    { weight: 1, arbitrary: ofPerson },
    ...(cohort ? [{ weight: 1, arbitrary: cohort as fc.Arbitrary<UserConditionInput> }] : []),
  );
}

function conditions(cohort: fc.Arbitrary<FilterInput> | null): fc.Arbitrary<UserConditionInput[]> {
  const one = condition(cohort);
  const group: fc.Arbitrary<UserConditionInput> = fc
    .array(one, { minLength: 1, maxLength: 3 })
    .chain((filters) =>
      fc.constantFrom<UserConditionInput>({ type: 'all', filters }, { type: 'any', filters }),
    );
  return fc.array(fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: group }), {
    minLength: 1,
    maxLength: 2,
  });
}

function refs(filters: fc.Arbitrary<UserConditionInput[]>): fc.Arbitrary<CohortRefInput> {
  return fc.oneof(
    {
      weight: 1,
      arbitrary: fc
        .uniqueArray(fc.constantFrom('ada', 'bob', 'nobody', ''), { maxLength: 3 })
        .map((ids) => ({ type: 'users' as const, ids })),
    },
    {
      weight: 2,
      arbitrary: filters.map((own) => ({ type: 'conditions' as const, filters: own })),
    },
  );
}

function filterBy(ref: fc.Arbitrary<CohortRefInput>): fc.Arbitrary<FilterInput> {
  return fc.record({
    type: fc.constant('cohort' as const),
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    cohorts: fc.array(ref, { minLength: 1, maxLength: 2 }),
  });
}

/** Cohorts that hold cohorts, which hold none. */
const innerFilter = filterBy(refs(conditions(null)));
export const cohortRef: fc.Arbitrary<CohortRefInput> = refs(conditions(innerFilter));
/** For the filters of any report. */
export const cohortFilter: fc.Arbitrary<FilterInput> = filterBy(cohortRef);

/** Everything a cohort may be asked. */
export const wholeCohortQuery: fc.Arbitrary<QueryInput> = fc
  .record({
    type: fc.constant('cohort' as const),
    filters: conditions(innerFilter),
    over: fc.option(
      fc.record({
        range,
        unit: fc.constantFrom('hour' as const, 'day', 'day', 'day', 'week', 'month'),
      }),
      { nil: undefined },
    ),
  })
  .map(({ over, ...query }) => (over ? { ...query, over } : query));
