import {
  filterOperators,
  type FilterInput,
  type FilterOperator,
  type PropertyRef,
} from '@arbor/schema/query';
import {
  ignoresCase,
  isCompleteFilter,
  isPattern,
  type CohortFilterState,
  type FilterState,
  type FilterStateOperator,
} from './filter-state.ts';

/** The query of one filter; null while it lacks something, or its pattern is refused. */
export function queryFilter(filter: FilterState): FilterInput | null {
  if (!isCompleteFilter(filter)) return null;
  if (isPattern(filter.operator)) return patternFilter(filter);
  return filter.notSet === true ? withNotSet(filter) : plainFilter(filter);
}

export function queryCohortFilter({ cohort: { operator, id } }: CohortFilterState) {
  return id === undefined
    ? null
    : ({ type: 'cohort', operator, cohorts: [{ type: 'saved', id }] } satisfies FilterInput);
}

function plainFilter(filter: FilterState): FilterInput {
  const { property, operator, values, unit, quantifier, caseSensitive } = filter;
  if (!isQueryOperator(operator)) return listFilter(filter);
  const matchesCase = ignoresCase(filter) && caseSensitive === true;
  return {
    type: 'property',
    property,
    operator,
    values,
    ...(unit === undefined ? {} : { unit }),
    ...(quantifier === undefined ? {} : { quantifier }),
    ...(matchesCase ? { matchCase: true } : {}),
  };
}

function isQueryOperator(operator: FilterStateOperator): operator is FilterOperator {
  return filterOperators.some((each) => each === operator);
}

/** Operators of lists are those of their items, or of how many these are. */
function listFilter({ property, operator, values }: FilterState): FilterInput {
  const anyItem = { type: 'property', property, quantifier: 'any' } as const;
  if (operator === 'contains_any') return { ...anyItem, operator: 'equals', values };
  if (operator === 'contains_none') return { ...anyItem, operator: 'does_not_equal', values };
  if (operator === 'contains_all') {
    const filters = values.map((value): FilterInput => {
      return { ...anyItem, operator: 'equals', values: [value] };
    });
    return { type: 'all', filters };
  }
  if (operator === 'is_empty') return itemCount(property, 'equals', [0]);
  if (operator === 'is_not_empty') return itemCount(property, 'greater_than', [0]);
  if (operator === 'count_at_least') return itemCount(property, 'at_least', values);
  return itemCount(property, operator === 'count_at_most' ? 'at_most' : 'equals', values);
}

function itemCount(
  property: PropertyRef,
  operator: 'equals' | 'greater_than' | 'at_least' | 'at_most',
  values: FilterState['values'],
): FilterInput {
  const counted: PropertyRef = { ...property, computed: { type: 'items', aggregate: 'size' } };
  return { type: 'property', property: counted, operator, values };
}

/** "Is not" passes what is missing, so it needs a word more to leave that out. */
function withNotSet(filter: FilterState): FilterInput {
  const { property, operator, values } = filter;
  const isNot = operator === 'does_not_equal';
  const missing: FilterInput = {
    type: 'property',
    property,
    operator: isNot ? 'is_set' : 'is_not_set',
    values: [],
  };
  if (values.length === 0) return missing;
  return { type: isNot ? 'all' : 'any', filters: [plainFilter(filter), missing] };
}

/** A regular expression is one of the formula language: of RE2, so in time linear to the text (UX-F4). */
function patternFilter({ property, operator, values, caseSensitive }: FilterState): FilterInput {
  const pattern = quoted((caseSensitive === true ? '(?-i)' : '') + String(values[0] ?? ''));
  const keys = [property.name, ...(property.path ?? [])].map((key) => `[${quoted(key)}]`);
  const value = `properties${keys.join('')}`;
  // A pattern fits texts alone: what is read as one has to be made one, and of a list any item may fit.
  const match =
    property.cast === 'string'
      ? `regex_match(string(${value}), ${pattern})`
      : `(regex_match(${value}, ${pattern}) or any(item, ${value}, regex_match(item, ${pattern})))`;
  const isNot = operator === 'does_not_match';
  const { scope, name, groupKey } = property;
  return {
    type: 'property',
    property: {
      scope,
      name,
      ...(groupKey === undefined ? {} : { groupKey }),
      computed: { type: 'formula', expression: isNot ? `not ${match}` : match },
    },
    operator: 'is_true',
    values: [],
  };
}

/** A text of the formula language, which escapes quotes and backslashes only. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
