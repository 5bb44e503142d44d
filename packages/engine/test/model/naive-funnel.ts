import type { PropertyValue } from '@arbor/schema/property-value';
import type { FunnelQuery, PropertyRef } from '@arbor/schema/query';
import type { FunnelResult, FunnelStepResult } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { naivePercentile } from './naive-insights.ts';
import { matches } from './naive-selection.ts';
import { cut, naiveRange, wholeBuckets } from './naive-time.ts';
import { allSegments, passes, ranked, same, segmentsOf } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

/** The events of the steps reached, in order of the steps. */
type Attempt = readonly WorldEvent[];

const unitSeconds = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 604_800,
  month: 2_592_000,
  session: NaN,
};

export function naiveFunnel(
  world: World,
  query: FunnelQuery,
  { timezone, weekStart, nowMs }: PlanContext,
): FunnelResult {
  const range = naiveRange(query.range.from, query.range.to, timezone);
  const windowMs = query.window.value * unitSeconds[query.window.unit] * 1000;
  const stepCount = query.steps.length;

  /** 5.2 and 5.3: each step takes the first event that may still be it. */
  const follow = (
    events: readonly WorldEvent[],
    entry: WorldEvent,
    used: readonly WorldEvent[],
  ): Attempt => {
    const reached = [entry];
    for (const step of query.steps.slice(1)) {
      const previous = reached[reached.length - 1];
      const next = events.find(
        (event) =>
          matches(step, event, world) &&
          !reached.includes(event) &&
          !used.includes(event) &&
          event.time >= previous.time - query.graceMs &&
          event.time <= entry.time + windowMs,
      );
      if (!next) break;
      reached.push(next);
    }
    return reached;
  };

  /** One after the other: an entry counts when the attempt before is over (5.9). */
  const attemptsOf = (user: string): Attempt[] => {
    const events = world.events
      .filter((event) => event.user === user)
      .sort((left, right) => left.time - right.time);
    const attempts: Attempt[] = [];
    let isOver = (_event: WorldEvent): boolean => true;
    for (const event of events) {
      const inRange = event.time >= range.startMs && event.time < range.endMs;
      if (!inRange || !matches(query.steps[0], event, world) || !isOver(event)) continue;
      const attempt = follow(events, event, attempts.flat());
      attempts.push(attempt);
      const lastPosition = Math.max(...attempt.map((step) => events.indexOf(step)));
      isOver =
        attempt.length === stepCount
          ? (next) => events.indexOf(next) > lastPosition
          : (next) => next.time > event.time + windowMs;
    }
    return attempts;
  };

  /**
   * Entry "any": every event of step 1 in the range is followed as if it were the only one. The user has the
   * attempt that is first to reach the highest step, of several the one with the latest entry.
   */
  const bestAttemptOf = (user: string): Attempt[] => {
    const events = world.events
      .filter((event) => event.user === user)
      .sort((left, right) => left.time - right.time);
    const all = events
      .filter((event) => event.time >= range.startMs && event.time < range.endMs)
      .filter((event) => matches(query.steps[0], event, world))
      .map((entry) => follow(events, entry, []));
    const highest = Math.max(...all.map((attempt) => attempt.length));
    const highestOnes = all.filter((attempt) => attempt.length === highest);
    const first = Math.min(...highestOnes.map((attempt) => attempt[highest - 1].time));
    return highestOnes.filter((attempt) => attempt[highest - 1].time === first).slice(-1);
  };

  /** "First step defined" (5.8). */
  const attributed = (attempt: Attempt, { scope, name }: PropertyRef): PropertyValue => {
    if (scope === 'person') return world.people[attempt[0].user]?.[name] ?? null;
    return attempt.map((event) => event.properties[name] ?? null).find((v) => v !== null) ?? null;
  };
  const kept = (attempt: Attempt): boolean =>
    query.filters.every((filter) => passes(filter, (property) => attributed(attempt, property)));

  const users = [...new Set(world.events.map((event) => event.user))].filter((u) => u !== '');
  const byUser = users
    .map(query.entry === 'any' ? bestAttemptOf : attemptsOf)
    .filter((attempts) => attempts.length > 0);
  const counted = byUser.map(([first]) => first).filter(kept);

  const [first] = query.breakdowns;
  const breakdown = first && first.type !== 'cohort' ? first.property : undefined;
  const segmentsOfAttempt = (attempt: Attempt) =>
    breakdown ? segmentsOf(attributed(attempt, breakdown)) : [];
  const segments = allSegments(byUser.flat().map(segmentsOfAttempt))
    .map((segment) => {
      const own = byUser
        .map((attempts) =>
          attempts.find((attempt) => segmentsOfAttempt(attempt).some((s) => same(s, segment))),
        )
        .filter((attempt) => attempt !== undefined)
        .filter(kept);
      return { segment, steps: stepResults(own, query), rank: own.length };
    })
    .filter(({ rank }) => rank > 0);

  const buckets = query.unit && cut(wholeBuckets(query.unit, timezone, weekStart), range, nowMs);
  return {
    type: 'funnel',
    steps: stepResults(counted, query),
    segments: ranked(segments)
      .slice(0, query.segmentsMax)
      .map(({ segment, steps }) => ({ segment, steps })),
    segmentCount: segments.length,
    ...(buckets && {
      byEntry: {
        buckets,
        counts: buckets.map(({ startMs, endMs }) => {
          const own = counted.filter(([{ time }]) => time >= startMs && time < endMs);
          return query.steps.map((_, step) => own.filter((a) => a.length > step).length);
        }),
      },
    }),
    stillOpen: counted.filter(
      (attempt) => attempt.length < stepCount && attempt[0].time + windowMs >= nowMs,
    ).length,
  };
}

function stepResults(
  attempts: readonly Attempt[],
  { steps, timing }: FunnelQuery,
): FunnelStepResult[] {
  return steps.map((_, step) => {
    const reached = attempts.filter((attempt) => attempt.length > step);
    const timed = step === 0 || !timing ? [] : reached;
    const fromEntry = timed.map((attempt) => Math.max(0, attempt[step].time - attempt[0].time));
    const fromPrevious = timed.map((attempt) =>
      Math.max(0, attempt[step].time - attempt[step - 1].time),
    );
    return {
      count: reached.length,
      averageFromEntryMs: mean(fromEntry),
      medianFromEntryMs: fromEntry.length ? naivePercentile(fromEntry, 50) : null,
      averageFromPreviousMs: mean(fromPrevious),
      medianFromPreviousMs: fromPrevious.length ? naivePercentile(fromPrevious, 50) : null,
    };
  });
}

function mean(numbers: readonly number[]): number | null {
  return numbers.length ? numbers.reduce((sum, n) => sum + n, 0) / numbers.length : null;
}
