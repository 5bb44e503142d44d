import type { PropertyValue } from '@arbor/schema/property-value';
import type { FunnelQuery, ListPoint, PropertyRef } from '@arbor/schema/query';
import type { Bucket, FunnelResult, FunnelStepResult, Segment } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { naiveAttempts } from './naive-attempts.ts';
import type { NaiveAttempt, NaiveFunnelWorld, NaiveWalk } from './naive-attempts.ts';
import { segmentsBy } from './naive-breakdowns.ts';
import { behaviorBetween } from './naive-computed.ts';
import { naiveFunnelPaths, naiveStepPath } from './naive-funnel-paths.ts';
import { mean, spread, timesOf } from './naive-funnel-times.ts';
import { naivePercentile } from './naive-measures.ts';
import { edgeSpan } from './naive-comparison.ts';
import { matches } from './naive-selection.ts';
import { sessionNumbers } from './naive-sessions.ts';
import { bucketsNear, cut, naiveRange, wholeBuckets } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { allSegments, lookupIn, passes, ranked, same } from './naive-values.ts';
import type { Lookup } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

const unitSeconds = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  session: 367 * 86_400,
};

type Choice = 'all' | 'first' | 'furthest' | 'most';

/** An attempt with the segments it belongs to. */
interface Placed {
  readonly attempt: NaiveAttempt;
  readonly segments: readonly Segment[];
}

/** Which attempts a group has: those of a user, or of each of his sessions. */
type Groups = readonly (readonly Placed[])[];

const other: Segment = { type: 'other', text: '(other)' };

export function naiveFunnel(world: World, query: FunnelQuery, context: PlanContext): FunnelResult {
  const { unit, edges } = query;
  if (edges !== undefined) {
    const { range, buckets } = edgeSpan(edges, context);
    return naiveFunnelOver({ range, buckets: [...buckets] }, world, query, context);
  }
  const range = naiveRange(query.range.from, query.range.to, context.timezone);
  const buckets = unit && cut(bucketsNear(unit, context, range), range, context.nowMs);
  return naiveFunnelOver({ range, buckets }, world, query, context);
}

/** The same over a time of its own, with buckets of its own; none = it is not split by entry. */
export function naiveFunnelOver(
  { range, buckets }: { readonly range: NaiveRange; readonly buckets: Bucket[] | undefined },
  world: World,
  query: FunnelQuery,
  context: PlanContext,
): FunnelResult {
  const funnel = funnelWorld(world, query, context);
  const whole = wholeOf(funnel, range, range);
  const hasSegments = query.breakdowns.length > 0 || query.compareEvents !== undefined;
  const main = hasSegments ? groupsOfSegments(funnel, range, range) : null;
  const segments = main === null ? [] : listed(main, query);
  const steps = stepResults(whole, funnel);
  const { distribution, control } = query;
  // Against a segment: of what both have together.
  const reference =
    control === undefined || main === null
      ? null
      : stepResults(
          countable(main).find((own) => same(own.segment, control))?.attempts ?? [],
          funnel,
        );
  const significanceOf = (segment: Segment, own: FunnelStepResult[]) => {
    if (control === undefined) return significance(steps, own);
    if (reference === null || same(segment, control) || reference[0].count < 30) return null;
    // All others are none beside one of them.
    if (segment === other && !segments.some((one) => same(one.segment, control))) return null;
    const both = own.map((step, i) => ({ ...step, count: step.count + reference[i].count }));
    return significance(both, own);
  };
  return {
    type: 'funnel',
    steps,
    ...(query.times && { times: timesOf(whole, query) }),
    segments: segments.map(({ segment, attempts }) => {
      const own = stepResults(attempts, funnel);
      const times = query.times && { times: timesOf(attempts, query) };
      return { segment, steps: own, ...times, significance: significanceOf(segment, own) };
    }),
    segmentCount: main === null ? 0 : countable(main).length,
    ...(distribution && { distribution: spread(whole, distribution) }),
    ...(buckets && { byEntry: byEntry(funnel, range, buckets, hasSegments) }),
    ...(query.pathsMax && naiveFunnelPaths(whole, query.pathsMax, funnel)),
    stillOpen: whole.filter((attempt) => isOpen(attempt, funnel, range, context.nowMs)).length,
  };
}

