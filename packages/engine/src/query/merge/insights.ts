import type { InsightsResult, Segment } from '@arbor/schema/result';
import type { FilterPlan, InsightsPlan, MetricPlan, PropertyPlan } from '../plan/plan-types.ts';
import type { Cells, InsightsPartial } from './partial.ts';
import { unpackSegments } from './packed-segments.ts';
import { mergeCells, rankCells } from './merge-cells.ts';
import type { MergedCells } from './merge-cells.ts';
import { bestSegments } from './rank.ts';
import { groupSegments, segmentKey } from './segment-groups.ts';
import type { SegmentGroup } from './segment-groups.ts';

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
  const metrics = listSegments(plan, partials).map(({ lines, segmentCount, isCut }, metric) => {
    const whole = { segment: null, cells: cellsOverall(partials, metric) };
    const all: Line[] = [whole, ...lines];
    if (others !== null && isCut && hasOther(plan.metrics[metric])) {
      all.push({ segment: otherSegment, cells: cellsOverall(others, cutCount++) });
    }
    const series = all.map(({ segment, cells }) => {
      return { metric, segment, ...mergeLine(plan, metric, cells) };
    });
    return { series, segmentCount };
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
  if (!plan.otherSegment || (plan.breakdown === null && plan.breakdowns === null)) return null;
  const cut = listSegments(plan, partials).flatMap(({ lines, isCut }, metric) =>
    isCut && hasOther(plan.metrics[metric])
      ? [{ metric: plan.metrics[metric], keys: lines.map(({ segment }) => segmentKey(segment)) }]
      : [],
  );
  if (cut.length === 0) return null;
  const rest = { ...plan, rankBy: null, segments: null, otherSegment: false };
  const { breakdown } = plan;
  if (breakdown === null || cut.some(({ metric }) => isNarrowedLast(metric))) {
    return { ...rest, metrics: cut.map(({ metric, keys }) => ({ ...metric, outside: keys })) };
  }
  return {
    ...rest,
    metrics: cut.map(({ metric, keys }) => narrowed(metric, breakdown, keys)),
    breakdown: null,
  };
}

/** Which row counts of several is decided among rows of all segments: a filter would choose another one. */
function isNarrowedLast({ countOnce, people, selector }: MetricPlan): boolean {
  return (
    countOnce !== undefined ||
    people !== undefined ||
    selector.some(({ firstTime }) => firstTime === 'matching')
  );
}

/** A filter says the same of one property, and fast scans know it. */
function narrowed(metric: MetricPlan, property: PropertyPlan, keys: string[]): MetricPlan {
  const filter: FilterPlan = {
    type: 'property',
    property,
    operator: 'in_other_segment',
    values: keys,
  };
  const selector = metric.selector.map((match) => {
    return { ...match, filters: [...match.filters, filter] };
  });
  return { ...metric, selector };
}

/** Numbers of a distribution are segments within those of the breakdown: they have no row of others. */
function hasOther({ measure }: MetricPlan): boolean {
  if (measure.type === 'per_user') return measure.over.type !== 'distribution';
  return measure.type !== 'distribution';
}

/** A row of the answer, and what the shards have for it. */
interface Line {
  readonly segment: Segment | null;
  readonly cells: readonly Cells[];
}

/** What comes back of the segments of one metric. */
interface ListedSegments {
  /** Best first. */
  readonly lines: readonly SegmentGroup<Cells>[];
  /** How many the metric has in all. */
  readonly segmentCount: number;
  /** Whether the metric has one that does not come back. */
  readonly isCut: boolean;
}

function listSegments(
  plan: InsightsPlan,
  partials: readonly InsightsPartial[],
): readonly ListedSegments[] {
  const { rankBy, segmentsMax } = plan;
  const groups = plan.metrics.map((_, metric) =>
    groupSegments(partials.map((partial) => unpackSegments(partial.metrics[metric].segments))),
  );
  const bestOf = (metric: number): readonly SegmentGroup<Cells>[] =>
    bestSegments(rankedSegments(plan, metric, groups[metric]), segmentsMax);
  const ranking = rankBy === null ? null : bestOf(rankBy).map(({ segment }) => segment);
  return groups.map((own, metric) => {
    const segmentCount = countSegments(partials, metric) ?? own.length;
    const wanted = plan.segments?.[metric] ?? ranking;
    if (wanted === null) {
      return { lines: bestOf(metric), segmentCount, isCut: segmentCount > segmentsMax };
    }
    const byKey = new Map(own.map((group) => [segmentKey(group.segment), group]));
    const known = wanted.map((segment) => byKey.get(segmentKey(segment)));
    const isCut = known.filter((group) => group !== undefined).length < segmentCount;
    const lines = wanted.map((segment, i) => known[i] ?? { segment, cells: [] });
    return { lines, segmentCount, isCut };
  });
}

/** Of the one shard that has left some out; its threads all say the same. Undefined = none has. */
function countSegments(partials: readonly InsightsPartial[], metric: number): number | undefined {
  return partials.find((partial) => partial.metrics[metric].segmentCount !== undefined)?.metrics[
    metric
  ].segmentCount;
}

/** Ranked without their lines: those of segments that do not come back would fill the memory. */
function rankedSegments(
  plan: InsightsPlan,
  metric: number,
  groups: readonly SegmentGroup<Cells>[],
) {
  const { measure } = plan.metrics[metric];
  return groups.map(({ segment, cells }) => {
    return { segment, cells, rank: rankCells(measure, cells, plan.buckets.length) };
  });
}

function mergeLine(plan: InsightsPlan, metric: number, cells: readonly Cells[]): MergedCells {
  const { measure, people } = plan.metrics[metric];
  if (people === undefined) return mergeCells(measure, cells, plan.buckets.length);
  // Profiles have no history: every bucket has what they are now.
  const { total } = mergeCells(measure, cells, 1);
  return { values: plan.buckets.map(() => total), total };
}

function cellsOverall(partials: readonly InsightsPartial[], metric: number): Cells[] {
  return partials.map((partial) => partial.metrics[metric].overall);
}
