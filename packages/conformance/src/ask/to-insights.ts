import type { QueryInput } from '@arbor/schema/query';
import type { CaseQuery, CaseSeries } from '../cases/case-types.ts';
import type { Rules } from '../judge/rules.ts';
import { toBreakdown } from './breakdown.ts';
import { NotAskable } from './not-askable.ts';
import { toFilters, toSelector } from './selectors.ts';

type InsightsInput = Extract<QueryInput, { type: 'insights' }>;
type MetricInput = Extract<InsightsInput['metrics'][number], { selector: unknown }>;
type MeasureInput = MetricInput['measure'];

export function toInsights(query: CaseQuery, rules: Rules): QueryInput {
  const { series = [], interval = 'day', from, to, formula, compare } = query;
  const { filters, ...segments } = toBreakdown(query.breakdown, rules);
  return {
    type: 'insights',
    range: { from, to },
    filters: [...toFilters(query.filters), ...filters],
    ...segments,
    metrics: series.map((own) => toMetric(own, query, rules)),
    unit: interval,
    ...(formula !== undefined && {
      formulas: [{ expression: formula }],
      divisionByZero: rules.divZero === 'zero' ? 'zero' : 'empty',
    }),
    ...(compare && { compare: { type: 'range', ...compare } }),
  };
}

function toMetric(
  series: CaseSeries,
  { cumulative = false, interval = 'day' }: CaseQuery,
  rules: Rules,
): MetricInput {
  // First-time users are users of first events: of that name ever, if it passes the filters.
  const firstTime = series.metric === 'first_time_users' ? 'event' : undefined;
  const selector = toSelector(series, { ...(firstTime && { firstTime }) });
  const measure = toMeasure(series, interval, rules);
  if (!cumulative) return { selector, measure };
  // A case counts a person once from the start of the range on: that is another measure with us (4.4).
  if (measure.type === 'unique') return { selector, measure: { type: 'cumulative_unique' } };
  return { selector, measure, cumulative: true };
}

const measureByMetric: Readonly<Record<string, MeasureInput['type']>> = {
  total: 'total',
  uniques: 'unique',
  first_time_users: 'unique',
  dau: 'unique',
  wau: 'wau',
  mau: 'mau',
  sum: 'sum',
  avg: 'average',
  min: 'min',
  max: 'max',
  median: 'median',
};

function toMeasure(
  { metric = 'total', property: name = '' }: CaseSeries,
  interval: NonNullable<CaseQuery['interval']>,
  { activeWindow }: Rules,
): MeasureInput {
  const property = { scope: 'event' as const, name };
  const percentile = /^p(\d+)$/.exec(metric)?.[1];
  if (percentile) return { type: 'percentile', property, percentile: Number(percentile) };
  const type = measureByMetric[metric];
  if (type === undefined) throw new NotAskable(`metric "${metric}"`);
  // By week and month a case may mean the people of the bucket.
  const isLong = interval === 'week' || interval === 'month';
  if (isLong && activeWindow === 'bucket' && (type === 'wau' || type === 'mau')) {
    return { type: 'unique' };
  }
  return name === '' ? ({ type } as MeasureInput) : ({ type, property } as MeasureInput);
}
