import { assignBuckets } from '../kernels/assign-buckets.ts';
import type { InsightsPartial } from '../merge/partial.ts';
import type { InsightsPlan } from '../plan/plan-types.ts';
import { bucketEdges } from './bucket-edges.ts';
import { countedMetric } from './counted-metric.ts';
import type { InsightsInput } from './insights-input.ts';
import { metricCells } from './measure-cells.ts';
import { createRowContext } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

export function executeInsights(plan: InsightsPlan, stored: ShardView): InsightsPartial {
  const input = insightsInput(plan, stored);
  return {
    type: 'insights',
    metrics: plan.metrics.map((metric) => metricCells(countedMetric(metric, plan, input))),
  };
}

/** The rows of a view with the buckets of a plan. */
export function insightsInput(plan: InsightsPlan, stored: ShardView): InsightsInput {
  const context = createRowContext(plan, stored);
  const { view, frame } = context;
  const buckets = new Int32Array(view.rowCount);
  assignBuckets(view.times, bucketEdges(plan.buckets), buckets);
  return { context, view, frame, buckets, bucketCount: plan.buckets.length };
}
