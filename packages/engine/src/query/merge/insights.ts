import type { InsightsResult } from '@arbor/schema/result';
import type { InsightsPlan, MetricPlan } from '../plan/plan-types.ts';
import type { Cells, InsightsPartial } from './partial.ts';
import { unpackSegments } from './packed-segments.ts';
import { mergeCells, rankCells } from './merge-cells.ts';
import { bestSegments } from './rank.ts';
import { groupSegments, segmentKey } from './segment-groups.ts';

/**
 * The report from the partial results of any shards. `others` are those of the follow-up plan that
 * `otherSegments` made; without them the answer has no row of all other segments (yet).
 */
export function mergeInsights(
  plan: InsightsPlan,
  partials: readonly InsightsPartial[],
  others: readonly InsightsPartial[] | null = null,
): InsightsResult {
  // The follow-up plan holds only the metrics whose list was cut, in their order.
  let cutCount = 0;
  const metrics = plan.metrics.map((_, metric) => {
    const merged = mergeMetric(plan, metric, partials);
    if (others === null || merged.segmentCount <= plan.segmentsMax) return merged;
    const cells = cellsOverall(others, cutCount++);
    const other = { metric, segment: otherSegment, ...mergeLine(plan, metric, cells) };
    return { ...merged, series: [...merged.series, other] };
  });
  return {
    type: 'insights',
    buckets: [...plan.buckets],
    series: metrics.flatMap((metric) => metric.series),
    segmentCounts: metrics.map((metric) => metric.segmentCount),
  };
}

const otherSegment = { type: 'other' as const, text: '(other)' };

/**
 * The plan whose answer is the row of all other segments: the same metrics without a breakdown, over the
 * rows that lie in a segment which does not come back by itself. It must be asked a second time because
 * users and items of lists may be in several segments, and which ones come back is known only when all
 * shards have answered. Null = every segment comes back, or nobody asked for the others.
 */
export function otherSegments(
  plan: InsightsPlan,
  partials: readonly InsightsPartial[],
): InsightsPlan | null {
  const { breakdown, otherSegment: wanted, segmentsMax } = plan;
  if (!wanted || !breakdown) return null;
  const metrics = plan.metrics.flatMap(({ selector, measure }, metric): MetricPlan[] => {
    const segments = rankedSegments(plan, metric, partials);
    if (segments.length <= segmentsMax) return [];
    const listed = bestSegments(segments, segmentsMax).map(({ segment }) => segmentKey(segment));
    const filter = {
      type: 'property' as const,
      property: breakdown,
      operator: 'in_other_segment' as const,
      values: listed,
    };
    const narrowed = selector.map(({ event, filters }) => {
      return { event, filters: [...filters, filter] };
    });
    return [{ selector: narrowed, measure }];
  });
  if (metrics.length === 0) return null;
  return { ...plan, metrics, breakdown: null, otherSegment: false };
}

function mergeMetric(plan: InsightsPlan, metric: number, partials: readonly InsightsPartial[]) {
  const segments = rankedSegments(plan, metric, partials);
  const lines = [
    { segment: null, cells: cellsOverall(partials, metric) },
    ...bestSegments(segments, plan.segmentsMax),
  ];
  return {
    series: lines.map(({ segment, cells }) => {
      return { metric, segment, ...mergeLine(plan, metric, cells) };
    }),
    segmentCount: segments.length,
  };
}

/** Ranked without their lines: those of segments that do not come back would fill the memory. */
function rankedSegments(plan: InsightsPlan, metric: number, partials: readonly InsightsPartial[]) {
  const { measure } = plan.metrics[metric];
  const lists = partials.map((partial) => unpackSegments(partial.metrics[metric].segments));
  return groupSegments(lists).map(({ segment, cells }) => {
    return { segment, cells, rank: rankCells(measure, cells) };
  });
}

function mergeLine(plan: InsightsPlan, metric: number, cells: readonly Cells[]) {
  return mergeCells(plan.metrics[metric].measure, cells, plan.buckets.length);
}

function cellsOverall(partials: readonly InsightsPartial[], metric: number): Cells[] {
  return partials.map((partial) => partial.metrics[metric].overall);
}
