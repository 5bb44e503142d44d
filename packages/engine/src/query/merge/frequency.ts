import type { FrequencyResult } from '@arbor/schema/result';
import type { FrequencyPlan } from '../plan/plan-types.ts';
import { averageColumn } from './average-row.ts';
import type { FrequencyCells, FrequencyPartial } from './partial.ts';
import { bestSegments } from './rank.ts';
import { combineSegments, groupSegments } from './segment-groups.ts';

type Table = Pick<FrequencyResult, 'rows' | 'average'>;

export function mergeFrequency(
  plan: FrequencyPlan,
  partials: readonly FrequencyPartial[],
): FrequencyResult {
  const segments = groupSegments(partials.map((partial) => partial.segments)).map((group) => {
    const users = group.cells.flatMap(({ atLeast }) => atLeast.map(([own]) => own));
    return { ...group, rank: users.reduce((sum, own) => sum + own, 0) };
  });
  const overall = partials.map((partial) => partial.overall);
  return {
    type: 'frequency',
    ...mergeTable(plan, overall),
    segments: bestSegments(segments, plan.segmentsMax).map(({ segment, cells }) => ({
      segment,
      ...mergeTable(plan, cells),
    })),
    segmentCount: segments.length,
  };
}

export function combineFrequency(partials: readonly FrequencyPartial[]): FrequencyPartial {
  return {
    type: 'frequency',
    overall: combineCells(partials.map(({ overall }) => overall)),
    segments: combineSegments(
      partials.map(({ segments }) => segments),
      combineCells,
    ),
  };
}

function mergeTable(plan: FrequencyPlan, cells: readonly FrequencyCells[]): Table {
  const { buckets, atLeast } = combineCells(cells);
  const known = new Map(buckets.map((bucket, i) => [bucket, atLeast[i]]));
  const rows = plan.buckets.map((bucket, index) => {
    const own = known.get(index) ?? [];
    const counts = Array.from({ length: plan.columns }, (_, k) => {
      const exact = plan.cumulative ? 0 : (own[k + 1] ?? 0);
      return (own[k] ?? 0) - exact;
    });
    return { bucket, users: own[0] ?? 0, counts };
  });
  return {
    rows: rows.map(({ bucket, counts }) => ({ bucket, counts })),
    average: averageRow(plan, rows),
  };
}

/** As in retention (6.5, 7): rows that are complete weigh by the users who were active at all. */
function averageRow(
  { columns }: FrequencyPlan,
  rows: readonly (Table['rows'][number] & { readonly users: number })[],
): (number | null)[] {
  const complete = rows.filter(({ bucket }) => !bucket.incomplete);
  return Array.from({ length: columns }, (_, k) => {
    const column = complete.map(({ users, counts }) => ({ size: users, count: counts[k] }));
    return averageColumn(column, 'weighted').count;
  });
}

function combineCells(all: readonly FrequencyCells[]): FrequencyCells {
  const byBucket = new Map<number, number[]>();
  for (const { buckets, atLeast } of all) {
    for (const [i, bucket] of buckets.entries()) {
      const known = byBucket.get(bucket) ?? [];
      for (const [k, users] of atLeast[i].entries()) known[k] = (known[k] ?? 0) + users;
      byBucket.set(bucket, known);
    }
  }
  const ordered = [...byBucket].sort(([left], [right]) => left - right);
  return {
    buckets: ordered.map(([bucket]) => bucket),
    atLeast: ordered.map(([, users]) => users),
  };
}
