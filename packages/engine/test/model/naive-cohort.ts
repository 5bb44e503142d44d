import type {
  Behavior,
  BehaviorSpan,
  CohortQuery,
  CohortRef,
  SequenceBehavior,
  TimeUnit,
  UserCondition,
} from '@arbor/schema/query';
import type { CohortResult } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { matches } from './naive-selection.ts';
import { bucketsNear, cut, naiveRange, wholeBuckets } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { lookupIn, lookupOfUser, passes } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

/** 9.2 and 9.4: how many there are now, and as of the end of each bucket. */
export function naiveCohort(world: World, query: CohortQuery, context: PlanContext): CohortResult {
  const { timezone, nowMs } = context;
  const sizeAt = (asOfMs: number): number =>
    membersOf(world, { type: 'conditions', filters: query.filters }, { ...context, nowMs: asOfMs })
      .size;
  const users = sizeAt(nowMs);
  if (query.over === undefined) return { type: 'cohort', users };
  const range = naiveRange(query.over.range.from, query.over.range.to, timezone);
  const buckets = cut(bucketsNear(query.over.unit, context, range), range, nowMs);
  const sizes = buckets.map(({ endMs }) => sizeAt(Math.min(endMs - 1, nowMs)));
  return { type: 'cohort', users, sizes: { buckets, users: sizes } };
}

/** Whoever has an event or a profile, and is on the list or meets every condition as of `nowMs` (9.1, 9.2). */
export function membersOf(things: World, cohort: CohortRef, context: PlanContext): Set<string> {
  const { asked } = things;
  const world = asked ? { ...things, asked: { ...asked, context } } : things;
  const users = new Set([...world.events.map(({ user }) => user), ...Object.keys(world.people)]);
  users.delete('');
  if (cohort.type === 'saved') throw new Error(`nobody has put in the cohort ${cohort.id}`);
  return new Set(
    [...users].filter((user) =>
      cohort.type === 'users'
        ? cohort.ids.includes(user)
        : cohort.filters.every((condition) => meets(user, condition, world, context)),
    ),
  );
}

/** A question with each cohort of its filters and breakdowns as the list of its members. */
export function withFrozenCohorts<T>(question: T, world: World, context: PlanContext): T {
  if (Array.isArray(question)) {
    return question.map((part) => withFrozenCohorts<unknown>(part, world, context)) as T;
  }
  if (typeof question !== 'object' || question === null) return question;
  const parts = question as { type?: unknown; cohorts?: CohortRef[] };
  if (parts.type === 'cohort' && parts.cohorts !== undefined) {
    const cohorts = parts.cohorts.map((cohort) => ({
      type: 'users' as const,
      name: cohort.type === 'saved' ? cohort.id : cohort.name,
      ids: [...membersOf(world, cohort, context)],
    }));
    return { ...question, cohorts };
  }
  return Object.fromEntries(
    Object.entries(question).map(([name, part]: [string, unknown]) => [
      name,
      withFrozenCohorts(part, world, context),
    ]),
  ) as T;
}

function meets(user: string, stated: UserCondition, world: World, context: PlanContext): boolean {
  if (stated.type === 'all') {
    return stated.filters.every((one) => meets(user, one, world, context));
  }
  if (stated.type === 'any') {
    return stated.filters.some((one) => meets(user, one, world, context));
  }
  if (stated.type === 'cohort') {
    const isIn = stated.cohorts.some((cohort) => membersOf(world, cohort, context).has(user));
    return isIn === (stated.operator === 'in');
  }
  if (stated.type === 'property' || stated.type === 'items') {
    return passes(stated, lookupOfUser(world, user));
  }
  if (stated.type === 'report') throw new Error('the model does not know reports in cohorts yet');
  // Cohorts that events are filtered by are those of the same moment.
  const condition = withFrozenCohorts(stated, world, context);
  const own = world.events
    .filter((event) => event.user === user && event.time <= context.nowMs)
    .sort((left, right) => left.time - right.time);
  const span = spanOf(condition.span, context);
  if (condition.type === 'sequence') return didAll(condition, own, span, world) === condition.did;
  const counted = own.filter(
    (event) =>
      event.time >= span.startMs &&
      event.time < span.endMs &&
      matches(condition.selector, event, world),
  );
  return compares(condition, measured(condition, counted, world, context));
}

