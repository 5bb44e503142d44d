import type { Breakdown, Filter, PropertyRef, RetentionQuery } from '@arbor/schema/query';
import { planFilters, planSelector } from './filters.ts';
import { invalidQuery } from './invalid-query.ts';
import type { PlanScope } from './plan-scope.ts';
import type { SelectorPlan } from './plan-types.ts';

/**
 * Behaviours within a time after a birth (14.5): what a user did after the event that he is born with. A filter that
 * reads one judges births, and returns pass it.
 */

/** The report's other filters, and a scope in which such behaviours mean something. */
export function besideBirths(
  query: RetentionQuery,
  scope: PlanScope,
): { readonly query: RetentionQuery; readonly scope: PlanScope } {
  checkBreakdowns(query);
  const filters = query.filters.filter((filter) => !readsAfterBirth(filter));
  return { query: { ...query, filters }, scope: { ...scope, ofBirths: true } };
}

/** Birth events, of those that pass the filters about births. */
export function planBirth({ birth, filters }: RetentionQuery, scope: PlanScope): SelectorPlan {
  const own = filters.filter(readsAfterBirth);
  const definition = planSelector(birth, scope);
  if (own.length === 0) return definition;
  const filtersOfBirths = planFilters(own, { ...scope, ofBirths: true });
  return [{ event: null, filters: filtersOfBirths, definition }];
}

/** By the return event, what lies after it would be meant. */
function checkBreakdowns({ segmentBy, breakdowns }: RetentionQuery): void {
  if (segmentBy === 'birth' || breakdowns.every(isOfUsers)) return;
  for (const breakdown of breakdowns) {
    if (breakdown.type === 'cohort' || !isAfterBirth(breakdown.property)) continue;
    throw invalidQuery(
      `"${breakdown.property.name}" lies within a time after a birth, and the segments are those of the return ` +
        'event: leave out segmentBy, or the other breakdowns',
    );
  }
}

function isOfUsers(breakdown: Breakdown): boolean {
  if (breakdown.type === 'cohort') return true;
  const { scope, computed } = breakdown.property;
  return scope === 'person' || computed?.type === 'behavior';
}

function readsAfterBirth(filter: Filter): boolean {
  switch (filter.type) {
    case 'all':
    case 'any':
      return filter.filters.some(readsAfterBirth);
    case 'property':
    case 'items':
      return isAfterBirth(filter.property);
    case 'cohort':
      return false;
  }
}

export function isAfterBirth({ computed }: PropertyRef): boolean {
  return computed?.type === 'behavior' && computed.within !== undefined;
}