/** Who is behind a number (4.6). */
export function naiveFunnelUsers(
  world: World,
  query: FunnelQuery,
  context: PlanContext,
  point: Extract<ListPoint, { type: 'funnel' }>,
): string[] {
  const { segment, beside = [], bucket } = point;
  const range = naiveRange(query.range.from, query.range.to, context.timezone);
  const whole = wholeBuckets(query.unit ?? 'day', context.timezone, context.weekStart);
  const buckets = cut(whole, range, context.nowMs);
  const funnel = funnelWorld(world, query, context);
  const isOwn = (own: Segment): boolean =>
    segment?.type === 'other'
      ? !beside.some((one) => same(own, one as Segment))
      : same(own, segment as Segment);
  const periods = bucket !== null && query.trends ? buckets : [range];
  const attempts = periods.flatMap((period) =>
    segment === null
      ? wholeOf(funnel, range, period)
      : attemptsIn(groupsOfSegments(funnel, range, period), (own) => own.some(isOwn)),
  );
  const behind = attempts
    .filter(
      ({ events: [{ time }] }) =>
        bucket === null || (time >= buckets[bucket].startMs && time < buckets[bucket].endMs),
    )
    .filter((attempt) => isAttemptBehind(attempt, point, { funnel, range, nowMs: context.nowMs }));
  return [...new Set(behind.map(({ events }) => events[0].user))];
}

function isAttemptBehind(
  attempt: NaiveAttempt,
  { step, outcome, took, path = [] }: Extract<ListPoint, { type: 'funnel' }>,
  {
    funnel,
    range,
    nowMs,
  }: { readonly funnel: NaiveFunnelWorld; readonly range: NaiveRange; readonly nowMs: number },
): boolean {
  const { events } = attempt;
  const done = path.length === 0 ? [] : naiveStepPath(attempt, funnel);
  if (path.some((own, i) => done[i] !== own)) return false;
  if (outcome === 'dropped') return events.length === step;
  if (events.length <= step) return false;
  if (outcome === 'open') return isOpen(attempt, funnel, range, nowMs);
  if (took === undefined) return true;
  const tookMs = Math.max(0, events[step].time - events[took.from].time);
  return tookMs >= took.startMs && tookMs < took.endMs;
}

function funnelWorld(world: World, query: FunnelQuery, context: PlanContext): NaiveFunnelWorld {
  const perSession = query.counting === 'sessions';
  const isOfSessions = perSession || query.window.unit === 'session';
  return {
    world,
    query,
    windowMs: perSession
      ? 25 * 3_600_000
      : (query.window.unit === 'session' ? 1 : query.window.value) *
        unitSeconds[query.window.unit] *
        1000,
    sessionOf: isOfSessions ? sessionNumbers(world, context) : null,
    sessionsAfter: perSession ? 0 : query.window.value - 1,
  };
}

function isOpen(
  { events, ended }: NaiveAttempt,
  { query, windowMs }: NaiveFunnelWorld,
  range: NaiveRange,
  nowMs: number,
): boolean {
  if (events.length === query.steps.length || ended) return false;
  const isLate = query.completion === 'in_range' && nowMs >= range.endMs;
  return !isLate && events[0].time + windowMs >= nowMs;
}

/** What of the world the funnel can see of one user. */
function visible(user: string, { world, query, sessionOf }: NaiveFunnelWorld, range: NaiveRange) {
  return world.events
    .filter((event) => event.user === user)
    .filter((event) => sessionOf === null || sessionOf(event) >= 0)
    .filter(
      ({ time }) =>
        query.completion === 'after_range' || (time >= range.startMs && time < range.endMs),
    )
    .sort((left, right) => left.time - right.time);
}

function usersOf(world: World): string[] {
  return [...new Set(world.events.map((event) => event.user))].filter((user) => user !== '');
}

