import { unreachable } from '../../base/assert.ts';
import type { InsightsPlan, Plan } from '../plan/plan-types.ts';
import { combineCells } from './combine-cells.ts';
import { combineCohorts } from './cohort.ts';
import { combineFlows } from './flow.ts';
import { combineFrequency } from './frequency.ts';
import { combineFunnels } from './funnel.ts';
import { combineLists } from './list.ts';
import { ofType } from './merge.ts';
import { unpackSegments } from './packed-segments.ts';
import type { Cells, InsightsPartial, MetricPartial, PartialResult } from './partial.ts';
import { combineRetention } from './retention.ts';
import { combineSegments } from './segment-groups.ts';
import { combineUsers } from './users.ts';

/**
 * One partial result of several, of any users and days that do not overlap: `mergePartials` makes the
 * same report of it as of all of them.
 */
export function combinePartials(plan: Plan, partials: readonly PartialResult[]): PartialResult {
  if (partials.length === 1) return partials[0];
  switch (plan.type) {
    case 'insights':
      return combineInsights(plan, ofType(partials, 'insights'));
    case 'funnel':
      return combineFunnels(plan, ofType(partials, 'funnel'));
    case 'retention':
      return combineRetention(ofType(partials, 'retention'));
    case 'cohort':
      return combineCohorts(plan, ofType(partials, 'cohort'));
    case 'flow':
      return combineFlows(plan, ofType(partials, 'flow'));
    case 'list':
      return combineLists(plan, ofType(partials, 'list'));
    case 'users':
      return combineUsers(plan, ofType(partials, 'users'));
    case 'frequency':
      return combineFrequency(ofType(partials, 'frequency'));
    default:
      return unreachable(plan);
  }
}

function combineInsights(
  plan: InsightsPlan,
  partials: readonly InsightsPartial[],
): InsightsPartial {
  const metrics = plan.metrics.map(({ measure }, metric): MetricPartial => {
    const combine = (cells: readonly Cells[]): Cells => combineCells(measure, cells);
    const parts = partials.map((partial) => partial.metrics[metric]);
    const segmentCount = parts.find((part) => part.segmentCount !== undefined)?.segmentCount;
    return {
      ...(segmentCount === undefined ? {} : { segmentCount }),
      overall: combine(parts.map(({ overall }) => overall)),
      segments: combineSegments(
        parts.map(({ segments }) => unpackSegments(segments)),
        combine,
      ),
    };
  });
  return { type: 'insights', metrics };
}
