import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';
import { unreachable } from '../../base/assert.ts';
import type { BreakdownPlan, ZonePlan } from '../plan/plan-types.ts';
import { castValue, isList, textOf } from './computed-values.ts';
import { castToDate, instantOfDate } from './date-values.ts';
import { notSet, segmentOf } from './value-segments.ts';
import { zoneClock } from './zone-clock.ts';
import type { ZoneClock } from './zone-clock.ts';

export type PropertyBreakdownPlan = Extract<BreakdownPlan, { type: 'property' }>;

/** The segments that a value lies in; an item twice in a list may be there twice. */
export type SegmentsOfValue = (value: PropertyValue) => readonly Segment[];

/** How a breakdown cuts values, which are those of its property before it is read as a number (3.7). */
export function bucketSegments(breakdown: PropertyBreakdownPlan, zone: ZonePlan): SegmentsOfValue {
  const segmentOfItem = bucketOf(breakdown, zone);
  return (value) => {
    if (!isList(value)) return [segmentOfItem(value)];
    return value.length === 0 ? [notSet] : value.map(segmentOfItem);
  };
}

function bucketOf(
  { buckets, property }: PropertyBreakdownPlan,
  zone: ZonePlan,
): (item: PropertyValue) => Segment {
  const isNumber = property.cast === 'number';
  switch (buckets.type) {
    case 'none':
      return isNumber ? (item) => numberSegment(item, segmentOf) : segmentOf;
    case 'numbers':
      return numbersBy(segmentOf, isNumber);
    case 'even':
      return numberRanges(evenEdges(buckets), isNumber);
    case 'varied':
      return numberRanges(buckets.edges, isNumber);
    case 'groups':
      return textGroups(buckets.groups);
    case 'date':
      return dateBuckets(buckets.unit, zone);
    default:
      return unreachable(buckets);
  }
}

const nonNumeric: Segment = { type: 'non_numeric', text: '(non-numeric values)' };
const remaining: Segment = { type: 'remaining', text: '(remaining values)' };

/** What is read as a number and is none has a segment of its own. */
function numberSegment(item: PropertyValue, ofNumber: (number: number) => Segment): Segment {
  if (item === null) return notSet;
  const number = castValue('number', item);
  return typeof number === 'number' ? ofNumber(number) : nonNumeric;
}

/** Edges of buckets of one size; the last bucket ends at `max` and may be smaller. */
function evenEdges({ min, max, size }: { min: number; max: number; size: number }): number[] {
  const edges: number[] = [];
  for (let n = 0, edge = min; edge < max; edge = roundEdge(min + ++n * size)) edges.push(edge);
  return [...edges, max];
}

/** 0.1 + 0.2 is meant to be 0.3, here and in the name of the segment. */
const roundEdge = (edge: number): number => Number(edge.toPrecision(12));

/** Lower edges inside, upper ones outside; what lies before the first and from the last on too. */
function numberRanges(
  edges: readonly number[],
  readsTexts: boolean,
): (item: PropertyValue) => Segment {
  const segments = Array.from({ length: edges.length + 1 }, (_, n): Segment => {
    if (n === 0) return { type: 'range', text: `< ${edges[0]}` };
    if (n === edges.length) return { type: 'range', text: `≥ ${edges[n - 1]}` };
    return { type: 'range', text: `${edges[n - 1]} – ${edges[n]}` };
  });
  const ofNumber = (number: number): Segment => {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edges[middle] <= number) low = middle + 1;
      else high = middle;
    }
    return segments[low];
  };
  return numbersBy(ofNumber, readsTexts);
}

/** `readsTexts`: a text may be a number. */
function numbersBy(
  ofNumber: (number: number) => Segment,
  readsTexts: boolean,
): (item: PropertyValue) => Segment {
  return (item) => {
    if (readsTexts) return numberSegment(item, ofNumber);
    if (item === null) return notSet;
    return typeof item === 'number' ? ofNumber(item) : nonNumeric;
  };
}

/** A value of two groups is in the first of them. */
function textGroups(
  groups: readonly { readonly name: string; readonly values: readonly string[] }[],
): (item: PropertyValue) => Segment {
  const byText = new Map<string, Segment>();
  for (const { name, values } of groups) {
    for (const value of values) {
      if (!byText.has(value)) byText.set(value, { type: 'group', text: name });
    }
  }
  return (item) => {
    if (item === null) return notSet;
    const text = textOf(item);
    return (text === undefined ? undefined : byText.get(text)) ?? remaining;
  };
}

type DateUnit = Extract<PropertyBreakdownPlan['buckets'], { type: 'date' }>['unit'];

/** What is no date, read as one (3.5), is not set. */
function dateBuckets(unit: DateUnit, zone: ZonePlan): (item: PropertyValue) => Segment {
  const clock = zoneClock(zone.timezone);
  return (item) => {
    const instant = instantOfDate(castToDate(item), clock);
    if (Number.isNaN(instant)) return notSet;
    return { type: 'date', text: dateText(instant, unit, clock, zone) };
  };
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** The local start of the bucket: a date, or a time with its offset, as an hour may come twice. */
function dateText(
  instant: number,
  unit: DateUnit,
  clock: ZoneClock,
  { weekStart, quarterStart = 1 }: ZonePlan,
): string {
  const wall = new Date(clock.wallOf(instant));
  const timeText = (of: number, shown: Date): string =>
    `${shown.toISOString().slice(0, 'YYYY-MM-DDTHH:MM'.length)}:00${offsetText(clock.offsetAt(of))}`;
  switch (unit) {
    case 'minute':
      return timeText(instant, wall);
    case 'hour': {
      // An hour also begins where the offset changes, as it does on the axis of time.
      const sinceHour = wall.getTime() - Math.floor(wall.getTime() / hourMs) * hourMs;
      const start = Math.max(instant - sinceHour, clock.offsetSince(instant));
      return timeText(start, new Date(clock.wallOf(start)));
    }
    case 'day':
      return dateOf(wall);
    case 'week':
      wall.setUTCDate(wall.getUTCDate() - ((wall.getUTCDay() - weekStart + 7) % 7));
      return dateOf(wall);
    case 'month':
      wall.setUTCDate(1);
      return dateOf(wall);
    case 'quarter':
      wall.setUTCMonth(wall.getUTCMonth() - ((wall.getUTCMonth() + 13 - quarterStart) % 3), 1);
      return dateOf(wall);
    case 'year':
      wall.setUTCMonth(0, 1);
      return dateOf(wall);
    case 'hour_of_day':
      return String(wall.getUTCHours());
    case 'day_of_week':
      return weekdays[wall.getUTCDay()];
    default:
      return unreachable(unit);
  }
}

const dateOf = (wall: Date): string => wall.toISOString().slice(0, -'T00:00:00.000Z'.length);

function offsetText(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / minuteMs;
  const part = (number: number): string => String(Math.floor(number)).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${part(minutes / 60)}:${part(minutes % 60)}`;
}