function spanOf(span: BehaviorSpan, { timezone, weekStart, nowMs }: PlanContext): NaiveRange {
  switch (span.type) {
    case 'range':
      return naiveRange(span.from, span.to, timezone);
    case 'since':
      return { startMs: naiveRange(span.from, span.from, timezone).startMs, endMs: Infinity };
    case 'ever':
      return { startMs: -Infinity, endMs: Infinity };
    case 'last': {
      const units = wholeBuckets(span.unit, timezone, weekStart);
      const running = units.findIndex(({ startMs, endMs }) => nowMs >= startMs && nowMs < endMs);
      return { startMs: units[running - span.days + 1].startMs, endMs: Infinity };
    }
  }
}

/** From any entry, the next event of each step: an earlier one never leads to less. */
function didAll(
  { steps, window }: SequenceBehavior,
  own: readonly WorldEvent[],
  { startMs, endMs }: NaiveRange,
  world: World,
): boolean {
  const unitMs = {
    second: 1000,
    minute: 60_000,
    hour: 3_600_000,
    day: 86_400_000,
    week: 7 * 86_400_000,
    month: 30 * 86_400_000,
  }[window.unit];
  return own.some((entry, first) => {
    if (entry.time < startMs || entry.time >= endMs || !matches(steps[0], entry, world)) {
      return false;
    }
    let done = 1;
    for (const event of own.slice(first + 1)) {
      if (event.time > entry.time + window.value * unitMs) break;
      if (done < steps.length && matches(steps[done], event, world)) done++;
    }
    return done === steps.length;
  });
}

/** Null = no number. */
function measured(
  { measure }: Behavior,
  events: readonly WorldEvent[],
  world: World,
  context: PlanContext,
): number | null {
  if (measure.type === 'count') return events.length;
  if (measure.type === 'distinct_time') {
    return new Set(events.map(({ time }) => unitOf(time, measure.unit, context))).size;
  }
  const values = events
    .map((event) => lookupIn(world, event)(measure.property))
    .filter((value) => value !== null);
  if (measure.type === 'distinct_count') {
    return new Set(values.map((value) => JSON.stringify(value))).size;
  }
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (measure.type === 'min') return Math.min(...numbers);
  if (measure.type === 'max') return Math.max(...numbers);
  return measure.type === 'sum' ? sum : sum / numbers.length;
}

/** What the clock on the wall says, as far as the unit goes. */
function unitOf(time: number, unit: TimeUnit, context: PlanContext): string {
  const { timezone, weekStart, quarterStart = 1 } = context;
  if (unit === 'minute') return String(Math.floor(time / 60_000));
  const isLong = unit === 'quarter' || unit === 'year';
  const buckets = wholeBuckets(isLong ? 'month' : unit, timezone, weekStart);
  const start = buckets.find(({ startMs, endMs }) => time >= startMs && time < endMs)?.start;
  if (start === undefined) throw new Error(`outside: ${time}`);
  if (!isLong) return start;
  if (unit === 'year') return start.slice(0, 4);
  // Quarters by their number since the year 0.
  const months = 12 * Number(start.slice(0, 4)) + Number(start.slice(5, 7)) - quarterStart;
  return `quarter ${Math.floor(months / 3)}`;
}

function compares({ count }: Behavior, number: number | null): boolean {
  const { operator, value, to = Infinity } = count;
  if (number === null) return false;
  switch (operator) {
    case 'at_least':
      return number >= value;
    case 'at_most':
      return number <= value;
    case 'exactly':
      return number === value;
    case 'not_exactly':
      return number !== value;
    case 'greater_than':
      return number > value;
    case 'less_than':
      return number < value;
    case 'between':
      return number >= value && number <= to;
  }
}
