import { columnOfMembers } from '../plan/cohorts-of-groups.ts';
import { joinGroups } from '../plan/group-joins.ts';
import { detachLists } from '../plan/plan-lists.ts';
import type { CountedGroupsPlan, Plan } from '../plan/plan-types.ts';
import { scanNeeds, type ScanNeeds } from '../scan/scan-needs.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { filtersByGroup } from './group-filters.ts';
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
  const counting = withProfiles(plan);
  const joined = joinGroups(counting, (groupKey, name) =>
    snapshot.groups?.property(groupKey, name),
  );
  return shared(joined, plan, lists);
}

/** The plan of events of groups with who is in the cohorts that it names, by the property that says it (21). */
export function withMembers(
  plan: Plan,
  members: ReadonlyMap<string, readonly string[]>,
  lists: SharedLists,
): PlanWithGroups {
  const joined = joinGroups(plan, (_, name) => {
    const groups = members.get(name);
    return groups && columnOfMembers(groups);
  });
  return shared(joined, plan, lists);
}

function shared(joined: Plan, plan: Plan, lists: SharedLists): PlanWithGroups {
  if (joined === plan) return { plan, end: () => undefined };
  const detached = detachLists(filtersByGroup(joined));
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

/** Where groups are counted, their profiles stand in the place of those of persons. */
function withProfiles(plan: Plan): Plan {
  if (plan.type === 'users') return plan;
  if (plan.type === 'list') {
    const { of } = plan;
    if (of.type === 'cohort' || of.counted === undefined) return plan;
    return { ...plan, of: { ...of, counted: withNames(of.counted, scanNeeds(plan, false)) } };
  }
  if (plan.type === 'cohort' || plan.counted === undefined) return plan;
  return { ...plan, counted: withNames(plan.counted, scanNeeds(plan, false)) };
}

function withNames(counted: CountedGroupsPlan, { personProperties }: ScanNeeds): CountedGroupsPlan {
  const [groupKey] = counted.names;
  const profiles = Array.from(personProperties, (name) => ({
    type: 'group' as const,
    groupKey,
    name,
    keys: [],
    values: [],
  }));
  return { ...counted, profiles };
}
