import { propertyRefSchema, timeUnitSchema } from '@arbor/schema/query';
import type { InsightsQueryInput, Measure, TimeUnit } from '@arbor/schema/query';
import { z } from 'zod';
import { eventLabel, propertyLabel } from '#format/property-name.ts';
import {
  breakdownsLabel,
  breakdownsSchema,
  queryBreakdowns,
  withSeveralBreakdowns,
} from '#report/breakdown.ts';
import { listedNumberSchema } from '#report/listed-number.ts';
import {
  eventStateSchema,
  incompleteCount,
  queryFilters,
  querySelector,
  reportFilterSchema,
} from '#report/question.ts';
import { dayCount } from '#report/calendar-date.ts';
import { automaticUnit, rangeStateSchema, resolveRange, type DayRange } from '#report/range.ts';
import { askedComparison } from '#report/time-comparison.ts';
import { analysisLabel, analysisSchema, askedAnalysis } from './analysis.ts';
import { compareStateSchema, timeOf } from './compare.ts';
import { askedFormula, formulasMax, formulaStateSchema, type AskedFormula } from './formula.ts';

/** What is measured about an event. Those from `sum` on need a property. */
export const measureTypes = [
  'total',
  'unique',
  'dau',
  'wau',
  'mau',
  'sessions',
  'sum',
  'average',
  'median',
  'min',
  'max',
  'percentile',
  'distinct_count',
] as const;
export type MeasureType = (typeof measureTypes)[number];

export const measureLabels: Readonly<Record<MeasureType, string>> = {
  total: 'Total',
  unique: 'Unique users',
  dau: 'DAU',
  wau: 'WAU',
  mau: 'MAU',
  sessions: 'Sessions',
  sum: 'Sum',
  average: 'Average',
  median: 'Median',
  min: 'Minimum',
  max: 'Maximum',
  percentile: 'Percentile',
  distinct_count: 'Distinct values',
};

const withoutProperty: readonly MeasureType[] = [
  'total',
  'unique',
  'dau',
  'wau',
  'mau',
  'sessions',
];

export function needsProperty(type: MeasureType): boolean {
  return !withoutProperty.includes(type);
}

/** Only numbers can be summed; any value can be counted. */
export function needsNumbers(type: MeasureType): boolean {
  return needsProperty(type) && type !== 'distinct_count';
}

export const metricStateSchema = z.object({
  ...eventStateSchema.shape,
  measure: z.object({
    type: z.enum(measureTypes),
    property: propertyRefSchema.optional(),
    percentile: z.number().min(0).max(100).optional(),
  }),
});
export type MetricState = z.infer<typeof metricStateSchema>;

export const chartKinds = [
  'line',
  'area',
  'grouped',
  'column',
  'bar',
  'donut',
  'number',
  'table',
] as const;
export type ChartKind = (typeof chartKinds)[number];

/** Everything the view shows, as it stands in the URL. */
const stateSchema = z.object({
  range: rangeStateSchema,
  /** Before a part of the chart was dragged over; null = nothing was since the range was chosen. */
  zoomedFrom: rangeStateSchema.nullable().default(null),
  /** Null: by the length of the range. */
  unit: timeUnitSchema.nullable(),
  metrics: z.array(metricStateSchema).min(1).max(26),
  formulas: z.array(formulaStateSchema).max(formulasMax).default([]),
  filters: z.array(reportFilterSchema),
  breakdowns: breakdownsSchema,
  chart: z.enum(chartKinds),
  analysis: analysisSchema.nullable().default(null),
  compare: compareStateSchema.nullable().default(null),
  /** Keys of the drawn series; null is the default selection, which follows the figures. */
  selected: z.array(z.string()).nullable().default(null),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
  /** The number whose users or events are listed beside the report. */
  listed: listedNumberSchema.nullable().default(null),
});
export type InsightsState = z.infer<typeof stateSchema>;
export const insightsStateSchema = z.preprocess(withSeveralBreakdowns, stateSchema);

export const newMetric: MetricState = { event: null, filters: [], measure: { type: 'total' } };

/** A new report: how much happened, a month of days (UX-I1). */
export const initialState: InsightsState = {
  range: { preset: '30d' },
  zoomedFrom: null,
  unit: null,
  metrics: [newMetric],
  formulas: [],
  filters: [],
  breakdowns: [],
  chart: 'line',
  analysis: null,
  compare: null,
  selected: null,
  sort: null,
  listed: null,
};

export const defaultPercentile = 90;

