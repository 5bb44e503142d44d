import type { CohortResult } from '@arbor/schema/result';
import type { CohortPartial } from './partial.ts';

/** A user lives on one shard, so counts of users add up. */
export function mergeCohort(partials: readonly CohortPartial[]): CohortResult {
  return { type: 'cohort', users: partials.reduce((sum, { users }) => sum + users, 0) };
}
