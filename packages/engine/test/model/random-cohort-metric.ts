import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { cohortQuery } from './random-worlds.ts';

const ranges = fc.constantFrom(
  { from: '2024-03-10', to: '2024-03-12' },
  { from: '2024-03-08', to: '2024-03-18' },
);

/** The size of a cohort as a metric (9.4), beside the same of another time or by itself. */
export const cohortMetric: fc.Arbitrary<QueryInput> = fc
  .record({
    range: ranges,
    unit: fc.constantFrom('day' as const, 'week', 'total'),
    members: cohortQuery,
    isCompared: fc.boolean(),
  })
  .map(({ members, isCompared, ...report }): QueryInput => {
    const filters = members.type === 'cohort' ? members.filters : [];
    return {
      ...report,
      type: 'insights',
      metrics: [{ type: 'cohort', cohort: { type: 'conditions', filters } }],
      ...(isCompared && { compare: { type: 'previous_period' } }),
    };
  });
