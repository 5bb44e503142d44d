import { derivedValue } from '../exec/computed-values.ts';
import { passes } from '../exec/verdicts.ts';
import type { Plan, PlanOperator, PropertyFilterPlan } from '../plan/plan-types.ts';
import { type Part, replaceParts } from '../plan/replace-parts.ts';

/** Pass where some item passes, and never where nothing has the property. */
const positive: ReadonlySet<PlanOperator> = new Set<PlanOperator>([
  'equals',
  'contains',
  'starts_with',
  'ends_with',
  'greater_than',
  'less_than',
  'at_least',
  'at_most',
  'between',
  'is_true',
  'is_false',
  'in_span',
]);
/** The contrary of one of them. */
const negative: ReadonlySet<PlanOperator> = new Set<PlanOperator>([
  'does_not_equal',
  'does_not_contain',
  'not_in_span',
]);

/** More are not named: the plan goes over rows, which look each group up. */
const idsMax = 10_000;

/**
 * The plan with filters on properties of groups as filters on the groups themselves, which fast scans know: each
 * group is judged once here, and not each row there. For plans whose joins know the groups (`joinGroups`).
 */
export function filtersByGroup(plan: Plan): Plan {
  return replaceParts(plan, (part) => {
    // Breakdowns judge the items of their values.
    if ('buckets' in part && 'property' in part) return part;
    return isGroupFilter(part) ? byGroup(part) : null;
  }) as Plan;
}

function isGroupFilter(part: Part): part is Part & PropertyFilterPlan {
  if (part.type !== 'property' || !('operator' in part)) return false;
  return (part as unknown as PropertyFilterPlan).property.group !== undefined;
}

/** Null = only the rows can tell. */
function byGroup(filter: PropertyFilterPlan): Part | null {
  const { property, operator, quantifier } = filter;
  const { group, path: _, cast, ...named } = property;
  const isNegative = negative.has(operator);
  // These read each item of a list by itself.
  const isOfItems =
    property.computed === undefined && (cast === undefined || cast === 'number' || cast === 'date');
  if (group === undefined || !isOfItems || quantifier === 'all') return null;
  // Its keys lie among the lists: it was looked at before, and too many groups passed.
  if (group.list !== undefined) return null;
  if (!isNegative && !positive.has(operator)) return null;
  // Groups that are not among the keys are not known here.
  if (group.otherwise !== undefined && filter.values.includes(group.otherwise)) return null;
  const ids = group.keys.filter((id) => passes(filter, derivedValue(property, id)) !== isNegative);
  if (ids.length > idsMax) return null;
  return {
    type: 'property',
    property: named,
    operator: isNegative ? 'does_not_equal' : 'equals',
    values: ids,
  } satisfies PropertyFilterPlan;
}
