import type { FrequencyQuery } from '@arbor/schema/query';
import { calendarBuckets } from './calendar.ts';
import { planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { FrequencyPlan } from './plan-types.ts';
import { resolveRange } from './range.ts';
import { planBase, reportBuckets } from './report-base.ts';

/** Most sub-units that any row has: days with 25 hours, months with 31 days. */
const columnsOf = {
  day: { hour: 25, day: 1 },
  week: { hour: 169, day: 7 },
  month: { hour: 745, day: 31 },
} as const;

export function planFrequency(query: FrequencyQuery, scope: PlanScope): FrequencyPlan {
  if (query.unit === query.per) {
    throw invalidQuery('a day has one day: count hours of days, or days of weeks or months');
  }
  const range = resolveRange(query.range, scope.calendar);
  const units = calendarBuckets(range, query.per, scope.calendar);
  return {
    type: 'frequency',
    ...planBase(query, range, scope),
    selector: planSelector(query.selector, scope),
    buckets: reportBuckets(range, query.unit, scope),
    edges: [units[0].startMs, ...units.map(({ endMs }) => endMs)],
    columns: columnsOf[query.unit][query.per],
    cumulative: query.cumulative,
  };
}
