import type { Filter, ListPoint, RetentionQuery } from '@arbor/schema/query';
import type { Bucket, RetentionResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { averageOf } from './naive-average.ts';
import { segmentsBy } from './naive-breakdowns.ts';
import { matches } from './naive-selection.ts';
import { cut, naiveRange, wholeBuckets } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { allSegments, lookupIn, passes, ranked, same } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

const dayMs = 86_400_000;
const lengthMs = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs, month: 30 * dayMs };

/** A user in a cohort, with those of his return events that count for him, and the interval each is in. */
interface Member {
  readonly cohort: Bucket;
  readonly birth: WorldEvent;
  readonly returns: readonly { readonly event: WorldEvent; readonly interval: number }[];
}

interface Part {
  readonly segment: Segment;
  readonly members: readonly Member[];
  readonly rank: number;
}

export function naiveRetention(
  world: World,
  query: RetentionQuery,
  context: PlanContext,
): RetentionResult {
  return naiveRetentionOver(timeOf(query, context), world, query, context);
}

/** Cohorts, and the whole buckets that they and the intervals after them are of. */
export interface NaiveCohortTime {
  readonly buckets: readonly Bucket[];
  readonly whole: readonly NaiveRange[];
}

function timeOf({ unit, range }: RetentionQuery, { timezone, weekStart, nowMs }: PlanContext) {
  const whole = wholeBuckets(unit, timezone, weekStart);
  return { whole, buckets: cut(whole, naiveRange(range.from, range.to, timezone), nowMs) };
}

/** The same with cohorts of its own. */
export function naiveRetentionOver(
  time: NaiveCohortTime,
  world: World,
  query: RetentionQuery,
  context: PlanContext,
): RetentionResult {
  const asked = new Asked(world, query, context, time);
  const all = asked.members();
  const parts = ranked(asked.parts(all));
  const listed =
    query.segments?.map((segment) => ({
      segment,
      members: parts.find((own) => same(own.segment, segment))?.members ?? asked.nobodyIn(all),
    })) ?? parts.slice(0, query.segmentsMax);
  // One segment of everything that has no line of its own.
  const isOther = (own: Segment): boolean => !listed.some(({ segment }) => same(own, segment));
  const segments = listed.map(({ segment, members }) => ({ segment, ...asked.table(members) }));
  if (query.otherSegment && parts.some(({ segment }) => isOther(segment))) {
    const segment = { type: 'other' as const, text: '(other)' };
    segments.push({ segment, ...asked.table(asked.within(all, isOther)) });
  }
  return { type: 'retention', ...asked.table(all), segments, segmentCount: parts.length };
}

/** Who is behind a number (4.6). */
export function naiveRetentionUsers(
  world: World,
  query: RetentionQuery,
  context: PlanContext,
  { segment, beside = [], cohort, interval, outcome }: Extract<ListPoint, { type: 'retention' }>,
): string[] {
  const asked = new Asked(world, query, context);
  const all = asked.members();
  const isOwn = (own: Segment): boolean =>
    segment?.type === 'other'
      ? !beside.some((one) => same(own, one as Segment))
      : same(own, segment as Segment);
  const members = segment === null ? all : asked.within(all, isOwn);
  const users = members
    .filter((member) => cohort === null || member.cohort === asked.buckets[cohort])
    .filter(
      (member) =>
        interval === null ||
        (!asked.isAhead(member.cohort, interval) &&
          asked.isRetained(member, interval) === (outcome === 'retained')),
    )
    .map(({ birth }) => birth.user);
  return [...new Set(users)];
}

/** 14.5: whether it is about what lies after a birth. */
function isOfBirths(filter: Filter): boolean {
  if (filter.type === 'all' || filter.type === 'any') return filter.filters.some(isOfBirths);
  if (filter.type === 'cohort') return false;
  const { computed } = filter.property;
  return computed?.type === 'behavior' && computed.within !== undefined;
}

class Asked {
  readonly world: World;
  readonly query: RetentionQuery;
  readonly nowMs: number;
  /** One cohort each. */
  readonly buckets: readonly Bucket[];
  readonly #whole: readonly NaiveRange[];
  readonly #indices = new Map<number, number>();
  /** Units in each interval. */
  readonly #sizes: readonly number[];

