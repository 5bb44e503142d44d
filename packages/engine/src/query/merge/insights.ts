import type { InsightsResult } from '@arbor/schema/result';
import type { InsightsPlan, MetricPlan } from '../plan/plan-types.ts';
import type { Cells, InsightsPartial } from './partial.ts';
import { mergeCells } from './merge-cells.ts';
import { bestSegments } from './rank.ts';
import { groupSegments } from './segment-groups.ts';

export function mergeInsights(
  plan: InsightsPlan,
  partials: readonly InsightsPartial[],
): InsightsResult {
  const metrics = plan.metrics.map((metric, index) => mergeMetric(plan, metric, index, partials));
  return {
    type: 'insights',
    buckets: [...plan.buckets],
    series: metrics.flatMap((metric) => metric.series),
    segmentCounts: metrics.map((metric) => metric.segmentCount),
  };
}

function mergeMetric(
  plan: InsightsPlan,
  { measure }: MetricPlan,
  metric: number,
  partials: readonly InsightsPartial[],
) {
  const bucketCount = plan.buckets.length;
  const merge = (cells: readonly Cells[]) => mergeCells(measure, cells, bucketCount);
  const parts = partials.map((partial) => partial.metrics[metric]);
  const overall = merge(parts.map((part) => part.overall));
  const segments = groupSegments(parts.map((part) => part.segments)).map((group) => ({
    ...group,
    rank: merge(group.cells).rank,
  }));
  // Made twice rather than kept: the lines of segments that do not come back would fill the memory.
  const best = bestSegments(segments, plan.segmentsMax).map(({ segment, cells }) => ({
    segment,
    ...merge(cells),
  }));
  return {
    series: [{ segment: null, ...overall }, ...best].map(({ segment, values, total }) => ({
      metric,
      segment,
      values,
      total,
    })),
    segmentCount: segments.length,
  };
}
