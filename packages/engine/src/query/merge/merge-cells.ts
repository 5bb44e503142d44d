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
    case 'total': {
      const values = addCounts(ofType(cells, 'counts'), bucketCount);
      return { values, total: addUp(values) };
    }
    case 'unique':
    case 'active': {
      const parts = ofType(cells, 'users');
      const values = addCounts(parts, bucketCount);
      // The range value of active users is that of the last bucket (2.3, open point 6).
      const total = measure.type === 'unique' ? addRanges(parts) : values[bucketCount - 1];
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
    default:
      return unreachable(measure);
  }
}

/** What a segment is ranked by (3.8), without its line: of most segments nothing else is wanted. */
export function rankCells(measure: MeasurePlan, cells: readonly Cells[]): number | null {
  switch (measure.type) {
    case 'total':
    case 'average': {
      const parts = measure.type === 'total' ? ofType(cells, 'counts') : ofType(cells, 'sums');
      return addUp(parts.map(({ counts }) => addUp(counts)));
    }
    case 'unique':
    case 'active':
      return addRanges(ofType(cells, 'users'));
    case 'percentile':
      return addUp(ofType(cells, 'values').flatMap(({ values }) => values.map(countNumbers)));
    case 'sum':
    case 'min':
    case 'max':
    case 'distinct_count':
      return mergeCells(measure, cells, bucketsIn(cells)).total;
    default:
      return unreachable(measure);
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
  addUp(parts.map(({ range }) => range));

/** As many buckets as have something: the total of a segment needs no line as long as the range. */
function bucketsIn(cells: readonly Cells[]): number {
  return Math.max(0, ...cells.map(({ at }) => (at[at.length - 1] ?? -1) + 1));
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
  const range = new ExactSum();
  const sums = Array.from({ length: bucketCount }, () => new ExactSum());
  for (const { at, sums: own, corrections } of parts) {
    for (let i = 0; i < at.length; i++) {
      for (const sum of [sums[at[i]], range]) {
        sum.add(own[i]);
        sum.add(corrections[i]);
      }
    }
  }
  const counts = addCounts(parts, bucketCount);
  const count = addUp(counts);
  const value = (sum: ExactSum, over: number): number | null => {
    if (!Number.isFinite(sum.value)) {
      throw invalidQuery(
        `the sum of "${property.name}" is larger than a number can hold: filter it`,
      );
    }
    if (type === 'sum') return sum.value;
    return over === 0 ? null : sum.value / over;
  };
  return {
    values: sums.map((sum, bucket) => value(sum, counts[bucket])),
    total: value(range, count),
  };
}

function mergeExtremes(
  type: 'min' | 'max',
  parts: readonly CellsOf<'extremes'>[],
  bucketCount: number,
): MergedCells {
  const better = type === 'max' ? Math.max : Math.min;
  const values = Array.from({ length: bucketCount }, (): number | null => null);
  let total: number | null = null;
  for (const { at, values: own } of parts) {
    for (let i = 0; i < at.length; i++) {
      const known = values[at[i]];
      values[at[i]] = known === null ? own[i] : better(known, own[i]);
      total = total === null ? own[i] : better(total, own[i]);
    }
  }
  return { values, total };
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
