import { atOnce } from '../../base/slices.ts';
import { narrow } from '../kernels/mask.ts';
import type { UsersPartial } from '../merge/partial.ts';
import type { UsersPlan } from '../plan/plan-types.ts';
import { listUsers } from '../users/list-users.ts';
import type { UserRows } from '../users/user-rows.ts';
import { noTotals, type UserTotals } from '../users/user-totals.ts';
import { eventVerdicts } from './filter-mask.ts';
import { createRowContext } from './row-context.ts';
import { knownUserProperty, profileProperty, type ShardView } from './shard-view.ts';

/** The users of a view one by one, over its rows. */
export function executeUsers(plan: UsersPlan, view: ShardView): UsersPartial {
  const mask = listedUsers(plan, view);
  for (const members of plan.members) {
    narrow(mask, createRowContext(members, view).masks.meeting(members));
  }
  const rows: UserRows = {
    ids: textsOf(view),
    totals: totalsOf(plan, view),
    mask,
    column: (name) => view.personProperty(name),
  };
  return atOnce(listUsers(plan, rows, new Map()));
}

/** 1 for users that were not merged away and have an event or a profile, or a profile. */
function listedUsers({ who }: UsersPlan, view: ShardView): Uint8Array {
  const mask = new Uint8Array(view.userCount + 1);
  const asked = view.personProperty(who === 'all' ? knownUserProperty : profileProperty);
  for (let user = 1; user < mask.length; user++) {
    const isUser = view.isUser ? view.isUser[user] === 1 : view.userIds[user] !== '';
    const isAsked = asked ? asked.codes[user] !== 0 : who === 'all';
    mask[user] = Number(isUser && isAsked);
  }
  return mask;
}

function textsOf({ userIds, userCount }: ShardView): UserRows['ids'] {
  const texts = Array.from({ length: userCount + 1 }, (_, user) => Buffer.from(userIds[user]));
  const ends = new Uint32Array(userCount + 1);
  texts.forEach((text, user) => (ends[user] = (user === 0 ? 0 : ends[user - 1]) + text.length));
  return { bytes: Buffer.concat(texts), ends, count: userCount };
}

function totalsOf({ hidden }: UsersPlan, view: ShardView): UserTotals {
  const totals = noTotals(view.userCount);
  const { counts, firsts, lasts } = totals;
  const counted = eventVerdicts({ event: null, filters: [], hidden }, view);
  for (let row = 0; row < view.rowCount; row++) {
    if (counted[view.events[row]] === 0) continue;
    const user = view.users[row];
    counts[user]++;
    firsts[user] = Math.min(firsts[user], view.times[row]);
    lasts[user] = Math.max(lasts[user], view.times[row]);
  }
  return totals;
}
