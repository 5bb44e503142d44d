import type { InsightsQuery } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import type { PlanContext } from '../../src/query/plan/plan.ts';
import { bucketsNear, cut, naiveRange, wholeBuckets, wholeRange } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';

const dayMs = 86_400_000;

export interface NaiveSpan {
  readonly range: NaiveRange;
  readonly buckets: readonly Bucket[];
  /** The whole buckets before it, of the calendar or beside those of the report; `count` of them. */
  readonly lead: (count: number) => readonly Bucket[];
  /** Where an instant of the report lies in this time; absent = the calendar cuts it by itself. */
  readonly move?: (instantMs: number) => number;
  /** Buckets after the span in which points of its line lie, and by point the bucket that it is taken from. */
  readonly moved?: { readonly beyond: readonly Bucket[]; readonly points: readonly Bucket[] };
}

/** The time of a report, and that of its comparison (3.9), of which the model knows those between dates. */
export function spansOf(query: InsightsQuery, context: PlanContext): NaiveSpan[] {
  const { compare, unit, edges } = query;
  if (edges !== undefined) return [{ ...edgeSpan(edges, context), lead: () => [] }];
  const now = spanOver(
    unit,
    naiveRange(query.range.from, query.range.to, context.timezone),
    context,
  );
  if (compare === undefined) return [now];
  if (compare.type === 'range') {
    const range = naiveRange(compare.from, compare.to, context.timezone);
    return [now, spanOver(unit, range, context)];
  }
  const from = query.range.from;
  const length = daysBetween(from, query.range.to) + 1;
  const start = startOf(query, length, context.weekStart);
  const day = (date: string): number => naiveRange(date, date, context.timezone).startMs;
  if (unit === 'hour') {
    const backMs =
      compare.type === 'previous_period'
        ? now.range.endMs - now.range.startMs
        : compare.type === 'to'
          ? now.range.endMs - naiveRange(compare.date, compare.date, context.timezone).endMs
          : now.range.startMs - day(start);
    const then = moved(now, (instant) => instant - backMs, context);
    return [now, isYear(compare) ? offWeekends(then, unit, context) : then];
  }
  const isLong = unit === 'month' || unit === 'quarter' || unit === 'year';
  const isByMonth = isLong && start.slice(8) === from.slice(8);
  const back = daysBetween(start, from);
  const then = moved(
    now,
    (instant) => {
      const date = dateAt(instant, context);
      return day(isByMonth ? monthsLater(date, -monthsBetween(start, from)) : later(date, -back));
    },
    context,
  );
  return [now, unit === 'day' && isYear(compare) ? offWeekends(then, unit, context) : then];
}

/** Buckets from each moment to the next. */
export function edgeSpan(
  edges: readonly string[],
  { timezone, nowMs }: PlanContext,
): Pick<NaiveSpan, 'range' | 'buckets'> {
  const instants = edges.map((edge) => Date.parse(edge));
  const pairs = instants.slice(1).map((endMs, i) => ({ startMs: instants[i], endMs }));
  const range = { startMs: instants[0], endMs: instants[instants.length - 1] };
  return { range, buckets: pairs.map((pair) => wholeRange(pair, timezone, nowMs)) };
}

function isYear(compare: NonNullable<InsightsQuery['compare']>): boolean {
  return compare.type === 'previous' && compare.unit === 'year';
}

/** 3.9: each point of a weekend is that which the same time of the next Monday lies in. */
function offWeekends(span: NaiveSpan, unit: 'hour' | 'day', context: PlanContext): NaiveSpan {
  const all = wholeBuckets(unit, context.timezone, 1);
  const { endMs } = span.range;
  const after = all
    .filter(({ startMs, endMs: own }) => own > endMs && startMs < endMs + 4 * dayMs)
    .map((bucket) =>
      wholeRange(
        { startMs: Math.max(bucket.startMs, endMs), endMs: bucket.endMs },
        context.timezone,
        context.nowMs,
      ),
    );
  const whole = [...span.buckets, ...after];
  const points = span.buckets.map(({ startMs }) => {
    const local = localAt(startMs, context);
    const date = local.slice(0, 10);
    const weekday = new Date(utc(date)).getUTCDay();
    if (weekday !== 6 && weekday !== 0) return bucketAt(whole, startMs);
    const monday = later(date, weekday === 6 ? 2 : 1);
    return bucketAt(whole, firstAt(`${monday}${local.slice(10)}`, startMs, context));
  });
  const last = Math.max(...points.map((bucket) => bucket.startMs));
  return { ...span, moved: { beyond: after.filter(({ startMs }) => startMs <= last), points } };
}

