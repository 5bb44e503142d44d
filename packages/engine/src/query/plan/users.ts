import type { UserCondition, UsersQuery } from '@arbor/schema/query';
import { planCohort } from './cohort.ts';
import type { PlanScope } from './plan-scope.ts';
import type { CohortPlan, UsersPlan } from './plan-types.ts';
import { planVersion } from './plan-version.ts';
import { readUsersCursor } from './users-position.ts';

/** `newScope`: each condition is a plan of its own, which numbers its cohorts by itself. */
export function planUsers(query: UsersQuery, newScope: () => PlanScope): UsersPlan {
  const { nowMs, definitions } = newScope();
  const { who, search, found, columns, sort, limit, cursor } = query;
  return {
    type: 'users',
    version: planVersion,
    startMs: nowMs,
    endMs: nowMs,
    nowMs,
    who,
    search: search.toLowerCase(),
    found,
    members: memberConditions(query).map((filters): CohortPlan => ({
      ...planCohort({ type: 'cohort', filters }, newScope()),
      members: true,
    })),
    columns,
    sort,
    limit,
    after: cursor === undefined ? null : readUsersCursor(cursor),
    hidden: definitions.hiddenEvents,
  };
}

/**
 * Lists of conditions that must all hold. A cohort by itself is asked about as what it is made of, for which there
 * are fast scans: a condition that names a cohort goes over the rows of each user.
 */
function memberConditions({ filters, cohort }: UsersQuery): UserCondition[][] {
  const lists: UserCondition[][] = [];
  const rest: UserCondition[] = [];
  const named: UserCondition[] =
    cohort === undefined ? [] : [{ type: 'cohort', operator: 'in', cohorts: [cohort] }];
  for (const condition of [...filters, ...named]) {
    const [only, ...others] = condition.type === 'cohort' ? condition.cohorts : [];
    const isPlain = condition.type === 'cohort' && condition.operator === 'in';
    if (isPlain && only?.type === 'conditions' && others.length === 0) lists.push(only.filters);
    else rest.push(condition);
  }
  return rest.length === 0 ? lists : [rest, ...lists];
}