function queryMeasure({ measure }: MetricState): Measure | null {
  const { type, property, percentile } = measure;
  switch (type) {
    case 'total':
    case 'unique':
    case 'dau':
    case 'wau':
    case 'mau':
    case 'sessions':
      return { type };
    case 'percentile':
      return property === undefined
        ? null
        : { type, property, percentile: percentile ?? defaultPercentile };
    case 'sum':
    case 'average':
    case 'median':
    case 'min':
    case 'max':
    case 'distinct_count':
      return property === undefined ? null : { type, property };
  }
}

/** Minutes of a longer range are more points than can be told apart, and than a page can draw. */
const minuteDaysMax = 4;

/** The units that a range can be drawn in (`ux.md` 5.2). */
export function unitsFor({ from, to }: DayRange): readonly TimeUnit[] {
  const all: readonly TimeUnit[] = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
  return dayCount(from, to) > minuteDaysMax ? all.slice(1) : all;
}

export function unitOf(state: InsightsState, timezone: string, nowMs: number): TimeUnit {
  return state.unit ?? automaticUnit(resolveRange(state.range, timezone, nowMs));
}

/** Metrics that can be asked for; `position` is the place in the builder, hence the letter. */
export type AskedMetric = { readonly position: number; readonly metric: MetricState };

export function askedMetrics(state: InsightsState): readonly AskedMetric[] {
  return state.metrics.flatMap((metric, position) =>
    querySelector(metric) === null || queryMeasure(metric) === null ? [] : [{ position, metric }],
  );
}

/** Formulas that can be asked for, in the letters of the query. */
export function askedFormulas(state: InsightsState): readonly AskedFormula[] {
  const asked = askedMetrics(state).map(({ position }) => position);
  return state.formulas.flatMap((formula) => {
    const own = askedFormula(formula, asked, state.metrics.length);
    return own === null ? [] : [own];
  });
}

/** The query behind the state, or null while no metric is complete. Chart, sort and selection are not part of it. */
export function insightsQuery(
  state: InsightsState,
  timezone: string,
  nowMs: number,
): InsightsQueryInput | null {
  const metrics = state.metrics.flatMap((metric) => {
    const selector = querySelector(metric);
    const measure = queryMeasure(metric);
    return selector === null || measure === null
      ? []
      : [{ selector, measure, ...askedAnalysis(state.analysis) }];
  });
  if (metrics.length === 0) return null;
  const formulas = askedFormulas(state).map(({ expression, name }) => ({ expression, name }));
  const range = resolveRange(state.range, timezone, nowMs);
  const compare = askedComparison(timeOf(state.compare), range);
  return {
    type: 'insights',
    range,
    unit: unitOf(state, timezone, nowMs),
    metrics,
    ...(formulas.length === 0 ? {} : { formulas }),
    ...(compare === undefined ? {} : { compare }),
    filters: queryFilters(state.filters),
    breakdowns: queryBreakdowns(state.breakdowns),
    segmentsMax: 3000,
    otherSegment: false,
  };
}

/** What is left out of the query because something is missing in it. */
export function leftOut(state: InsightsState): {
  readonly filters: number;
  readonly metrics: number;
  readonly formulas: number;
} {
  return {
    filters: incompleteCount(state.filters, ...state.metrics.map((metric) => metric.filters)),
    metrics: state.metrics.length - askedMetrics(state).length,
    formulas: state.formulas.length - askedFormulas(state).length,
  };
}

export function metricLetter(position: number): string {
  return String.fromCharCode(65 + position);
}

/** "Order completed, sum of amount". */
export function metricLabel({ event, measure }: MetricState): string {
  const name = eventLabel(event ?? null);
  const of = measure.property === undefined ? '' : ` of ${propertyLabel(measure.property.name)}`;
  const { type } = measure;
  const label = measureLabels[type];
  if (type === 'percentile') return `${name}, p${measure.percentile ?? defaultPercentile}${of}`;
  // DAU, WAU and MAU are written in capitals wherever they stand.
  const written = type === 'dau' || type === 'wau' || type === 'mau' ? label : label.toLowerCase();
  return `${name}, ${written}${needsProperty(type) ? of : ''}`;
}

/** An unsaved report is named by what it asks (UX-R4). */
export function reportTitle(state: InsightsState): string {
  const formulas = askedFormulas(state).map(({ name }) => name);
  const metrics = [...state.metrics.map(metricLabel), ...formulas].join(' and ');
  const analysis = analysisLabel(state.analysis)?.toLowerCase();
  const by = breakdownsLabel(state.breakdowns);
  return [metrics, analysis, by === null ? undefined : `by ${by}`]
    .filter((part) => part !== undefined)
    .join(', ');
}
