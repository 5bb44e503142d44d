import { expect } from 'vitest';
import type { EventSelector, Measure, QueryInput } from '@arbor/schema/query';
import type { InsightsResult, RetentionResult } from '@arbor/schema/result';
import type { ShardView } from '../../src/query/exec/shard-view.ts';
import { ask } from '../model/ask.ts';
import type { AnswerRow } from './load-data-set.ts';

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;

export const only = (event: string | null): EventSelector => ({ anyOf: [{ event, filters: [] }] });

export const person = (name: string) => [{ property: { scope: 'person' as const, name } }];
export const eventProperty = (name: string) => [{ property: { scope: 'event' as const, name } }];

/** Total and unique, then one measure for each further property. */
export function measures(selector: EventSelector, ...more: Measure[]): InsightsInput['metrics'] {
  const all: Measure[] = [{ type: 'total' }, { type: 'unique' }, ...more];
  return all.map((measure) => ({ selector, measure }));
}

/** The lines of a metric, best segment first, without the row over all segments. */
export function segmentsOf({ series }: InsightsResult, metric: number) {
  return series.filter((line) => line.metric === metric && line.segment !== null);
}

export function totalOf(result: InsightsResult, metric: number, segment: string | null) {
  const line = result.series.find(
    (own) => own.metric === metric && (own.segment?.text ?? null) === segment,
  );
  expect(line, `metric ${metric} has segment ${segment}`).toBeDefined();
  return line?.total ?? null;
}

/** "Totals and uniques per event". */
export function checkTotals(
  views: readonly ShardView[],
  range: InsightsInput['range'],
  rows: readonly AnswerRow[],
): void {
  const result = ask(views, {
    type: 'insights',
    range,
    unit: 'month',
    metrics: rows.flatMap(({ event }) => measures(only(String(event)))),
  });
  const actual = rows.map(({ event }, i) => ({
    event,
    total: result.series[2 * i].total,
    uniques: result.series[2 * i + 1].total,
  }));
  expect(actual).toEqual(rows);
}

/** "DAU and totals of any event for each day". */
export function checkDays(views: readonly ShardView[], rows: readonly AnswerRow[]): void {
  const range = { from: String(rows[0]['day']), to: String(rows[rows.length - 1]['day']) };
  const selector = only(null);
  const result = ask(views, {
    type: 'insights',
    range,
    metrics: [...measures(selector), { selector, measure: { type: 'dau' } }],
  });
  const actual = result.buckets.map(({ start }, i) => ({
    day: start.slice(0, 10),
    uniques: result.series[1].values[i],
    total: result.series[0].values[i],
  }));
  expect(actual).toEqual(rows);
  expect(result.series[2].values).toEqual(result.series[1].values);
}

/** "Totals and uniques per event per week or month"; buckets without the event are not listed. */
export function checkBuckets(
  views: readonly ShardView[],
  question: { range: InsightsInput['range']; unit: 'week' | 'month'; more?: Measure[] },
  rows: readonly AnswerRow[],
): void {
  const { range, unit, more = [] } = question;
  const events = [...new Set(rows.map((row) => String(row['event'] ?? 'Order Placed')))];
  const result = ask(views, {
    type: 'insights',
    range,
    unit,
    metrics: events.flatMap((event) => measures(only(event), ...more)),
  });
  const perEvent = 2 + more.length;
  const actual = result.buckets.flatMap(({ start }, bucket) =>
    events.flatMap((event, i) => {
      const at = (metric: number) => result.series[i * perEvent + metric].values[bucket];
      if (at(0) === 0) return [];
      const label = unit === 'week' ? start.slice(0, 10) : start.slice(0, 7);
      const extra = more.length ? { amount_sum: round(at(2)) } : { event };
      return [{ [unit]: label, ...extra, total: at(0), uniques: at(1) }];
    }),
  );
  expect(sortRows(actual)).toEqual(sortRows(rows));
}

/** "Weekly rolling retention ('On')": one cohort a user, intervals 1 … 8. */
export function checkRetention(
  views: readonly ShardView[],
  question: { range: InsightsInput['range']; birth: EventSelector; return: EventSelector },
  rows: readonly AnswerRow[],
): void {
  const result: RetentionResult = ask(views, {
    type: 'retention',
    ...question,
    unit: 'week',
    criterion: 'on',
    births: 'first',
    intervals: 9,
  });
  const actual = result.cohorts
    .filter(({ size }) => size > 0)
    .map(({ bucket, size, counts }) => ({
      cohort: bucket.start.slice(0, 10),
      size,
      returned: counts.slice(1),
    }));
  expect(actual.slice(0, rows.length)).toEqual(rows);
}

/** Reference sums have three decimals. */
export function round(value: number | null): number {
  return Math.round((value ?? NaN) * 1000) / 1000;
}

function sortRows(rows: readonly object[]): object[] {
  const key = (row: object): string =>
    JSON.stringify(Object.entries(row).sort(([left], [right]) => (left < right ? -1 : 1)));
  return [...rows].sort((left, right) => (key(left) < key(right) ? -1 : 1));
}
