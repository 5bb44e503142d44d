import type { PropertyValue } from '@arbor/schema/property-value';
import type { Breakdown, Filter, PropertyBreakdown, PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { Calendar } from '../../src/query/plan/calendar.ts';
import { cast } from './naive-computed.ts';
import { wholeBuckets } from './naive-time.ts';
import { instantOf, passesValue, same, sidesOf, toSegment } from './naive-values.ts';
import type { Lookup } from './naive-values.ts';
import type { World } from './world.ts';

/** A segment, and how much of the thing it has. */
export interface WeightedSegment {
  readonly segment: Segment;
  readonly weight: number;
}

interface Question {
  readonly breakdowns: readonly Breakdown[];
  readonly filters: readonly Filter[];
  /** Those of each event of a metric by itself. */
  readonly inline?: readonly (readonly Filter[])[];
}

/** The segments of a thing by all breakdowns of a report (3.6, 3.7), each once. */
export function segmentsBy(query: Question, lookup: Lookup, world: World): Segment[] {
  return weightedSegmentsBy(query, lookup, world).map(({ segment }) => segment);
}

/** The same with the part of the thing that each has: less than all of it where touches share it (14.6). */
export function weightedSegmentsBy(
  query: Question,
  lookup: Lookup,
  world: World,
): WeightedSegment[] {
  const whole = combinations(query, lookup, world);
  // Shares are multiples of 2^-40, so that they add up to the same in any order.
  return whole.map(({ segment, weight }) => ({
    segment,
    weight: Math.round(weight * 2 ** 40) / 2 ** 40,
  }));
}

function combinations(query: Question, lookup: Lookup, world: World): WeightedSegment[] {
  const [first, ...others] = query.breakdowns.map((breakdown) =>
    segmentsOfOne(breakdown, query, lookup, world),
  );
  if (first === undefined) return [];
  if (others.length === 0) return first;
  let all = first.map(({ segment, weight }) => ({ parts: [segment], weight }));
  for (const axis of others) {
    all = all.flatMap((own) =>
      axis.map(({ segment, weight }) => ({
        parts: [...own.parts, segment],
        weight: own.weight * weight,
      })),
    );
  }
  return all.map(({ parts, weight }) => ({
    segment: { type: 'combination', text: parts.map(({ text }) => text).join(' / '), parts },
    weight,
  }));
}

function segmentsOfOne(
  breakdown: Breakdown,
  query: Question,
  lookup: Lookup,
  world: World,
): WeightedSegment[] {
  if (breakdown.type === 'cohort') {
    return breakdown.cohorts.flatMap((cohort, n) => {
      const name = cohort.type === 'saved' ? cohort.id : (cohort.name ?? `cohort ${n + 1}`);
      return sidesOf(lookup, [cohort]).map((type) => ({
        segment: { type, text: name },
        weight: 1,
      }));
    });
  }
  const { property } = breakdown;
  const isAttributed = property.computed?.type === 'attributed';
  const wanted = (item: PropertyValue): boolean =>
    (breakdown.items !== 'matching' && !isAttributed) || isShown(item, property, query, world);
  const segments = (value: PropertyValue): Segment[] => {
    const items = Array.isArray(value) ? (value as PropertyValue[]) : [value];
    const own = (items.length === 0 ? [null] : items).filter(wanted);
    return unique(own.map((item) => segmentOfItem(breakdown, item, world)));
  };
  const shares = isAttributed ? lookup.touches?.(property) : undefined;
  if (shares === undefined || shares.length === 0) {
    const raw = property.cast === 'number' ? { ...property, cast: undefined } : property;
    return segments(lookup(raw)).map((segment) => ({ segment, weight: 1 }));
  }
  const segmentsOfTouch = (value: PropertyValue): Segment[] =>
    segments(property.cast === 'number' ? value : cast(property.cast, value));
  const all = unique(shares.flatMap(({ value }) => segmentsOfTouch(value)));
  const isShared = property.computed?.type === 'attributed' && property.computed.model.type;
  return all
    .map((segment) => {
      const own = shares.filter(({ value }) =>
        segmentsOfTouch(value).some((one) => same(one, segment)),
      );
      const sum = own.reduce((total, { share }) => total + share, 0);
      return { segment, weight: isShared === 'participation' ? 1 : sum };
    })
    .filter(({ weight }) => weight > 1e-12);
}

function unique(segments: readonly Segment[]): Segment[] {
  return segments.filter((one, i) => segments.findIndex((other) => same(other, one)) === i);
}

/** Whether the filters let an item through (3.6); of several events of a metric those of any. */
function isShown(
  item: PropertyValue,
  property: PropertyRef,
  { filters, inline = [] }: Question,
  world: World,
): boolean {
  const says = (own: readonly Filter[]) => verdictOn(item, property, own, world);
  if (says(filters) === false) return false;
  const verdicts = inline.map(says);
  return verdicts.length === 0 || verdicts.some((verdict) => verdict !== false);
}

/** What filters of which all must pass say of an item; null = nothing. */
function verdictOn(
  item: PropertyValue,
  property: PropertyRef,
  filters: readonly Filter[],
  world: World,
): boolean | null {
  const nameOf = ({ cast: _cast, ...rest }: PropertyRef): string => JSON.stringify(rest);
  const verdicts = filters.flatMap((filter): boolean[] => {
    if (filter.type === 'property' && nameOf(filter.property) === nameOf(property)) {
      return [passesValue(filter, cast(filter.property.cast, item), world)];
    }
    if (filter.type === 'all') {
      const own = verdictOn(item, property, filter.filters, world);
      return own === null ? [] : [own];
    }
    if (filter.type !== 'any') return [];
    const options = filter.filters.map((option) => verdictOn(item, property, [option], world));
    return options.includes(null) ? [] : [options.includes(true)];
  });
  return verdicts.length === 0 ? null : verdicts.every((verdict) => verdict);
}

/** 3.7. */
function segmentOfItem(
  { buckets = { type: 'none' }, property }: PropertyBreakdown,
  item: PropertyValue,
  world: World,
): Segment {
  if (item === null) return { type: 'not_set', text: '(not set)' };
  const number = property.cast === 'number' ? cast('number', item) : item;
  const isNumber = typeof number === 'number';
  switch (buckets.type) {
    case 'auto':
      throw new Error('automatic buckets are chosen before');
    case 'none':
      if (property.cast === 'number' && !isNumber) return nonNumeric;
      return toSegment(number);
    case 'numbers':
      return isNumber ? toSegment(number) : nonNumeric;
    case 'even': {
      if (!isNumber) return nonNumeric;
      const { min, max, size } = buckets;
      if (number < min) return { type: 'range', text: `< ${min}` };
      if (number >= max) return { type: 'range', text: `≥ ${max}` };
      // 0.1 + 0.2 is meant to be 0.3.
      const edge = (n: number): number => Number((min + n * size).toPrecision(12));
      let n = 0;
      while (edge(n + 1) <= number) n++;
      return { type: 'range', text: `${edge(n)} – ${Math.min(edge(n + 1), max)}` };
    }
    case 'varied': {
      if (!isNumber) return nonNumeric;
      const after = buckets.edges.findIndex((edge) => number < edge);
      if (after === 0) return { type: 'range', text: `< ${buckets.edges[0]}` };
      if (after < 0) return { type: 'range', text: `≥ ${buckets.edges.at(-1)}` };
      return { type: 'range', text: `${buckets.edges[after - 1]} – ${buckets.edges[after]}` };
    }
    case 'groups': {
      const text = typeof item === 'object' ? undefined : String(item);
      const group = buckets.groups.find(({ values }) => values.some((value) => value === text));
      if (group) return { type: 'group', text: group.name };
      return { type: 'remaining', text: '(remaining values)' };
    }
    case 'date': {
      const { timezone = 'UTC', weekStart = 1, quarterStart = 1 } = world.asked?.context ?? {};
      const instant = instantOf(cast('date', item), timezone);
      if (Number.isNaN(instant)) return { type: 'not_set', text: '(not set)' };
      return {
        type: 'date',
        text: dateText(instant, buckets.unit, { timezone, weekStart, quarterStart }),
      };
    }
  }
}

const nonNumeric: Segment = { type: 'non_numeric', text: '(non-numeric values)' };

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

function dateText(
  instant: number,
  unit: Extract<NonNullable<PropertyBreakdown['buckets']>, { type: 'date' }>['unit'],
  { timezone, weekStart, quarterStart }: Required<Calendar>,
): string {
  const startOf = (of: 'hour' | 'day' | 'week' | 'month'): string => {
    const buckets = wholeBuckets(of, timezone, weekStart);
    const own = buckets.find(({ startMs, endMs }) => instant >= startMs && instant < endMs);
    if (own === undefined) throw new Error(`outside: ${instant}`);
    return own.start;
  };
  const date = startOf('day').slice(0, 10);
  switch (unit) {
    case 'minute': {
      const hour = startOf('hour');
      const seconds = Math.floor((instant - Date.parse(hour)) / 1000);
      const minute = Number(hour.slice(14, 16)) + Math.floor(seconds / 60);
      return `${hour.slice(0, 14)}${String(minute).padStart(2, '0')}:00${hour.slice(19)}`;
    }
    case 'hour':
      return startOf('hour');
    case 'hour_of_day':
      return String(Number(startOf('hour').slice(11, 13)));
    case 'day_of_week':
      return weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()];
    case 'day':
    case 'week':
    case 'month':
      return startOf(unit).slice(0, 10);
    case 'quarter': {
      const month = Number(date.slice(5, 7));
      // So many months after the start of its quarter, which may lie in the year before.
      const first = month - ((month - quarterStart + 12) % 3);
      const year = Number(date.slice(0, 4)) - (first < 1 ? 1 : 0);
      return `${year}-${String(first < 1 ? first + 12 : first).padStart(2, '0')}-01`;
    }
    case 'year':
      return `${date.slice(0, 4)}-01-01`;
  }
}
