import type { InsightsQuery } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import type { InstantRange } from './calendar.ts';
import { cutBucket } from './calendar.ts';
import { invalidQuery } from './invalid-query.ts';
import { bucketsOfRange } from './known-buckets.ts';
import type { PlanScope } from './plan-scope.ts';
import { resolveMoment, resolveRange } from './range.ts';

/** The time of an insights report: its buckets cover the range without a gap. */
export interface TimeAxis {
  readonly range: InstantRange;
  readonly buckets: readonly Bucket[];
}

/** By the calendar (2.1), or from each of the query's own edges to the next. */
export function planAxis(
  query: Pick<InsightsQuery, 'range' | 'unit' | 'edges'>,
  { calendar, nowMs }: Pick<PlanScope, 'calendar' | 'nowMs'>,
): TimeAxis {
  const { unit, edges } = query;
  if (edges !== undefined) {
    const instants = edges.map((edge) => resolveMoment(edge, calendar).startMs);
    const range = { startMs: instants[0], endMs: instants[instants.length - 1] };
    const buckets = instants.slice(1).map((endMs, i) => {
      if (endMs <= instants[i]) {
        throw invalidQuery(`the edges of buckets do not rise: ${edges[i + 1]} after ${edges[i]}`);
      }
      return cutBucket({ startMs: instants[i], endMs }, range, calendar, nowMs);
    });
    return { range, buckets };
  }
  const range = resolveRange(query.range, calendar);
  const buckets =
    unit === 'total'
      ? [cutBucket(range, range, calendar, nowMs)]
      : bucketsOfRange(range, unit, calendar, nowMs);
  return { range, buckets };
}
