import type { UsersResult } from '@arbor/schema/users-result';
import type { UsersPlan } from '../plan/plan-types.ts';
import { usersCursor } from '../plan/users-position.ts';
import { compareIds } from './list-order.ts';
import type { FoundUser, UsersPartial } from './partial.ts';
import { compareValues } from './value-order.ts';

/** A user is whole on a shard: no entry is in two partial results. */
export function mergeUsers(plan: UsersPlan, partials: readonly UsersPartial[]): UsersResult {
  const { total, users } = combineUsers(plan, partials);
  const page = users.slice(0, plan.limit);
  const last = users.length > plan.limit ? page.at(-1) : undefined;
  return {
    type: 'users',
    total,
    users: page.map(({ user, displayName, values }) => ({
      user,
      displayName,
      values: [...values],
    })),
    next: last === undefined ? null : usersCursor({ value: last.sortValue, user: last.user }),
  };
}

/** One partial result of several, of users that do not overlap. */
export function combineUsers(plan: UsersPlan, partials: readonly UsersPartial[]): UsersPartial {
  const sign = plan.sort.order === 'ascending' ? 1 : -1;
  return {
    type: 'users',
    total: partials.reduce((sum, { total }) => sum + total, 0),
    users: partials
      .flatMap(({ users }) => users)
      .sort((user, other) => compareSorted(user, other, sign))
      .slice(0, plan.limit + 1),
  };
}

function compareSorted(user: FoundUser, other: FoundUser, sign: 1 | -1): number {
  const [value, otherValue] = [user.sortValue, other.sortValue];
  if (value === null || otherValue === null) {
    return (
      Number(value === null) - Number(otherValue === null) || compareIds(user.user, other.user)
    );
  }
  return compareValues(value, otherValue) * sign || compareIds(user.user, other.user);
}
