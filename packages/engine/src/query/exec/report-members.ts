import { AssertionError } from '../../base/assert.ts';
import type { ListPlan, Plan, UserConditionPlan } from '../plan/plan-types.ts';
import type { Picked } from './picked.ts';
import type { ShardView } from './shard-view.ts';

/** By view and text of the list: 1 by user ordinal for who is behind that number of a report. */
const membersByView = new WeakMap<ShardView, Map<string, Uint8Array>>();

/** A plan is executed for many ranges of users: its lists become texts once. */
const texts = new WeakMap<ListPlan, string>();

/**
 * Finds who is behind the numbers that conditions of the plan name (9.1, 6), before anything of it is executed:
 * reports hold cohorts and cohorts reports, so neither executes the other. Lists in lists come first.
 */
export function findReportMembers(
  plan: Plan,
  view: ShardView,
  pick: (list: ListPlan, view: ShardView) => Picked,
): void {
  for (const list of listsOf(plan)) {
    findReportMembers(list, view, pick);
    const known = membersByView.get(view) ?? new Map<string, Uint8Array>();
    membersByView.set(view, known);
    const text = textOf(list);
    if (known.has(text)) continue;
    const mask = new Uint8Array(view.userCount + 1);
    for (const user of pick(list, view).users) mask[user] = 1;
    known.set(text, mask);
  }
}

/** As `findReportMembers` found it for the stored view. */
export function membersBehind(list: ListPlan, view: ShardView): Uint8Array {
  const mask = membersByView.get(view)?.get(textOf(list));
  if (mask === undefined) throw new AssertionError(`nobody has looked behind ${list.of.type} yet`);
  return mask;
}

function listsOf(plan: Plan): ListPlan[] {
  if (plan.type === 'list') return listsOf(plan.of);
  if (plan.type === 'users') return plan.members.flatMap(listsOf);
  const own =
    plan.type === 'cohort'
      ? [...plan.conditions, ...(plan.over?.at.flatMap(({ conditions }) => conditions ?? []) ?? [])]
      : [];
  const ofCohorts = plan.cohorts.flatMap((cohort) =>
    cohort.type === 'conditions' ? cohort.conditions : [],
  );
  return [...own, ...ofCohorts].flatMap(listsIn);
}

function listsIn(condition: UserConditionPlan): ListPlan[] {
  if (condition.type === 'report') return [condition.list];
  return 'filters' in condition ? condition.filters.flatMap(listsIn) : [];
}

function textOf(list: ListPlan): string {
  const text = texts.get(list) ?? JSON.stringify(list);
  texts.set(list, text);
  return text;
}
