import {
  filterOperatorSchema,
  propertyRefSchema,
  type CohortFilter,
  type EventSelector,
  type FilterOperator,
  type FilterValue,
  type PropertyFilter,
} from '@arbor/schema/query';
import type { PropertyName } from '@arbor/schema/catalog';
import { z } from 'zod';
import { eventLabel, propertyLabel } from '#format/property-name.ts';

/**
 * The parts of a question as a person edits them, kept in the URL: like the query's own, but a filter
 * may still lack its value and a step its event. What is incomplete is left out of the query (UX-F3).
 */
export const filterKinds = ['text', 'number', 'boolean'] as const;
export type FilterKind = (typeof filterKinds)[number];

export const filterStateSchema = z.object({
  property: propertyRefSchema,
  /** How its values are read: decides which operators there are. */
  kind: z.enum(filterKinds),
  operator: filterOperatorSchema,
  values: z.array(z.union([z.string(), z.number(), z.boolean()])),
});
export type FilterState = z.infer<typeof filterStateSchema>;

/** Whether users are in a saved cohort; absent id = not chosen yet. */
export const cohortFilterStateSchema = z.object({
  cohort: z.object({ operator: z.enum(['in', 'not_in']), id: z.string().min(1).optional() }),
});
export type CohortFilterState = z.infer<typeof cohortFilterStateSchema>;

/** What a report or one of its events is filtered by. */
export const reportFilterSchema = z.union([filterStateSchema, cohortFilterStateSchema]);
export type ReportFilter = z.infer<typeof reportFilterSchema>;

export function isCohortFilter(filter: ReportFilter): filter is CohortFilterState {
  return 'cohort' in filter;
}

export const eventStateSchema = z.object({
  /** Null is any event; absent is not chosen yet. */
  event: z.string().min(1).nullable().optional(),
  filters: z.array(reportFilterSchema).default([]),
});
export type EventState = z.infer<typeof eventStateSchema>;

type OperatorInfo = { readonly operator: FilterOperator; readonly label: string };

export const operatorsOf: Readonly<Record<FilterKind, readonly OperatorInfo[]>> = {
  text: [
    { operator: 'equals', label: 'is' },
    { operator: 'does_not_equal', label: 'is not' },
    { operator: 'contains', label: 'contains' },
    { operator: 'does_not_contain', label: 'does not contain' },
    { operator: 'starts_with', label: 'starts with' },
    { operator: 'ends_with', label: 'ends with' },
    { operator: 'is_set', label: 'is set' },
    { operator: 'is_not_set', label: 'is not set' },
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
    { operator: 'is_set', label: 'is set' },
    { operator: 'is_not_set', label: 'is not set' },
  ],
  boolean: [
    { operator: 'is_true', label: 'is true' },
    { operator: 'is_false', label: 'is false' },
    { operator: 'is_set', label: 'is set' },
    { operator: 'is_not_set', label: 'is not set' },
  ],
};

export type ValueCount = 'none' | 'one' | 'two' | 'many';

const valueCounts: Readonly<Record<FilterOperator, ValueCount>> = {
  equals: 'many',
  does_not_equal: 'many',
  contains: 'one',
  does_not_contain: 'one',
  starts_with: 'one',
  ends_with: 'one',
  greater_than: 'one',
  less_than: 'one',
  at_least: 'one',
  at_most: 'one',
  between: 'two',
  not_between: 'two',
  is_true: 'none',
  is_false: 'none',
  is_set: 'none',
  is_not_set: 'none',
  was_on: 'one',
  was_not_on: 'one',
  was_before: 'one',
  was_since: 'one',
  was_between: 'two',
  was_not_between: 'two',
  was_in_last: 'one',
  was_not_in_last: 'one',
  was_in_next: 'one',
};

export function valueCountOf(operator: FilterOperator): ValueCount {
  return valueCounts[operator];
}

export function isComplete(filter: ReportFilter): boolean {
  if (isCohortFilter(filter)) return filter.cohort.id !== undefined;
  const { operator, values } = filter;
  switch (valueCountOf(operator)) {
    case 'none':
      return true;
    case 'one':
      return values.length === 1 && values[0] !== '';
    case 'two':
      return values.length === 2;
    case 'many':
      return values.length > 0;
  }
}

/** A new filter on a property: read as the type it mostly has, with the first operator of that type. */
export function newFilter({ scope, name, types }: PropertyName): FilterState {
  const kind = kindsOf(types)[0] ?? 'text';
  const operator = operatorsOf[kind][0]?.operator ?? 'equals';
  return { property: { scope, name }, kind, operator, values: [] };
}

/** The ways the values of a property can be read, most frequent first. */
export function kindsOf(types: PropertyName['types']): readonly FilterKind[] {
  const kinds = types
    .filter((type) => type !== 'null')
    .map((type) => (type === 'number' || type === 'boolean' ? type : 'text'));
  return [...new Set<FilterKind>(kinds)];
}

/** Another operator keeps the values as far as it can take them. */
export function withOperator(filter: FilterState, operator: FilterOperator): FilterState {
  const keep = { none: 0, one: 1, two: 2, many: Infinity }[valueCountOf(operator)];
  return { ...filter, operator, values: filter.values.slice(0, keep) };
}

/** Another way to read the values starts over: "5" and 5 are different values. */
export function withKind(filter: FilterState, kind: FilterKind): FilterState {
  const operator = operatorsOf[kind][0]?.operator ?? 'equals';
  return { ...filter, kind, operator, values: [] };
}

/** Numbers typed into one field, separated by commas, semicolons or spaces; null if one is none. */
export function parseNumbers(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return numbers.every(Number.isFinite) ? numbers : null;
}

/** What of the filters can be asked already. */
export function queryFilters(filters: readonly ReportFilter[]): (PropertyFilter | CohortFilter)[] {
  return filters.flatMap((filter): (PropertyFilter | CohortFilter)[] => {
    if (!isComplete(filter)) return [];
    if (!isCohortFilter(filter)) {
      const { property, operator, values } = filter;
      return [{ type: 'property', property, operator, values }];
    }
    const { operator, id } = filter.cohort;
    return id === undefined ? [] : [{ type: 'cohort', operator, cohorts: [{ type: 'saved', id }] }];
  });
}

/** The selector of the query, or null while no event was chosen. */
export function querySelector({ event, filters }: EventState): EventSelector | null {
  return event === undefined ? null : { anyOf: [{ event, filters: queryFilters(filters) }] };
}

export function incompleteCount(...lists: readonly (readonly ReportFilter[])[]): number {
  return lists.flat().filter((filter) => !isComplete(filter)).length;
}

/** "Country is Germany or France", for titles and screen readers. */
export function filterSentence({ property, kind, operator, values }: FilterState): string {
  const label =
    operatorsOf[kind].find((candidate) => candidate.operator === operator)?.label ?? operator;
  const joined = values
    .map(filterValueLabel)
    .join(valueCountOf(operator) === 'two' ? ' and ' : ' or ');
  return [propertyLabel(property.name), label, joined].filter((part) => part !== '').join(' ');
}

export function filterValueLabel(value: FilterValue): string {
  return value === '' ? '(empty string)' : String(value);
}

export function eventStateLabel({ event }: EventState): string {
  return event === undefined ? 'Choose an event' : eventLabel(event);
}
