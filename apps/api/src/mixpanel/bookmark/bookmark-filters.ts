import type {
  FilterInput,
  FilterOperator,
  FilterValue,
  PropertyRefInput,
} from '@arbor/schema/query';
import {
  isCastType,
  readCast,
  readCohort,
  readOperator,
  readProperty,
} from './bookmark-properties.ts';
import type { FilterEntry } from './bookmark-schema.ts';
import { cohortFilterValueSchema } from './bookmark-schema.ts';
import { readUnit } from './bookmark-time.ts';
import { frequencyFilter } from './frequency-filter.ts';
import { refuse } from './refuse.ts';

/** All of them, or with `any` at least one. `nowMs`: where windows of cohorts end. */
export function readFilters(
  entries: readonly FilterEntry[] | null | undefined,
  determiner: string | null | undefined,
  nowMs: number,
): FilterInput[] {
  const filters = (entries ?? []).map((entry) => readFilter(entry, nowMs));
  const isAny = determiner === 'any' || determiner === 'or';
  return isAny && filters.length > 1 ? [{ type: 'any', filters }] : filters;
}

function readFilter(entry: FilterEntry, nowMs: number): FilterInput {
  if (entry.behavior) {
    const own = readFilters(entry.behavior.filters, 'all', nowMs);
    return frequencyFilter(entry, entry.behavior, own);
  }
  if (entry.resourceType === 'cohorts' || entry.value === '$cohorts')
    return cohortFilter(entry, nowMs);
  const property = readProperty(entry);
  const quantifier = entry.listQuantifier === 'all' ? 'all' : 'any';
  if (entry.listItemFilters && entry.listItemFilters.length > 0) {
    return {
      type: 'items',
      property,
      quantifier,
      filters: entry.listItemFilters.map((item) => itemFilter(item)),
    };
  }
  return { ...valueFilter(entry, property), ...(entry.listQuantifier && { quantifier }) };
}

function itemFilter(entry: FilterEntry): FilterInput {
  const { name } = readProperty(entry);
  return valueFilter(entry, { scope: 'item', name });
}

function valueFilter(
  { filterType, defaultType, filterOperator, filterValue, filterDateUnit }: FilterEntry,
  property: PropertyRefInput,
): Extract<FilterInput, { type: 'property' }> {
  const operator = readOperator(filterOperator);
  const isCast = filterType && defaultType && filterType !== defaultType && isCastType(filterType);
  return {
    type: 'property',
    property: { ...property, ...(isCast && { cast: readCast(filterType) }) },
    operator,
    values: readValues(operator, filterValue),
    ...(filterDateUnit && operator.includes('_in_') && { unit: readUnit(filterDateUnit) }),
  };
}

const withoutValues: ReadonlySet<FilterOperator> = new Set([
  'is_set',
  'is_not_set',
  'is_true',
  'is_false',
]);

function readValues(operator: FilterOperator, given: unknown): FilterValue[] {
  if (withoutValues.has(operator) || given === undefined || given === null) return [];
  const list: unknown[] = Array.isArray(given) ? given : [given];
  return list.map((value) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : refuse('the value of a filter', value, 'use texts, numbers and booleans'),
  );
}

/** Several cohorts are alternatives; one that is negated is its complement. */
function cohortFilter({ filterOperator, filterValue }: FilterEntry, nowMs: number): FilterInput {
  const parsed = cohortFilterValueSchema.safeParse(filterValue);
  if (!parsed.success || parsed.data.length === 0) {
    return refuse('a filter of cohorts with', filterValue ?? null, 'use [{"cohort":{"id":12}}]');
  }
  const isOut = readOperator(filterOperator) === 'does_not_contain';
  const filters = parsed.data.map(({ cohort }): FilterInput => ({
    type: 'cohort',
    operator: (cohort.negated === true) !== isOut ? 'not_in' : 'in',
    cohorts: [readCohort(cohort, nowMs)],
  }));
  // In none of them, or in any of them.
  return { type: isOut ? 'all' : 'any', filters };
}