  constructor(
    world: World,
    query: RetentionQuery,
    context: PlanContext,
    { whole, buckets }: NaiveCohortTime = timeOf(query, context),
  ) {
    this.world = world;
    this.query = query;
    this.nowMs = context.nowMs;
    this.#whole = whole;
    this.buckets = buckets;
    this.#sizes = query.brackets ?? Array.from({ length: query.intervals }, () => 1);
  }

  /** Everybody in every cohort (6.1). */
  members(): Member[] {
    const { world, query } = this;
    const ofBirths = query.filters.filter(isOfBirths);
    const others = query.filters.filter((filter) => !ofBirths.includes(filter));
    const passesAll = (event: WorldEvent, filters: readonly Filter[]): boolean =>
      filters.every((filter) => passes(filter, lookupIn(world, event)));
    const events = world.events
      .filter((event) => passesAll(event, others))
      .sort((left, right) => left.time - right.time);
    const users = [...new Set(events.map((event) => event.user))].filter((user) => user !== '');
    return users.flatMap((user) => {
      const own = events.filter((event) => event.user === user);
      const born = own.filter(
        (event) => matches(query.birth, event, world) && passesAll(event, ofBirths),
      );
      const returns = own.filter((event) => matches(query.return, event, world));
      const members = this.buckets.flatMap((cohort): Member[] => {
        const birth = born.find(({ time }) => time >= cohort.startMs && time < cohort.endMs);
        return birth ? [{ cohort, birth, returns: this.#observed(cohort, birth, returns) }] : [];
      });
      return query.births === 'first' ? members.slice(0, 1) : members;
    });
  }

  #observed(cohort: Bucket, birth: WorldEvent, returns: WorldEvent[]): Member['returns'] {
    return returns.flatMap((event) => {
      if (event.time < birth.time || event.time > this.nowMs) return [];
      // With A = B the birth event counts in a streak alone (6.1).
      if (event === birth && this.query.criterion !== 'streak') return [];
      const interval = this.#sizes.findIndex((_, n) => {
        const at = this.#interval(n, { startMs: birth.time, endMs: birth.time }, cohort);
        return event.time >= at.startMs && event.time < at.endMs;
      });
      return interval < 0 ? [] : [{ event, interval }];
    });
  }

  /** Interval n of a birth in a cohort (6.1): of one user, or of the cohort's earliest and latest. */
  #interval(n: number, birth: NaiveRange, cohort: Bucket): NaiveRange {
    const start = this.#sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
    const end = start + this.#sizes[n];
    if (this.query.mode === 'rolling') {
      const length = lengthMs[this.query.unit];
      return { startMs: birth.startMs + start * length, endMs: birth.endMs + end * length };
    }
    const index = this.#indexOf(cohort);
    return {
      startMs: this.#whole[index + start].startMs,
      endMs: this.#whole[index + end - 1].endMs,
    };
  }

  /** Where a cohort lies in the calendar; looked for once, as the calendar is long. */
  #indexOf({ startMs }: Bucket): number {
    const known = this.#indices.get(startMs);
    if (known !== undefined) return known;
    const index = this.#whole.findIndex((bucket) => bucket.endMs > startMs);
    this.#indices.set(startMs, index);
    return index;
  }

  /** Whether the interval of the cohort has not begun. */
  isAhead(cohort: Bucket, n: number): boolean {
    return this.#interval(n, cohort, cohort).startMs > this.nowMs;
  }

  /** 6.2; of numbers, that there is one. */
  isRetained(member: Member, n: number): boolean {
    if (this.query.measure.type !== 'users') return this.numbers(member, n).length > 0;
    const has = (interval: number): boolean =>
      member.returns.some((own) => own.interval === interval);
    const intervals = this.#sizes.map((_, interval) => interval);
    switch (this.query.criterion) {
      case 'on':
        return has(n);
      case 'on_or_after':
        return intervals.slice(n).some(has);
      case 'on_or_before':
        return intervals.slice(0, n + 1).some(has);
      case 'streak':
        return intervals.slice(0, n + 1).every(has);
    }
  }

  /** What is added up for a member in an interval (6.3). */
  numbers({ returns }: Member, n: number): number[] {
    const { measure, criterion } = this.query;
    if (measure.type === 'users') return [];
    const inStreak = Array.from({ length: n + 1 }, (_, interval) => interval).every((interval) =>
      returns.some((own) => own.interval === interval),
    );
    return returns
      .filter(({ interval }) => {
        if (criterion === 'on_or_after') return interval >= n;
        if (criterion === 'on_or_before') return interval <= n;
        return interval === n && (criterion === 'on' || inStreak);
      })
      .map(({ event }) => lookupIn(this.world, event)(measure.property))
      .filter((value) => typeof value === 'number');
  }

  /** Which event decides the segment (6.6): what is a user's own is the same on both. */
  #segmentBy(): RetentionQuery['segmentBy'] {
    const isOfUsers = this.query.breakdowns.every(
      (breakdown) =>
        breakdown.type === 'cohort' ||
        breakdown.property.scope === 'person' ||
        breakdown.property.computed?.type === 'behavior',
    );
    return isOfUsers ? 'birth' : this.query.segmentBy;
  }

  /** The members who are in a segment, with the returns that count there. */
  within(all: readonly Member[], isMeant: (segment: Segment) => boolean): Member[] {
    const by = this.#segmentBy();
    const has = (event: WorldEvent): boolean => this.#segmentsOf(event).some(isMeant);
    return all.flatMap((member) => {
      if (by !== 'return' && !has(member.birth)) return [];
      const returns = member.returns.filter(({ event }) => by === 'birth' || has(event));
      return [{ ...member, returns }];
    });
  }

  /** The members of a segment that no event is in. */
  nobodyIn(all: readonly Member[]): Member[] {
    return this.within(all, () => false);
  }

  #segmentsOf(event: WorldEvent): Segment[] {
    return segmentsBy(this.query, lookupIn(this.world, event), this.world);
  }

  parts(all: readonly Member[]): Part[] {
    const byReturn = this.#segmentBy() === 'return';
    const deciding = all.flatMap(({ birth, returns }) =>
      byReturn ? returns.map(({ event }) => event) : [birth],
    );
    return allSegments(deciding.map((event) => this.#segmentsOf(event))).flatMap((segment) => {
      const members = this.within(all, (own) => same(own, segment));
      if (!byReturn) return [{ segment, members, rank: members.length }];
      const rank = members.filter((member) => this.#cameBack(member)).length;
      return rank === 0 ? [] : [{ segment, members, rank }];
    });
  }

  /** Whether any return counts anywhere: in a streak only where it holds at interval 0. */
  #cameBack({ returns }: Member): boolean {
    return this.query.criterion === 'streak'
      ? returns.some(({ interval }) => interval === 0)
      : returns.length > 0;
  }

  table(members: readonly Member[]): Pick<RetentionResult, 'cohorts' | 'average'> {
    const { measure, average } = this.query;
    const intervals = this.#sizes.map((_, n) => n);
    const rows = this.buckets.map((bucket) => {
      const own = members.filter(({ cohort }) => cohort === bucket);
      const values = intervals.map((n) =>
        measure.type === 'users'
          ? own.filter((member) => this.isRetained(member, n)).length
          : own.flatMap((member) => this.numbers(member, n)).reduce((sum, one) => sum + one, 0),
      );
      const complete = intervals.map((n) => this.nowMs >= this.#interval(n, bucket, bucket).endMs);
      const isFuture = (n: number): boolean => this.isAhead(bucket, n);
      return { bucket, size: own.length, values, complete, isFuture };
    });
    const columns = intervals.map((n) =>
      averageOf(
        rows
          .filter(({ complete }) => complete[n])
          .map(({ size, values }) => ({ size, count: values[n] })),
        average,
      ),
    );
    const isAverage = measure.type === 'average';
    const shown = (value: number, size: number): number | null => {
      if (!isAverage) return value;
      return size === 0 ? null : value / size;
    };
    return {
      cohorts: rows.map(({ bucket, size, values, complete, isFuture }) => ({
        bucket,
        size,
        counts: values.map((value, n) => (isFuture(n) ? null : shown(value, size))),
        complete,
      })),
      average: {
        size: columns[0].size,
        counts: columns.map(({ count, rate }) => (isAverage ? rate : count)),
        rates: columns.map(({ rate }) => rate),
      },
    };
  }
}
