import { addDays, addMonths, startOfMonth, startOfWeek } from '../local-dates.ts';

export interface DateBucket {
  readonly from: string;
  /** Inside. */
  readonly to: string;
}

/** More separate questions than this take too long for one answer. */
export const dateBucketsMax = 400;

/**
 * The range cut into buckets of `size` units, both ends of each inside. Days are counted from the start of the range,
 * weeks and months are those of the calendar, of which the first and the last may be partial.
 */
export function dateBuckets(
  range: DateBucket,
  {
    unit,
    size,
    weekStart,
  }: {
    readonly unit: 'day' | 'week' | 'month';
    readonly size: number;
    readonly weekStart: number;
  },
): DateBucket[] {
  const buckets: DateBucket[] = [];
  for (let from = range.from; from <= range.to;) {
    const next = nextStart(from, { unit, size, weekStart });
    const last = addDays(next, -1);
    buckets.push({ from, to: last < range.to ? last : range.to });
    from = next;
  }
  return buckets;
}

function nextStart(
  from: string,
  {
    unit,
    size,
    weekStart,
  }: {
    readonly unit: 'day' | 'week' | 'month';
    readonly size: number;
    readonly weekStart: number;
  },
): string {
  if (unit === 'day') return addDays(from, size);
  if (unit === 'week') return addDays(startOfWeek(from, weekStart), 7 * size);
  return addMonths(startOfMonth(from), size);
}
