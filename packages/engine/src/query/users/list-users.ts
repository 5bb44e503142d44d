import type { Steps } from '../../base/slices.ts';
import type { UsersPartial } from '../merge/partial.ts';
import type { UsersPlan } from '../plan/plan-types.ts';
import { columnValue } from './column-value.ts';
import { firstUsers } from './first-users.ts';
import { type KnownTexts, searchUsers } from './search-users.ts';
import { orderUsers } from './user-order.ts';
import { idOf, nameOf, type UserRows } from './user-rows.ts';

/**
 * The first page after the plan's position, of the users of the mask; in steps of some milliseconds. `known` is
 * kept by whoever asks about the same project again.
 */
export function* listUsers(
  plan: UsersPlan,
  rows: UserRows,
  known: KnownTexts,
): Steps<UsersPartial> {
  if (plan.search !== '') yield* searchUsers(plan, rows, known);
  const total = countOnes(rows.mask);
  yield;
  const order = yield* orderUsers(plan, rows);
  const page = yield* firstUsers(order, rows.mask, plan.limit + 1);
  const users: UsersPartial['users'][number][] = [];
  for (const user of page) {
    users.push({
      user: idOf(rows, user),
      displayName: nameOf(rows, user),
      sortValue: columnValue(plan.sort.by, rows, user),
      values: plan.columns.map((column) => columnValue(column, rows, user)),
    });
    if (users.length % 1024 === 0) yield;
  }
  return { type: 'users', total, users };
}

function countOnes(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i];
  return count;
}
