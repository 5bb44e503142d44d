import type { EventSelector, Filter, FilterOperator, PropertyFilter } from '@arbor/schema/query';
import { invalidQuery } from './invalid-query.ts';
import type { FilterPlan, PropertyFilterPlan, SelectorPlan } from './plan-types.ts';

/** How an operator takes its values; `text` operators ignore case (3.4). */
const valueShape: Record<FilterOperator, 'any' | 'text' | 'number' | 'pair' | 'none'> = {
  equals: 'any',
  does_not_equal: 'any',
  contains: 'text',
  does_not_contain: 'text',
  starts_with: 'text',
  ends_with: 'text',
  greater_than: 'number',
  less_than: 'number',
  at_least: 'number',
  at_most: 'number',
  between: 'pair',
  not_between: 'pair',
  is_true: 'none',
  is_false: 'none',
  is_set: 'none',
  is_not_set: 'none',
};

/** Deeper than any person nests filters; each level of "any" holds a mask of all rows while it is judged. */
const depthMax = 32;

/** Checks what the schema cannot say (which values an operator takes) and folds the case of texts. */
export function planFilters(filters: readonly Filter[], depth = 1): FilterPlan[] {
  checkDepth(depth);
  return filters.map((filter) => {
    if (filter.type === 'property') return planProperty(filter);
    checkGroup(filter);
    return { type: filter.type, filters: planFilters(filter.filters, depth + 1) };
  });
}

export function checkDepth(depth: number): void {
  if (depth > depthMax) {
    throw invalidQuery(`filters are nested more than ${depthMax} deep: put them side by side`);
  }
}

/** Of nothing, none passes: a group of which any must pass would refuse everything. */
export function checkGroup(group: {
  readonly type: 'all' | 'any';
  readonly filters: readonly unknown[];
}): void {
  if (group.type === 'any' && group.filters.length === 0) {
    throw invalidQuery('a group of filters of which any must pass is empty: add one or remove it');
  }
}

export function planSelector(selector: EventSelector): SelectorPlan {
  return selector.anyOf.map(({ event, filters }) => ({ event, filters: planFilters(filters) }));
}

export function planProperty({ property, operator, values }: PropertyFilter): PropertyFilterPlan {
  const shape = valueShape[operator];
  const name = `filter on "${property.name}": ${operator.replaceAll('_', ' ')}`;
  const numbersMin = shape === 'pair' ? 2 : 1;
  if (shape === 'number' || shape === 'pair') {
    if (values.length !== numbersMin || values.some((value) => typeof value !== 'number')) {
      const wanted = shape === 'pair' ? 'two numbers, low and high' : 'one number';
      throw invalidQuery(`${name} takes ${wanted}, not ${JSON.stringify(values)}`);
    }
  } else if (shape !== 'none' && values.length === 0) {
    throw invalidQuery(`${name} needs a value`);
  }
  if (shape === 'text') {
    return { type: 'property', property, operator, values: values.map(foldCase) };
  }
  return { type: 'property', property, operator, values: shape === 'none' ? [] : values };
}

function foldCase(value: string | number | boolean): string {
  return String(value).toLowerCase();
}
