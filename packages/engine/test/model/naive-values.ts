import type { PropertyValue } from '@arbor/schema/property-value';
import type { Filter, PropertyFilter, PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { World, WorldEvent } from './world.ts';

/** Looks a property up; a missing one is null. */
export type Lookup = (property: PropertyRef) => PropertyValue;

export function lookupIn(world: World, event: WorldEvent): Lookup {
  return ({ scope, name }) => {
    if (name === '$distinct_id') return event.user === '' ? null : event.user;
    return (scope === 'event' ? event.properties[name] : world.people[event.user]?.[name]) ?? null;
  };
}

/** reports.md 3.4, one value at a time. */
export function passes(filter: Filter, lookup: Lookup): boolean {
  if (filter.type === 'all') return filter.filters.every((inner) => passes(inner, lookup));
  if (filter.type === 'any') return filter.filters.some((inner) => passes(inner, lookup));
  if (filter.type === 'cohort') {
    const user = lookup({ scope: 'person', name: '$distinct_id' });
    const isIn = filter.cohorts.some(
      // Those that are described have been made lists before (`withFrozenCohorts`).
      (cohort) => cohort.type === 'users' && typeof user === 'string' && cohort.ids.includes(user),
    );
    return isIn === (filter.operator === 'in');
  }
  if (filter.type !== 'property') {
    throw new Error(`the model does not know the filter ${filter.type} yet`);
  }
  const { operator } = filter;
  const value = lookup(filter.property);
  if (operator === 'is_set') return value !== null;
  if (operator === 'is_not_set') return value === null;
  if (operator === 'does_not_equal') return !passes({ ...filter, operator: 'equals' }, lookup);
  if (operator === 'does_not_contain') return !passes({ ...filter, operator: 'contains' }, lookup);
  // A list passes where any of its items does.
  const items = Array.isArray(value) ? (value as PropertyValue[]) : [value];
  return items.some((item) => itemPasses(filter, item));
}

function itemPasses({ operator, values }: PropertyFilter, item: PropertyValue): boolean {
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
    const text = String(item).toLowerCase();
    return values.some((wanted) => {
      const part = String(wanted).toLowerCase();
      if (operator === 'contains') return text.includes(part);
      return operator === 'starts_with' ? text.startsWith(part) : text.endsWith(part);
    });
  }
  if (typeof item !== 'number' || typeof first !== 'number') return false;
  if (operator === 'greater_than') return item > first;
  if (operator === 'less_than') return item < first;
  if (operator === 'at_least') return item >= first;
  if (operator === 'at_most') return item <= first;
  const inside = typeof second === 'number' && first <= item && item <= second;
  return operator === 'between' ? inside : !inside;
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
  return left?.type === right?.type && left?.text === right?.text;
}

function toSegment(value: PropertyValue): Segment {
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
    return left.segment.type < right.segment.type ? -1 : 1;
  });
}

/** Every segment that some of the things has, each once. */
export function allSegments(lists: readonly Segment[][]): Segment[] {
  const all = lists.flat();
  return all.filter((segment, i) => all.findIndex((other) => same(other, segment)) === i);
}
