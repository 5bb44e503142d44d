import type { InsightsQuery, Measure, OverUsers } from '@arbor/schema/query';
import { trailing } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import { lookupIn } from './naive-values.ts';
import type { World, WorldEvent } from './world.ts';

/** What measuring needs to know of a question. */
export interface Measuring {
  readonly world: World;
  readonly unit: InsightsQuery['unit'];
  readonly timezone: string;
  /** The whole range. */
  readonly range: NaiveRange;
  /** The number of the session that an event is in, −1 = in none. */
  readonly sessionOf: (event: WorldEvent) => number;
}

/** How much of an event counts. */
export type Weight = (event: WorldEvent) => number;

export function activeDays(measure: Measure): number | undefined {
  if (measure.type === 'active') return measure.days;
  return { dau: 1, wau: 7, mau: 30 }[measure.type as 'dau' | 'wau' | 'mau'];
}

/** The time whose events make the value of a bucket. */
export function spanOf(measure: Measure, bucket: NaiveRange, asked: Measuring): NaiveRange {
  const { unit, timezone, range } = asked;
  if (measure.type === 'cumulative_unique') {
    return { startMs: range.startMs, endMs: Math.max(range.startMs, bucket.endMs) };
  }
  const days = activeDays(measure);
  if (!days) return bucket;
  if (unit !== 'hour' && unit !== 'minute') return trailing(bucket, days, timezone);
  return { startMs: bucket.endMs - days * 86_400_000, endMs: bucket.endMs };
}

export function within(event: WorldEvent, { startMs, endMs }: NaiveRange): boolean {
  return event.time >= startMs && event.time < endMs;
}

export function usersOf(events: readonly WorldEvent[]): number {
  return new Set(events.map((event) => event.user).filter((user) => user !== '')).size;
}

/** 4.1, over the events of one bucket or of the whole range. */
export function measured(
  measure: Measure,
  events: readonly WorldEvent[],
  bucket: NaiveRange,
  asked: Measuring,
  weightOf: Weight = () => 1,
): number | null {
  const { world } = asked;
  const own = events.filter((event) => within(event, spanOf(measure, bucket, asked)));
  switch (measure.type) {
    case 'total':
      return own.reduce((sum, event) => sum + weightOf(event), 0);
    case 'sessions':
      return new Set(own.map(asked.sessionOf).filter((session) => session >= 0)).size;
    case 'frequency':
    case 'per_user':
      return overUsers(measure.over, numbersOfUsers(measure, own, world));
    case 'distribution':
      return own.filter((event) => typeof lookupIn(world, event)(measure.property) === 'number')
        .length;
    case 'unique':
    case 'dau':
    case 'wau':
    case 'mau':
    case 'active':
    case 'cumulative_unique':
      return usersOf(own);
    case 'sum':
    case 'average':
    case 'min':
    case 'max':
    case 'median':
    case 'percentile':
    case 'distinct_count':
      return aggregated(measure, own, world, weightOf);
  }
}

type PropertyMeasure = Exclude<
  Extract<Measure, { property: unknown }>,
  { type: 'per_user' | 'distribution' }
>;

function aggregated(
  measure: PropertyMeasure,
  own: readonly WorldEvent[],
  world: World,
  weightOf: Weight,
): number | null {
  const values = own.map((event) => lookupIn(world, event)(measure.property));
  if (measure.type === 'distinct_count') {
    return new Set(values.filter((value) => value !== null).map((value) => JSON.stringify(value)))
      .size;
  }
  const numbers = values.filter((value) => typeof value === 'number');
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (measure.type === 'sum') {
    return own.reduce((total, event, i) => {
      const value = values[i];
      return total + (typeof value === 'number' ? value * weightOf(event) : 0);
    }, 0);
  }
  if (numbers.length === 0) return null;
  switch (measure.type) {
    case 'average':
      return sum / numbers.length;
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'median':
      return naivePercentile(numbers, 50);
    case 'percentile':
      return naivePercentile(numbers, measure.percentile);
  }
}

/** One number for each user who has one: how often, or an aggregate over his events. */
export function numbersOfUsers(
  measure: Extract<Measure, { type: 'frequency' | 'per_user' }>,
  events: readonly WorldEvent[],
  world: World,
): number[] {
  const users = [...new Set(events.map(({ user }) => user))].filter((user) => user !== '');
  return users.flatMap((user) => {
    const own = events.filter((event) => event.user === user);
    if (measure.type === 'frequency') return [own.length];
    const values = own.map((event) => lookupIn(world, event)(measure.property));
    const set = values.filter((value) => value !== null);
    const numbers = values.filter((value) => typeof value === 'number');
    const { aggregate } = measure;
    if (aggregate === 'distinct_count') {
      const distinct = new Set(set.map((value) => JSON.stringify(value))).size;
      return distinct === 0 ? [] : [distinct];
    }
    if (numbers.length === 0) return [];
    const sum = numbers.reduce((total, number) => total + number, 0);
    return [
      {
        sum,
        average: sum / numbers.length,
        min: Math.min(...numbers),
        max: Math.max(...numbers),
      }[aggregate],
    ];
  });
}

function overUsers(over: OverUsers, numbers: readonly number[]): number | null {
  const sum = numbers.reduce((total, number) => total + number, 0);
  if (over.type === 'sum') return sum;
  if (over.type === 'distribution') return numbers.length;
  if (numbers.length === 0) return null;
  switch (over.type) {
    case 'average':
      return sum / numbers.length;
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'median':
      return naivePercentile(numbers, 50);
    case 'percentile':
      return naivePercentile(numbers, over.percentile);
  }
}

/** Linear interpolation at rank p/100·(n − 1). */
export function naivePercentile(numbers: readonly number[], percentile: number): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  const rank = (percentile / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)];
  const above = sorted[Math.ceil(rank)];
  return below + (above - below) * (rank - Math.floor(rank));
}

/** 3.8. */
export function rankOf(
  measure: Measure,
  events: readonly WorldEvent[],
  asked: Measuring,
  weightOf: Weight,
): number | null {
  const { world, range } = asked;
  const own = events.filter((event) => within(event, range));
  if (activeDays(measure)) return usersOf(own);
  if (measure.type === 'average' || measure.type === 'median' || measure.type === 'percentile') {
    return own.filter((e) => typeof lookupIn(world, e)(measure.property) === 'number').length;
  }
  if (measure.type === 'frequency' || measure.type === 'per_user') {
    const isCount = !['sum', 'min', 'max'].includes(measure.over.type);
    if (isCount) return numbersOfUsers(measure, own, world).length;
  }
  return measured(measure, own, range, asked, weightOf);
}
