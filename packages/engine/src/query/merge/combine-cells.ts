import { unreachable } from '../../base/assert.ts';
import type { MeasurePlan } from '../plan/plan-types.ts';
import { ExactSum } from './numbers.ts';
import { mergeNumbers, packNumbers, unpackNumbers } from './packed-numbers.ts';
import type { CountedNumbers, NumberList } from './packed-numbers.ts';
import { measureOver } from './merge-cells.ts';
import type { Cells, SumCells } from './partial.ts';

type CellsOf<T extends Cells['type']> = Extract<Cells, { type: T }>;

/** What cells of one line, of users and days that do not overlap, come to together. */
export function combineCells(measure: MeasurePlan, cells: readonly Cells[]): Cells {
  switch (measure.type) {
    case 'total':
    case 'distribution':
      return { type: 'counts', ...combineCounts(ofType(cells, 'counts')) };
    case 'unique':
    case 'cumulative_unique':
    case 'sessions':
    case 'active': {
      const parts = ofType(cells, 'users');
      const range = parts.reduce((sum, part) => sum + part.range, 0);
      return { type: 'users', ...combineCounts(parts), range };
    }
    case 'sum':
    case 'average':
      return combineSums(ofType(cells, 'sums'));
    case 'min':
    case 'max': {
      const { at, lists } = gather(ofType(cells, 'extremes'), ({ values }) => values);
      const best = measure.type === 'max' ? Math.max : Math.min;
      return { type: 'extremes', at, values: lists.map((own) => own.reduce((a, b) => best(a, b))) };
    }
    case 'percentile': {
      const { at, lists } = gather(ofType(cells, 'values'), ({ values }) => values);
      return { type: 'values', at, values: lists.map(combineNumbers) };
    }
    case 'distinct_count': {
      const { at, lists } = gather(ofType(cells, 'distinct'), ({ values }) => values);
      return { type: 'distinct', at, values: lists.map((own) => [...new Set(own.flat())]) };
    }
    case 'per_user':
      return combineCells(measureOver(measure), cells);
    default:
      return unreachable(measure);
  }
}

/** The plan decides which cells a measure has; anything else is a mistake of ours. */
function ofType<T extends Cells['type']>(cells: readonly Cells[], type: T): CellsOf<T>[] {
  return cells.filter((cell): cell is CellsOf<T> => cell.type === type);
}

/** Brings together what several cells have for a bucket; buckets ascend. */
function gather<C extends { readonly at: readonly number[] }, V>(
  cells: readonly C[],
  listOf: (cells: C) => readonly V[],
): { at: number[]; lists: V[][] } {
  const byBucket = new Map<number, V[]>();
  for (const one of cells) {
    const list = listOf(one);
    for (const [i, bucket] of one.at.entries()) {
      const known = byBucket.get(bucket);
      if (known === undefined) byBucket.set(bucket, [list[i]]);
      else known.push(list[i]);
    }
  }
  const at = [...byBucket.keys()].sort((left, right) => left - right);
  return { at, lists: at.map((bucket) => byBucket.get(bucket) ?? []) };
}

function combineCounts(
  parts: readonly { readonly at: readonly number[]; readonly counts: readonly number[] }[],
): { at: number[]; counts: number[] } {
  const { at, lists } = gather(parts, ({ counts }) => counts);
  return { at, counts: lists.map((own) => own.reduce((sum, count) => sum + count, 0)) };
}

/** What rounding takes is kept apart here too: the order of combining must not show. */
function combineSums(parts: readonly SumCells[]): SumCells {
  const { at, lists } = gather(parts, ({ sums, corrections, counts }) =>
    sums.map((sum, i) => ({ sum, correction: corrections[i], count: counts[i] })),
  );
  const sums = lists.map((own) => {
    const total = new ExactSum();
    for (const { sum, correction } of own) {
      total.add(sum);
      total.add(correction);
    }
    return total;
  });
  return {
    type: 'sums',
    at,
    sums: sums.map((total) => total.rounded),
    corrections: sums.map((total) => total.correction),
    counts: lists.map((own) => own.reduce((count, cell) => count + cell.count, 0)),
  };
}

function combineNumbers(lists: readonly NumberList[]): NumberList {
  if (lists.length === 1) return lists[0];
  return packNumbers(counted(mergeNumbers(lists.map(unpackNumbers))));
}

/** Equal neighbours as one, where numbers are counted. */
function counted({ values, counts }: CountedNumbers): CountedNumbers {
  if (counts === null) return { values, counts };
  let last = -1;
  const ownValues = new Float64Array(values.length);
  const ownCounts = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (last < 0 || ownValues[last] !== values[i]) ownValues[++last] = values[i];
    ownCounts[last] += counts[i];
  }
  return { values: ownValues.subarray(0, last + 1), counts: ownCounts.subarray(0, last + 1) };
}
