import {
  filterOperators,
  propertyRefSchema,
  timeUnitSchema,
  type FilterValue,
  type PropertyCast,
} from '@arbor/schema/query';
import type { PropertyName } from '@arbor/schema/catalog';
import { z } from 'zod';
import { propertyLabel } from '#format/property-name.ts';

/**
 * One filter as a person edits it and as the URL keeps it: like the query's own, but it may still lack its value. What is
 * incomplete is left out of the query (UX-F3).
 */
export const filterKinds = ['text', 'number', 'boolean', 'date', 'list'] as const;
export type FilterKind = (typeof filterKinds)[number];

/** Those of queries, and those that are made of several of them (`filter-query.ts`). */
const operators = [
  ...filterOperators,
  'matches',
  'does_not_match',
  'contains_any',
  'contains_all',
  'contains_none',
  'is_empty',
  'is_not_empty',
  'count_equals',
  'count_at_least',
  'count_at_most',
] as const;
export type FilterStateOperator = (typeof operators)[number];

export const filterStateSchema = z.object({
  /** With a cast where values are read as another type than they have. */
  property: propertyRefSchema,
  /** How its values are read: decides which operators there are. */
  kind: z.enum(filterKinds),
  operator: z.enum(operators),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])),
  /** "(not set)" is one of the values of "is" and "is not" (UX-F2). */
  notSet: z.boolean().optional(),
  /** Of "in the last 7 days". */
  unit: timeUnitSchema.optional(),
  /** Of lists: any or all items are so. */
  quantifier: z.enum(['any', 'all']).optional(),
  caseSensitive: z.boolean().optional(),
  /** What the server said against the pattern: while it stands the filter is left out. */
  problem: z.string().optional(),
});
export type FilterState = z.infer<typeof filterStateSchema>;

/** Whether users are in a saved cohort; absent id = not chosen yet. */
export const cohortFilterStateSchema = z.object({
  cohort: z.object({ operator: z.enum(['in', 'not_in']), id: z.string().min(1).optional() }),
});
export type CohortFilterState = z.infer<typeof cohortFilterStateSchema>;

type OperatorInfo = { readonly operator: FilterStateOperator; readonly label: string };

const setOrNot: readonly OperatorInfo[] = [
  { operator: 'is_set', label: 'is set' },
  { operator: 'is_not_set', label: 'is not set' },
];

export const operatorsOf: Readonly<Record<FilterKind, readonly OperatorInfo[]>> = {
  text: [
    { operator: 'equals', label: 'is' },
    { operator: 'does_not_equal', label: 'is not' },
    { operator: 'contains', label: 'contains' },
    { operator: 'does_not_contain', label: 'does not contain' },
    { operator: 'starts_with', label: 'starts with' },
    { operator: 'ends_with', label: 'ends with' },
    { operator: 'matches', label: 'matches regex' },
    { operator: 'does_not_match', label: 'does not match regex' },
    ...setOrNot,
  ],
  number: [
    { operator: 'equals', label: '=' },
    { operator: 'does_not_equal', label: '≠' },
    { operator: 'greater_than', label: '>' },
    { operator: 'at_least', label: '≥' },
    { operator: 'less_than', label: '<' },
    { operator: 'at_most', label: '≤' },
    { operator: 'between', label: 'between' },
    { operator: 'not_between', label: 'not between' },
    ...setOrNot,
  ],
  boolean: [
    { operator: 'is_true', label: 'is true' },
    { operator: 'is_false', label: 'is false' },
    ...setOrNot,
  ],
  date: [
    { operator: 'was_in_last', label: 'in the last' },
    { operator: 'was_not_in_last', label: 'not in the last' },
    { operator: 'was_in_next', label: 'in the next' },
    { operator: 'was_on', label: 'on' },
    { operator: 'was_not_on', label: 'not on' },
    { operator: 'was_before', label: 'before' },
    { operator: 'was_since', label: 'since' },
    { operator: 'was_between', label: 'between' },
    { operator: 'was_not_between', label: 'not between' },
    ...setOrNot,
  ],
  list: [
    { operator: 'contains_any', label: 'contains any of' },
    { operator: 'contains_all', label: 'contains all of' },
    { operator: 'contains_none', label: 'contains none of' },
    { operator: 'is_empty', label: 'is empty' },
    { operator: 'is_not_empty', label: 'is not empty' },
    { operator: 'count_equals', label: 'count of items =' },
    { operator: 'count_at_least', label: 'count of items ≥' },
    { operator: 'count_at_most', label: 'count of items ≤' },
    ...setOrNot,
  ],
};

export type ValueCount = 'none' | 'one' | 'two' | 'many';

const manyValues: readonly FilterStateOperator[] = [
  'equals',
  'does_not_equal',
  'contains_any',
  'contains_all',
  'contains_none',
];
const twoValues: readonly FilterStateOperator[] = [
  'between',
  'not_between',
  'was_between',
  'was_not_between',
];
const noValues: readonly FilterStateOperator[] = [
  'is_true',
  'is_false',
  'is_set',
  'is_not_set',
  'is_empty',
  'is_not_empty',
];

export function valueCountOf(operator: FilterStateOperator): ValueCount {
  if (manyValues.includes(operator)) return 'many';
  if (twoValues.includes(operator)) return 'two';
  return noValues.includes(operator) ? 'none' : 'one';
}

