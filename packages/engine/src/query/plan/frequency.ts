import type { FrequencyQuery } from '@arbor/schema/query';
import { calendarBuckets } from './calendar.ts';
import type { CalendarBucket } from './calendar.ts';
import { planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { FrequencyPlan } from './plan-types.ts';
import { resolveRange } from './range.ts';
import { planBase, reportBuckets } from './report-base.ts';

export function planFrequency(query: FrequencyQuery, scope: PlanScope): FrequencyPlan {
  if (query.unit === query.per) {
    throw invalidQuery('a day has one day: count hours of days, or days of weeks or months');
  }
  const range = resolveRange(query.range, scope.calendar);
  const rows = calendarBuckets(range, query.unit, scope.calendar);
  const whole = { startMs: rows[0].startMs, endMs: rows[rows.length - 1].endMs };
  const units = calendarBuckets(whole, query.per, scope.calendar);
  return {
    type: 'frequency',
    ...planBase(query, range, scope),
    selector: planSelector(query.selector, scope),
    buckets: reportBuckets(range, query.unit, scope),
    edges: [units[0].startMs, ...units.map(({ endMs }) => endMs)],
    columns: mostUnits(rows, units),
    cumulative: query.cumulative,
  };
}

/** Most sub-units that any row has: 24 hours of a day, 25 where one has an hour twice. Both lists ascend. */
function mostUnits(rows: readonly CalendarBucket[], units: readonly CalendarBucket[]): number {
  let most = 0;
  let at = 0;
  for (const { endMs } of rows) {
    const first = at;
    while (at < units.length && units[at].startMs < endMs) at++;
    most = Math.max(most, at - first);
  }
  return most;
}