function wholeWalk({ counting, entry, reentry }: FunnelQuery): NaiveWalk & { choice: Choice } {
  const supersede = reentry === 'optimized';
  if (counting === 'totals') {
    return { entries: supersede ? 'every' : 'sequence', supersede, useOnce: true, choice: 'all' };
  }
  if (supersede) return { entries: 'every', supersede, useOnce: false, choice: 'most' };
  if (entry === 'any') return { entries: 'every', supersede, useOnce: false, choice: 'furthest' };
  return { entries: 'first', supersede, useOnce: false, choice: 'first' };
}

/** The attempts that count without regard to segments. */
function wholeOf(funnel: NaiveFunnelWorld, range: NaiveRange, period: NaiveRange): NaiveAttempt[] {
  return chosenWhole(funnel, range, period).filter((attempt) => isKept(attempt, funnel));
}

function chosenWhole(
  funnel: NaiveFunnelWorld,
  range: NaiveRange,
  period: NaiveRange,
): NaiveAttempt[] {
  const { choice, ...walk } = wholeWalk(funnel.query);
  return usersOf(funnel.world).flatMap((user) => {
    const all = visible(user, funnel, range);
    const attempts = naiveAttempts(all, all, period, walk, funnel);
    return groupsBySession(attempts, funnel).flatMap((group) => choose(group, choice, funnel));
  });
}

function groupsBySession(
  attempts: readonly NaiveAttempt[],
  { query, sessionOf }: NaiveFunnelWorld,
): NaiveAttempt[][] {
  if (query.counting !== 'sessions' || sessionOf === null) return [[...attempts]];
  const numbers = [...new Set(attempts.map(({ events }) => sessionOf(events[0])))];
  return numbers.map((number) => attempts.filter(({ events }) => sessionOf(events[0]) === number));
}

function choose(
  group: readonly NaiveAttempt[],
  choice: Choice,
  { query }: NaiveFunnelWorld,
): NaiveAttempt[] {
  const good = group.filter(({ spoilt }) => spoilt === 'no');
  if (choice === 'all') return good;
  if (choice === 'first') return group.slice(0, 1).filter(({ spoilt }) => spoilt === 'no');
  if (query.order !== 'any' && group.some(({ spoilt }) => spoilt === 'after')) return [];
  const most = Math.max(...good.map(({ events }) => events.length));
  const highest = good.filter(({ events }) => events.length === most);
  if (choice === 'most') return highest.slice(0, 1);
  const first = Math.min(...highest.map(({ events }) => events[most - 1].time));
  return highest.filter(({ events }) => events[most - 1].time === first).slice(-1);
}

/** Attempts in their segments, of which a group has one in each segment (5.9). */
function groupsOfSegments(
  funnel: NaiveFunnelWorld,
  range: NaiveRange,
  period: NaiveRange,
): { readonly choice: Choice; readonly groups: Groups; readonly funnel: NaiveFunnelWorld } {
  const { query, world } = funnel;
  const { choice, ...walk } = wholeWalk(query);
  const placed = (attempt: NaiveAttempt, own: readonly Segment[] | null = null): Placed => ({
    attempt,
    segments: segmentsOfAttempt(attempt, own, funnel),
  });
  const grouped = (attempts: readonly Placed[]): Placed[][] =>
    groupsBySession(
      attempts.map(({ attempt }) => attempt),
      funnel,
    ).map((group) => attempts.filter(({ attempt }) => group.includes(attempt)));
  const byUser = (make: (all: WorldEvent[]) => Placed[]): Groups =>
    usersOf(world).flatMap((user) => grouped(make(visible(user, funnel, range))));
  if (query.attribution.type === 'each' && query.breakdowns.length > 0) {
    const segmentsOf = (event: WorldEvent): Segment[] =>
      query.steps.some((step) => matches(step, event, world))
        ? segmentsBy(query, lookupIn(world, event), world)
        : [];
    const groups = byUser((all) =>
      allSegments(all.map(segmentsOf))
        .flatMap((segment) => {
          const own = all.filter((event) => segmentsOf(event).some((one) => same(one, segment)));
          return naiveAttempts(own, all, period, walk, funnel).map((attempt) =>
            placed(attempt, [segment]),
          );
        })
        .sort(
          (one, two) => all.indexOf(one.attempt.events[0]) - all.indexOf(two.attempt.events[0]),
        ),
    );
    return { choice, groups, funnel };
  }
  const isChosenFirst =
    query.counting === 'totals' ||
    (query.reentry === 'default' &&
      query.segmentEntry === 'after_exit' &&
      (query.counting === 'sessions' || query.entry === 'any'));
  if (isChosenFirst) {
    const chosen = chosenWhole(funnel, range, period);
    return { choice: 'all', groups: [chosen.map((attempt) => placed(attempt))], funnel };
  }
  const own: NaiveWalk =
    query.reentry === 'optimized'
      ? walk
      : query.segmentEntry === 'per_value'
        ? { ...walk, entries: 'every' }
        : { ...walk, entries: 'sequence', useOnce: true };
  const groups = byUser((all) =>
    naiveAttempts(all, all, period, own, funnel).map((attempt) => placed(attempt)),
  );
  return { choice, groups, funnel };
}

