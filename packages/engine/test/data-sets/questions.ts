import type { EventSelector, Measure, QueryInput } from '@arbor/schema/query';
import type { InsightsResult } from '@arbor/schema/result';
import type { ResultOf } from '../model/ask.ts';
import type { AnswerRow } from './load-data-set.ts';

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;

/** Whatever answers queries over a data set: the engine alone, or a whole stack over HTTP. */
export type Asker = <const Q extends QueryInput>(query: Q) => Promise<ResultOf<Q>>;

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
  if (!line) throw new Error(`metric ${metric} has no segment "${segment}"`);
  return line.total;
}

/** "Totals and uniques per event". */
export async function totals(
  ask: Asker,
  range: InsightsInput['range'],
  events: readonly string[],
): Promise<AnswerRow[]> {
  const result = await ask({
    type: 'insights',
    range,
    unit: 'month',
    metrics: events.flatMap((event) => measures(only(event))),
  });
  return events.map((event, i) => ({
    event,
    total: result.series[2 * i].total,
    uniques: result.series[2 * i + 1].total,
  }));
}

/** "DAU and totals of any event for each day". */
export async function days(ask: Asker, rows: readonly AnswerRow[]): Promise<AnswerRow[]> {
  const range = { from: String(rows[0]['day']), to: String(rows[rows.length - 1]['day']) };
  const selector = only(null);
  const result = await ask({
    type: 'insights',
    range,
    metrics: measures(selector, { type: 'dau' }),
  });
  return result.buckets.map(({ start }, i) => ({
    day: start.slice(0, 10),
    uniques: result.series[2].values[i],
    total: result.series[0].values[i],
  }));
}

/** "Totals and uniques per event per week or month"; buckets without the event are not listed. */
export async function eventBuckets(
  ask: Asker,
  question: {
    range: InsightsInput['range'];
    unit: 'week' | 'month';
    events: readonly string[];
  },
): Promise<AnswerRow[]> {
  const { range, unit, events } = question;
  const result = await ask({
    type: 'insights',
    range,
    unit,
    metrics: events.flatMap((event) => measures(only(event))),
  });
  return result.buckets.flatMap(({ start }, bucket) =>
    events.flatMap((event, i) => {
      const total = result.series[2 * i].values[bucket];
      if (total === 0) return [];
      const label = unit === 'week' ? start.slice(0, 10) : start.slice(0, 7);
      return [{ [unit]: label, event, total, uniques: result.series[2 * i + 1].values[bucket] }];
    }),
  );
}

/** "Weekly rolling retention ('On')": one cohort a user, intervals 1 … 8. */
export async function weeklyRetention(
  ask: Asker,
  question: { range: InsightsInput['range']; birth: EventSelector; return: EventSelector },
): Promise<AnswerRow[]> {
  const { cohorts } = await ask({
    type: 'retention',
    ...question,
    unit: 'week',
    criterion: 'on',
    births: 'first',
    intervals: 9,
  });
  return cohorts
    .filter(({ size }) => size > 0)
    .map(({ bucket, size, counts }) => ({
      cohort: bucket.start.slice(0, 10),
      size,
      returned: counts.slice(1),
    }));
}

/** Reference sums have three decimals. */
export function round(value: number | null): number {
  return Math.round((value ?? NaN) * 1000) / 1000;
}
