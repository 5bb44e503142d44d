import type { RetentionQuery } from '@arbor/schema/query';
import type { Bucket, RetentionResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { cut, naiveRange, wholeBuckets } from './naive-time.ts';
import { matches } from './naive-selection.ts';
import { allSegments, lookupIn, passes, ranked, same, segmentsOf } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

const dayMs = 86_400_000;
const lengthMs = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs, month: 30 * dayMs };

export function naiveRetention(
  world: World,
  query: RetentionQuery,
  { timezone, weekStart, nowMs }: PlanContext,
): RetentionResult {
  const range = naiveRange(query.range.from, query.range.to, timezone);
  const whole = wholeBuckets(query.unit, timezone, weekStart);
  const buckets = cut(whole, range, nowMs);
  const events = world.events
    .filter((event) => query.filters.every((filter) => passes(filter, lookupIn(world, event))))
    .sort((left, right) => left.time - right.time);
  const users = [...new Set(events.map((event) => event.user))].filter((user) => user !== '');

  /** Interval n of a birth in a cohort (6.1): of one user, or of the cohort's earliest and latest. */
  const interval = (n: number, birth: { startMs: number; endMs: number }, cohort: Bucket) => {
    if (query.mode === 'rolling') {
      const length = lengthMs[query.unit];
      return { startMs: birth.startMs + n * length, endMs: birth.endMs + (n + 1) * length };
    }
    const index = whole.findIndex((bucket) => bucket.endMs > cohort.startMs);
    return whole[index + n];
  };

  /** The birth event of a user in each cohort. */
  const births = users.flatMap((user) => {
    const own = buckets.flatMap((cohort) => {
      const birth = events.find(
        (event) =>
          event.user === user &&
          event.time >= cohort.startMs &&
          event.time < cohort.endMs &&
          matches(query.birth, event, world),
      );
      return birth ? [{ cohort, birth }] : [];
    });
    return query.births === 'first' ? own.slice(0, 1) : own;
  });

  const retained = ({ cohort, birth }: { cohort: Bucket; birth: WorldEvent }, n: number): boolean =>
    events.some((event) => {
      if (event.user !== birth.user || event === birth || event.time < birth.time) return false;
      if (event.time > nowMs || !matches(query.return, event, world)) return false;
      const at = { startMs: birth.time, endMs: birth.time };
      const lastInterval = query.criterion === 'on' ? n : query.intervals - 1;
      return (
        event.time >= interval(n, at, cohort).startMs &&
        event.time < interval(lastInterval, at, cohort).endMs
      );
    });

  const table = (own: typeof births): Pick<RetentionResult, 'cohorts' | 'average'> => {
    const cohorts = buckets.map((bucket) => {
      const members = own.filter(({ cohort }) => cohort === bucket);
      const numbers = Array.from({ length: query.intervals }, (_, n) => n);
      return {
        bucket,
        size: members.length,
        counts: numbers.map((n) =>
          interval(n, bucket, bucket).startMs > nowMs
            ? null
            : members.filter((member) => retained(member, n)).length,
        ),
        complete: numbers.map((n) => nowMs >= interval(n, bucket, bucket).endMs),
      };
    });
    return { cohorts, average: average(cohorts, query.intervals) };
  };

  const [first] = query.breakdowns;
  const breakdown = first && first.type !== 'cohort' ? first.property : undefined;
  const segmentsOfBirth = (birth: WorldEvent): Segment[] =>
    breakdown ? segmentsOf(lookupIn(world, birth)(breakdown)) : [];
  const segments = allSegments(births.map(({ birth }) => segmentsOfBirth(birth))).map((segment) => {
    const own = births.filter(({ birth }) => segmentsOfBirth(birth).some((s) => same(s, segment)));
    return { segment, rank: own.length, ...table(own) };
  });
  return {
    type: 'retention',
    ...table(births),
    segments: ranked(segments)
      .slice(0, query.segmentsMax)
      .map(({ segment, cohorts, average: row }) => ({ segment, cohorts, average: row })),
    segmentCount: segments.length,
  };
}

/** 6.5 word for word: weights are sizes over their sum. */
function average(
  cohorts: RetentionResult['cohorts'],
  intervals: number,
): RetentionResult['average'] {
  const columns = Array.from({ length: intervals }, (_, n) => {
    const complete = cohorts.filter((cohort) => cohort.complete[n]);
    const total = complete.reduce((sum, { size }) => sum + size, 0);
    if (total === 0) return { size: null, count: null, rate: null };
    const size = complete.reduce((sum, cohort) => sum + cohort.size * (cohort.size / total), 0);
    const count = complete.reduce(
      (sum, cohort) => sum + (cohort.counts[n] ?? 0) * (cohort.size / total),
      0,
    );
    return { size, count, rate: count / size };
  });
  return {
    size: columns[0].size,
    counts: columns.map((column) => column.count),
    rates: columns.map((column) => column.rate),
  };
}
