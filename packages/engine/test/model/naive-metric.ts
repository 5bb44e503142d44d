import type { EventMetric, InsightsQuery, Metric, PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { segmentsBy, weightedSegmentsBy } from './naive-breakdowns.ts';
import { membersOf } from './naive-cohort.ts';
import { naiveFunnel } from './naive-funnel.ts';
import {
  activeDays,
  measured,
  naivePercentile,
  numbersOfUsers,
  rankOf,
  spanOf,
  within,
} from './naive-measures.ts';
import type { Measuring, Weight } from './naive-measures.ts';
import { naiveRetention } from './naive-retention.ts';
import { matches } from './naive-selection.ts';
import { sessionNumbers } from './naive-sessions.ts';
import type { NaiveRange } from './naive-time.ts';
import { allSegments, lookupIn, lookupOfUser, passes, same } from './naive-values.ts';
import type { Lookup } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

export interface NaiveLine {
  readonly values: (number | null)[];
  readonly total: number | null;
}

/** What a metric comes to in some buckets of a range. */
export interface NaiveTable {
  readonly overall: NaiveLine;
  readonly segments: readonly { readonly segment: Segment; readonly rank: number | null }[];
  /** Also of a segment that the metric does not have. */
  line(segment: Segment): NaiveLine;
  /** What lies in a segment that is none of these; null = there are no such lines. */
  other(listed: readonly Segment[]): NaiveLine | null;
}

export interface Question {
  readonly world: World;
  readonly query: InsightsQuery;
  readonly context: PlanContext;
  readonly range: NaiveRange;
  readonly buckets: readonly NaiveRange[];
}

export function naiveMetric(metric: Metric, question: Question): NaiveTable {
  switch (metric.type) {
    case undefined:
    case 'events':
      return eventTable(metric, question);
    case 'people':
      return peopleTable(metric, question);
    case 'funnel':
      return funnelTable(metric, question);
    case 'retention':
      return retentionTable(metric, question);
    case 'cohort':
      return cohortTable(metric, question);
  }
}

/** The last millisecond of a range is inside, as queries say it. */
function asRange({ startMs, endMs }: NaiveRange) {
  return { from: new Date(startMs).toISOString(), to: new Date(endMs - 1).toISOString() };
}

function eventTable(
  { selector, measure, countOnce }: EventMetric,
  { world, query, context, range, buckets }: Question,
): NaiveTable {
  const { timezone } = context;
  const sessionOf = measure.type === 'sessions' ? sessionNumbers(world, context) : () => -1;
  const asked: Measuring = { world, unit: query.unit, timezone, range, sessionOf };
  const events = world.events.filter(
    (event) =>
      matches(selector, event, world) &&
      query.filters.every((filter) => passes(filter, lookupIn(world, event))),
  );
  const last = buckets[buckets.length - 1];
  const lineOf = (own: readonly WorldEvent[], weightOf?: Weight): NaiveLine => ({
    values: buckets.map((bucket) => measured(measure, own, bucket, asked, weightOf)),
    total: activeDays(measure)
      ? measured(measure, own, last, asked)
      : measured(measure, own, range, asked, weightOf),
  });
  const weighted = new Map(
    events.map((event) => {
      const inline = selector.anyOf.map(({ filters }) => filters);
      return [event, weightedSegmentsBy({ ...query, inline }, lookupIn(world, event), world)];
    }),
  );
  const segmentsOf = (event: WorldEvent): Segment[] =>
    (weighted.get(event) ?? []).map(({ segment }) => segment);
  const weightIn =
    (isOwn: (segment: Segment) => boolean): Weight =>
    (event) =>
      (weighted.get(event) ?? [])
        .filter(({ segment }) => isOwn(segment))
        .reduce((sum, { weight }) => sum + weight, 0);
  const isShared = query.breakdowns.some(
    (breakdown) =>
      breakdown.type !== 'cohort' && breakdown.property.computed?.type === 'attributed',
  );
  if (isDistribution(measure)) {
    return distributionTable(measure, { events, asked, buckets, segmentsOf, lineOf }, query);
  }
  /** The events that put their users into a segment, in one bucket or in the range (4.3). */
  const deciding = (span: NaiveRange): WorldEvent[] =>
    [...new Set(events.map(({ user }) => user))]
      .filter((user) => user !== '')
      .flatMap((user) => {
        const own = events
          .filter((event) => event.user === user && within(event, span))
          .sort((one, other) => one.time - other.time);
        const chosen = countOnce === 'last' ? own[own.length - 1] : own[0];
        return chosen === undefined ? [] : [chosen];
      });
  const lineIn = (isOwn: (segment: Segment) => boolean, isWhole: boolean): NaiveLine => {
    const has = (event: WorldEvent): boolean => segmentsOf(event).some(isOwn);
    if (countOnce === undefined) {
      return lineOf(events.filter(has), isWhole && !isShared ? undefined : weightIn(isOwn));
    }
    const counted = (span: NaiveRange): number => deciding(span).filter(has).length;
    return { values: buckets.map(counted), total: counted(range) };
  };
  const seen = events.filter((event) =>
    [range, ...buckets.map((bucket) => spanOf(measure, bucket, asked))].some((span) =>
      within(event, span),
    ),
  );
  return {
    overall: lineOf(events),
    segments: allSegments(seen.map(segmentsOf)).flatMap((segment) => {
      const isOwn = (one: Segment): boolean => same(one, segment);
      const own = events.filter((event) => segmentsOf(event).some(isOwn));
      const rank =
        countOnce === undefined
          ? rankOf(measure, own, asked, weightIn(isOwn))
          : lineIn(isOwn, false).total;
      // Nobody who is counted once is counted there.
      const { values, total } = lineIn(isOwn, false);
      if (countOnce !== undefined && [...values, total].every((value) => value === 0)) return [];
      return [{ segment, rank }];
    }),
    line: (segment) => lineIn((one) => same(one, segment), false),
    other: (listed) => lineIn((one) => !listed.some((own) => same(own, one)), true),
  };
}

function isDistribution(measure: EventMetric['measure']): boolean {
  if (measure.type === 'frequency' || measure.type === 'per_user') {
    return measure.over.type === 'distribution';
  }
  return measure.type === 'distribution';
}

/** A segment a number, in each segment of the breakdown. */
function distributionTable(
  measure: EventMetric['measure'],
  own: {
    readonly events: readonly WorldEvent[];
    readonly asked: Measuring;
    readonly buckets: readonly NaiveRange[];
    readonly segmentsOf: (event: WorldEvent) => Segment[];
    readonly lineOf: (events: readonly WorldEvent[]) => NaiveLine;
  },
  { breakdowns }: InsightsQuery,
): NaiveTable {
  const { events, asked, buckets, segmentsOf, lineOf } = own;
  const numbersIn = (span: NaiveRange, of: readonly WorldEvent[]): number[] => {
    const inside = of.filter((event) => within(event, span));
    if (measure.type === 'frequency' || measure.type === 'per_user') {
      return numbersOfUsers(measure, inside, asked.world);
    }
    if (measure.type !== 'distribution') throw new Error(`${measure.type} has no numbers`);
    return inside
      .map((event) => lookupIn(asked.world, event)(measure.property))
      .filter((value) => typeof value === 'number');
  };
  const outer = breakdowns.length === 0 ? [null] : allSegments(events.map(segmentsOf));
  const lines = outer.flatMap((segment) => {
    const of = events.filter(
      (event) => segment === null || segmentsOf(event).some((one) => same(one, segment)),
    );
    const spans = [asked.range, ...buckets];
    const numbers = [...new Set(spans.flatMap((span) => numbersIn(span, of)).map((n) => n + 0))];
    return numbers.map((number) => {
      const count = (span: NaiveRange): number =>
        numbersIn(span, of).filter((one) => one === number).length;
      const part: Segment = { type: 'number', text: String(number) };
      const line = { values: buckets.map(count), total: count(asked.range) };
      return { segment: segment === null ? part : combined(segment, part), line };
    });
  });
  const none = { values: buckets.map(() => 0), total: 0 };
  return {
    overall: lineOf(events),
    segments: lines.map(({ segment, line }) => ({ segment, rank: line.total })),
    line: (segment) => lines.find((one) => same(one.segment, segment))?.line ?? none,
    other: () => null,
  };
}

function combined(segment: Segment, number: Segment): Segment {
  const parts = [...(segment.parts ?? [segment]), number];
  return { type: 'combination', text: parts.map(({ text }) => text).join(' / '), parts };
}

/** A profile has no properties of events; what its user did is his own. */
function profileOf(world: World, user: string): Lookup {
  const own = lookupOfUser(world, user);
  return Object.assign(
    (property: PropertyRef) =>
      property.scope !== 'person' && property.computed?.type !== 'behavior' ? null : own(property),
    { member: own.member, world },
  ) as Lookup;
}

function peopleTable(
  { filters, measure }: Extract<Metric, { type: 'people' }>,
  { world, query, buckets }: Question,
): NaiveTable {
  const people = Object.keys(world.people).filter((user) =>
    [...filters, ...query.filters].every((filter) => passes(filter, profileOf(world, user))),
  );
  const segmentsOf = (user: string): Segment[] => segmentsBy(query, profileOf(world, user), world);
  const valueOf = (users: readonly string[]): number | null => {
    if (measure.type === 'total') return users.length;
    const values = users.map((user) => profileOf(world, user)(measure.property));
    const set = values.filter((value) => value !== null).map((value) => JSON.stringify(value));
    if (measure.type === 'distinct_count') return new Set(set).size;
    const numbers = values.filter((value) => typeof value === 'number');
    const sum = numbers.reduce((total, number) => total + number, 0);
    if (measure.type === 'sum') return sum;
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
  };
  const counted = (users: readonly string[]): number | null =>
    measure.type === 'average' || measure.type === 'median' || measure.type === 'percentile'
      ? users.filter((user) => typeof profileOf(world, user)(measure.property) === 'number').length
      : valueOf(users);
  const lineOf = (users: readonly string[]): NaiveLine => {
    const total = valueOf(users);
    return { values: buckets.map(() => total), total };
  };
  const inside = (isOwn: (segment: Segment) => boolean): string[] =>
    people.filter((user) => segmentsOf(user).some(isOwn));
  return {
    overall: lineOf(people),
    segments: allSegments(people.map(segmentsOf)).map((segment) => {
      return { segment, rank: counted(inside((one) => same(one, segment))) };
    }),
    line: (segment) => lineOf(inside((one) => same(one, segment))),
    other: (listed) => lineOf(inside((one) => !listed.some((own) => same(own, one)))),
  };
}

/** Its size as of the end of each bucket (9.4), the same for every segment; over the range that of the last. */
function cohortTable(
  { cohort }: Extract<Metric, { type: 'cohort' }>,
  { world, context, buckets }: Question,
): NaiveTable {
  const values = buckets.map(({ endMs }) => {
    const nowMs = Math.min(endMs - 1, context.nowMs);
    return membersOf(world, cohort, { ...context, nowMs }).size;
  });
  const line: NaiveLine = { values, total: values[values.length - 1] };
  return { overall: line, segments: [], line: () => line, other: () => null };
}

/** A funnel of its own in each bucket, and one over the range (5.11). */
function funnelTable(
  metric: Extract<Metric, { type: 'funnel' }>,
  { world, query, context, range, buckets }: Question,
): NaiveTable {
  const { filters, breakdowns } = query;
  const { funnel, value, percentile, from = 0, to = funnel.steps.length - 1 } = metric;
  const isTimed = value.endsWith('_time') && from < to;
  const over = (span: NaiveRange) =>
    naiveFunnel(
      world,
      {
        ...funnel,
        type: 'funnel',
        range: asRange(span),
        filters,
        breakdowns,
        segmentsMax: 1_000_000,
        trends: false,
        ...(isTimed && {
          times: { from, to, percentiles: percentile === undefined ? [] : [percentile] },
        }),
      },
      context,
    );
  const whole = over(range);
  const each = buckets.map(over);
  type Reached = Pick<typeof whole, 'steps' | 'times'>;
  const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);
  const valueOf = (own: Reached | undefined): number | null => {
    const { steps = [], times } = own ?? {};
    const counts = steps.map(({ count }) => count);
    const sums = steps.map(({ sum }) => sum ?? 0);
    switch (value) {
      case 'rate':
        return share(counts[to] ?? 0, counts[from] ?? 0);
      case 'count':
        return counts[to] ?? 0;
      case 'sum':
        return sums[to] ?? 0;
      case 'sum_rate':
        return share(sums[to] ?? 0, sums[from] ?? 0);
      case 'average_time':
        return times?.averageMs ?? null;
      case 'median_time':
        return times?.medianMs ?? null;
      case 'min_time':
        return times?.minMs ?? null;
      case 'max_time':
        return times?.maxMs ?? null;
      case 'percentile_time':
        return times?.percentilesMs[0] ?? null;
    }
  };
  const lineOf = (segment: Segment | null): NaiveLine => {
    const own = (result: typeof whole): Reached | undefined =>
      segment === null ? result : result.segments.find((one) => same(one.segment, segment));
    return { values: each.map((one) => valueOf(own(one))), total: valueOf(own(whole)) };
  };
  return {
    overall: lineOf(null),
    // They come in the order of the funnel: by their entries.
    segments: whole.segments.map(({ segment, steps }) => ({ segment, rank: steps[0].count })),
    line: lineOf,
    other: () => null,
  };
}

