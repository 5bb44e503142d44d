import type {
  CohortQuery,
  FunnelQuery,
  InsightsQuery,
  ListPoint,
  ListQuery,
  Metric,
  Range,
  RetentionQuery,
} from '@arbor/schema/query';
import { unreachable } from '../../base/assert.ts';
import { planAxis } from './axis.ts';
import type { TimeAxis } from './axis.ts';
import { comparedTime, instantText, longerTime } from './comparison.ts';
import type { ReportTime } from './comparison.ts';
import { invalidQuery } from './invalid-query.ts';
import { leadEdges } from './lead-edges.ts';
import { listedCohorts, listedSteps } from './listed-comparison.ts';
import type { PlanScope } from './plan-scope.ts';
import { reportFormulas } from './report-formulas.ts';

type TimeScope = Pick<PlanScope, 'calendar' | 'nowMs'>;
type InsightsPoint = Extract<ListPoint, { type: 'insights' }>;
type Listed = Pick<ListQuery, 'of' | 'point'>;

/**
 * The same number as one of a report that shards answer by themselves: of an insights report its one metric (of a
 * formula the one that is asked for), in the time of the comparison if the point lies there. A metric that is a report
 * becomes that report. Behind a value that is worked out of several buckets (4.4) lie all of them: those of a rolling
 * average, or those from the start of the range on.
 */
export function listedReport({ of, point }: Listed, scope: TimeScope): Listed {
  if (of.type !== (point.type === 'flow_path' ? 'flow' : point.type)) {
    throw invalidQuery(`a point of ${point.type} is no number of a report of type ${of.type}`);
  }
  // Over all segments a breakdown changes nothing, and costs what it costs.
  const report = isOverall(point) && 'breakdowns' in of ? { ...of, breakdowns: [] } : of;
  if (report.type === 'funnel' && point.type === 'funnel') {
    return listedSteps(report, point, scope);
  }
  if (report.type === 'retention' && point.type === 'retention') {
    return listedCohorts(report, point, scope);
  }
  if (report.type !== 'insights' || point.type !== 'insights') return { of: report, point };
  const metric = report.metrics[listedIndex(report, point)];
  const { compare: _, rankBy: __, segments: ___, edges: ____, ...rest } = report;
  const { time, bucket, leadMs } = timeAt(report, point, scope);
  const timed: InsightsQuery = { ...rest, ...time, formulas: [] };
  const at = { ...point, bucket };
  switch (metric.type) {
    case undefined:
    case 'events':
    case 'people':
      return listedMetric({ ...timed, metrics: [metric] }, metric, at, { ...scope, leadMs });
    case 'cohort':
      return listedCohort(timed, metric, at, scope);
    case 'funnel':
      return listedFunnel(timed, metric, at, scope);
    case 'retention':
      return listedRetention(timed, metric, at, { ...scope, leadMs });
    default:
      return unreachable(metric);
  }
}

function isOverall(point: ListPoint): boolean {
  return !('segment' in point) || point.segment === null;
}

/** The metric whose list is asked for: nobody is behind a formula by itself, but behind each metric that it is made of. */
function listedIndex(query: InsightsQuery, { metric, operand }: InsightsPoint): number {
  const { metrics, formulas } = query;
  if (metric >= metrics.length + formulas.length) {
    const last = metrics.length + formulas.length - 1;
    throw invalidQuery(`the report has no metric ${metric}: the last is ${last}`);
  }
  if (metric < metrics.length) {
    if (operand === undefined) return metric;
    throw invalidQuery(`metric ${metric} is no formula: leave out the operand ${operand}`);
  }
  const { metrics: operands } = reportFormulas(query)[metric - metrics.length];
  if (operand === undefined && operands.length === 1) return operands[0];
  if (operand !== undefined && operands.includes(operand)) return operand;
  throw invalidQuery(
    `metric ${metric} is a formula, and nobody is behind it by itself: name one of the metrics that it is ` +
      `made of as its operand (${operands.join(', ') || 'it has none'})` +
      (operand === undefined ? '' : `, not ${operand}`),
  );
}

/** When so many buckets before the first one of a time begin. */
type LeadMs = (back: number) => number;
type SpreadScope = TimeScope & { readonly leadMs: LeadMs };

/** The time in which the number lies, the place of its bucket there, and the buckets before it. */
function timeAt(
  query: InsightsQuery,
  { bucket, compared }: InsightsPoint,
  scope: TimeScope,
): { readonly time: ReportTime; readonly bucket: number | null; readonly leadMs: LeadMs } {
  const { range, edges, compare, unit } = query;
  const leadOf =
    (time: ReportTime): LeadMs =>
    (back) => {
      const [{ startMs }] = planAxis({ unit, ...time }, scope).buckets;
      return leadEdges(startMs, unit, back, scope.calendar)[0];
    };
  const own = { range, ...(edges && { edges }) };
  if (!compared) return { time: own, bucket, leadMs: leadOf(own) };
  if (compare === undefined) throw invalidQuery('the report is compared with nothing');
  const { time, shift, moved } = comparedTime(query, compare, scope);
  const leadMs: LeadMs = shift === null ? leadOf(time) : (back) => shift(leadOf(own)(back));
  if (moved === null || bucket === null) return { time, bucket, leadMs };
  if (bucket >= moved.places.length) {
    throw invalidQuery(
      `the report has no bucket ${bucket}: the last is ${moved.places.length - 1}`,
    );
  }
  return { time: longerTime(time, moved.beyond), bucket: moved.places[bucket], leadMs };
}

