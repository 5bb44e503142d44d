import type { InsightsQuery, ListPoint, Metric, Query } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { isSegment, numberAt } from './list-numbers.ts';
import type { PointOf } from './list-numbers.ts';
import { segmentsBeside } from './list-points.ts';

/** What a number counts; null = something that is worked out of them, or a sum of what they have. */
export type Counted = 'users' | 'events' | null;

/** What the number at a point counts. */
export function countedAt(query: Query, point: ListPoint): Counted {
  switch (query.type) {
    case 'insights':
      return point.type === 'insights' ? countedBy(query, point) : null;
    case 'funnel':
      return query.counting === 'unique' ? 'users' : 'events';
    case 'retention': {
      if (query.measure.type !== 'users') return null;
      // Cohorts are added up: who is in several of them is counted in each.
      const isSum = point.type === 'retention' && point.cohort === null;
      return isSum && query.births === 'every_bucket' ? 'events' : 'users';
    }
    case 'flow':
      return query.counting === 'unique' ? 'users' : 'events';
    case 'frequency':
    case 'cohort':
      return 'users';
    case 'list':
    case 'users':
      return null;
  }
}

function countedBy(query: InsightsQuery, point: PointOf<'insights'>): Counted {
  // Formulas count nothing: their operands do.
  if (point.metric >= query.metrics.length) return null;
  const metric = query.metrics[point.metric];
  const isInBucket = point.bucket !== null;
  switch (metric.type) {
    case undefined:
    case 'events':
      if (isInBucket && metric.rolling !== undefined) return null;
      if (isInBucket && metric.cumulative === true && metric.measure.type !== 'total') return null;
      return countedByMeasure(query, metric, point);
    case 'people':
      return metric.measure.type === 'total' ? 'users' : null;
    case 'cohort':
    case 'funnel':
    case 'retention':
      if (isInBucket && query.unit !== 'total' && isOfSeveralBuckets(metric)) return null;
      return countedByReport(query, metric, point);
  }
}

/** Whether a number is worked out of several buckets, and is not that of what lies in all of them. */
function isOfSeveralBuckets(metric: Extract<Metric, { type: 'cohort' | 'funnel' | 'retention' }>) {
  if (metric.rolling !== undefined) return true;
  return metric.cumulative === true && metric.type !== 'retention';
}

function countedByReport(
  query: InsightsQuery,
  metric: Extract<Metric, { type: 'cohort' | 'funnel' | 'retention' }>,
  { bucket }: PointOf<'insights'>,
): Counted {
  if (metric.type === 'cohort') return 'users';
  if (metric.value !== 'count') return null;
  if (metric.type === 'funnel') return metric.funnel.counting === 'unique' ? 'users' : 'events';
  if (metric.retention.measure.type !== 'users') return null;
  // Cohorts are added up: who is in several of them is counted in each.
  const isSum = bucket === null || query.unit === 'total' || metric.cumulative === true;
  return isSum && metric.retention.births === 'every_bucket' ? 'events' : 'users';
}

function countedByMeasure(
  { breakdowns }: InsightsQuery,
  { measure }: Extract<Metric, { selector: unknown }>,
  { segment }: PointOf<'insights'>,
): Counted {
  const { type } = measure;
  if (type === 'total') {
    // Touches share an event (14.6).
    const isShared = segment !== null && JSON.stringify(breakdowns).includes('"attributed"');
    return isShared ? null : 'events';
  }
  if (type === 'sessions' || type === 'distribution') return 'events';
  if (type === 'frequency' || type === 'per_user') {
    return measure.over.type === 'distribution' ? 'users' : null;
  }
  return userMeasures.has(type) ? 'users' : null;
}

const userMeasures: ReadonlySet<string> = new Set([
  'unique',
  'dau',
  'wau',
  'mau',
  'active',
  'cumulative_unique',
]);

/** Whether there is anything behind a number of everything, which that of all other segments may be. */
export function isBehind(whole: QueryResult, point: ListPoint): boolean {
  const isOther = point.type === 'insights' && point.segment?.type === 'other';
  if (whole.type !== 'insights' || !isOther) return numberAt(whole, point) > 0;
  const { beside = [], ...rest } = point;
  const series = point.compared ? (whole.comparison?.series ?? []) : whole.series;
  return segmentsBeside(series, point.metric)
    .filter((segment) => !beside.some((own) => isSegment(segment, own)))
    .some((segment) => numberAt(whole, { ...rest, segment }) > 0);
}
