import type { UserCohorts } from '@arbor/schema/users-result';
import type { QueryService } from '../dqs/ports.ts';
import { ApiError } from '../errors.ts';
import { ask, type EventsOf, onUser } from './user-events.ts';

/** A query each: with more, nobody waits for the answer. */
export const cohortsMax = 200;
/** Beside what else the project asks meanwhile. */
const atOnce = 4;

export interface NamedCohort {
  readonly id: string;
  readonly name: string;
}

/** In which of the saved cohorts a user is now, in their order. */
export async function cohortsOf(
  queries: Pick<QueryService, 'run'>,
  { charge, ...of }: EventsOf & { readonly charge: (requests: number) => void },
  saved: readonly NamedCohort[],
): Promise<UserCohorts> {
  const asked = saved.slice(0, cohortsMax);
  if (asked.length > 1) charge(asked.length - 1);
  const isIn = new Set<NamedCohort>();
  const waiting = asked.values();
  let failed = false;
  const lane = async (): Promise<void> => {
    // All lanes take from the same iterator, and none goes on where another failed: nobody gets an answer then.
    for (const cohort of waiting) {
      if (failed) return;
      if (await isMember(queries, of, cohort.id)) isIn.add(cohort);
    }
  };
  const stop = (error: unknown): never => {
    failed = true;
    throw error;
  };
  await Promise.all(Array.from({ length: atOnce }, () => lane().catch(stop)));
  return {
    cohorts: asked.flatMap((one) => (isIn.has(one) ? [{ id: one.id, name: one.name }] : [])),
    more: saved.length > asked.length,
  };
}

async function isMember(
  queries: Pick<QueryService, 'run'>,
  { user, ...of }: EventsOf,
  id: string,
): Promise<boolean> {
  try {
    const { users } = await ask(queries, of, {
      type: 'cohort',
      filters: [onUser(user), { type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] }],
    });
    return users > 0;
  } catch (error) {
    // One that needs something which was removed since has nobody in it, and says so where it is looked at.
    if (error instanceof ApiError && error.code === 'INVALID_QUERY') return false;
    throw error;
  }
}