function listedMetric(
  query: InsightsQuery,
  metric: Metric,
  point: InsightsPoint,
  scope: SpreadScope,
): Listed {
  const { operand: _, ...at } = point;
  const own = { ...at, metric: 0, compared: false };
  const spread = point.bucket === null ? null : spreadOver(query, metric, point.bucket, scope);
  if (spread === null) return { of: query, point: own };
  const { edges: __, ...rest } = query;
  return { of: { ...rest, range: spread, unit: 'total' }, point: { ...own, bucket: null } };
}

/** The time of all buckets that the value of one is worked out of; null = it is that of the bucket alone. */
function spreadOver(
  query: InsightsQuery,
  metric: Metric,
  bucket: number,
  scope: SpreadScope,
): Range | null {
  if (metric.type === 'people' || query.unit === 'total') return null;
  const { rolling = 1, cumulative = false } = metric;
  if (rolling === 1 && !cumulative) return null;
  const axis = planAxis(query, scope);
  const { endMs } = bucketOf(axis, bucket);
  const first = (cumulative ? 0 : bucket) - (rolling - 1);
  return rangeOf(first < 0 ? scope.leadMs(-first) : axis.buckets[first].startMs, endMs);
}

/** Who was in the cohort as of the end of the bucket (9.4): in each segment of the other metrics, too. */
function listedCohort(
  query: InsightsQuery,
  { cohort }: Extract<Metric, { type: 'cohort' }>,
  { bucket }: InsightsPoint,
  scope: TimeScope,
): Listed {
  const axis = planAxis(query, scope);
  const { endMs } = bucketOf(axis, bucket ?? axis.buckets.length - 1);
  const of: CohortQuery = {
    type: 'cohort',
    filters:
      cohort.type === 'conditions'
        ? cohort.filters
        : [{ type: 'cohort', operator: 'in', cohorts: [cohort] }],
    over: { range: rangeOf(endMs - 1, endMs), unit: 'day' },
  };
  return { of, point: { type: 'cohort', bucket: 0 } };
}

/** Who converted: a bucket of a chart has a funnel of its own (5.11). */
function listedFunnel(
  query: InsightsQuery,
  { funnel, to: step = funnel.steps.length - 1 }: Extract<Metric, { type: 'funnel' }>,
  { bucket, segment, beside }: InsightsPoint,
  scope: TimeScope,
): Listed {
  const { filters, breakdowns, segmentsMax, groupKey } = query;
  const own = bucket === null ? null : bucketOf(planAxis(query, scope), bucket);
  const of: FunnelQuery = {
    ...funnel,
    type: 'funnel',
    range: own ? rangeOf(own.startMs, own.endMs) : query.range,
    filters,
    groupKey,
    breakdowns,
    segmentsMax,
    trends: false,
  };
  const named = { segment, ...(beside && { beside }) };
  return { of, point: { type: 'funnel', step, outcome: 'reached', ...named, bucket: null } };
}

/** Who came back, of the cohort of a bucket, or of all of them where their numbers are added up (6.5). */
function listedRetention(
  query: InsightsQuery,
  metric: Extract<Metric, { type: 'retention' }>,
  { bucket, segment, beside }: InsightsPoint,
  scope: SpreadScope,
): Listed {
  const { retention, interval, value } = metric;
  const isWhole = bucket === null || query.unit === 'total';
  if (bucket !== null) bucketOf(planAxis(query, scope), bucket);
  if (isWhole && (value === 'rate' || value === 'average')) {
    throw invalidQuery(
      `the ${value} of the whole range of a retention is an average of its buckets, and nobody is behind it by ` +
        'itself: list one of the buckets, or the number of a metric whose value is "count"',
    );
  }
  const spread = isWhole ? query.range : spreadOver(query, metric, bucket, scope);
  const { range, filters, breakdowns, segmentsMax, groupKey } = query;
  const of: RetentionQuery = {
    ...retention,
    type: 'retention',
    range: spread ?? range,
    filters,
    groupKey,
    breakdowns,
    segmentsMax,
  };
  const point: ListPoint = {
    type: 'retention',
    cohort: isWhole || spread !== null ? null : cohortAt(query, retention, bucket, scope),
    interval,
    outcome: 'retained',
    segment,
    ...(beside && { beside }),
  };
  return { of, point };
}

/** The cohort of a bucket, which has the number of that which begins with it: buckets may be longer than its unit. */
function cohortAt(
  query: InsightsQuery,
  { unit }: Pick<RetentionQuery, 'unit'>,
  bucket: number,
  scope: TimeScope,
): number {
  const { startMs, start } = bucketOf(planAxis(query, scope), bucket);
  const cohorts = planAxis({ range: query.range, unit }, scope).buckets;
  const cohort = cohorts.findIndex((own) => own.startMs === startMs);
  if (cohort >= 0) return cohort;
  throw invalidQuery(
    `a retention by the ${unit} has no cohort that begins on ${start.slice(0, 10)}, and nobody is behind a number of bucket ${bucket}`,
  );
}

function bucketOf({ buckets }: TimeAxis, bucket: number): TimeAxis['buckets'][number] {
  if (bucket < buckets.length) return buckets[bucket];
  throw invalidQuery(`the report has no bucket ${bucket}: the last is ${buckets.length - 1}`);
}

function rangeOf(startMs: number, endMs: number): Range {
  return { from: instantText(startMs), to: instantText(endMs - 1) };
}
