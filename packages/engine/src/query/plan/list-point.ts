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
      bucketBelow(point.bucket, report.buckets);
      checkAttempts(point, report.steps.length);
      return;
    case 'retention':
      if (report.type !== 'retention') return;
      if (point.cohort !== null) below('cohort', point.cohort, report.buckets.length);
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
      checkNode(point);
      return;
    case 'flow_path':
      ownSegment(point);
      return;
    case 'cohort':
      if (report.type === 'cohort') bucketBelow(point.bucket, report.over?.buckets ?? null);
      return;
    default:
      unreachable(point);
  }
}

function checkAttempts(
  { step, outcome, took, path }: Extract<ListPoint, { type: 'funnel' }>,
  stepCount: number,
): void {
  below('step', step, stepCount);
  if (outcome === 'dropped' && step === 0) {
    throw invalidQuery('nobody can drop off before step 0, where a funnel begins');
  }
  for (const own of path ?? []) below('step', own, stepCount);
  if (took === undefined) return;
  if (outcome !== 'reached') {
    throw invalidQuery(`times are of who reached a step, not of who is ${outcome}: leave out took`);
  }
  if (took.from >= step) {
    throw invalidQuery(`times from step ${took.from} to step ${step} are none: end after it`);
  }
}

function checkNode({ node, link, outcome }: Extract<ListPoint, { type: 'flow' }>): void {
  if (outcome === undefined || (node === null && (outcome === 'dropped' || link === null))) return;
  throw invalidQuery(
    `a node or a link says by itself who is meant: leave out the outcome "${outcome}"`,
  );
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
function ownSegment({
  type,
  segment,
}: Extract<ListPoint, { type: 'frequency' | 'flow' | 'flow_path' }>): void {
  if (segment?.type !== 'other') return;
  const report = type === 'flow_path' ? 'flow' : type;
  throw invalidQuery(`a report of type ${report} has no other segments: name one that came back`);
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
