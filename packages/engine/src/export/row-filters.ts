import { invalidQuery } from '../query/plan/invalid-query.ts';
import type { FilterPlan, PropertyPlan } from '../query/plan/plan-types.ts';

/** Computed properties that follow from one event and the profile of its user. */
const ofOneEvent: ReadonlySet<string> = new Set(['items', 'formula', 'lookup']);

/** Throws INVALID_QUERY for a filter that looks at more than one event and the profile of its user. */
export function checkRowFilters(filters: readonly FilterPlan[]): void {
  for (const filter of filters) checkRowFilter(filter);
}

function checkRowFilter(filter: FilterPlan): void {
  switch (filter.type) {
    case 'all':
    case 'any':
      checkRowFilters(filter.filters);
      return;
    case 'cohort':
      throw invalidQuery('an export is not filtered by cohorts: ask `/engage` who is in them');
    case 'items':
    case 'property':
      checkProperty(filter.property);
  }
}

function checkProperty({ name, computed, group }: PropertyPlan): void {
  const isOfOne = computed === undefined || ofOneEvent.has(computed.type);
  if (isOfOne && group === undefined) return;
  throw invalidQuery(
    `an export is filtered by what lies in single events: "${name}" follows from others`,
  );
}
