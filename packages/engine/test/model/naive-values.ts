import type { PropertyValue } from '@arbor/schema/property-value';
import type { CohortRef, Filter, PropertyFilter, PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { attributedTo, derived, valueAt, valueOfUser } from './naive-computed.ts';
import { naiveRange, wholeBuckets } from './naive-time.ts';
import type { NaiveRange } from './naive-time.ts';
import type { World, WorldEvent } from './world.ts';

/** Looks a property of one thing up; a missing one is null. */
export interface Lookup {
  (property: PropertyRef): PropertyValue;
  /** Whether the user that the thing belongs to is in the cohort. */
  readonly member?: (cohort: CohortRef) => boolean;
  /** Of events of groups: whose cohorts are meant instead, each by itself. */
  readonly groups?: readonly string[];
  /** Of events: what has how much of them (14.6). */
  readonly touches?: (
    property: PropertyRef,
  ) => { readonly value: PropertyValue; readonly share: number }[];
  readonly world?: World;
}

export function lookupIn(world: World, event: WorldEvent): Lookup {
  return Object.assign((property: PropertyRef) => valueAt(world, event, property), {
    member: (cohort: CohortRef) => isMember(event.user, cohort),
    touches: (property: PropertyRef) => attributedTo(world, event, property),
    world,
    ...(world.cohortsOf !== undefined && { groups: groupsOf(event, world.cohortsOf) }),
  });
}

/** The same of a user: properties of persons and cohorts. */
export function lookupOfUser(world: World, user: string): Lookup {
  return Object.assign((property: PropertyRef) => valueOfUser(world, user, property), {
    member: (cohort: CohortRef) => isMember(user, cohort),
    world,
  });
}

/** The groups of an event, each once (21). */
export function groupsOf({ properties }: WorldEvent, groupKey: string): string[] {
  const value = properties[groupKey] ?? null;
  const items = (Array.isArray(value) ? value : [value]) as PropertyValue[];
  const texts = items
    .filter((item) => item !== null && typeof item !== 'object')
    .map(String)
    .filter((text) => text !== '');
  return [...new Set(texts)];
}

/** Whether a thing is in any of the cohorts, whether it is in none: an event of two groups may be both (21). */
export function sidesOf(lookup: Lookup, cohorts: readonly CohortRef[]): ('in' | 'not_in')[] {
  const { groups } = lookup;
  if (groups === undefined || groups.length === 0) {
    const isOfUser = groups === undefined && cohorts.some((cohort) => lookup.member?.(cohort));
    return [isOfUser ? 'in' : 'not_in'];
  }
  const sides = groups.map((group) =>
    cohorts.some((cohort) => isMember(group, cohort)) ? ('in' as const) : ('not_in' as const),
  );
  return [...new Set(sides)];
}

/** Cohorts of a question are lists of users by now. */
function isMember(user: string, cohort: CohortRef): boolean {
  if (cohort.type !== 'users') throw new Error('the members of a cohort are not worked out');
  return user !== '' && cohort.ids.includes(user);
}

/** reports.md 3.4, one value at a time. */
export function passes(filter: Filter, lookup: Lookup): boolean {
  switch (filter.type) {
    case 'all':
      return filter.filters.every((inner) => passes(inner, lookup));
    case 'any':
      return filter.filters.some((inner) => passes(inner, lookup));
    case 'cohort':
      return sidesOf(lookup, filter.cohorts).includes(filter.operator);
    case 'items': {
      const value = lookup(filter.property);
      const items = Array.isArray(value) ? (value as PropertyValue[]) : [value];
      const test = (item: PropertyValue): boolean =>
        filter.filters.every((inner) => passes(inner, lookupInItem(item, lookup)));
      return anyOrAll(filter.quantifier, items, test);
    }
    case 'property':
      return passesValue(filter, lookup(filter.property), lookup.world);
  }
}

function lookupInItem(item: PropertyValue, { world }: Lookup): Lookup {
  const of = ({ name, path = [], ...rest }: PropertyRef): PropertyValue =>
    derived(world ?? { events: [], people: {} }, { ...rest, name, path: [name, ...path] }, item);
  return Object.assign(of, world ? { world } : {});
}

function anyOrAll(
  quantifier: 'any' | 'all' | undefined,
  items: readonly PropertyValue[],
  test: (item: PropertyValue) => boolean,
): boolean {
  return quantifier === 'all' ? items.length > 0 && items.every(test) : items.some(test);
}

export function passesValue(filter: PropertyFilter, value: PropertyValue, world?: World): boolean {
  const { operator, quantifier } = filter;
  if (operator === 'is_set') return value !== null;
  if (operator === 'is_not_set') return value === null;
  // Lists pass where any item does, or all of them; negative operators where their positive does not.
  const items = Array.isArray(value) ? (value as PropertyValue[]) : [value];
  const of = (positive: PropertyFilter['operator']): boolean =>
    anyOrAll(quantifier, items, (item) =>
      itemPasses({ ...filter, operator: positive }, item, world),
    );
  if (operator === 'does_not_equal') return !of('equals');
  if (operator === 'does_not_contain') return !of('contains');
  if (operator === 'was_not_on') return !of('was_on');
  if (operator === 'was_not_between') return !of('was_between');
  if (operator === 'was_not_in_last') return !of('was_in_last');
  if (operator !== 'not_between') return of(operator);
  // What is no number is not outside of anything either.
  return items.some((item) => typeof item === 'number') && !of('between');
}

function itemPasses(filter: PropertyFilter, item: PropertyValue, world?: World): boolean {
  const { operator, values } = filter;
  if (operator.startsWith('was_')) return datePasses(filter, item, world);
  const first = values[0];
  const second = values[1];
  if (operator === 'is_true') return item === true;
  if (operator === 'is_false') return item === false;
  if (operator === 'equals') {
    return values.some((wanted) => {
      if (typeof wanted === typeof item) return wanted === item;
      // A text asks for the value as text.
      return typeof wanted === 'string' && isPlain(item) && String(item) === wanted;
    });
  }
  if (operator === 'contains' || operator === 'starts_with' || operator === 'ends_with') {
    if (!isPlain(item)) return false;
    const cased = (own: unknown): string =>
      filter.matchCase === true ? String(own) : String(own).toLowerCase();
    const text = cased(item);
    return values.some((wanted) => {
      const part = cased(wanted);
      if (operator === 'contains') return text.includes(part);
      return operator === 'starts_with' ? text.startsWith(part) : text.endsWith(part);
    });
  }
  if (typeof item !== 'number' || typeof first !== 'number') return false;
  if (operator === 'greater_than') return item > first;
  if (operator === 'less_than') return item < first;
  if (operator === 'at_least') return item >= first;
  if (operator === 'at_most') return item <= first;
  return typeof second === 'number' && first <= item && item <= second;
}

/** Dates are texts; the span is one of days in the project's zone (2.2, 3.4). */
function datePasses(filter: PropertyFilter, item: PropertyValue, world?: World): boolean {
  const { timezone = 'UTC', weekStart = 1, nowMs = 0 } = world?.asked?.context ?? {};
  const instant = instantOf(item, timezone);
  const [first, second] = filter.values.map(String);
  const day = (from: string, to: string): NaiveRange => naiveRange(from, to, timezone);
  const inside = ({ startMs, endMs }: NaiveRange): boolean => instant >= startMs && instant < endMs;
  const { operator } = filter;
  if (operator === 'was_on') return inside(day(first, first));
  if (operator === 'was_before') return instant < day(first, first).startMs;
  if (operator === 'was_since') return instant >= day(first, first).startMs;
  if (operator === 'was_between') return inside(day(first, second));
  const units = wholeBuckets(filter.unit ?? 'day', timezone, weekStart);
  const running = units.findIndex(({ startMs, endMs }) => nowMs >= startMs && nowMs < endMs);
  const count = Number(first);
  return operator === 'was_in_last'
    ? inside({ startMs: units[running - count + 1].startMs, endMs: units[running].endMs })
    : inside({ startMs: nowMs, endMs: units[running + count - 1].endMs });
}

/** NaN for what is no date; a date without a time is that day in the zone, a time without an offset is UTC. */
export function instantOf(value: PropertyValue, timezone: string): number {
  if (typeof value !== 'string') return NaN;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return naiveRange(value, value, timezone).startMs;
  if (!/^\d{4}-\d\d-\d\dT/.test(value)) return NaN;
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(value) ? value : `${value}Z`);
}

