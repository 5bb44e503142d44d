import { judgeCounts } from '../kernels/judge-counts.ts';
import { narrow, setByCode } from '../kernels/mask.ts';
import type { CohortPartial } from '../merge/partial.ts';
import type { BehaviorPlan, CohortPlan, PropertyFilterPlan } from '../plan/plan-types.ts';
import { selectorMask } from './filter-mask.ts';
import type { Frame } from './frame.ts';
import { createRowContext } from './row-context.ts';
import { knownUserProperty, type ShardView } from './shard-view.ts';
import { narrowUsers } from './user-conditions.ts';
import { verdictsByCode } from './verdicts.ts';

/** Counts the users that meet the conditions, of all who have an event or a profile (9.2). */
export function executeCohort(plan: CohortPlan, stored: ShardView): CohortPartial {
  const { view, frame } = createRowContext(plan, stored);
  const mask = Uint8Array.from(view.userIds, (id) => Number(id !== ''));
  const known = view.personProperty(knownUserProperty);
  for (let user = 0; known && user < mask.length; user++) mask[user] &= known.codes[user];
  const counts = plan.behaviors.map((behavior) => countBehavior(behavior, view, frame));
  narrowUsers(
    plan.conditions,
    {
      property: (filter, own) => narrowByPerson(filter, view, own),
      behavior: (index, own) => {
        const { operator, value } = plan.behaviors[index];
        judgeCounts(counts[index], operator, value, own);
      },
    },
    mask,
  );
  return { type: 'cohort', users: mask.reduce((sum, passes) => sum + passes, 0) };
}

/** How often each user did it, by ordinal. */
function countBehavior(
  { selector, startMs, endMs }: BehaviorPlan,
  view: ShardView,
  frame: Frame,
): Uint32Array {
  const mask = selectorMask(selector, [], view, frame);
  const counts = new Uint32Array(view.userIds.length);
  for (let row = 0; row < view.rowCount; row++) {
    const time = view.times[row];
    if (mask[row] === 1 && time >= startMs && time < endMs) counts[view.users[row]]++;
  }
  return counts;
}

function narrowByPerson(filter: PropertyFilterPlan, view: ShardView, mask: Uint8Array): void {
  const column = view.personProperty(filter.property.name);
  const verdicts = verdictsByCode(filter, column?.values ?? []);
  if (!column) {
    if (verdicts[0] === 0) mask.fill(0);
    return;
  }
  const own = new Uint8Array(mask.length);
  setByCode(column.codes, verdicts, own);
  narrow(mask, own);
}
