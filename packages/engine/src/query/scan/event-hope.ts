import { createHash } from 'node:crypto';
import { dayMs } from '../../format/segment/segment-rows.ts';
import { passes } from '../exec/verdicts.ts';
import { nameOfDoers } from '../plan/doer-properties.ts';
import { isStoredProperty } from '../plan/plain-plan.ts';
import type { FilterPlan, PropertyFilterPlan } from '../plan/plan-types.ts';
import type { DaySpan } from './day-span.ts';
import { distinctIdProperty, eventNameProperty } from './people-mask.ts';
import { verdictOnMissing } from './verdict-cache.ts';

/**
 * What rows of an event on a day must be like for any of them to matter to a plan: where none is, the event need not
 * be decoded there. Whether there may be one shows in the index of a segment and in its dictionaries (`isBarren`).
 */
export interface EventHope {
  /** Equal keys, equal hopes. */
  readonly key: string;
  /** A row matters as soon as it is like one of these; there is one at least. */
  readonly kinds: readonly RowKind[];
  /** Names of properties that a row of each kind has. */
  readonly required: readonly string[];
}

/** Rows of a span of the day that pass every filter. Of filters, what rows of an event decide by themselves. */
export interface RowKind {
  readonly span: DaySpan;
  readonly filters: readonly FilterPlan[];
}

/** Who asks so many different things of an event will find a row for one of them. */
const kindsMax = 16;
/** Longer texts are told apart by their digest. */
const keyLengthMax = 200;

/** Null = any row may matter. */
export function eventHope(kinds: readonly RowKind[]): EventHope | null {
  if (kinds.length === 0 || kinds.some(isEveryRow)) return null;
  const texts = kinds.map((kind) => JSON.stringify(kind));
  const own = kinds.filter((_, index) => texts.indexOf(texts[index]) === index);
  if (own.length > kindsMax) return null;
  return {
    key: keyOf([...new Set(texts)].join()),
    kinds: own,
    required: inEach(own.map(({ filters }) => requiredByAll(filters))),
  };
}

function isEveryRow({ span, filters }: RowKind): boolean {
  return span.whole && filters.length === 0;
}

function keyOf(text: string): string {
  return text.length <= keyLengthMax ? text : createHash('sha256').update(text).digest('hex');
}

/**
 * The part of filters (every one must pass) that rows of an event decide by themselves, without its name, which is
 * known. Null = no row passes.
 */
export function rowFilters(
  filters: readonly FilterPlan[],
  event: string,
): readonly FilterPlan[] | null {
  const known = filters.map((filter) => rowFilter(filter, event));
  if (known.includes('none')) return null;
  return known.filter((filter) => typeof filter === 'object');
}

/** `all`, `none`: the same for every row. A row that something else decides as well may pass: `all`, too. */
function rowFilter(filter: FilterPlan, event: string): FilterPlan | 'all' | 'none' {
  switch (filter.type) {
    case 'all': {
      const filters = rowFilters(filter.filters, event);
      if (filters === null) return 'none';
      return filters.length === 0 ? 'all' : { type: 'all', filters };
    }
    case 'any': {
      const known = filter.filters.map((inner) => rowFilter(inner, event));
      if (known.includes('all')) return 'all';
      const filters = known.filter((inner) => typeof inner === 'object');
      return filters.length === 0 ? 'none' : { type: 'any', filters };
    }
    case 'property': {
      if (!isOfEvent(filter)) return 'all';
      if (filter.property.name !== eventNameProperty) return filter;
      return passes(filter, event) ? 'all' : 'none';
    }
    case 'items':
    case 'cohort':
      return 'all';
  }
}

/** Whether what was sent with the event decides it. */
function isOfEvent({ property }: PropertyFilterPlan): boolean {
  const { scope, name } = property;
  return (
    scope === 'event' &&
    isStoredProperty(property) &&
    name !== distinctIdProperty &&
    nameOfDoers(name) === null
  );
}

function requiredByAll(filters: readonly FilterPlan[]): string[] {
  return filters.flatMap(requiredBy);
}

function requiredBy(filter: FilterPlan): string[] {
  switch (filter.type) {
    case 'all':
      return requiredByAll(filter.filters);
    case 'any':
      return inEach(filter.filters.map(requiredBy));
    case 'property':
      return verdictOnMissing(filter) === 0 ? [filter.property.name] : [];
    case 'items':
    case 'cohort':
      return [];
  }
}

/** What every one of the lists has, once. */
function inEach(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = lists;
  return [...new Set(first)].filter((name) => others.every((list) => list.includes(name)));
}

/** What is known of the rows of an event on a day without decoding them. */
export interface EventOutline {
  /** Ms since the day began. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Rows by hour of the day. */
  readonly hourCounts: Uint32Array;
  /** Undefined = no row has it. */
  property(name: string): PropertyOutline | undefined;
}

export interface PropertyOutline {
  readonly isInEachRow: boolean;
  /** Least and greatest code of the rows that have it. */
  readonly codeMin: number;
  readonly codeMax: number;
  /** 1 = passes, by code; code 0 is a missing value. Null = the dictionary is too large to be looked through. */
  verdicts(filter: PropertyFilterPlan): Uint8Array | null;
}

/** Whether no row of the event can matter. False says nothing: that would need a look at the rows. */
export function isBarren({ kinds }: EventHope, outline: EventOutline): boolean {
  return !kinds.some(
    ({ span, filters }) =>
      hasRowsIn(span, outline) && filters.every((filter) => mayPass(filter, outline)),
  );
}

function hasRowsIn({ fromMs, toMs }: DaySpan, outline: EventOutline): boolean {
  const { firstTime, lastTime, hourCounts } = outline;
  if (lastTime < fromMs || firstTime >= toMs) return false;
  const hourMs = dayMs / hourCounts.length;
  const end = Math.min(Math.ceil(toMs / hourMs), hourCounts.length);
  for (let hour = Math.floor(fromMs / hourMs); hour < end; hour++) {
    if (hourCounts[hour] > 0) return true;
  }
  return false;
}

function mayPass(filter: FilterPlan, outline: EventOutline): boolean {
  switch (filter.type) {
    case 'all':
      return filter.filters.every((inner) => mayPass(inner, outline));
    case 'any':
      return filter.filters.some((inner) => mayPass(inner, outline));
    case 'property': {
      const property = outline.property(filter.property.name);
      const isMissing = property === undefined || !property.isInEachRow;
      if (isMissing && verdictOnMissing(filter) === 1) return true;
      return property !== undefined && hasPassingCode(filter, property);
    }
    case 'items':
    case 'cohort':
      return true;
  }
}

function hasPassingCode(filter: PropertyFilterPlan, property: PropertyOutline): boolean {
  const byCode = property.verdicts(filter);
  if (byCode === null) return true;
  for (let code = property.codeMin; code <= property.codeMax; code++) {
    if (byCode[code] === 1) return true;
  }
  return false;
}