/** The first half hour after an instant at which the clock on the wall says that, or is past it. */
function firstAt(local: string, afterMs: number, context: PlanContext): number {
  let instantMs = afterMs;
  while (localAt(instantMs, context) < local) instantMs += dayMs / 48;
  return instantMs;
}

function bucketAt(buckets: readonly Bucket[], instantMs: number): Bucket {
  const found = buckets.find((own) => own.startMs <= instantMs && instantMs < own.endMs);
  if (found === undefined) throw new Error(`no bucket holds ${instantMs}`);
  return found;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clock on the wall says. */
function localAt(instantMs: number, { timezone }: PlanContext): string {
  // Kept, for making one takes longer than what is asked of it.
  const clock =
    clocks.get(timezone) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: timezone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
  clocks.set(timezone, clock);
  return clock.format(instantMs).replace(' ', 'T');
}

/** Weeks go with the first day of the first one, which moves off a weekend (3.9). */
function yearBefore(from: string, unit: InsightsQuery['unit'], weekStart: number): string {
  const before = monthsLater(from, -12);
  if (unit !== 'week') return before;
  const weekday = (date: string): number => new Date(utc(date)).getUTCDay() || 7;
  const into = (weekday(from) - weekStart + 7) % 7;
  const week = monthsLater(later(from, -into), -12);
  return later(week, into + (weekday(week) > 5 ? 8 - weekday(week) : 0));
}

function startOf(
  { compare, range, unit }: InsightsQuery,
  length: number,
  weekStart: number,
): string {
  const { from } = range;
  switch (compare?.type) {
    case 'previous':
      if (compare.unit === 'day') return later(from, -1);
      if (compare.unit === 'week') return later(from, -7);
      if (compare.unit === 'month') return monthsLater(from, -1);
      if (compare.unit === 'quarter') return monthsLater(from, -3);
      return yearBefore(from, unit, weekStart);
    case 'previous_period': {
      const isWhole =
        unit === 'month' && from.endsWith('-01') && later(range.to, 1).endsWith('-01');
      return isWhole
        ? monthsLater(from, -monthsBetween(from, later(range.to, 1)))
        : later(from, -length);
    }
    case 'from':
      return compare.date;
    case 'to':
      return later(compare.date, 1 - length);
    case undefined:
    case 'range':
      throw new Error(`the ${String(compare?.type)} says itself when it starts`);
  }
}

function spanOver(unit: InsightsQuery['unit'], range: NaiveRange, context: PlanContext): NaiveSpan {
  const { timezone, nowMs } = context;
  const buckets =
    unit === 'total'
      ? [wholeRange(range, timezone, nowMs)]
      : cut(bucketsNear(unit, context, range), range, nowMs);
  const lead = (count: number): Bucket[] =>
    unit === 'total' ? [] : leadBuckets(unit, range.startMs, count, context);
  return { range, buckets, lead };
}

function moved(
  now: NaiveSpan,
  move: (instantMs: number) => number,
  { timezone, nowMs }: PlanContext,
): NaiveSpan {
  const beside = ({ startMs, endMs }: Bucket): Bucket =>
    wholeRange({ startMs: move(startMs), endMs: move(endMs) }, timezone, nowMs);
  const buckets = now.buckets.map(beside);
  return {
    move,
    lead: (count) => now.lead(count).map(beside),
    range: { startMs: buckets[0].startMs, endMs: buckets[buckets.length - 1].endMs },
    buckets,
  };
}

/** The whole buckets of the calendar before an instant, as many as asked for. */
function leadBuckets(
  unit: Exclude<InsightsQuery['unit'], 'total'>,
  instantMs: number,
  count: number,
  context: PlanContext,
): Bucket[] {
  if (count === 0) return [];
  const all = bucketsNear(unit, context, { startMs: instantMs, endMs: instantMs + 1 });
  const first = all.findLastIndex(({ startMs }) => startMs <= instantMs);
  return all.slice(first - count, first).map((bucket) => ({ ...bucket, incomplete: false }));
}

const utc = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (instantMs: number): string => new Date(instantMs).toISOString().slice(0, 10);
const later = (date: string, days: number): string => dateOf(utc(date) + days * dayMs);
const daysBetween = (from: string, to: string): number => (utc(to) - utc(from)) / dayMs;

function monthsBetween(from: string, to: string): number {
  const month = (date: string): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  return month(to) - month(from);
}

/** The last day of the month where it has no such day. */
function monthsLater(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0));
  return dateOf(Date.UTC(year, month - 1 + months, Math.min(day, last.getUTCDate())));
}

/** The local date that begins at an instant. */
function dateAt(instantMs: number, { timezone }: PlanContext): string {
  const day = wholeBuckets('day', timezone, 1).find(({ startMs }) => startMs === instantMs);
  if (day === undefined) throw new Error(`no day begins at ${instantMs}`);
  return day.start.slice(0, 10);
}
