import type { OverUsers, UserAggregate, measureSchema } from '@arbor/schema/query';
import type { z } from 'zod';
import type { MeasurementEntry } from './bookmark-schema.ts';
import { readProperty } from './bookmark-properties.ts';
import { oneOf, refuse } from './refuse.ts';

type MeasureInput = z.input<typeof measureSchema>;

const percentiles: Readonly<Record<string, number>> = { p25: 25, p75: 75, p90: 90, p99: 99 };

const userAggregates: Readonly<Record<string, UserAggregate>> = {
  total: 'sum',
  average: 'average',
  min: 'min',
  max: 'max',
  unique_values: 'distinct_count',
};

/** How a measure of events is called in the names of series. */
export function mathName(math: string): string {
  const known: Readonly<Record<string, string>> = { dau: 'DAU', wau: 'WAU', mau: 'MAU' };
  return known[math] ?? math.split('_').map(capital).join(' ');
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Measures of events (`query-api.md` 13.2): of a property where the measurement names one. */
export function readMeasure(entry: MeasurementEntry): MeasureInput {
  const math = (entry.math ?? 'unique').toLowerCase();
  const property = entry.property ? readProperty(entry.property) : undefined;
  if (entry.perUserAggregation) {
    const aggregate = oneOf(userAggregates, 'the aggregation per user', entry.perUserAggregation);
    const over = overUsers(math, entry);
    return property ? { type: 'per_user', property, aggregate, over } : { type: 'frequency', over };
  }
  switch (math) {
    case 'total':
      return property ? { type: 'sum', property } : { type: 'total' };
    case 'unique':
    case 'cumulative_unique':
    case 'sessions':
    case 'dau':
    case 'wau':
    case 'mau':
      return { type: math };
    case 'average':
    case 'median':
    case 'min':
    case 'max':
      return property ? { type: math, property } : { type: 'frequency', over: { type: math } };
    case 'unique_values':
      return { type: 'distinct_count', property: property ?? needed(math) };
    case 'histogram':
      return property
        ? { type: 'distribution', property }
        : { type: 'frequency', over: { type: 'distribution' } };
    default: {
      const percentile = percentileOf(math, entry);
      return property
        ? { type: 'percentile', property, percentile }
        : { type: 'frequency', over: { type: 'percentile', percentile } };
    }
  }
}

function overUsers(math: string, entry: MeasurementEntry): OverUsers {
  switch (math) {
    case 'total':
      return { type: 'sum' };
    case 'average':
    case 'median':
    case 'min':
    case 'max':
      return { type: math };
    case 'histogram':
      return { type: 'distribution' };
    default:
      return { type: 'percentile', percentile: percentileOf(math, entry) };
  }
}

function percentileOf(math: string, { percentile }: MeasurementEntry): number {
  const known = Object.hasOwn(percentiles, math) ? percentiles[math] : undefined;
  if (known !== undefined) return known;
  if (math === 'custom_percentile' && typeof percentile === 'number') return percentile;
  const names =
    'total, unique, cumulative_unique, sessions, dau, wau, mau, average, median, min, max';
  return refuse(
    'the math',
    math,
    `use ${names}, p25, p75, p90, p99, custom_percentile, unique_values or histogram`,
  );
}

const needed = (math: string): never => refuse('the math without a property', math, 'name one');
