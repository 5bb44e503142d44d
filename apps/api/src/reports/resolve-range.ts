import type { Range } from '@arbor/schema/query';
import type { RelativeRange, SavedQuery, SavedReport } from '@arbor/schema/saved-reports';
import { ApiError } from '../errors.ts';
import { addDays, todayIn } from '../mixpanel/local-dates.ts';

/** The query of a saved report as it is asked at a moment: a relative range is that of today in the project's zone. */
export function queryNow(
  { query, range }: Pick<SavedReport, 'query' | 'range'>,
  timezone: string,
  nowMs: number,
): SavedQuery {
  return range === null ? query : { ...query, range: rangeNow(range, timezone, nowMs) };
}

/**
 * A relative range moves from day to day, and edges of buckets stay where they are: they would be the range. Throws
 * ApiError INVALID_REQUEST where a report has both.
 */
export function checkRelativeRange({ query, range }: Pick<SavedReport, 'query' | 'range'>): void {
  if (range === null || !('edges' in query) || query.edges === undefined) return;
  throw new ApiError(
    'INVALID_REQUEST',
    `the range of the last ${range.last} ${range.unit}s moves and the edges of its buckets do not: leave out the range, or the edges`,
  );
}

export function rangeNow(range: RelativeRange, timezone: string, nowMs: number): Range {
  const to = addDays(todayIn(nowMs, timezone), -range.endsDaysAgo);
  const from =
    range.unit === 'day' ? addDays(to, 1 - range.last) : addDays(monthsBefore(to, range.last), 1);
  return { from, to };
}

/** The same day of another month, or that month's last day. */
function monthsBefore(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  const before = new Date(Date.UTC(year, month - 1 - months, Math.min(day, lastDay)));
  return before.toISOString().slice(0, 10);
}
