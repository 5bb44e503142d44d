import type { CohortQuery, InsightsQuery, Metric, Range, UserCondition } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { invalidQuery } from '../plan/invalid-query.ts';
import { planAxis } from '../plan/axis.ts';
import { instantText } from '../plan/comparison.ts';
import { resultOf } from './ask.ts';
import type { Ask } from './ask.ts';
import type { MetricsWanted } from './metrics-wanted.ts';
import type { MetricTable } from './metric-table.ts';

type CohortMetric = Extract<Metric, { type: 'cohort' }>;
type CohortUnit = Exclude<InsightsQuery['unit'], 'total'>;

/**
 * The size of a cohort as of the end of each bucket (9.4); over the whole range as of its end. Filters and breakdowns
 * are of what the other metrics count: who is in the cohort, the cohort alone says.
 */
export function askCohort({ cohort }: CohortMetric, wanted: MetricsWanted): Ask<MetricTable> {
  const filters: UserCondition[] =
    cohort.type === 'conditions'
      ? cohort.filters
      : [{ type: 'cohort', operator: 'in', cohorts: [cohort] }];
  if (wanted.query.groupKey !== undefined) {
    throw invalidQuery('the size of a cohort is of users: leave out groupKey, or count events');
  }
  const queries = overTimes(wanted).map((over): CohortQuery => ({ type: 'cohort', filters, over }));
  return {
    queries,
    read(results) {
      const values = results.flatMap(sizesOf);
      const total = values[values.length - 1] ?? null;
      return {
        overall: { values, total },
        segments: [],
        other: null,
        segmentCount: 0,
        isUnsegmented: true,
      };
    },
  };
}

function sizesOf(result: QueryResult): number[] {
  const { sizes } = resultOf(result, 'cohort');
  if (sizes === undefined) throw new TypeError('the sizes of a cohort did not come');
  return sizes.users;
}

/** One question where the buckets are those of the calendar, else one a bucket. */
function overTimes({ query, span, scope }: MetricsWanted): { range: Range; unit: CohortUnit }[] {
  const { unit } = query;
  const { range, edges } = span.time;
  const isOfCalendar = (): boolean => {
    const { buckets } = planAxis({ range, unit }, scope);
    return (
      buckets.length === span.buckets.length &&
      buckets.every(({ endMs }, i) => endMs === span.buckets[i].endMs)
    );
  };
  if (unit !== 'total' && (edges === undefined || isOfCalendar())) return [{ range, unit }];
  // Its last millisecond alone is one bucket, whatever the unit.
  return span.buckets.map(({ endMs }) => {
    const last = instantText(endMs - 1);
    return { range: { from: last, to: last }, unit: 'day' as const };
  });
}
