import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import type { CommonFields } from './random-flow.ts';
import { someBreakdowns } from './random-retention.ts';

/** Every option of a frequency report. */
export function frequencyQuery(common: CommonFields): fc.Arbitrary<QueryInput> {
  const units = fc.constantFrom(
    { unit: 'day' as const, per: 'hour' as const },
    { unit: 'week' as const, per: 'hour' as const },
    { unit: 'week' as const, per: 'day' as const },
    { unit: 'month' as const, per: 'day' as const },
  );
  return fc
    .record({
      ...common,
      breakdowns: someBreakdowns,
      type: fc.constant('frequency' as const),
      cumulative: fc.boolean(),
      units,
    })
    .map(({ units: own, ...query }) => ({ ...query, ...own }));
}
