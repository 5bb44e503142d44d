import type { EventSelector, Filter, PropertyRef } from '@arbor/schema/query';
import { planProperty } from './filters.ts';
import type { PlanScope } from './plan-scope.ts';
import type { BreakdownPlan, ItemTestPlan } from './plan-types.ts';

/**
 * What filters say of the items of the property that a report is broken down by, whatever they read it as: only items
 * that pass are shown (3.6). Filters of which any must pass say something where each of them is about that property.
 */
export function itemTests(
  property: PropertyRef,
  filters: readonly Filter[],
  scope: PlanScope,
): ItemTestPlan[] {
  return filters.flatMap((filter): ItemTestPlan[] => {
    switch (filter.type) {
      case 'all':
        return itemTests(property, filter.filters, scope);
      case 'any': {
        const options = filter.filters.map((option) => itemTests(property, [option], scope));
        return anyOf(options);
      }
      case 'property':
        return isSameProperty(filter.property, property, scope)
          ? [planProperty(filter, scope)]
          : [];
      case 'items':
      case 'cohort':
        return [];
    }
  });
}

/**
 * The breakdowns of a report with what the own filters of a metric say of items; undefined = nothing. Of several events
 * of a metric, items are shown that the filters of any of them let through.
 */
export function breakdownsOfMetric(
  breakdowns: readonly BreakdownPlan[] | null,
  properties: readonly (PropertyRef | null)[],
  selector: EventSelector,
  scope: PlanScope,
): readonly BreakdownPlan[] | undefined {
  const own = breakdowns?.map((breakdown, i): BreakdownPlan => {
    const property = properties[i];
    if (breakdown.type === 'cohort' || breakdown.items === null || property === null) {
      return breakdown;
    }
    const tests = anyOf(selector.anyOf.map(({ filters }) => itemTests(property, filters, scope)));
    return tests.length === 0 ? breakdown : { ...breakdown, items: [...breakdown.items, ...tests] };
  });
  return own?.some((breakdown, i) => breakdown !== breakdowns?.[i]) === true ? own : undefined;
}

/** Nothing, where one of the options says nothing. */
function anyOf(options: readonly ItemTestPlan[][]): ItemTestPlan[] {
  const [only = []] = options;
  if (options.length === 1 || options.some((tests) => tests.length === 0)) {
    return options.length === 1 ? only : [];
  }
  return [{ type: 'any', filters: options.map((filters) => ({ type: 'all', filters })) }];
}

/** Also where they are two names of one that was merged. */
function isSameProperty(
  left: PropertyRef,
  right: PropertyRef,
  { definitions }: PlanScope,
): boolean {
  const textOf = ({ scope, groupKey, name, path, computed }: PropertyRef): string => {
    const names = scope === 'event' ? definitions.propertyNames(name) : undefined;
    return JSON.stringify([scope, groupKey, names?.[0] ?? name, path, computed]);
  };
  return textOf(left) === textOf(right);
}
