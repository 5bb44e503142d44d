import type { EventMetric, InsightsQuery, Measure, Metric } from '@arbor/schema/query';
import type { InsightsResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { cut, naiveRange, trailing, wholeBuckets, wholeRange } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { matches } from './naive-selection.ts';
import { weightedSegmentsBy } from './naive-breakdowns.ts';
import { allSegments, lookupIn, passes, ranked, same } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

export function naiveInsights(
  world: World,
  query: InsightsQuery,
  { timezone, weekStart, nowMs }: PlanContext,
): InsightsResult {
  const clock = { unit: query.unit, timezone };
  const range = naiveRange(query.range.from, query.range.to, timezone);
  const buckets =
    query.unit === 'total'
      ? [wholeRange(range, timezone, nowMs)]
      : cut(wholeBuckets(query.unit, timezone, weekStart), range, nowMs);
  const series: InsightsResult['series'] = [];
  const segmentCounts: number[] = [];
  const weighted = new Map(
    world.events.map((event) => [event, weightedSegmentsBy(query, lookupIn(world, event), world)]),
  );
  const segmentsOfEvent = (event: WorldEvent): Segment[] =>
    (weighted.get(event) ?? []).map(({ segment }) => segment);
  /** How much of an event its segment has: less than all where touches share it (14.6). */
  const weightIn = (segment: Segment) => (event: WorldEvent) =>
    (weighted.get(event) ?? []).find((own) => same(own.segment, segment))?.weight ?? 0;
  const metrics = query.metrics.filter(isEventMetric).map(({ selector, measure }) => {
    const events = world.events.filter(
      (event) =>
        matches(selector, event, world) &&
        query.filters.every((filter) => passes(filter, lookupIn(world, event))),
    );
    const seen = events.filter((event) =>
      [range, ...buckets.map((bucket) => spanOf(measure, bucket, clock))].some((span) =>
        within(event, span),
      ),
    );
    const segments = allSegments(seen.map(segmentsOfEvent)).map((segment) => {
      const own = events.filter((event) => segmentsOfEvent(event).some((s) => same(s, segment)));
      return { segment, rank: rankOf(world, measure, own, range, clock, weightIn(segment)) };
    });
    return { measure, events, segments };
  });
  metrics.forEach(({ measure, events, segments }, metric) => {
    const line = (own: readonly WorldEvent[], weightOf?: Weight) => ({
      values: buckets.map((bucket) => measured(world, measure, own, bucket, clock, weightOf)),
      total: activeDays(measure)
        ? measured(world, measure, own, buckets[buckets.length - 1], clock)
        : measured(world, measure, own, range, clock, weightOf),
    });
    series.push({ metric, segment: null, ...line(events) });
    segmentCounts.push(segments.length);
    const ranking = metrics[query.rankBy ?? metric].segments;
    const listed = ranked(ranking).slice(0, query.segmentsMax);
    for (const { segment } of listed) {
      const own = events.filter((event) => segmentsOfEvent(event).some((s) => same(s, segment)));
      series.push({ metric, segment, ...line(own, weightIn(segment)) });
    }
    const isListed = (own: Segment): boolean => listed.some(({ segment }) => same(own, segment));
    if (!query.otherSegment || segments.every(({ segment }) => isListed(segment))) return;
    const inOther = events.filter((event) => segmentsOfEvent(event).some((own) => !isListed(own)));
    const others = (event: WorldEvent): number =>
      (weighted.get(event) ?? [])
        .filter(({ segment }) => !isListed(segment))
        .reduce((sum, { weight }) => sum + weight, 0);
    const isShared = query.breakdowns.some(
      (breakdown) =>
        breakdown.type !== 'cohort' && breakdown.property.computed?.type === 'attributed',
    );
    const inAll = isShared ? line(inOther, others) : line(inOther);
    series.push({ metric, segment: { type: 'other', text: '(other)' }, ...inAll });
  });
  return { type: 'insights', buckets, series, segmentCounts };
}

const isEventMetric = (metric: Metric): metric is EventMetric =>
  metric.type === undefined || metric.type === 'events';

interface Clock {
  readonly unit: InsightsQuery['unit'];
  readonly timezone: string;
}

function activeDays(measure: Measure): number | undefined {
  if (measure.type === 'active') return measure.days;
  return { dau: 1, wau: 7, mau: 30 }[measure.type as 'dau' | 'wau' | 'mau'];
}

/** The time whose events make the value of a bucket. */
function spanOf(measure: Measure, bucket: NaiveRange, { unit, timezone }: Clock): NaiveRange {
  const days = activeDays(measure);
  if (!days) return bucket;
  if (unit !== 'hour') return trailing(bucket, days, timezone);
  return { startMs: bucket.endMs - days * 86_400_000, endMs: bucket.endMs };
}

function within(event: WorldEvent, { startMs, endMs }: NaiveRange): boolean {
  return event.time >= startMs && event.time < endMs;
}

function usersOf(events: readonly WorldEvent[]): number {
  return new Set(events.map((event) => event.user).filter((user) => user !== '')).size;
}

type Weight = (event: WorldEvent) => number;

/** 4.1, over the events of one bucket or of the whole range. */
function measured(
  world: World,
  measure: Measure,
  events: readonly WorldEvent[],
  bucket: NaiveRange,
  clock: Clock,
  weightOf: Weight = () => 1,
): number | null {
  const own = events.filter((event) => within(event, spanOf(measure, bucket, clock)));
  if (measure.type === 'total') return own.reduce((sum, event) => sum + weightOf(event), 0);
  if (!('property' in measure)) return usersOf(own);
  if (measure.type === 'per_user' || measure.type === 'distribution') return NaN;
  const values = own.map((event) => lookupIn(world, event)(measure.property));
  if (measure.type === 'distinct_count') {
    return new Set(values.filter((value) => value !== null).map((value) => JSON.stringify(value)))
      .size;
  }
  const numbers = values.filter((value) => typeof value === 'number');
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (measure.type === 'sum') {
    return own.reduce((total, event, i) => {
      const value = values[i];
      return total + (typeof value === 'number' ? value * weightOf(event) : 0);
    }, 0);
  }
  if (numbers.length === 0) return null;
  switch (measure.type) {
    case 'average':
      return sum / numbers.length;
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'median':
      return naivePercentile(numbers, 50);
    case 'percentile':
      return naivePercentile(numbers, measure.percentile);
  }
}

/** Linear interpolation at rank p/100·(n − 1). */
export function naivePercentile(numbers: readonly number[], percentile: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const rank = (percentile / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  return below + (above - below) * (rank - Math.floor(rank));
}

/** 3.8. */
function rankOf(
  world: World,
  measure: Measure,
  events: readonly WorldEvent[],
  range: NaiveRange,
  clock: Clock,
  weightOf: Weight,
): number | null {
  const own = events.filter((event) => within(event, range));
  if (measure.type === 'unique' || activeDays(measure)) return usersOf(own);
  if (measure.type === 'average' || measure.type === 'median' || measure.type === 'percentile') {
    return own.filter((e) => typeof lookupIn(world, e)(measure.property) === 'number').length;
  }
  return measured(world, measure, events, range, clock, weightOf);
}
