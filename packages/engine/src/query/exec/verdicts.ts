import type { PropertyValue } from '@arbor/schema/property-value';
import { AssertionError, unreachable } from '../../base/assert.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import type { FilterPlan, ItemsFilterPlan, PropertyFilterPlan } from '../plan/plan-types.ts';
import { compileValueTest } from '../plan/value-test.ts';
import { derivedValue, isList, textOf } from './computed-values.ts';
import { instantOfDate } from './date-values.ts';
import { segmentsOf } from './value-segments.ts';
import { zoneClock } from './zone-clock.ts';

/**
 * A filter's answer for every distinct value, by code; code 0 is a missing value. Meaning (3.4): lists pass
 * where any item passes, or all of them (`quantifier`); negative operators pass where their positive does not,
 * so also where the property is missing; text operators and texts compare with numbers and booleans as text
 * (3.5).
 */
export function verdictsByCode(
  filter: PropertyFilterPlan | ItemsFilterPlan,
  values: readonly PropertyValue[],
): Uint8Array {
  const judge =
    filter.type === 'items'
      ? (value: PropertyValue) => itemsPass(filter, value)
      : (value: PropertyValue) => passes(filter, value);
  const verdicts = new Uint8Array(Math.max(values.length, 1));
  verdicts[0] = judge(null) ? 1 : 0;
  for (let code = 1; code < values.length; code++) verdicts[code] = judge(values[code]) ? 1 : 0;
  return verdicts;
}

/** Whether any of the objects of a list, or all of them, pass every filter on their keys. */
function itemsPass({ quantifier, filters }: ItemsFilterPlan, value: PropertyValue): boolean {
  return someOrAll(quantifier, value, (item) => filters.every((own) => itemPasses(own, item)));
}

function itemPasses(filter: FilterPlan, item: PropertyValue): boolean {
  switch (filter.type) {
    case 'all':
      return filter.filters.every((own) => itemPasses(own, item));
    case 'any':
      return filter.filters.some((own) => itemPasses(own, item));
    case 'property':
      return passes(filter, keyOf(filter, item));
    case 'items':
      return itemsPass(filter, keyOf(filter, item));
    case 'cohort':
      throw new AssertionError('an item of a list is in no cohort');
    default:
      return unreachable(filter);
  }
}

/** What the property of a filter, a key of the item, is there. */
function keyOf(
  { property }: PropertyFilterPlan | ItemsFilterPlan,
  item: PropertyValue,
): PropertyValue {
  const { name, path = [] } = property;
  return derivedValue({ ...property, path: [name, ...path] }, item);
}

/** Whether one value passes. A missing value and a stored null are the same to every filter. */
export function passes(filter: PropertyFilterPlan, value: PropertyValue): boolean {
  const of = (test: (item: PropertyValue) => boolean): boolean =>
    someOrAll(filter.quantifier ?? 'any', value, test);
  switch (filter.operator) {
    case 'is_set':
      return value !== null;
    case 'is_not_set':
      return value === null;
    case 'does_not_equal':
      return !of((item) => equalsAny(filter, item));
    case 'does_not_contain':
      return !of((item) => textMatches(filter, item, includes));
    case 'equals':
      return of((item) => equalsAny(filter, item));
    case 'contains':
      return of((item) => textMatches(filter, item, includes));
    case 'starts_with':
      return of((item) => textMatches(filter, item, startsWith));
    case 'ends_with':
      return of((item) => textMatches(filter, item, endsWith));
    case 'is_true':
      return of((item) => item === true);
    case 'is_false':
      return of((item) => item === false);
    case 'greater_than':
      return of((item) => isNumber(item) && item > low(filter));
    case 'less_than':
      return of((item) => isNumber(item) && item < low(filter));
    case 'at_least':
      return of((item) => isNumber(item) && item >= low(filter));
    case 'at_most':
      return of((item) => isNumber(item) && item <= low(filter));
    case 'between':
      return of((item) => isNumber(item) && liesBetween(filter, item));
    case 'not_between':
      // What is no number is not outside of anything either.
      return hasNumber(value) && !of((item) => isNumber(item) && liesBetween(filter, item));
    case 'in_span':
      return of((item) => liesInSpan(filter, item));
    case 'not_in_span':
      return !of((item) => liesInSpan(filter, item));
    case 'in_other_segment':
      return segmentsOf(value).some((segment) => !listedKeys(filter).has(segmentKey(segment)));
    case 'satisfies':
      return testOf(filter)(value);
    default:
      return unreachable(filter.operator);
  }
}

/** A single value is a list of one. Of an empty list neither any item passes nor all do (3.6). */
function someOrAll(
  quantifier: 'any' | 'all',
  value: PropertyValue,
  test: (item: PropertyValue) => boolean,
): boolean {
  if (!isList(value)) return test(value);
  return quantifier === 'any' ? value.some(test) : value.length > 0 && value.every(test);
}

/** Made once a filter: it is asked for every distinct value. */
const keysByFilter = new WeakMap<PropertyFilterPlan, ReadonlySet<unknown>>();

function listedKeys(filter: PropertyFilterPlan): ReadonlySet<unknown> {
  const keys = keysByFilter.get(filter) ?? new Set<unknown>(filter.values);
  keysByFilter.set(filter, keys);
  return keys;
}

/** Compiled once a filter: it judges every distinct value. */
const testsByFilter = new WeakMap<PropertyFilterPlan, (value: PropertyValue) => boolean>();

function testOf(filter: PropertyFilterPlan): (value: PropertyValue) => boolean {
  const test = testsByFilter.get(filter) ?? compileValueTest(String(filter.values[0]));
  testsByFilter.set(filter, test);
  return test;
}

/** More values are looked up instead: filters by groups may have thousands. */
const comparedMax = 16;

/** A text of the filter reads the property as text; a number or boolean wants the same type. */
function equalsAny(filter: PropertyFilterPlan, item: PropertyValue): boolean {
  const { values } = filter;
  if (values.length > comparedMax) {
    const keys = listedKeys(filter);
    return keys.has(item) || keys.has(textOf(item));
  }
  return values.some((value) => value === item || value === textOf(item));
}

function textMatches(
  { values, matchCase }: PropertyFilterPlan,
  item: PropertyValue,
  test: (text: string, part: string) => boolean,
): boolean {
  // Where case is ignored the plan holds texts in lower case.
  const text = matchCase === true ? textOf(item) : textOf(item)?.toLowerCase();
  return text !== undefined && values.some((part) => test(text, String(part)));
}

const includes = (text: string, part: string): boolean => text.includes(part);
const startsWith = (text: string, part: string): boolean => text.startsWith(part);
const endsWith = (text: string, part: string): boolean => text.endsWith(part);

const isNumber = (item: PropertyValue): item is number => typeof item === 'number';

function hasNumber(value: PropertyValue): boolean {
  return isList(value) ? value.some(isNumber) : isNumber(value);
}

/** Both ends are inside. */
function liesBetween(filter: PropertyFilterPlan, number: number): boolean {
  return number >= low(filter) && number <= high(filter);
}

function liesInSpan(filter: PropertyFilterPlan, item: PropertyValue): boolean {
  const instant = instantOfDate(item, zoneClock(filter.timezone ?? 'UTC'));
  return instant >= low(filter) && instant < high(filter);
}

// The plan has checked that these operators come with numbers.
const low = ({ values }: PropertyFilterPlan): number => Number(values[0]);
const high = ({ values }: PropertyFilterPlan): number => Number(values[1]);
