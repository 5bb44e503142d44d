import type { RetentionResult } from '@arbor/schema/result';
import type { RetentionPlan } from '../plan/plan-types.ts';
import type { RetentionCells, RetentionPartial } from './partial.ts';
import { bestSegments } from './rank.ts';
import { groupSegments } from './segment-groups.ts';

type Table = Pick<RetentionResult, 'cohorts' | 'average'>;
type Cohort = Table['cohorts'][number];

export function mergeRetention(
  plan: RetentionPlan,
  partials: readonly RetentionPartial[],
): RetentionResult {
  const segments = groupSegments(partials.map((partial) => partial.segments)).map((group) => {
    const births = group.cells.flatMap(({ sizes }) => sizes).reduce((sum, size) => sum + size, 0);
    return { ...group, rank: births };
  });
  return {
    type: 'retention',
    ...mergeTable(
      plan,
      partials.map((partial) => partial.overall),
    ),
    // A table has thousands of cells: only those that come back are made.
    segments: bestSegments(segments, plan.segmentsMax).map(({ segment, cells }) => ({
      segment,
      ...mergeTable(plan, cells),
    })),
    segmentCount: segments.length,
  };
}

function mergeTable(plan: RetentionPlan, cells: readonly RetentionCells[]): Table {
  const sizes = plan.buckets.map(() => 0);
  const counts = plan.buckets.map(() => Array.from({ length: plan.intervals }, () => 0));
  for (const own of cells) {
    for (let i = 0; i < own.cohorts.length; i++) {
      const cohort = own.cohorts[i];
      sizes[cohort] += own.sizes[i];
      for (let n = 0; n < plan.intervals; n++) counts[cohort][n] += own.counts[i][n];
    }
  }
  const cohorts = plan.buckets.map((bucket, cohort) => {
    const spans = Array.from({ length: plan.intervals }, (_, n) => intervalSpan(plan, cohort, n));
    return {
      bucket,
      size: sizes[cohort],
      counts: spans.map(({ startMs }, n) => (startMs > plan.nowMs ? null : counts[cohort][n])),
      complete: spans.map(({ endMs }) => plan.nowMs >= endMs),
    };
  });
  return { cohorts, average: averageRow(cohorts, plan.intervals) };
}

/** When interval n of a cohort begins for its first user and ends for its last (6.4). */
function intervalSpan({ buckets, clock }: RetentionPlan, cohort: number, n: number) {
  if (clock.type === 'calendar') {
    return { startMs: clock.edges[cohort + n], endMs: clock.edges[cohort + n + 1] };
  }
  const { startMs, endMs } = buckets[cohort];
  return { startMs: startMs + n * clock.lengthMs, endMs: endMs + (n + 1) * clock.lengthMs };
}

/**
 * The weighted average of 6.5, over the cohorts whose interval is complete. Its size is that of
 * interval 0, which the most cohorts have completed.
 */
function averageRow(cohorts: readonly Cohort[], intervals: number): Table['average'] {
  const columns = Array.from({ length: intervals }, (_, n) => averageColumn(cohorts, n));
  return {
    size: columns[0].size,
    counts: columns.map((column) => column.count),
    rates: columns.map((column) => column.rate),
  };
}

/** Weights are p / Σp, so the rate is Σc·p / Σp² and not the pooled Σc / Σp. */
function averageColumn(cohorts: readonly Cohort[], n: number) {
  let sizes = 0;
  let weightedSizes = 0;
  let weightedCounts = 0;
  for (const { size, counts, complete } of cohorts) {
    if (!complete[n]) continue;
    sizes += size;
    weightedSizes += size * size;
    weightedCounts += (counts[n] ?? 0) * size;
  }
  if (sizes === 0) return { size: null, count: null, rate: null };
  return {
    size: weightedSizes / sizes,
    count: weightedCounts / sizes,
    rate: weightedCounts / weightedSizes,
  };
}
