import { unreachable } from '../../base/assert.ts';
import type { PartialResult } from '../merge/partial.ts';
import type { Plan } from '../plan/plan-types.ts';
import { checkPlanVersion } from '../plan/plan-version.ts';
import { executeCohort } from './cohort.ts';
import { executeFlow } from './flow.ts';
import { executeFrequency } from './frequency.ts';
import { executeFunnel } from './funnel.ts';
import { executeInsights } from './insights.ts';
import { executeList, pick } from './list.ts';
import { executeRetention } from './retention.ts';
import { findReportMembers } from './report-members.ts';
import type { ShardView } from './shard-view.ts';
import { executeUsers } from './users.ts';

/**
 * Answers a plan from one shard. The result is plain JSON and additive: `mergePartials` makes the
 * report of all shards. The caller picks the view; it must be of the project the plan was made for.
 */
export function executePlan(plan: Plan, view: ShardView): PartialResult {
  checkPlanVersion(plan);
  findReportMembers(plan, view, pick);
  switch (plan.type) {
    case 'insights':
      return executeInsights(plan, view);
    case 'funnel':
      return executeFunnel(plan, view);
    case 'retention':
      return executeRetention(plan, view);
    case 'cohort':
      return executeCohort(plan, view);
    case 'flow':
      return executeFlow(plan, view);
    case 'list':
      return executeList(plan, view);
    case 'users':
      return executeUsers(plan, view);
    case 'frequency':
      return executeFrequency(plan, view);
    default:
      return unreachable(plan);
  }
}
