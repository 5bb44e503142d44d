import fc from 'fast-check';
import type { EventSelectorInput, PropertyRefInput, QueryInput } from '@arbor/schema/query';

type FunnelInput = Extract<QueryInput, { type: 'funnel' }>;

/** What funnels share with the other reports. */
interface Parts {
  readonly common: Readonly<
    Record<'range' | 'filters' | 'breakdowns' | 'segmentsMax', fc.Arbitrary<unknown>>
  >;
  readonly selector: fc.Arbitrary<EventSelectorInput>;
  readonly property: fc.Arbitrary<PropertyRefInput>;
}

/** Funnels with every option of their own (reports.md 5), in any combination. */
export function optionFunnel({ common, selector, property }: Parts): fc.Arbitrary<QueryInput> {
  return fc.integer({ min: 1, max: 4 }).chain((stepCount) => {
    const step = fc.nat({ max: stepCount - 1 });
    const pair = fc
      .tuple(step, step)
      .filter(([from, to]) => from < to)
      .map(([from, to]) => ({ from, to }));
    const exclusion = pair.chain((ends) =>
      fc.record({
        selector,
        from: fc.constant(ends.from),
        to: fc.constantFrom(ends.to, ends.to, undefined),
        mode: fc.constantFrom('stop' as const, 'drop' as const),
      }),
    );
    const rarely = <T>(some: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
      fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: some });
    return fc
      .record({
        type: fc.constant('funnel' as const),
        ...common,
        steps: fc.array(selector, { minLength: stepCount, maxLength: stepCount }),
        window: fc.record({
          value: fc.constantFrom(1, 2, 12),
          unit: fc.constantFrom(
            'second' as const,
            'hour' as const,
            'day' as const,
            'session' as const,
          ),
        }),
        counting: fc.constantFrom('unique' as const, 'totals' as const, 'sessions' as const),
        order: fc.constantFrom('specific' as const, 'any' as const, 'strict' as const),
        strictRepeat: fc.constantFrom('break' as const, 'allow' as const),
        anchors: fc.array(step, { maxLength: 2 }),
        graceMs: fc.constantFrom(0, 0, 1, 1000, 2000),
        entry: fc.constantFrom('first' as const, 'any' as const),
        reentry: fc.constantFrom('default' as const, 'default' as const, 'optimized' as const),
        exclusions:
          stepCount === 1 ? fc.constant([]) : fc.array(exclusion, { maxLength: 2, size: 'max' }),
        hold: fc.oneof(
          { weight: 3, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.array(property, { minLength: 1, maxLength: 2 }) },
        ),
        attribution: fc.oneof(
          fc.record({ type: fc.constantFrom('first' as const, 'last' as const, 'each' as const) }),
          fc.record({ type: fc.constant('step' as const), step }),
        ),
        segmentEntry: fc.constantFrom('after_exit' as const, 'per_value' as const),
        completion: fc.constantFrom('after_range' as const, 'in_range' as const),
        sum: rarely(property),
        distribution:
          stepCount === 1
            ? fc.constant(undefined)
            : rarely(
                pair.chain((ends) =>
                  fc.record({
                    from: fc.constant(ends.from),
                    to: fc.constant(ends.to),
                    bins: fc.constantFrom(1, 3, 20),
                  }),
                ),
              ),
        times:
          stepCount === 1
            ? fc.constant(undefined)
            : rarely(
                pair.chain((ends) =>
                  fc.record({
                    from: fc.constant(ends.from),
                    to: fc.constant(ends.to),
                    percentiles: fc.constantFrom([], [50], [0, 12.5, 90, 100]),
                  }),
                ),
              ),
        pathsMax: rarely(fc.constantFrom(1, 3, 1000)),
        compareEvents: rarely(step),
        otherSegment: fc.boolean(),
        unit: fc.constantFrom(undefined, 'day' as const, 'week' as const),
        trends: fc.boolean(),
      })
      .map(({ unit, trends, pathsMax, ...funnel }) => ({
        ...funnel,
        ...(unit && { unit, trends }),
        ...(pathsMax && funnel.order === 'any' && { pathsMax }),
      })) as fc.Arbitrary<FunnelInput>;
  });
}

/** The same, filtered and broken down by what users did between two steps (5.10). */
export function funnelBetween({ selector, ...parts }: Parts): fc.Arbitrary<FunnelInput> {
  const ends = fc.constantFrom([0, 1], [0, 2], [1, 2], [0, 3], [2, 3]);
  const behavior = fc.constantFrom('count', 'sum', 'average', 'min', 'max', 'distinct_count');
  return fc
    .record({
      asked: optionFunnel({ selector, ...parts }) as fc.Arbitrary<FunnelInput>,
      own: fc.record({ selector, aggregate: behavior, property: parts.property }),
      ends,
      isFilter: fc.boolean(),
      values: fc.constantFrom([0], [1], [2]),
    })
    .map(({ asked, own: { property: of, ...own }, ends: [from, to], isFilter, values }) => {
      // Steps that are missing are those that are there, again.
      const steps = Array.from({ length: to + 1 }, (_, i) => asked.steps[i % asked.steps.length]);
      const property = {
        scope: 'event',
        name: 'between',
        computed: {
          type: 'behavior',
          ...own,
          ...(own.aggregate !== 'count' && { property: of }),
          between: { from, to },
        },
      };
      const filter = { type: 'property', property, operator: 'at_least', values };
      return {
        ...asked,
        steps: asked.steps.length > to ? asked.steps : steps,
        ...(isFilter
          ? { filters: [filter] }
          : { breakdowns: [{ property }], attribution: { type: 'last' } }),
      } as FunnelInput;
    });
}
