import { isPlainPlan } from '../plan/plain-plan.ts';
import type { FilterPlan, Plan, SelectorPlan } from '../plan/plan-types.ts';
import { distinctIdProperty, eventNameProperty } from './people-mask.ts';
import { verdictOnMissing } from './verdict-cache.ts';

/**
 * Event properties without which no row matters to the plan: an event that has none of one of them on a day
 * need not be looked at there. Of reports whose rows count each by itself.
 */
export function requiredProperties(plan: Plan): string[] {
  if (plan.type !== 'insights' || !isPlainPlan(plan)) return [];
  const ofMetrics = inEach(plan.metrics.map(({ selector }) => requiredBySelector(selector)));
  return [...new Set([...requiredByAll(plan.filters), ...ofMetrics])];
}

function requiredBySelector(selector: SelectorPlan): string[] {
  return inEach(selector.map(({ filters }) => requiredByAll(filters)));
}

function requiredByAll(filters: readonly FilterPlan[]): string[] {
  return filters.flatMap(requiredBy);
}

function requiredBy(filter: FilterPlan): string[] {
  switch (filter.type) {
    case 'all':
      return requiredByAll(filter.filters);
    case 'any':
      return inEach(filter.filters.map(requiredBy));
    case 'property': {
      const { scope, name } = filter.property;
      // These are no columns: every event has them.
      const isColumn =
        scope === 'event' && name !== distinctIdProperty && name !== eventNameProperty;
      return isColumn && verdictOnMissing(filter) === 0 ? [name] : [];
    }
    case 'cohort':
    case 'items':
      return [];
  }
}

/** What every one of the lists has. */
function inEach(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = lists;
  return first.filter((name) => others.every((list) => list.includes(name)));
}
