import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { selector } from './random-worlds.ts';

const ranges = fc.constantFrom(
  { from: '2024-03-10', to: '2024-03-12' },
  { from: '2024-03-08', to: '2024-03-18' },
);

/** One interval of a retention as a metric (6.5): every share and count of users, in days, running, and in total. */
export const retentionMetric: fc.Arbitrary<QueryInput> = fc
  .record({
    range: ranges,
    unit: fc.constantFrom('day' as const, 'total'),
    retention: fc.record({
      birth: selector,
      return: selector,
      criterion: fc.constantFrom('on' as const, 'on_or_after', 'on_or_before', 'streak'),
      mode: fc.constantFrom('rolling' as const, 'calendar'),
      births: fc.constantFrom('every_bucket' as const, 'first'),
      segmentBy: fc.constantFrom('birth' as const, 'return', 'both'),
      average: fc.constantFrom('weighted' as const, 'pooled'),
      intervals: fc.constant(3),
    }),
    interval: fc.nat({ max: 2 }),
    value: fc.constantFrom('rate' as const, 'count'),
    isBrokenDown: fc.boolean(),
    isCumulative: fc.boolean(),
  })
  .map(({ retention, interval, value, isBrokenDown, isCumulative, ...report }): QueryInput => {
    return {
      ...report,
      type: 'insights',
      breakdowns: isBrokenDown ? [{ property: { scope: 'event', name: 'p' } }] : [],
      metrics: [
        {
          type: 'retention',
          retention,
          interval,
          value,
          ...(isCumulative && { cumulative: true }),
        },
      ],
    };
  });
