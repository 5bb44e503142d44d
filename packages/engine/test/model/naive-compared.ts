import { insightsQuerySchema } from '@arbor/schema/query';
import type { Comparison, FunnelQuery, RetentionQuery } from '@arbor/schema/query';
import type { Bucket, FunnelResult, RetentionResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { spansOf } from './naive-comparison.ts';
import type { NaiveSpan } from './naive-comparison.ts';
import { naiveFunnelOver } from './naive-funnel.ts';
import { naiveRetentionOver } from './naive-retention.ts';
import { wholeBuckets, wholeRange } from './naive-time.ts';
import { same } from './naive-values.ts';
import type { World } from './world.ts';

type Segmented = readonly { readonly segment: Segment }[];

/** A report of a funnel or of a retention with the same of another time (3.9). */
export function naiveCompared(
  world: World,
  { compare, ...query }: FunnelQuery | RetentionQuery,
  context: PlanContext,
): FunnelResult | RetentionResult {
  if (compare === undefined) throw new Error('compared with nothing');
  return query.type === 'funnel'
    ? comparedFunnel(world, query, compare, context)
    : comparedRetention(world, query, compare, context);
}

function comparedFunnel(
  world: World,
  query: FunnelQuery,
  compare: Comparison,
  context: PlanContext,
): FunnelResult {
  const [now, then] = spans(query, compare, context);
  const over = (span: NaiveSpan, segments?: Segment[]): FunnelResult =>
    naiveFunnelOver(
      { range: span.range, buckets: query.unit && [...span.buckets] },
      world,
      segments ? { ...query, segments } : query,
      context,
    );
  const whole = united(query, over(now).segments, over(then).segments);
  const entries = united(
    query,
    over(now).byEntry?.segments ?? [],
    over(then).byEntry?.segments ?? [],
  );
  const side = (span: NaiveSpan) => {
    const { type: _, comparison: __, ...fields } = over(span, whole);
    const { byEntry } = over(span, entries);
    return { ...fields, ...(byEntry && { byEntry }) };
  };
  const own = side(then);
  const range = wholeRange(then.range, context.timezone, context.nowMs);
  const { moved } = then;
  if (moved === undefined || !query.trends || own.byEntry === undefined) {
    return { type: 'funnel', ...side(now), comparison: { range, ...own } };
  }
  const { beyond, points } = moved;
  const after =
    beyond.length === 0
      ? undefined
      : over(
          {
            ...then,
            range: { startMs: beyond[0].startMs, endMs: beyond[beyond.length - 1].endMs },
            buckets: beyond,
          },
          entries,
        ).byEntry;
  const buckets = [...own.byEntry.buckets, ...(after?.buckets ?? [])];
  const placed = (counts: readonly number[][], later: readonly number[][]): number[][] =>
    points.map((point) => [...counts, ...later][buckets.findIndex((own) => isSame(own, point))]);
  const none = (after?.buckets ?? []).map(() => query.steps.map(() => 0));
  const byEntry = {
    buckets: points.map((point) => bucketLike(buckets, point)),
    counts: placed(own.byEntry.counts, after?.counts ?? []),
    ...(own.byEntry.segments && {
      segments: own.byEntry.segments.map(({ segment, counts }) => ({
        segment,
        counts: placed(
          counts,
          after?.segments?.find((one) => same(one.segment, segment))?.counts ?? none,
        ),
      })),
    }),
  };
  return { type: 'funnel', ...side(now), comparison: { range, ...own, byEntry } };
}

function comparedRetention(
  world: World,
  query: RetentionQuery,
  compare: Comparison,
  context: PlanContext,
): RetentionResult {
  const [now, then] = spans(query, compare, context);
  const calendar = wholeBuckets(query.unit, context.timezone, context.weekStart);
  const wholeOf = ({ move }: NaiveSpan) => {
    if (move === undefined) return calendar;
    const first = calendar.findIndex(({ endMs }) => endMs > now.range.startMs);
    // More intervals than any question has.
    const own = calendar.slice(first, first + now.buckets.length + 10);
    // The model knows no day after its last.
    if (own[own.length - 1] === calendar[calendar.length - 1]) own.pop();
    return own.map(({ startMs, endMs }) => ({ startMs: move(startMs), endMs: move(endMs) }));
  };
  const over = (
    span: NaiveSpan,
    segments?: Segment[],
    buckets: readonly Bucket[] = span.buckets,
  ): RetentionResult =>
    naiveRetentionOver(
      { buckets, whole: buckets === span.buckets ? wholeOf(span) : calendar },
      world,
      segments ? { ...query, segments } : query,
      context,
    );
  const segments = united(query, over(now).segments, over(then).segments);
  const side = (span: NaiveSpan) => {
    const { type: _, comparison: __, ...fields } = over(span, segments);
    return fields;
  };
  const own = side(then);
  const { moved } = then;
  if (moved === undefined) return { type: 'retention', ...side(now), comparison: own };
  const long = over(then, segments, [...then.buckets, ...moved.beyond]);
  const at = (cohorts: RetentionResult['cohorts']) =>
    moved.points.map((point) => {
      const found = cohorts.find(({ bucket }) => isSame(bucket, point));
      if (found === undefined) throw new Error(`no cohort of ${point.start}`);
      return found;
    });
  const cohortsIn = (segment: Segment) =>
    long.segments.find((one) => same(one.segment, segment))?.cohorts ?? [];
  return {
    type: 'retention',
    ...side(now),
    comparison: {
      ...own,
      cohorts: at(long.cohorts),
      segments: own.segments.map((one) => ({ ...one, cohorts: at(cohortsIn(one.segment)) })),
    },
  };
}

function spans(
  { range, unit }: FunnelQuery | RetentionQuery,
  compare: Comparison,
  context: PlanContext,
): NaiveSpan[] {
  const metrics = [{ selector: { anyOf: [{ event: 'A' }] }, measure: { type: 'total' } }];
  return spansOf(
    insightsQuerySchema.parse({
      type: 'insights',
      range,
      unit: unit ?? 'total',
      compare,
      metrics,
    }),
    context,
  );
}

/** The report's own, and then, where none of these were left out, what only the other time has. */
function united(
  { segmentsMax }: { readonly segmentsMax: number },
  now: Segmented,
  then: Segmented,
): Segment[] {
  const named = (all: Segmented): Segment[] =>
    all.map(({ segment }) => segment).filter(({ type }) => type !== 'other');
  if (now.length > named(now).length || now.length >= segmentsMax) return named(now);
  const onlyThen = named(then).filter((segment) => !now.some((own) => same(own.segment, segment)));
  return [...named(now), ...onlyThen].slice(0, segmentsMax);
}

function isSame(left: Bucket, right: Bucket): boolean {
  return left.startMs === right.startMs && left.endMs === right.endMs;
}

function bucketLike(buckets: readonly Bucket[], point: Bucket): Bucket {
  const found = buckets.find((own) => isSame(own, point));
  if (found === undefined) throw new Error(`no bucket of ${point.start}`);
  return found;
}
