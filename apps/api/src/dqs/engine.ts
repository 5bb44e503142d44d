import { composeQuery } from '@arbor/engine/compose';
import type { Partial } from '@arbor/engine/merge';
import { followUpPlan, mergePartials } from '@arbor/engine/merge';
import type { Plan, PlanContext } from '@arbor/engine/plan';
import { countsTogether, planQuery } from '@arbor/engine/plan';
import type { QueryEngine } from './ports.ts';

/**
 * The real engine behind the port. The casts hold because plans come from `plan` of the same object, definitions from
 * `QueryDefinitions`, and partial results from the same version of the engine in a storage process (`LqsQuery.version`).
 */
export const engine: QueryEngine = {
  compose: composeQuery,
  plan: (query, context) => planQuery(query, context as PlanContext),
  isTogether: (plan) => countsTogether(plan as Plan),
  merge: (plan, partials, followUp) =>
    mergePartials(
      plan as Plan,
      partials as readonly Partial[],
      (followUp as readonly Partial[] | undefined) ?? null,
    ),
  followUp: (plan, partials) => followUpPlan(plan as Plan, partials as readonly Partial[]),
};
