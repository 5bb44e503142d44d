import type { QueryResult } from '@arbor/schema/result';
import { assert, unreachable } from '../../base/assert.ts';
import type { Plan } from '../plan/plan-types.ts';
import { mergeCohort } from './cohort.ts';
import { mergeFlow } from './flow.ts';
import { mergeFrequency } from './frequency.ts';
import { mergeFunnel, otherFunnel } from './funnel.ts';
import { mergeInsights, otherSegments } from './insights.ts';
import { mergeLists, propertiesOfEvents } from './list.ts';
import type { PartialResult } from './partial.ts';
import { mergeRetention, otherRetention } from './retention.ts';
import { mergeUsers } from './users.ts';

export type { PartialResult as Partial } from './partial.ts';

/**
 * Makes the report of all shards, from their partial results in any order. With fewer shards it is the
 * report of what has arrived so far: that is how a streamed query refines itself.
 *
 * `followUp` are the partial results of `followUpPlan`; the answer is whole without them where that is null.
 */
export function mergePartials(
  plan: Plan,
  partials: readonly PartialResult[],
  followUp: readonly PartialResult[] | null = null,
): QueryResult {
  switch (plan.type) {
    case 'insights':
      return mergeInsights(
        plan,
        ofType(partials, 'insights'),
        followUp && ofType(followUp, 'insights'),
      );
    case 'funnel':
      return mergeFunnel(plan, ofType(partials, 'funnel'), followUp && ofType(followUp, 'funnel'));
    case 'retention':
      return mergeRetention(
        plan,
        ofType(partials, 'retention'),
        followUp && ofType(followUp, 'retention'),
      );
    case 'cohort':
      return mergeCohort(plan, ofType(partials, 'cohort'));
    case 'flow':
      return mergeFlow(plan, ofType(partials, 'flow'));
    case 'list':
      return mergeLists(plan, ofType(partials, 'list'), followUp && ofType(followUp, 'list'));
    case 'users':
      return mergeUsers(plan, ofType(partials, 'users'));
    case 'frequency':
      return mergeFrequency(plan, ofType(partials, 'frequency'));
    default:
      return unreachable(plan);
  }
}

/**
 * Some questions depend on the answer of all shards (the row of all other segments, the properties of the
 * events of a page): the plan to ask them next, for `mergePartials`. Null = everything is known.
 */
export function followUpPlan(plan: Plan, partials: readonly PartialResult[]): Plan | null {
  switch (plan.type) {
    case 'insights':
      return otherSegments(plan, ofType(partials, 'insights'));
    case 'funnel':
      return otherFunnel(plan, ofType(partials, 'funnel'));
    case 'retention':
      return otherRetention(plan, ofType(partials, 'retention'));
    case 'list':
      return propertiesOfEvents(plan, ofType(partials, 'list'));
    case 'frequency':
    case 'flow':
    case 'cohort':
    case 'users':
      return null;
    default:
      return unreachable(plan);
  }
}

/** The plan decides what answers it; anything else is a mistake of ours. */
export function ofType<T extends PartialResult['type']>(
  partials: readonly PartialResult[],
  type: T,
) {
  return partials.map((partial) => {
    assert(partial.type === type, () => `${partial.type} partial cannot answer ${type} plan`);
    return partial as Extract<PartialResult, { type: T }>;
  });
}
