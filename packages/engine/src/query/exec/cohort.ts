import { AssertionError } from '../../base/assert.ts';
import type { ListPoint } from '@arbor/schema/query';
import { packMembers } from '../merge/member-bits.ts';
import type { CohortPartial } from '../merge/partial.ts';
import type { CohortPlan, ConditionsPlan } from '../plan/plan-types.ts';
import type { Picked } from './picked.ts';
import { createRowContext } from './row-context.ts';
import type { ViewContext } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

/** Counts the users that meet the conditions, of all who have an event or a profile (9.2, 9.4). */
export function executeCohort(plan: CohortPlan, stored: ShardView): CohortPartial {
  const { masks } = createRowContext(plan, stored);
  const now = masks.meeting(plan);
  const sizes = plan.over?.at.map((_, bucket) =>
    countUsers(masks.meeting(conditionsAt(plan, bucket))),
  );
  return {
    type: 'cohort',
    users: countUsers(now),
    ...(sizes && { sizes }),
    ...(plan.members && { members: [packMembers(now.subarray(1), 1)] }),
  };
}

/** The users behind the size now or as of the end of a bucket, with what they did of the conditions. */
export function pickCohort(
  plan: CohortPlan,
  { bucket }: Extract<ListPoint, { type: 'cohort' }>,
  stored: ShardView,
): Picked {
  const context = createRowContext(plan, stored);
  const conditions = bucket === null ? plan : conditionsAt(plan, bucket);
  const members = context.masks.meeting(conditions);
  return {
    view: context.view,
    users: placesOf(members),
    rows: placesOf(rowsOf(members, conditions, context)),
  };
}

function conditionsAt({ over, conditions }: CohortPlan, bucket: number): ConditionsPlan {
  const then = over?.at[bucket];
  if (then === undefined)
    throw new AssertionError(`the cohort was not asked about bucket ${bucket}`);
  return { ...then, conditions: then.conditions ?? conditions };
}

/** 1 by row for what members did of any behavior or sequence while it is looked at. */
function rowsOf(
  members: Uint8Array,
  { behaviors, sequences }: ConditionsPlan,
  { masks, view }: ViewContext,
): Uint8Array {
  const rows = new Uint8Array(view.rowCount);
  for (const behavior of behaviors) masks.behavior(behavior).markRows(behavior, rows);
  for (const sequence of sequences) masks.sequence(sequence).markRows(sequence, rows);
  for (let row = 0; row < rows.length; row++) rows[row] &= members[view.users[row]];
  return rows;
}

function countUsers(mask: Uint8Array): number {
  let users = 0;
  for (let user = 0; user < mask.length; user++) users += mask[user];
  return users;
}

/** Where the mask has 1, ascending. */
function placesOf(mask: Uint8Array): Uint32Array {
  const places = new Uint32Array(countUsers(mask));
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] === 1) places[count++] = i;
  return places;
}
