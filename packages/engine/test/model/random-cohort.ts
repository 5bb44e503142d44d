import fc from 'fast-check';
import type {
  BehaviorCount,
  CohortRefInput,
  EventSelectorInput,
  FilterInput,
  PropertyFilterInput,
  PropertyRef,
  QueryInput,
  Range,
  UserConditionInput,
} from '@arbor/schema/query';

/** What all queries are made of. */
export interface QueryParts {
  readonly propertyFilter: fc.Arbitrary<PropertyFilterInput>;
  readonly selector: fc.Arbitrary<EventSelectorInput>;
  readonly range: fc.Arbitrary<Range>;
}

/** Cohorts, conditions on users and first times: what `reports.md` 9 and 3.4 have beside the plain ones. */
export interface HistoryParts {
  /** With a first time on some of the matches, and definitions of custom events. */
  readonly selector: fc.Arbitrary<EventSelectorInput>;
  readonly cohort: fc.Arbitrary<CohortRefInput>;
  /** For the filters of any report. */
  readonly filter: fc.Arbitrary<FilterInput>;
  /** Everything a cohort may be asked. */
  readonly query: fc.Arbitrary<QueryInput>;
}

export function historyParts(parts: QueryParts): HistoryParts {
  const selector = historySelector(parts);
  // Cohorts that hold cohorts, which hold none.
  const innerFilter = filterBy(refs(conditions(parts, selector, null)));
  const all = conditions(parts, selector, innerFilter);
  const cohort = refs(all);
  return { selector, cohort, filter: filterBy(cohort), query: cohortQuery(parts, all) };
}

/** Some of the queries with a filter by cohorts, and with first times in their selectors. */
export function withHistory(
  query: fc.Arbitrary<QueryInput>,
  { filter }: HistoryParts,
): fc.Arbitrary<QueryInput> {
  const firstTime = fc.constantFrom(undefined, undefined, 'event' as const, 'matching' as const);
  return fc
    .tuple(query, fc.option(filter, { nil: undefined, freq: 3 }), firstTime)
    .map(([asked, own, first]) => {
      // The types of all reports with filters agree in these.
      const filtered = 'range' in asked && own ? { ...asked, filters: [own] } : asked;
      return first ? withFirstTime(filtered, first) : filtered;
    });
}

/** The same with a first time on the first match of each selector. */
function withFirstTime<T>(part: T, firstTime: 'event' | 'matching'): T {
  if (Array.isArray(part)) return part.map((one) => withFirstTime<unknown>(one, firstTime)) as T;
  if (typeof part !== 'object' || part === null) return part;
  const { anyOf } = part as { anyOf?: unknown };
  if (!Array.isArray(anyOf)) {
    return Object.fromEntries(
      Object.entries(part).map(([name, own]: [string, unknown]) => [
        name,
        withFirstTime(own, firstTime),
      ]),
    ) as T;
  }
  const [match, ...others] = anyOf as EventSelectorInput['anyOf'];
  return { ...part, anyOf: [{ ...match, firstTime }, ...others] };
}

function historySelector({
  selector,
  propertyFilter,
}: QueryParts): fc.Arbitrary<EventSelectorInput> {
  const event = fc.record({
    event: fc.constantFrom('A', 'B', null),
    filters: fc.array(propertyFilter, { maxLength: 1 }),
  });
  return fc
    .tuple(
      selector,
      fc.constantFrom(undefined, undefined, 'event' as const, 'matching' as const),
      fc.option(fc.array(event, { minLength: 1, maxLength: 2 }), { nil: undefined, freq: 4 }),
    )
    .map(([{ anyOf }, firstTime, definition]) => ({
      anyOf: anyOf.map((match, n) => ({
        ...match,
        ...(firstTime && { firstTime }),
        ...(n === 0 && definition && { event: null, definition }),
      })),
    }));
}

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

function spans(range: fc.Arbitrary<Range>) {
  return fc.oneof(
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
}

/** Selectors whose events are sometimes filtered by a cohort. */
function filtered(
  selector: fc.Arbitrary<EventSelectorInput>,
  cohort: fc.Arbitrary<FilterInput> | null,
): fc.Arbitrary<EventSelectorInput> {
  if (cohort === null) return selector;
  return fc
    .tuple(selector, fc.option(cohort, { nil: undefined, freq: 3 }))
    .map(([{ anyOf }, own]) => ({
      anyOf: anyOf.map((match) => ({
        ...match,
        filters: [...(match.filters ?? []), ...(own ? [own] : [])],
      })),
    }));
}

function conditions(
  { propertyFilter, range }: QueryParts,
  plain: fc.Arbitrary<EventSelectorInput>,
  cohort: fc.Arbitrary<FilterInput> | null,
): fc.Arbitrary<UserConditionInput[]> {
  const selector = filtered(plain, cohort);
  const span = spans(range);
  const behavior = fc.record({
    type: fc.constant('behavior' as const),
    selector,
    measure,
    count,
    span,
  });
  const sequence = fc.record({
    type: fc.constant('sequence' as const),
    steps: fc.array(selector, { minLength: 2, maxLength: 3 }),
    window: fc.record({
      value: fc.constantFrom(1, 2, 12),
      unit: fc.constantFrom('hour' as const, 'day' as const, 'week' as const),
    }),
    span,
    did: fc.boolean(),
  });
  const ofPerson: fc.Arbitrary<UserConditionInput> = propertyFilter.map((own) => ({
    ...own,
    property: { ...own.property, scope: 'person' as const },
  }));
  const one: fc.Arbitrary<UserConditionInput> = fc.oneof(
    { weight: 3, arbitrary: behavior },
    { weight: 2, arbitrary: sequence },
    { weight: 1, arbitrary: ofPerson },
    ...(cohort ? [{ weight: 1, arbitrary: cohort as fc.Arbitrary<UserConditionInput> }] : []),
  );
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
  const ids = fc.uniqueArray(fc.constantFrom('ada', 'bob', 'nobody', ''), { maxLength: 3 });
  return fc.oneof(
    { weight: 1, arbitrary: fc.record({ type: fc.constant('users' as const), ids }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('conditions' as const), filters }) },
  );
}

function filterBy(ref: fc.Arbitrary<CohortRefInput>): fc.Arbitrary<FilterInput> {
  return fc.record({
    type: fc.constant('cohort' as const),
    operator: fc.constantFrom('in' as const, 'not_in' as const),
    cohorts: fc.array(ref, { minLength: 1, maxLength: 2 }),
  });
}

function cohortQuery(
  { range }: QueryParts,
  filters: fc.Arbitrary<UserConditionInput[]>,
): fc.Arbitrary<QueryInput> {
  const over = fc.record({
    range,
    unit: fc.constantFrom('day' as const, 'day', 'week', 'month'),
  });
  return fc
    .record({
      type: fc.constant('cohort' as const),
      filters,
      over: fc.option(over, { nil: undefined }),
    })
    .map(({ over: own, ...query }) => (own ? { ...query, over: own } : query));
}
