import { narrow, widen } from '../kernels/mask.ts';
import type { ItemsFilterPlan, PropertyFilterPlan, UserConditionPlan } from '../plan/plan-types.ts';

/** Conditions that only the history of users decides, which fast scans do not have. */
export type HistoryCondition = Extract<
  UserConditionPlan,
  { type: 'sequence' | 'report' | 'cohort' }
>;

/** How users, numbered somehow, are judged: each keeps of the mask (1 = passes so far) what it passes. */
export interface UserJudges {
  property(filter: PropertyFilterPlan | ItemsFilterPlan, mask: Uint8Array): void;
  behavior(index: number, mask: Uint8Array): void;
  history(condition: HistoryCondition, mask: Uint8Array): void;
}

/** Keeps of the mask the users that meet every condition. */
export function narrowUsers(
  conditions: readonly UserConditionPlan[],
  judges: UserJudges,
  mask: Uint8Array,
): void {
  for (const condition of conditions) narrowByCondition(condition, judges, mask);
}

function narrowByCondition(
  condition: UserConditionPlan,
  judges: UserJudges,
  mask: Uint8Array,
): void {
  switch (condition.type) {
    case 'behavior':
      judges.behavior(condition.index, mask);
      return;
    case 'property':
    case 'items':
      judges.property(condition, mask);
      return;
    case 'all':
      narrowUsers(condition.filters, judges, mask);
      return;
    case 'any': {
      const some = new Uint8Array(mask.length);
      for (const option of condition.filters) {
        const own = mask.slice();
        narrowByCondition(option, judges, own);
        widen(some, own);
      }
      narrow(mask, some);
      return;
    }
    case 'sequence':
    case 'report':
    case 'cohort':
      judges.history(condition, mask);
  }
}
