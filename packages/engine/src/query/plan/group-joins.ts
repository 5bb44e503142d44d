import type { Plan } from './plan-types.ts';
import { replaceParts } from './replace-parts.ts';
import type { GroupJoinPlan } from './selection-plan.ts';

/**
 * The plan with what is known of groups in it: a plan names properties of groups, whose profiles lie on the shards.
 * The same object where it names none. `columnOf` answers undefined where no group of the key has the property.
 */
export function joinGroups(
  plan: Plan,
  columnOf: (groupKey: string, name: string) => Pick<GroupJoinPlan, 'keys' | 'values'> | undefined,
): Plan {
  const joined = replaceParts(plan, (part) => {
    if (part.type !== 'group' || !('groupKey' in part)) return null;
    const { groupKey, name } = part as unknown as GroupJoinPlan;
    return { ...part, ...columnOf(groupKey, name) };
  });
  return joined as Plan;
}
