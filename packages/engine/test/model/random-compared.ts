import fc from 'fast-check';
import type { ComparisonInput, QueryInput } from '@arbor/schema/query';
import { randomFunnel, randomRetention } from './random-worlds.ts';

type ComparedInput = Extract<QueryInput, { type: 'funnel' | 'retention' }>;

const aFewDays = { from: '2024-03-09', to: '2024-03-11' };

const ranges = fc.constantFrom(
  { from: '2024-03-10', to: '2024-03-12' },
  { from: '2024-03-09', to: '2024-03-18' },
  { from: '2024-03-15', to: '2024-04-02' },
  { from: '2024-03-01', to: '2024-04-30' },
);

const compare = fc.oneof(
  fc
    .constantFrom('day' as const, 'week', 'month', 'year', 'year', 'year')
    .map((unit): ComparisonInput => ({ type: 'previous', unit })),
  fc.constantFrom<ComparisonInput[]>(
    { type: 'previous_period' },
    { type: 'from', date: '2024-03-03' },
    { type: 'to', date: '2024-03-31' },
    { type: 'range', from: '2024-03-08', to: '2024-03-11' },
  ),
);

/** The year before is the one that things happen in. */
function aYearLater({ from, to }: { from: string; to: string }): { from: string; to: string } {
  return { from: `2025${from.slice(4)}`, to: `2025${to.slice(4)}` };
}

/** Funnels and retentions with every option of their own, beside the same of another time (3.9). */
export const randomCompared: fc.Arbitrary<QueryInput> = fc
  .tuple(fc.oneof(randomFunnel, randomRetention), ranges, compare)
  .map(([asked, some, other]): QueryInput => {
    const report = asked as ComparedInput;
    // By the hour a month has as many cohorts as its hours.
    const isHourly = report.unit === 'hour';
    const range = isHourly ? aFewDays : some;
    const isYear = other.type === 'previous' && other.unit === 'year';
    const compared = { range: isYear ? aYearLater(range) : range, compare: other };
    if (report.type === 'funnel' || !isYear || report.unit !== 'month') {
      return { ...report, ...compared };
    }
    // The calendar of the model ends within the year.
    const { brackets: _, ...others } = report;
    return { ...others, intervals: 3, ...compared };
  });
