import type { CohortResult } from '@arbor/schema/result';
import type { CohortPlan } from '../plan/plan-types.ts';
import type { CohortPartial } from './partial.ts';

/** A user lives on one shard and in one range, so counts of users add up. */
export function combineCohorts(
  plan: CohortPlan,
  partials: readonly CohortPartial[],
): CohortPartial {
  const users = partials.reduce((sum, own) => sum + own.users, 0);
  const members = partials.flatMap((own) => own.members ?? []);
  const sizes = plan.over?.buckets.map((_, bucket) =>
    partials.reduce((sum, own) => sum + (own.sizes?.[bucket] ?? 0), 0),
  );
  return { type: 'cohort', users, ...(sizes && { sizes }), ...(plan.members && { members }) };
}

export function mergeCohort(plan: CohortPlan, partials: readonly CohortPartial[]): CohortResult {
  const { users, sizes = [] } = combineCohorts(plan, partials);
  if (plan.over === null) return { type: 'cohort', users };
  return { type: 'cohort', users, sizes: { buckets: [...plan.over.buckets], users: [...sizes] } };
}
