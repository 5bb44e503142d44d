import { joinGroups } from '../plan/group-joins.ts';
import { detachLists } from '../plan/plan-lists.ts';
import type { Plan } from '../plan/plan-types.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import type { SharedLists } from './shared-lists.ts';

export interface PlanWithGroups {
  readonly plan: Plan;
  /** To be called when nobody works on the plan any more. */
  end(): void;
}

/**
 * The plan with what the snapshot knows of groups. Columns of many groups are named in it and lie among the lists, so
 * that each is sent to the threads once; equal plans have equal profiles.
 */
export function withGroups(
  plan: Plan,
  snapshot: ProjectSnapshot,
  lists: SharedLists,
): PlanWithGroups {
  const joined = joinGroups(plan, (groupKey, name) => snapshot.groups?.property(groupKey, name));
  if (joined === plan) return { plan, end: () => undefined };
  const detached = detachLists(joined);
  const leases = Array.from(detached.lists, ([name, { bytes }]) => {
    lists.add(name, bytes);
    return lists.lease(new Set([name]));
  });
  return {
    plan: detached.plan as Plan,
    end: () => {
      for (const lease of leases) lease.end();
    },
  };
}