type Segmented = ReturnType<typeof groupsOfSegments>;

function attemptsIn(
  { choice, groups, funnel }: Segmented,
  isOf: (segments: readonly Segment[]) => boolean,
): NaiveAttempt[] {
  return groups
    .flatMap((group) =>
      choose(
        group.filter(({ segments }) => isOf(segments)).map(({ attempt }) => attempt),
        choice,
        funnel,
      ),
    )
    .filter((attempt) => isKept(attempt, funnel));
}

/** All segments that somebody counts in. */
function countable(
  segmented: Segmented,
): { readonly segment: Segment; readonly attempts: NaiveAttempt[]; readonly rank: number }[] {
  const all = allSegments(segmented.groups.flat().map(({ segments }) => [...segments]));
  return all
    .map((segment) => {
      const attempts = attemptsIn(segmented, (own) => own.some((one) => same(one, segment)));
      return { segment, attempts, rank: attempts.length };
    })
    .filter(({ rank }) => rank > 0);
}

/** Those that come back, with that of all others. */
function listed(segmented: Segmented, { segmentsMax, otherSegment, segments }: FunnelQuery) {
  const all = countable(segmented);
  const best =
    segments?.map((segment) => ({
      segment,
      attempts: all.find((own) => same(own.segment, segment))?.attempts ?? [],
    })) ?? ranked(all).slice(0, segmentsMax);
  if (!otherSegment) return best;
  const isBest = (segment: Segment): boolean => best.some((one) => same(one.segment, segment));
  const attempts = attemptsIn(segmented, (own) => own.some((segment) => !isBest(segment)));
  return [...best, ...(attempts.length > 0 ? [{ segment: other, attempts }] : [])];
}

function segmentsOfAttempt(
  attempt: NaiveAttempt,
  own: readonly Segment[] | null,
  { query, world }: NaiveFunnelWorld,
): readonly Segment[] {
  const split =
    own ??
    (query.breakdowns.length > 0
      ? segmentsBy(query, attemptLookup(attempt, query, world), world)
      : null);
  const step = query.compareEvents;
  if (step === undefined) return split ?? [];
  const event = eventOfStep(attempt, step, query, world);
  const name: Segment =
    event === undefined
      ? { type: 'not_set', text: '(not set)' }
      : { type: 'event', text: event.event };
  if (split === null) return [name];
  return split.map((segment) => {
    const parts = [...(segment.parts ?? [{ type: segment.type, text: segment.text }]), name];
    return { type: 'combination', text: parts.map(({ text }) => text).join(' / '), parts };
  });
}

/** In any order a step is told by what the events are, else by its number. */
function eventOfStep(
  { events }: NaiveAttempt,
  step: number,
  query: FunnelQuery,
  world: World,
): WorldEvent | undefined {
  if (query.order !== 'any') return events[step];
  return events.find((event) => matches(query.steps[step], event, world));
}

