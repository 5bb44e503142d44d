import { unreachable } from '../../base/assert.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { MeasurePlan } from '../plan/plan-types.ts';
import { ExactSum } from './numbers.ts';
import {
  countNumbers,
  mergeNumbers,
  percentileOfCounted,
  unpackNumbers,
} from './packed-numbers.ts';
import type { CountedNumbers } from './packed-numbers.ts';
import type { Cells } from './partial.ts';

/** One line of an insights report. */
export interface MergedCells {
  /** By bucket, each computed alone; null = no value. */
  readonly values: (number | null)[];
  /** Over the whole range, computed alone too (4.2). */
  readonly total: number | null;
}

/** Unites the cells that the shards have for the same line. */
export function mergeCells(
  measure: MeasurePlan,
  cells: readonly Cells[],
  bucketCount: number,
): MergedCells {
  switch (measure.type) {
    case 'total':
    case 'distribution': {
      const values = addCounts(ofType(cells, 'counts'), bucketCount);
      return { values, total: addUp(values) };
    }
    case 'unique':
    case 'cumulative_unique':
    case 'sessions':
    case 'active': {
      const parts = ofType(cells, 'users');
      const values = addCounts(parts, bucketCount);
      // The range value of active users is that of the last bucket (2.3, open point 6).
      const total = measure.type === 'active' ? values[bucketCount - 1] : addRanges(parts);
      return { values, total };
    }
    case 'sum':
    case 'average':
      return mergeSums(measure, ofType(cells, 'sums'), bucketCount);
    case 'min':
    case 'max':
      return mergeExtremes(measure.type, ofType(cells, 'extremes'), bucketCount);
    case 'percentile':
      return mergeValues(measure.percentile, ofType(cells, 'values'), bucketCount);
    case 'distinct_count':
      return mergeDistinct(ofType(cells, 'distinct'), bucketCount);
    case 'per_user':
      return mergeUsers(measure, cells, bucketCount);
    default:
      return unreachable(measure);
  }
}

/** What a segment is ranked by (3.8), without its line: of most segments nothing else is wanted. */
export function rankCells(
  measure: MeasurePlan,
  cells: readonly Cells[],
  bucketCount: number,
): number | null {
  switch (measure.type) {
    case 'total':
    case 'distribution':
      return addLists(ofType(cells, 'counts'), ({ counts }) => counts);
    case 'average':
      return addLists(ofType(cells, 'sums'), ({ counts }) => counts);
    case 'sum':
      return checkedSum(measure.property, exactSum(ofType(cells, 'sums')));
    case 'unique':
    case 'active':
    case 'cumulative_unique':
    case 'sessions':
      return addRanges(ofType(cells, 'users'));
    case 'percentile':
      return addLists(ofType(cells, 'values'), ({ values }) => values.map(countNumbers));
    case 'min':
    case 'max':
      return extremeOf(measure.type, ofType(cells, 'extremes'));
    case 'distinct_count':
      return new Set(ofType(cells, 'distinct').flatMap(({ values }) => values.flat())).size;
    case 'per_user':
      return rankUsers(measure, cells, bucketCount);
    default:
      return unreachable(measure);
  }
}

type PerUserMeasure = Extract<MeasurePlan, { type: 'per_user' }>;

/** Cells over numbers of users have one more bucket: the whole range, in which each user has a number of his own. */
function mergeUsers(
  measure: PerUserMeasure,
  cells: readonly Cells[],
  bucketCount: number,
): MergedCells {
  const over = measureOver(measure);
  const { values, total } = mergeCells(
    over,
    cells,
    over.type === 'unique' ? bucketCount : bucketCount + 1,
  );
  if (over.type === 'unique') return { values, total };
  return { values: values.slice(0, bucketCount), total: values[bucketCount] };
}

/** By the number of users where it is no sum and no extreme (3.8). */
function rankUsers(
  measure: PerUserMeasure,
  cells: readonly Cells[],
  bucketCount: number,
): number | null {
  const over = measureOver(measure);
  return rankCells(
    over,
    cells.map((own) => cellsAt(own, bucketCount)),
    1,
  );
}

/** The one bucket of cells, as cells that have nothing else. */
function cellsAt(cells: Cells, bucket: number): Cells {
  const i = cells.at.indexOf(bucket);
  const only = <T>(list: readonly T[]): T[] => (i < 0 ? [] : [list[i]]);
  const at = i < 0 ? [] : [0];
  switch (cells.type) {
    case 'sums': {
      const { sums, corrections, counts } = cells;
      return {
        type: 'sums',
        at,
        sums: only(sums),
        corrections: only(corrections),
        counts: only(counts),
      };
    }
    case 'extremes':
      return { type: 'extremes', at, values: only(cells.values) };
    case 'values':
      return { type: 'values', at, values: only(cells.values) };
    case 'users':
    case 'counts':
    case 'distinct':
      // They know their range by themselves.
      return cells;
    default:
      return unreachable(cells);
  }
}

