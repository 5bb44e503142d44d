import type { Range } from '@arbor/schema/query';
import type { RelativeRange, SavedQuery, SavedReport } from '@arbor/schema/saved-reports';
import { addDays, todayIn } from '../mixpanel/local-dates.ts';

/** The query of a saved report as it is asked at a moment: a relative range is that of today in the project's zone. */
export function queryNow(
  { query, range }: Pick<SavedReport, 'query' | 'range'>,
  timezone: string,
  nowMs: number,
): SavedQuery {
  return range === null ? query : { ...query, range: rangeNow(range, timezone, nowMs) };
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