function isPlain(item: PropertyValue): item is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof item);
}

/** The segments a value belongs to (3.6, 3.7), each once. */
export function segmentsOf(value: PropertyValue): Segment[] {
  const items = Array.isArray(value) ? (value as PropertyValue[]) : [value];
  const all = items.length === 0 ? [toSegment(null)] : items.map(toSegment);
  return all.filter((segment, i) => all.findIndex((other) => same(other, segment)) === i);
}

export function same(left: Segment | null, right: Segment | null): boolean {
  const nameOf = (segment: Segment | null): string =>
    JSON.stringify([segment?.type, segment?.text, segment?.parts]);
  return nameOf(left) === nameOf(right);
}

export function toSegment(value: PropertyValue): Segment {
  if (value === null) return { type: 'not_set', text: '(not set)' };
  if (value === '') return { type: 'empty_string', text: '(empty string)' };
  if (typeof value === 'object') return { type: 'json', text: JSON.stringify(value) };
  const type = typeof value as 'string' | 'number' | 'boolean';
  return { type, text: String(value) };
}

/** Best first, ties by name (3.8); what has no rank comes last. */
export function ranked<T extends { segment: Segment; rank: number | null }>(
  segments: readonly T[],
): T[] {
  return [...segments].sort((left, right) => {
    if (left.rank !== right.rank) {
      if (left.rank === null) return 1;
      if (right.rank === null) return -1;
      return right.rank - left.rank;
    }
    if (left.segment.text !== right.segment.text) {
      return left.segment.text < right.segment.text ? -1 : 1;
    }
    if (left.segment.type !== right.segment.type) {
      return left.segment.type < right.segment.type ? -1 : 1;
    }
    return JSON.stringify(left.segment.parts) < JSON.stringify(right.segment.parts) ? -1 : 1;
  });
}

/** Every segment that some of the things has, each once. */
export function allSegments(lists: readonly Segment[][]): Segment[] {
  const all = lists.flat();
  return all.filter((segment, i) => all.findIndex((other) => same(other, segment)) === i);
}
