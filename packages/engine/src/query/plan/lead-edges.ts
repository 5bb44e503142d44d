import type { InsightsQuery } from '@arbor/schema/query';
import type { Calendar } from './calendar.ts';
import { calendarBuckets, lastUnits } from './calendar.ts';

/**
 * The edges of the whole buckets of the calendar before the one that `startMs` lies in, `back` of them, up to its start;
 * none where nothing looks back.
 */
export function leadEdges(
  startMs: number,
  unit: InsightsQuery['unit'],
  back: number,
  calendar: Calendar,
): readonly number[] {
  if (back === 0 || unit === 'total') return [];
  const [first] = calendarBuckets({ startMs, endMs: startMs + 1 }, unit, calendar);
  const before = calendarBuckets(
    { startMs: farBefore(first.startMs, unit, back, calendar), endMs: first.startMs },
    unit,
    calendar,
  );
  return [...before.slice(-back).map((bucket) => bucket.startMs), first.startMs];
}

/** At least so many buckets before: one more than asked for, and one that may be cut. */
function farBefore(
  instantMs: number,
  unit: Exclude<InsightsQuery['unit'], 'total'>,
  back: number,
  calendar: Calendar,
): number {
  return lastUnits(instantMs, back + 2, unit, calendar).startMs;
}