/** "In the last 7 days": a number of units. */
export function isOfUnits(operator: FilterStateOperator): boolean {
  return operator === 'was_in_last' || operator === 'was_not_in_last' || operator === 'was_in_next';
}

export function isCounting(operator: FilterStateOperator): boolean {
  return (
    operator === 'count_equals' || operator === 'count_at_least' || operator === 'count_at_most'
  );
}

export function isPattern(operator: FilterStateOperator): boolean {
  return operator === 'matches' || operator === 'does_not_match';
}

/** Texts that are compared without regard to case unless somebody asks for it. */
export function ignoresCase({ kind, operator }: FilterState): boolean {
  const parts: readonly FilterStateOperator[] = [
    'contains',
    'does_not_contain',
    'starts_with',
    'ends_with',
  ];
  return kind === 'text' && (isPattern(operator) || parts.includes(operator));
}

export function isCompleteFilter(filter: FilterState): boolean {
  const { operator, values, notSet, problem } = filter;
  if (isPattern(operator) && problem !== undefined) return false;
  switch (valueCountOf(operator)) {
    case 'none':
      return true;
    case 'one':
      return values.length === 1 && values[0] !== '';
    case 'two':
      return values.length === 2 && values.every((value) => value !== '');
    case 'many':
      return values.length > 0 || (takesNotSet(filter) && notSet === true);
  }
}

/** Whether "(not set)" can be one of the values. */
export function takesNotSet({ kind, operator }: FilterState): boolean {
  return kind === 'text' && (operator === 'equals' || operator === 'does_not_equal');
}

/** A new filter on a property: read as the type it mostly has, with the first operator of that type. */
export function newFilter({ scope, name, types }: PropertyName): FilterState {
  return startOf({ scope, name }, kindsOf(types)[0] ?? 'text');
}

function startOf(property: FilterState['property'], kind: FilterKind): FilterState {
  const operator = operatorsOf[kind][0]?.operator ?? 'equals';
  const start: FilterState = { property, kind, operator, values: [] };
  return isOfUnits(operator) ? { ...start, values: [30], unit: 'day' } : start;
}

/** The ways the values of a property can be read, most frequent first. */
export function kindsOf(types: PropertyName['types']): readonly FilterKind[] {
  const kinds = types.filter((type) => type !== 'null').map(kindOfType);
  return [...new Set<FilterKind>(kinds)];
}

function kindOfType(type: PropertyName['types'][number]): FilterKind {
  return type === 'number' || type === 'boolean' || type === 'date' || type === 'list'
    ? type
    : 'text';
}

const castOfKind: Readonly<Record<FilterKind, PropertyCast>> = {
  text: 'string',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  list: 'list',
};

/** Another operator keeps the values as far as it can take them. */
export function withOperator(filter: FilterState, operator: FilterStateOperator): FilterState {
  const keep = { none: 0, one: 1, two: 2, many: Infinity }[valueCountOf(operator)];
  const { unit: _, problem: __, ...kept } = filter;
  const isOther = isOfUnits(operator) !== isOfUnits(filter.operator) || isCounting(operator);
  const values = isOther ? [] : filter.values.slice(0, keep);
  if (!isOfUnits(operator)) return { ...kept, operator, values };
  const own = values.length > 0 ? values : [30];
  return { ...kept, operator, values: own, unit: filter.unit ?? 'day' };
}

/**
 * Another way to read the values starts over: "5" and 5 are different values. A type that the property does not have is
 * a cast: what cannot be read as that counts as not set (UX-PP4).
 */
export function withKind(
  filter: FilterState,
  kind: FilterKind,
  types?: PropertyName['types'],
): FilterState {
  const { cast: _, ...property } = filter.property;
  const isOwn = types === undefined || kindsOf(types).includes(kind);
  const isCast = !isOwn || property.path !== undefined;
  return startOf(isCast ? { ...property, cast: castOfKind[kind] } : property, kind);
}

/** Keys of nested objects as they are typed, "address.city": at most three; none is the property itself. */
export function withPath(filter: FilterState, text: string): FilterState {
  const keys = text
    .split(/\s*[.›]\s*/)
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .slice(0, 3);
  const { path: _, cast: __, ...property } = filter.property;
  return startOf(keys.length === 0 ? property : { ...property, path: keys }, 'text');
}

/** Numbers typed into one field, separated by commas, semicolons or spaces; null if one is none. */
export function parseNumbers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** "Country is Germany or France", for titles and screen readers. */
export function filterSentence(filter: FilterState): string {
  const { property, kind, operator, values, unit, quantifier } = filter;
  const label =
    operatorsOf[kind].find((candidate) => candidate.operator === operator)?.label ?? operator;
  const name = [property.name, ...(property.path ?? [])].map(propertyLabel).join(' › ');
  const items = quantifier === undefined ? '' : `${quantifier} item`;
  const counted = isOfUnits(operator) ? `${unit ?? 'day'}s` : '';
  return [name, items, label, valuesSentence(filter, values), counted]
    .filter((part) => part !== '')
    .join(' ');
}

function valuesSentence(filter: FilterState, values: FilterState['values']): string {
  const named = values.map(filterValueLabel);
  const all = takesNotSet(filter) && filter.notSet === true ? [...named, notSetLabel] : named;
  return all.join(valueCountOf(filter.operator) === 'two' ? ' and ' : ' or ');
}

export const notSetLabel = '(not set)';

export function filterValueLabel(value: FilterValue): string {
  return value === '' ? '(empty string)' : String(value);
}
