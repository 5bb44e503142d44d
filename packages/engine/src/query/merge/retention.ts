import type { RetentionResult } from '@arbor/schema/result';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import { averageColumn } from './average-row.ts';
import { ExactSum } from './numbers.ts';
import type { RetentionCells, RetentionPartial } from './partial.ts';
import { leavesOut, listedSegments } from './rank.ts';
import { combineRetentionCells } from './retention-cells.ts';
import { combineSegments, groupSegments, segmentKey } from './segment-groups.ts';
import type { SegmentGroup } from './segment-groups.ts';

type Table = Pick<RetentionResult, 'cohorts' | 'average'>;
type Cohort = Table['cohorts'][number];

/**
 * The report from the partial results of any shards. `others` are those of the follow-up plan that
 * `otherRetention` made; without them the answer has no row of all other segments (yet).
 */
export function mergeRetention(
  plan: RetentionPlan,
  partials: readonly RetentionPartial[],
  others: readonly RetentionPartial[] | null = null,
): RetentionResult {
  const overall = partials.map((partial) => partial.overall);
  const { best, segmentCount } = listSegments(plan, partials);
  const all = [...best];
  // Each follow-up partial has at most the one segment of all others.
  if (others !== null) all.push(...groupSegments(others.map(({ segments }) => segments)));
  return {
    type: 'retention',
    ...mergeTable(plan, overall, overall),
    segments: all.map(({ segment, cells }) => ({
      segment,
      ...mergeTable(plan, cells, sizesOf(plan, overall, cells)),
    })),
    segmentCount,
  };
}

/**
 * The plan whose answer has the row of all other segments: it counts what lies in a segment that does not come
 * back by itself. It must be asked a second time because an event may be in several segments, and which ones come
 * back is known only when all shards have answered. Null = every segment comes back, or nobody asked for the others.
 */
export function otherRetention(
  plan: RetentionPlan,
  partials: readonly RetentionPartial[],
): RetentionPlan | null {
  if (!plan.options?.otherSegment) return null;
  const { best, isCut } = listSegments(plan, partials);
  if (!isCut) return null;
  const listed = best.map(({ segment }) => segmentKey(segment));
  return { ...plan, options: { ...plan.options, otherSegment: false, listed } };
}

/** What comes back by itself: those with the most births, or, by return, with the most members who came back (6.6). */
function listSegments(plan: RetentionPlan, partials: readonly RetentionPartial[]) {
  const groups = groupSegments(partials.map((partial) => partial.segments)).map((group) => {
    const sizes = group.cells.flatMap((cells) => cells.sizes);
    return { ...group, rank: sizes.reduce((sum, size) => sum + size, 0) };
  });
  // A table has thousands of cells: only those that come back are made.
  const best: SegmentGroup<RetentionCells>[] = listedSegments(groups, plan, (segment) => ({
    segment,
    cells: [],
    rank: 0,
  }));
  return { best, segmentCount: groups.length, isCut: leavesOut(groups, best) };
}

/** By return, every segment has the whole cohort: nobody has a value before he came back. */
function sizesOf(
  { options }: RetentionPlan,
  overall: readonly RetentionCells[],
  cells: readonly RetentionCells[],
): readonly RetentionCells[] {
  return options?.segmentBy === 'return' ? overall : cells;
}

/** `sized`: the cells that know how many each cohort has. */
function mergeTable(
  plan: RetentionPlan,
  cells: readonly RetentionCells[],
  sized: readonly RetentionCells[],
): Table {
  const sizes = plan.buckets.map(() => 0);
  for (const own of sized) {
    for (let i = 0; i < own.cohorts.length; i++) sizes[own.cohorts[i]] += own.sizes[i];
  }
  const counts = mergeCounts(plan, cells);
  const units = unitSpans(plan);
  const cohorts = plan.buckets.map((bucket, cohort) => {
    const spans = units.map((span) => intervalSpan(plan, cohort, span));
    return {
      bucket,
      size: sizes[cohort],
      counts: spans.map(({ startMs }, n) => (startMs > plan.nowMs ? null : counts[cohort][n])),
      complete: spans.map(({ endMs }) => plan.nowMs >= endMs),
    };
  });
  const average = averageRow(plan, cohorts);
  if (plan.options?.measure.type !== 'average') return { cohorts, average };
  // A sum per member is to a sum what a rate is to a count (6.3).
  return {
    cohorts: cohorts.map((cohort) => ({
      ...cohort,
      counts: cohort.counts.map((sum) =>
        sum === null || cohort.size === 0 ? null : sum / cohort.size,
      ),
    })),
    average: { ...average, counts: average.rates },
  };
}