/** 5.8. */
function attemptLookup(attempt: NaiveAttempt, query: FunnelQuery, world: World): Lookup {
  const first = lookupIn(world, attempt.events[0]);
  const lookup = (property: PropertyRef): PropertyValue => {
    if (property.computed?.type === 'behavior' && property.computed.between !== undefined) {
      return behaviorBetween(world, attempt.events, property);
    }
    // An attempt of a group may have events of several users: what they are is attributed like what events have (21).
    const isOfOne = property.scope === 'person' && world.doers === undefined;
    if (isOfOne || property.computed?.type === 'behavior') {
      return first(property);
    }
    const valueOf = (event: WorldEvent): PropertyValue => lookupIn(world, event)(property);
    if (query.attribution.type === 'step') {
      const event = eventOfStep(attempt, query.attribution.step, query, world);
      return event === undefined ? null : valueOf(event);
    }
    const values = attempt.events.map(valueOf).filter((value) => value !== null);
    return (query.attribution.type === 'last' ? values.at(-1) : values.at(0)) ?? null;
  };
  return Object.assign(lookup, { world, ...(first.member && { member: first.member }) });
}

function isKept(attempt: NaiveAttempt, { query, world }: NaiveFunnelWorld): boolean {
  const lookup = attemptLookup(attempt, query, world);
  return query.filters.every((filter) => passes(filter, lookup));
}

/** One funnel split by entry, or with `trends` one in each bucket (5.11). */
function byEntry(
  funnel: NaiveFunnelWorld,
  range: NaiveRange,
  buckets: NonNullable<FunnelResult['byEntry']>['buckets'],
  hasSegments: boolean,
): NonNullable<FunnelResult['byEntry']> {
  const { query } = funnel;
  const countsOf = (attempts: readonly NaiveAttempt[]): number[] =>
    query.steps.map((_, step) => attempts.filter(({ events }) => events.length > step).length);
  const split = (attempts: readonly NaiveAttempt[]): number[][] =>
    buckets.map(({ startMs, endMs }) =>
      countsOf(attempts.filter(({ events: [{ time }] }) => time >= startMs && time < endMs)),
    );
  const periods = query.trends ? buckets : [range];
  const whole = periods.flatMap((period) => wholeOf(funnel, range, period));
  if (!hasSegments) return { buckets, counts: split(whole) };
  const parts = periods.map((period) => groupsOfSegments(funnel, range, period));
  const all: Segmented = { ...parts[0], groups: parts.flatMap(({ groups }) => groups) };
  const segments = listed(all, query).map(({ segment, attempts }) => ({
    segment,
    counts: split(attempts),
  }));
  return { buckets, counts: split(whole), ...(segments.length > 0 && { segments }) };
}

/** 5.10, term by term. */
function significance(
  whole: readonly FunnelStepResult[],
  own: readonly FunnelStepResult[],
): FunnelResult['segments'][number]['significance'] {
  const [entries, conversions] = [whole[0].count, whole[whole.length - 1].count];
  const [n, k] = [own[0].count, own[own.length - 1].count];
  if (n < 30 || n > entries) return null;
  const choose = (from: number, of: number): number => {
    if (of < 0 || of > from) return 0;
    let ways = 1;
    for (let i = 1; i <= of; i++) ways *= (from - of + i) / i;
    return ways;
  };
  let [below, above] = [0, 0];
  for (let x = 0; x <= n; x++) {
    const p = (choose(conversions, x) * choose(entries - conversions, n - x)) / choose(entries, n);
    if (x < k) below += p;
    if (x > k) above += p;
  }
  const confidence = Math.max(below, above);
  return { confidence, isSignificant: confidence > 0.95 };
}

function stepResults(
  attempts: readonly NaiveAttempt[],
  { query: { steps, timing, sum }, world }: NaiveFunnelWorld,
): FunnelStepResult[] {
  return steps.map((_, step) => {
    const reached = attempts.map(({ events }) => events).filter((events) => events.length > step);
    const timed = step === 0 || !timing ? [] : reached;
    const between = (from: number) =>
      timed.map((events) => Math.max(0, events[step].time - events[from].time));
    const numbers = sum ? reached.map((events) => lookupIn(world, events[step])(sum)) : [];
    return {
      count: reached.length,
      averageFromEntryMs: mean(between(0)),
      medianFromEntryMs: timed.length ? naivePercentile(between(0), 50) : null,
      averageFromPreviousMs: mean(between(step - 1)),
      medianFromPreviousMs: timed.length ? naivePercentile(between(step - 1), 50) : null,
      ...(sum && {
        sum: numbers
          .filter((number) => typeof number === 'number')
          .reduce((total, number) => total + number, 0),
      }),
    };
  });
}