function retentionTable(
  { retention, interval, value }: Extract<Metric, { type: 'retention' }>,
  { world, query, context, range, buckets }: Question,
): NaiveTable {
  const { filters, breakdowns } = query;
  const result = naiveRetention(
    world,
    {
      ...retention,
      type: 'retention',
      range: asRange(range),
      filters,
      breakdowns,
      segmentsMax: 1_000_000,
    },
    context,
  );
  const lineOf = (segment: Segment | null): NaiveLine => {
    const table =
      segment === null ? result : result.segments.find((own) => same(own.segment, segment));
    const counts = (table?.cohorts ?? []).map((cohort) => cohort.counts[interval]);
    const sum = counts.reduce<number>((all, count) => all + (count ?? 0), 0);
    const total = value === 'count' ? sum : (table?.average.rates[interval] ?? null);
    if (query.unit === 'total') return { values: [total], total };
    const values = buckets.map((_, i) => {
      const count = table === undefined ? (value === 'count' ? 0 : null) : (counts[i] ?? null);
      const size = table?.cohorts[i]?.size ?? 0;
      if (value === 'count' || count === null) return count;
      return size === 0 ? null : count / size;
    });
    return { values, total };
  };
  return {
    overall: lineOf(null),
    // They come as the retention ranks them: by return, all of them have cohorts of one size (6.6).
    segments: result.segments.map(({ segment }, i) => {
      return { segment, rank: result.segments.length - i };
    }),
    line: lineOf,
    other: () => null,
  };
}
