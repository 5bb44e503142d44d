import { unreachable } from '../../base/assert.ts';
import type { ListPoint } from '@arbor/schema/query';
import { invalidQuery } from './invalid-query.ts';
import type { CohortPlan, MetricPlan, ReportPlan } from './plan-types.ts';

/** Whether the report has a number at the point: throws `INVALID_QUERY` where a list could never have an entry. */
export function checkPoint(point: ListPoint, report: ReportPlan | CohortPlan): void {
  switch (point.type) {
    case 'insights':
      if (report.type !== 'insights') return;
      below('metric', point.metric, report.metrics.length);
      bucketBelow(point.bucket, report.buckets);
      if (point.segment?.type === 'other') checkOthers(point, report.metrics[point.metric]);
      return;
    case 'funnel':
      if (report.type !== 'funnel') return;
      below('step', point.step, report.steps.length);
      bucketBelow(point.bucket, report.buckets);
      if (point.outcome === 'dropped' && point.step === 0) {
        throw invalidQuery('nobody can drop off before step 0, where a funnel begins');
      }
      return;
    case 'retention':
      if (report.type !== 'retention') return;
      below('cohort', point.cohort, report.buckets.length);
      if (point.interval !== null) below('interval', point.interval, report.intervals);
      return;
    case 'frequency':
      if (report.type !== 'frequency') return;
      ownSegment(point);
      bucketBelow(point.bucket, report.buckets);
      if (point.times > report.columns) {
        throw invalidQuery(`nobody can be active ${point.times} times: ${report.columns} at most`);
      }
      return;
    case 'flow':
      if (report.type !== 'flow') return;
      ownSegment(point);
      below('anchor', point.anchor, report.anchors.length);
      return;
    case 'cohort':
      if (report.type === 'cohort') bucketBelow(point.bucket, report.over?.buckets ?? null);
      return;
    default:
      unreachable(point);
  }
}

/** Which segments the others are follows from those that came back, and these from all shards together. */
function checkOthers(
  { beside }: Extract<ListPoint, { type: 'insights' }>,
  { measure }: MetricPlan,
): void {
  const isDistribution =
    measure.type === 'distribution' ||
    (measure.type === 'per_user' && measure.over.type === 'distribution');
  if (isDistribution) {
    throw invalidQuery('a distribution has no other segments: name one that came back');
  }
  if (beside === undefined) {
    throw invalidQuery('the list of all other segments needs those beside it: name them');
  }
}

/** Of reports that never have a row of all other segments. */
function ownSegment({ type, segment }: Extract<ListPoint, { type: 'frequency' | 'flow' }>): void {
  if (segment?.type !== 'other') return;
  throw invalidQuery(`a report of type ${type} has no other segments: name one that came back`);
}

function below(what: string, index: number, count: number): void {
  if (index < count) return;
  const last = count - 1;
  throw invalidQuery(
    `the report has no ${what} ${index}: count from 0, the last is ${String(last)}`,
  );
}

function bucketBelow(bucket: number | null, buckets: readonly unknown[] | null): void {
  if (bucket === null) return;
  if (buckets === null) {
    throw invalidQuery(`the report has no bucket ${bucket}: it is not cut into buckets`);
  }
  below('bucket', bucket, buckets.length);
}
