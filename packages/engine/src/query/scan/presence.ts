import type { FilterPlan, SelectorPlan } from '../plan/plan-types.ts';
import { isOfUser } from './people-mask.ts';

/**
 * What a user must pass for each of his rows to count, where nothing but who he is decides it and any
 * event will do: on a day that no edge cuts it is then enough to know who was there (`DayActivity`). Null
 * = rows must be looked at.
 */
export function presenceFilters(
  selector: SelectorPlan,
  filters: readonly FilterPlan[],
): readonly FilterPlan[] | null {
  const [match, ...others] = selector;
  if (match?.event !== null || others.length > 0) return null;
  const all = [...match.filters, ...filters];
  return all.every(isOfUser) ? all : null;
}
