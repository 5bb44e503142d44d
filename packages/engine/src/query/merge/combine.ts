import { unreachable } from '../../base/assert.ts';
import { notPlain } from '../plan/plain-plan.ts';
import type { InsightsPlan, Plan } from '../plan/plan-types.ts';
import { combineCells } from './combine-cells.ts';
import { combineCohorts } from './cohort.ts';
import { combineFlows } from './flow.ts';
import { combineFunnels } from './funnel.ts';
import { combineLists } from './list.ts';
import { ofType } from './merge.ts';
import { unpackSegments } from './packed-segments.ts';
import type {
  Cells,
  InsightsPartial,
  MetricPartial,
  PartialResult,
  RetentionCells,
  RetentionPartial,
  SegmentCells,
} from './partial.ts';
import { groupSegments } from './segment-groups.ts';

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
    case 'frequency':
      return notPlain(plan.type);
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

function combineRetention(partials: readonly RetentionPartial[]): RetentionPartial {
  return {
    type: 'retention',
    overall: combineRetentionCohorts(partials.map(({ overall }) => overall)),
    segments: combineSegments(
      partials.map(({ segments }) => segments),
      combineRetentionCohorts,
    ),
  };
}

function combineSegments<T>(
  lists: readonly (readonly SegmentCells<T>[])[],
  combine: (cells: readonly T[]) => T,
): SegmentCells<T>[] {
  return groupSegments(lists).map(({ segment, cells }) => ({
    segment,
    cells: cells.length === 1 ? cells[0] : combine(cells),
  }));
}

function combineRetentionCohorts(all: readonly RetentionCells[]): RetentionCells {
  const byCohort = new Map<number, { size: number; counts: number[] }>();
  for (const { cohorts, sizes, counts } of all) {
    for (const [i, cohort] of cohorts.entries()) {
      const known = byCohort.get(cohort);
      if (known === undefined) byCohort.set(cohort, { size: sizes[i], counts: [...counts[i]] });
      else {
        known.size += sizes[i];
        for (let n = 0; n < known.counts.length; n++) known.counts[n] += counts[i][n];
      }
    }
  }
  const ordered = [...byCohort].sort(([left], [right]) => left - right);
  return {
    cohorts: ordered.map(([cohort]) => cohort),
    sizes: ordered.map(([, { size }]) => size),
    counts: ordered.map(([, { counts }]) => counts),
  };
}
