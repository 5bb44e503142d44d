import type { EventSelectorInput, FilterInput, FilterOperator } from '@arbor/schema/query';
import type { CaseFilter, CaseFilterTree, CaseSelector } from '../cases/case-types.ts';
import { NotAskable } from './not-askable.ts';

export interface SelectorOptions {
  /** Filters that every event must pass beside its own. */
  readonly besides?: readonly CaseFilterTree[];
  /** Where the selector itself does not say. */
  readonly firstTime?: 'event' | 'matching' | undefined;
}

export function toSelector(
  selector: CaseSelector,
  { besides = [], firstTime = firstTimeOf(selector) }: SelectorOptions = {},
): EventSelectorInput {
  const options = selector.or ?? [selector];
  return {
    anyOf: options.map(({ event = null, filters = [] }) => ({
      event,
      filters: toFilters([...filters, ...besides]),
      ...(firstTime && { firstTime }),
    })),
  };
}

function firstTimeOf({ firstTime }: CaseSelector): SelectorOptions['firstTime'] {
  return firstTime === true ? 'event' : firstTime;
}

export function toFilters(filters: readonly CaseFilterTree[] = []): FilterInput[] {
  return filters.map((filter) => {
    if ('any' in filter) return { type: 'any', filters: toFilters(filter.any) };
    if ('all' in filter) return { type: 'all', filters: toFilters(filter.all) };
    return toFilter(filter);
  });
}

const operatorByName: Readonly<Record<string, FilterOperator>> = {
  is: 'equals',
  is_not: 'does_not_equal',
  contains: 'contains',
  not_contains: 'does_not_contain',
  is_set: 'is_set',
  is_not_set: 'is_not_set',
  gt: 'greater_than',
  gte: 'at_least',
  lt: 'less_than',
  lte: 'at_most',
};

/** Cases compare values as text, which is what a text in our filters does. */
function toFilter({ scope, property, operator, value }: CaseFilter): FilterInput {
  const ours = operatorByName[operator];
  if (ours === undefined) throw new NotAskable(`operator "${operator}"`);
  const values = value === undefined ? [] : [value].flat();
  const isOrder = /^[gl]te?$/.test(operator);
  return {
    type: 'property',
    property: { scope, name: property },
    operator: ours,
    values: values.map((own) => (isOrder ? Number(own) : String(own))),
  };
}
