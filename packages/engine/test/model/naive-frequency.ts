import type { FrequencyQuery, ListPoint } from '@arbor/schema/query';
import type { FrequencyResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { averageOf } from './naive-average.ts';
import { segmentsBy } from './naive-breakdowns.ts';
import { matches } from './naive-selection.ts';
import { cut, naiveRange, wholeBuckets } from './naive-time.ts';
import { allSegments, lookupIn, passes, ranked, same } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

/** reports.md 7. */
export function naiveFrequency(
  world: World,
  query: FrequencyQuery,
  context: PlanContext,
): FrequencyResult {
  const events = countedEvents(world, query, context);
  const { buckets, columns } = layout(query, context);
  const table = (own: readonly WorldEvent[]): Pick<FrequencyResult, 'rows' | 'average'> => {
    const rows = buckets.map((bucket) => {
      const times = timesByUser(own, bucket, query, context);
      const counts = columns.map((k) => times.filter((one) => isIn(one.times, k, query)).length);
      return { bucket, counts, size: times.length };
    });
    const complete = rows.filter(({ bucket }) => !bucket.incomplete);
    return {
      rows: rows.map(({ bucket, counts }) => ({ bucket, counts })),
      average: columns.map(
        (k) =>
          averageOf(
            complete.map(({ size, counts }) => ({ size, count: counts[k - 1] })),
            'weighted',
          ).count,
      ),
    };
  };
  const segmentsOf = (event: WorldEvent): Segment[] =>
    segmentsBy(query, lookupIn(world, event), world);
  const segments = allSegments(events.map(segmentsOf)).map((segment) => {
    const own = events.filter((event) => segmentsOf(event).some((one) => same(one, segment)));
    const rank = buckets.reduce(
      (sum, bucket) => sum + timesByUser(own, bucket, query, context).length,
      0,
    );
    return { segment, rank, ...table(own) };
  });
  return {
    type: 'frequency',
    ...table(events),
    segments: ranked(segments)
      .slice(0, query.segmentsMax)
      .map(({ segment, rows, average }) => ({ segment, rows, average })),
    segmentCount: segments.length,
  };
}

/** Who is behind a number (4.6). */
export function naiveFrequencyUsers(
  world: World,
  query: FrequencyQuery,
  context: PlanContext,
  point: Extract<ListPoint, { type: 'frequency' }>,
): string[] {
  const segment = point.segment as Segment | null;
  const events = countedEvents(world, query, context).filter(
    (event) =>
      segment === null ||
      segmentsBy(query, lookupIn(world, event), world).some((own) => same(own, segment)),
  );
  return timesByUser(events, layout(query, context).buckets[point.bucket], query, context)
    .filter(({ times }) => isIn(times, point.times, query))
    .map(({ user }) => user);
}

function isIn(times: number, k: number, { cumulative }: FrequencyQuery): boolean {
  return cumulative ? times >= k : times === k;
}

function countedEvents(world: World, query: FrequencyQuery, { timezone }: PlanContext) {
  const range = naiveRange(query.range.from, query.range.to, timezone);
  return world.events.filter(
    (event) =>
      event.user !== '' &&
      event.time >= range.startMs &&
      event.time < range.endMs &&
      matches(query.selector, event, world) &&
      query.filters.every((filter) => passes(filter, lookupIn(world, event))),
  );
}

/** Rows and columns: as many as the row with the most hours or days has, whole. */
function layout(query: FrequencyQuery, { timezone, weekStart, nowMs }: PlanContext) {
  const range = naiveRange(query.range.from, query.range.to, timezone);
  const whole = wholeBuckets(query.unit, timezone, weekStart).filter(
    (bucket) => bucket.endMs > range.startMs && bucket.startMs < range.endMs,
  );
  const units = wholeBuckets(query.per, timezone, weekStart);
  const most = Math.max(
    ...whole.map(
      (row) => units.filter(({ startMs }) => startMs >= row.startMs && startMs < row.endMs).length,
    ),
  );
  return {
    buckets: cut(whole, range, nowMs),
    columns: Array.from({ length: most }, (_, n) => n + 1),
  };
}

/** In how many hours or days of the row each user did something, for those who did. */
function timesByUser(
  events: readonly WorldEvent[],
  row: { readonly startMs: number; readonly endMs: number },
  query: FrequencyQuery,
  { timezone, weekStart }: PlanContext,
): { user: string; times: number }[] {
  const units = wholeBuckets(query.per, timezone, weekStart);
  const own = events.filter(({ time }) => time >= row.startMs && time < row.endMs);
  return [...new Set(own.map(({ user }) => user))].map((user) => {
    const seen = own
      .filter((event) => event.user === user)
      .map(({ time }) => units.findIndex(({ startMs, endMs }) => time >= startMs && time < endMs));
    return { user, times: new Set(seen).size };
  });
}