/** By cohort, by interval. */
function mergeCounts(plan: RetentionPlan, cells: readonly RetentionCells[]): number[][] {
  const counts = plan.buckets.map(() => Array.from({ length: plan.intervals }, () => 0));
  const { cohorts, ...merged } = combineRetentionCells(cells);
  for (let i = 0; i < cohorts.length; i++) {
    const corrections = merged.corrections?.[i];
    counts[cohorts[i]] =
      corrections === undefined
        ? [...merged.counts[i]]
        : accumulated(plan, merged.counts[i], corrections);
  }
  return counts;
}

/** Numbers travel by the interval they were seen in; the criterion says which ones have them too (6.2). */
function accumulated(
  { criterion }: RetentionPlan,
  sums: readonly number[],
  corrections: readonly number[],
): number[] {
  const backwards = criterion === 'on_or_after';
  const values: number[] = [];
  let sum = new ExactSum();
  for (let i = 0; i < sums.length; i++) {
    const n = backwards ? sums.length - 1 - i : i;
    if (criterion === 'on' || criterion === 'streak') sum = new ExactSum();
    sum.add(sums[n]);
    sum.add(corrections[n]);
    values[n] = checkedSum(sum.value);
  }
  return values;
}

function checkedSum(sum: number): number {
  if (Number.isFinite(sum)) return sum;
  throw invalidQuery('the sum of a property is larger than a number can hold: filter it');
}

/** Units [start, end) since the birth of each interval (6.1). */
function unitSpans({ intervals, options }: RetentionPlan) {
  let end = 0;
  return Array.from({ length: intervals }, (_, n) => {
    const start = end;
    end += options?.brackets?.[n] ?? 1;
    return { start, end };
  });
}

/** Whether an interval of a cohort lies wholly in the future: it has no number yet (6.4). */
export function isAhead(plan: RetentionPlan, cohort: number, interval: number): boolean {
  return intervalSpan(plan, cohort, unitSpans(plan)[interval]).startMs > plan.nowMs;
}

/** When an interval of a cohort begins for its first user and ends for its last (6.4). */
function intervalSpan(
  { buckets, clock }: RetentionPlan,
  cohort: number,
  units: { readonly start: number; readonly end: number },
) {
  if (clock.type === 'calendar') {
    return { startMs: clock.edges[cohort + units.start], endMs: clock.edges[cohort + units.end] };
  }
  const { startMs, endMs } = buckets[cohort];
  return {
    startMs: startMs + units.start * clock.lengthMs,
    endMs: endMs + units.end * clock.lengthMs,
  };
}

/** Its size is that of interval 0, which the most cohorts have completed. */
function averageRow(plan: RetentionPlan, cohorts: readonly Cohort[]): Table['average'] {
  const weights = plan.options?.average ?? 'weighted';
  const columns = Array.from({ length: plan.intervals }, (_, n) =>
    averageColumn(
      cohorts
        .filter(({ complete }) => complete[n])
        .map(({ size, counts }) => ({ size, count: counts[n] ?? 0 })),
      weights,
    ),
  );
  return {
    size: columns[0].size,
    counts: columns.map((column) => column.count),
    rates: columns.map((column) => column.rate),
  };
}

export function combineRetention(partials: readonly RetentionPartial[]): RetentionPartial {
  return {
    type: 'retention',
    overall: combineRetentionCells(partials.map(({ overall }) => overall)),
    segments: combineSegments(
      partials.map(({ segments }) => segments),
      combineRetentionCells,
    ),
  };
}
