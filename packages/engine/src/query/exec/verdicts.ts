import type { PropertyValue } from '@arbor/schema/property-value';
import { unreachable } from '../../base/assert.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import type { PropertyFilterPlan } from '../plan/plan-types.ts';
import { segmentsOf } from './segments.ts';

/**
 * A filter's answer for every distinct value, by code; code 0 is a missing value. Meaning (3.4): lists
 * pass where any item passes; negative operators pass where their positive does not, so also where the
 * property is missing; text operators and texts compare with numbers and booleans as text (3.5).
 */
export function verdictsByCode(
  filter: PropertyFilterPlan,
  values: readonly PropertyValue[],
): Uint8Array {
  const verdicts = new Uint8Array(Math.max(values.length, 1));
  verdicts[0] = passes(filter, null) ? 1 : 0;
  for (let code = 1; code < values.length; code++) {
    verdicts[code] = passes(filter, values[code]) ? 1 : 0;
  }
  return verdicts;
}

/** Whether one value passes. A missing value and a stored null are the same to every filter. */
export function passes(filter: PropertyFilterPlan, value: PropertyValue): boolean {
  switch (filter.operator) {
    case 'is_set':
      return value !== null;
    case 'is_not_set':
      return value === null;
    case 'does_not_equal':
      return !anyItem(value, (item) => equalsAny(filter, item));
    case 'does_not_contain':
      return !anyItem(value, (item) => textMatches(filter, item, includes));
    case 'equals':
      return anyItem(value, (item) => equalsAny(filter, item));
    case 'contains':
      return anyItem(value, (item) => textMatches(filter, item, includes));
    case 'starts_with':
      return anyItem(value, (item) => textMatches(filter, item, startsWith));
    case 'ends_with':
      return anyItem(value, (item) => textMatches(filter, item, endsWith));
    case 'is_true':
      return anyItem(value, (item) => item === true);
    case 'is_false':
      return anyItem(value, (item) => item === false);
    case 'greater_than':
      return anyNumber(value, (number) => number > low(filter));
    case 'less_than':
      return anyNumber(value, (number) => number < low(filter));
    case 'at_least':
      return anyNumber(value, (number) => number >= low(filter));
    case 'at_most':
      return anyNumber(value, (number) => number <= low(filter));
    case 'between':
      return anyNumber(value, (number) => number >= low(filter) && number <= high(filter));
    case 'not_between':
      return anyNumber(value, (number) => number < low(filter) || number > high(filter));
    case 'in_span':
      return anyItem(value, (item) => liesInSpan(filter, item));
    case 'not_in_span':
      return !anyItem(value, (item) => liesInSpan(filter, item));
    case 'in_other_segment':
      return segmentsOf(value).some((segment) => !listedKeys(filter).has(segmentKey(segment)));
    default:
      return unreachable(filter.operator);
  }
}

/** Made once a filter: it is asked for every distinct value. */
const keysByFilter = new WeakMap<PropertyFilterPlan, ReadonlySet<unknown>>();

function listedKeys(filter: PropertyFilterPlan): ReadonlySet<unknown> {
  const keys = keysByFilter.get(filter) ?? new Set<unknown>(filter.values);
  keysByFilter.set(filter, keys);
  return keys;
}

function anyItem(value: PropertyValue, test: (item: PropertyValue) => boolean): boolean {
  return Array.isArray(value) ? value.some(test) : test(value);
}

/** A text of the filter reads the property as text; a number or boolean wants the same type. */
function equalsAny({ values }: PropertyFilterPlan, item: PropertyValue): boolean {
  return values.some((value) => value === item || value === asText(item));
}

function textMatches(
  { values }: PropertyFilterPlan,
  item: PropertyValue,
  test: (text: string, part: string) => boolean,
): boolean {
  const text = asText(item)?.toLowerCase();
  // The plan holds texts in lower case for these operators.
  return text !== undefined && values.some((part) => test(text, String(part)));
}

const includes = (text: string, part: string): boolean => text.includes(part);
const startsWith = (text: string, part: string): boolean => text.startsWith(part);
const endsWith = (text: string, part: string): boolean => text.endsWith(part);

/** Undefined for what has no text of its own: null, objects, lists. */
function asText(item: PropertyValue): string | undefined {
  if (typeof item === 'string') return item;
  return typeof item === 'number' || typeof item === 'boolean' ? String(item) : undefined;
}

function anyNumber(value: PropertyValue, test: (number: number) => boolean): boolean {
  return anyItem(value, (item) => typeof item === 'number' && test(item));
}

/** Dates are texts of ISO 8601; a number is one where it was cast to it (3.5). */
function liesInSpan(filter: PropertyFilterPlan, item: PropertyValue): boolean {
  const dateMs = typeof item === 'string' ? Date.parse(item) : NaN;
  return dateMs >= low(filter) && dateMs < high(filter);
}

// The plan has checked that these operators come with numbers.
const low = ({ values }: PropertyFilterPlan): number => Number(values[0]);
const high = ({ values }: PropertyFilterPlan): number => Number(values[1]);
