import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { selector } from './random-worlds.ts';

const values = [
  'rate',
  'count',
  'average_time',
  'median_time',
  'min_time',
  'max_time',
  'percentile_time',
  'sum',
  'sum_rate',
] as const;

const ranges = fc.constantFrom(
  { from: '2024-03-10', to: '2024-03-12' },
  { from: '2024-03-09', to: '2024-03-18' },
);

/** One funnel as a metric: every value, between any of its steps (5.10). */
export const funnelMetric: fc.Arbitrary<QueryInput> = fc
  .record({
    range: ranges,
    unit: fc.constantFrom('day' as const, 'week', 'total'),
    steps: fc.array(selector, { minLength: 1, maxLength: 4 }),
    ends: fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 })),
    value: fc.constantFrom(...values),
    percentile: fc.constantFrom(0, 10, 50, 99.5, 100),
    counting: fc.constantFrom('unique' as const, 'totals' as const),
    breakdowns: fc.constantFrom(0, 1),
  })
  .map(({ steps, ends, value, percentile, counting, breakdowns, ...report }): QueryInput => {
    const [from, to] = ends.map((end) => end % steps.length).sort((left, right) => left - right);
    const property = { scope: 'event' as const, name: 'n' };
    return {
      ...report,
      type: 'insights',
      breakdowns: breakdowns === 0 ? [] : [{ property: { scope: 'event', name: 'p' } }],
      metrics: [
        {
          type: 'funnel',
          funnel: { steps, counting, ...(value.startsWith('sum') && { sum: property }) },
          value,
          from,
          to,
          ...(value === 'percentile_time' && { percentile }),
        },
      ],
    };
  });