/** What numbers of users are summed up like: the same over numbers of events. */
export function measureOver({ property, over }: PerUserMeasure): MeasurePlan {
  const of = property ?? { scope: 'event' as const, name: 'events per user' };
  switch (over.type) {
    case 'average':
    case 'sum':
      return { type: over.type, property: of };
    case 'min':
    case 'max':
      return { type: over.type, property: of };
    case 'median':
      return { type: 'percentile', property: of, percentile: 50 };
    case 'percentile':
      return { type: 'percentile', property: of, percentile: over.percentile };
    case 'distribution':
      return { type: 'unique' };
    default:
      return unreachable(over);
  }
}

type CellsOf<T extends Cells['type']> = Extract<Cells, { type: T }>;

/** The plan decides which cells a measure has; anything else is a mistake of ours. */
function ofType<T extends Cells['type']>(cells: readonly Cells[], type: T): CellsOf<T>[] {
  return cells.filter((cell): cell is CellsOf<T> => cell.type === type);
}

const addUp = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0);

const addRanges = (parts: readonly { readonly range: number }[]): number =>
  parts.reduce((sum, { range }) => sum + range, 0);

function addLists<T>(parts: readonly T[], listOf: (part: T) => readonly number[]): number {
  return parts.reduce((sum, part) => sum + addUp(listOf(part)), 0);
}

function exactSum(parts: readonly CellsOf<'sums'>[]): ExactSum {
  const sum = new ExactSum();
  for (const { sums, corrections } of parts) {
    for (let i = 0; i < sums.length; i++) {
      sum.add(sums[i]);
      sum.add(corrections[i]);
    }
  }
  return sum;
}

function checkedSum({ name }: { readonly name: string }, sum: ExactSum): number {
  if (Number.isFinite(sum.value)) return sum.value;
  throw invalidQuery(`the sum of "${name}" is larger than a number can hold: filter it`);
}

function extremeOf(type: 'min' | 'max', parts: readonly CellsOf<'extremes'>[]): number | null {
  const better = type === 'max' ? Math.max : Math.min;
  let best: number | null = null;
  for (const { values } of parts) {
    for (const value of values) best = best === null ? value : better(best, value);
  }
  return best;
}

function addCounts(
  parts: readonly { readonly at: readonly number[]; readonly counts: readonly number[] }[],
  bucketCount: number,
): number[] {
  const sums = Array.from({ length: bucketCount }, () => 0);
  for (const { at, counts } of parts) {
    for (let i = 0; i < at.length; i++) sums[at[i]] += counts[i];
  }
  return sums;
}

function mergeSums(
  { type, property }: { readonly type: 'sum' | 'average'; readonly property: { name: string } },
  parts: readonly CellsOf<'sums'>[],
  bucketCount: number,
): MergedCells {
  const sums = Array.from({ length: bucketCount }, () => new ExactSum());
  for (const { at, sums: own, corrections } of parts) {
    for (let i = 0; i < at.length; i++) {
      sums[at[i]].add(own[i]);
      sums[at[i]].add(corrections[i]);
    }
  }
  const counts = addCounts(parts, bucketCount);
  const count = addUp(counts);
  const value = (sum: ExactSum, over: number): number | null => {
    const checked = checkedSum(property, sum);
    if (type === 'sum') return checked;
    return over === 0 ? null : checked / over;
  };
  return {
    values: sums.map((sum, bucket) => value(sum, counts[bucket])),
    total: value(exactSum(parts), count),
  };
}

function mergeExtremes(
  type: 'min' | 'max',
  parts: readonly CellsOf<'extremes'>[],
  bucketCount: number,
): MergedCells {
  const better = type === 'max' ? Math.max : Math.min;
  const values = Array.from({ length: bucketCount }, (): number | null => null);
  for (const { at, values: own } of parts) {
    for (let i = 0; i < at.length; i++) {
      const known = values[at[i]];
      values[at[i]] = known === null ? own[i] : better(known, own[i]);
    }
  }
  return { values, total: extremeOf(type, parts) };
}

function mergeValues(
  percentile: number,
  parts: readonly CellsOf<'values'>[],
  bucketCount: number,
): MergedCells {
  const lists = Array.from({ length: bucketCount }, (): CountedNumbers[] => []);
  for (const { at, values } of parts) {
    for (let i = 0; i < at.length; i++) lists[at[i]].push(unpackNumbers(values[i]));
  }
  const merged = lists.map(mergeNumbers);
  return {
    values: merged.map((own) => percentileOfCounted(own, percentile)),
    total: percentileOfCounted(mergeNumbers(merged), percentile),
  };
}

function mergeDistinct(parts: readonly CellsOf<'distinct'>[], bucketCount: number): MergedCells {
  const all = new Set<string>();
  const sets = Array.from({ length: bucketCount }, () => new Set<string>());
  for (const { at, values } of parts) {
    for (let i = 0; i < at.length; i++) {
      for (const value of values[i]) {
        sets[at[i]].add(value);
        all.add(value);
      }
    }
  }
  return { values: sets.map((set) => set.size), total: all.size };
}
