import fc from 'fast-check';
import type {
  EventSelectorInput,
  FilterInput,
  PropertyRefInput,
  QueryInput,
} from '@arbor/schema/query';
import type { CommonFields } from './random-flow.ts';

type RetentionInput = Extract<QueryInput, { type: 'retention' }>;
type Breakdowns = NonNullable<RetentionInput['breakdowns']>;

const property = fc.record({
  scope: fc.constantFrom('event' as const, 'event' as const, 'person' as const),
  name: fc.constantFrom('p', 'n', 'missing'),
});

/** None, one or two of properties, or whether a user is in a cohort. */
export const someBreakdowns: fc.Arbitrary<Breakdowns> = fc.oneof(
  fc.constant<Breakdowns>([]),
  fc.array(
    property.map((own) => ({ property: own })),
    { minLength: 1, maxLength: 2 },
  ),
  fc
    .uniqueArray(fc.constantFrom('ada', 'bob', 'nobody'), { maxLength: 2 })
    .map((ids): Breakdowns => [{ type: 'cohort', cohorts: [{ type: 'users', ids }] }]),
);

/** Every option of a retention. */
export function retentionQuery({ selector, ...common }: CommonFields): fc.Arbitrary<QueryInput> {
  // The calendar of the model ends within a year: long units have few of them.
  const laterIntervals = fc.record({
    unit: fc.constantFrom('hour' as const, 'day', 'day', 'week', 'month'),
    intervals: fc.constantFrom(1, 3, 8),
    brackets: fc.option(fc.array(fc.constantFrom(1, 1, 2, 3), { minLength: 1, maxLength: 3 }), {
      nil: undefined,
    }),
  });
  const measure: fc.Arbitrary<RetentionInput['measure']> = fc.oneof(
    fc.constant({ type: 'users' as const }),
    fc.record({ type: fc.constantFrom('sum' as const, 'average' as const), property }),
  );
  return fc
    .record({
      ...common,
      breakdowns: someBreakdowns,
      type: fc.constant('retention' as const),
      events: birthAndReturn(selector),
      time: laterIntervals,
      criterion: fc.constantFrom(
        'on' as const,
        'on_or_after' as const,
        'on_or_before' as const,
        'streak' as const,
      ),
      mode: fc.constantFrom('rolling' as const, 'calendar' as const),
      births: fc.constantFrom('every_bucket' as const, 'first' as const),
      segmentBy: fc.constantFrom('birth' as const, 'return' as const, 'both' as const),
      otherSegment: fc.boolean(),
      measure,
      average: fc.constantFrom('weighted' as const, 'pooled' as const),
    })
    .map(({ events, time: { brackets, ...time }, ...query }) => ({
      ...query,
      ...events,
      ...time,
      ...(brackets && { brackets }),
    }));
}

/** The same, filtered and broken down by what users did within a time after their birth (14.5). */
export function retentionAfter(
  parts: CommonFields & { readonly property: fc.Arbitrary<PropertyRefInput> },
): fc.Arbitrary<QueryInput> {
  const { property, ...common } = parts;
  const aggregates = ['sum', 'average', 'min', 'max', 'distinct_count'] as const;
  return fc
    .record({
      asked: retentionQuery(common) as fc.Arbitrary<RetentionInput>,
      selector: common.selector,
      aggregate: fc.constantFrom('count' as const, 'count' as const, ...aggregates),
      of: property,
      within: fc.record({
        value: fc.constantFrom(1, 12, 100),
        unit: fc.constantFrom('hour' as const, 'day' as const),
      }),
      use: fc.constantFrom('filter' as const, 'any', 'breakdown'),
      values: fc.constantFrom<number[][]>([0], [1], [2]),
    })
    .map(({ asked, selector, aggregate, of, within, use, values }): QueryInput => {
      const own: PropertyRefInput = {
        scope: 'event',
        name: 'after',
        computed: {
          type: 'behavior',
          selector,
          aggregate,
          ...(aggregate !== 'count' && { property: of }),
          within,
        },
      };
      const filter = { type: 'property' as const, property: own, operator: 'at_least' as const };
      const isSet = { type: 'property' as const, property: of, operator: 'is_set' as const };
      const filters: FilterInput[] = [...(asked.filters ?? [])];
      if (use === 'filter') filters.push({ ...filter, values });
      if (use === 'any') filters.push({ type: 'any', filters: [isSet, { ...filter, values }] });
      const segments =
        use === 'breakdown'
          ? { breakdowns: [{ property: own }, ...(asked.breakdowns ?? [])] }
          : { breakdowns: asked.breakdowns };
      return { ...asked, filters, ...segments, ...(use === 'breakdown' && { segmentBy: 'birth' }) };
    });
}

/** The same event for both as often as not: whether a birth is its own return shows there. */
function birthAndReturn(selector: fc.Arbitrary<EventSelectorInput>) {
  return fc.oneof(
    fc.record({ birth: selector, return: selector }),
    selector.map((own) => ({ birth: own, return: own })),
  );
}
