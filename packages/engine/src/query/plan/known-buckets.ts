import type { TimeUnit } from '@arbor/schema/query';
import type { Bucket } from '@arbor/schema/result';
import { type Calendar, calendarBuckets, cutBucket, type InstantRange } from './calendar.ts';

/** Charts of some dashboards: each of a range and unit. */
const rangesMax = 64;
/** Longer lists are asked for rarely, and to compute them is a small part of what such a query takes. */
const bucketsMax = 1000;

/** By range, unit and calendar, in the order of use. */
const known = new Map<string, readonly Bucket[]>();

/**
 * The buckets of a range, as the answer shows them. The calendar takes a millisecond for ninety days, a tenth of what a
 * small report takes in all, and dashboards ask for the same ranges again and again: they are kept, but for what the
 * clock decides.
 */
export function bucketsOfRange(
  range: InstantRange,
  unit: TimeUnit,
  calendar: Calendar,
  nowMs: number,
): Bucket[] {
  const { timezone, weekStart, quarterStart } = calendar;
  const key = JSON.stringify([
    range.startMs,
    range.endMs,
    unit,
    timezone,
    weekStart,
    quarterStart ?? 1,
  ]);
  const buckets =
    known.get(key) ??
    calendarBuckets(range, unit, calendar).map((bucket) =>
      cutBucket(bucket, range, calendar, nowMs),
    );
  known.delete(key);
  if (buckets.length <= bucketsMax) known.set(key, buckets);
  const [oldest] = known.keys();
  if (known.size > rangesMax) known.delete(oldest);
  return buckets.map((bucket) => ({ ...bucket, incomplete: nowMs < bucket.endMs }));
}
