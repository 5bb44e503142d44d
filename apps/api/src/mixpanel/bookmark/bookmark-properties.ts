import { parseFormula } from '@arbor/expression/expression';
import { ExpressionError } from '@arbor/expression/expression-error';
import { printNode } from '@arbor/expression/print';
import { customPropertyPrefix } from '@arbor/schema/definitions';
import type {
  CohortRefInput,
  FilterOperator,
  PropertyCast,
  PropertyRefInput,
} from '@arbor/schema/query';
import { rawCohort } from '../data/raw-cohort.ts';
import type { CohortEntry, PropertyEntry } from './bookmark-schema.ts';
import { oneOf, refuse } from './refuse.ts';

/** Operators of all types by their names on the wire (`reports.md` 3.4). */
const operators: Readonly<Record<string, FilterOperator>> = {
  equals: 'equals',
  'is equal to': 'equals',
  'does not equal': 'does_not_equal',
  'is not equal to': 'does_not_equal',
  contains: 'contains',
  'does not contain': 'does_not_contain',
  'starts with': 'starts_with',
  'ends with': 'ends_with',
  'is set': 'is_set',
  'is not set': 'is_not_set',
  'is greater than': 'greater_than',
  'is less than': 'less_than',
  'is at least': 'at_least',
  'is at most': 'at_most',
  'is between': 'between',
  'not between': 'not_between',
  true: 'is_true',
  false: 'is_false',
  'was on': 'was_on',
  'was not on': 'was_not_on',
  'was before': 'was_before',
  'was since': 'was_since',
  'was between': 'was_between',
  'was not between': 'was_not_between',
  'was in the': 'was_in_last',
  'was not in the': 'was_not_in_last',
  'was in the next': 'was_in_next',
};
export const readOperator = (name: string | null | undefined): FilterOperator =>
  oneOf(operators, 'the operator', name ?? 'equals');

const casts: Readonly<Record<string, PropertyCast>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  datetime: 'date',
  date: 'date',
  list: 'list',
};

export const isCastType = (type: string): boolean => Object.hasOwn(casts, type);

/** What a value is read as where that is not what it is by itself (3.5). */
export const readCast = (type: string): PropertyCast => oneOf(casts, 'the type', type);

/** Where a property belongs: `events` where nothing is said. */
export function readProperty(entry: PropertyEntry): PropertyRefInput {
  const { customProperty, customPropertyId } = entry;
  const scope = scopeOf(entry.resourceType);
  if (customProperty) return composedProperty(customProperty, scope);
  if (customPropertyId !== undefined && customPropertyId !== null) {
    return { scope, name: `${customPropertyPrefix}${customPropertyId}` };
  }
  const name = entry.propertyName ?? entry.name ?? entry.value;
  return typeof name === 'string' && name !== ''
    ? { scope, name }
    : refuse('a property named', name ?? null, 'give it a name as value or propertyName');
}

const scopeOf = (resourceType: string | null | undefined): 'event' | 'person' =>
  resourceType === 'people' || resourceType === 'user' ? 'person' : 'event';

function composedProperty(
  { displayFormula, composedProperties }: NonNullable<PropertyEntry['customProperty']>,
  scope: 'event' | 'person',
): PropertyRefInput {
  const inputs = Object.entries(composedProperties).map(([letter, { value, resourceType }]) => {
    const isOfUser = scopeOf(resourceType) === 'person';
    return [letter, { source: isOfUser ? 'user' : 'properties', name: value }] as const;
  });
  try {
    const { root } = parseFormula(displayFormula, Object.fromEntries(inputs));
    const expression = printNode(root);
    return { scope, name: displayFormula, computed: { type: 'formula', expression } };
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    return refuse('the formula', displayFormula, cause.message);
  }
}

/** A saved one by its id, or one that is described in place (13.6). */
export function readCohort({ id, raw_cohort: raw }: CohortEntry, nowMs: number): CohortRefInput {
  if (raw !== undefined && raw !== null) return rawCohort(raw, nowMs);
  return id === undefined || id === null
    ? refuse('a cohort with the id', null, 'name a saved one, or describe it as raw_cohort')
    : { type: 'saved', id: String(id) };
}
