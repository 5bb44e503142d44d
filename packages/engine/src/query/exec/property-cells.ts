import type { PropertyValue } from '@arbor/schema/property-value';
import {
  countNumbers,
  findExtremes,
  placeNumbers,
  sumNumbers,
} from '../kernels/aggregate-numbers.ts';
import type { NumberInput } from '../kernels/aggregate-numbers.ts';
import type { DistinctCells, ExtremeCells, SumCells, ValueCells } from '../merge/partial.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import { bySlot } from './count-cells.ts';
import type { InsightsInput } from './insights-input.ts';
import { cellCount } from './memory.ts';
import type { Entries } from './segments.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';

/** Numbers by slot and bucket, and what they are called. */
export interface CellNumbers extends NumberInput {
  readonly slotCount: number;
  readonly bucketCount: number;
  /** Factor of each number, by entry, in sums alone; null = 1. */
  readonly weights: Float64Array | null;
  /** For messages. */
  readonly name: string;
}

/** The numbers of a property. */
export function propertyNumbers(
  { rows, slots, slotCount, weights }: Entries,
  property: PropertyPlan,
  { frame, buckets, bucketCount }: InsightsInput,
): CellNumbers {
  const column = frame.column(property);
  return {
    rows: column ? rows : new Uint32Array(0),
    slots,
    buckets,
    codes: column?.codes ?? new Uint32Array(0),
    numberByCode: Float64Array.from(column?.values ?? [], asNumber),
    weights: weights ?? null,
    slotCount,
    bucketCount,
    name: property.name,
  };
}

/** Sums and counts. */
export function sumCells(numbers: CellNumbers): SumCells[] {
  const { slotCount, bucketCount, name } = numbers;
  const cells = cellCount(slotCount, 3 * bucketCount) / 3;
  const sums = new Float64Array(cells);
  const corrections = new Float64Array(cells);
  const counts = new Float64Array(cells);
  sumNumbers(weighted(numbers), bucketCount, { sums, corrections, counts });
  return bySlot(slotCount, (slot) => {
    const base = slot * bucketCount;
    const at = filled(bucketCount, (bucket) => counts[base + bucket] > 0);
    for (const bucket of at) checkSum(sums[base + bucket], name);
    return {
      type: 'sums',
      at,
      sums: at.map((bucket) => sums[base + bucket]),
      corrections: at.map((bucket) => corrections[base + bucket]),
      counts: at.map((bucket) => counts[base + bucket]),
    };
  });
}

/** Smallest or greatest numbers. */
export function extremeCells(numbers: CellNumbers, type: 'min' | 'max'): ExtremeCells[] {
  const { slotCount, bucketCount } = numbers;
  const sign = type === 'max' ? 1 : -1;
  const extremes = new Float64Array(cellCount(slotCount, bucketCount)).fill(-Infinity);
  findExtremes(numbers, bucketCount, sign, extremes);
  return bySlot(slotCount, (slot) => {
    const base = slot * bucketCount;
    const at = filled(bucketCount, (bucket) => extremes[base + bucket] !== -Infinity);
    return { type: 'extremes', at, values: at.map((bucket) => extremes[base + bucket] * sign) };
  });
}

/** All numbers, ascending. */
export function valueCells(numbers: CellNumbers): ValueCells[] {
  const { slotCount, bucketCount } = numbers;
  const ends = new Uint32Array(cellCount(slotCount, bucketCount));
  countNumbers(numbers, bucketCount, ends);
  const total = startOffsets(ends);
  const values = new Float64Array(total);
  placeNumbers(numbers, bucketCount, ends, values);
  return bySlot(slotCount, (slot) => {
    const base = slot * bucketCount;
    const start = (bucket: number): number => (base + bucket === 0 ? 0 : ends[base + bucket - 1]);
    const at = filled(bucketCount, (bucket) => ends[base + bucket] > start(bucket));
    return {
      type: 'values',
      at,
      values: at.map((bucket) =>
        Array.from(values.subarray(start(bucket), ends[base + bucket]).sort()),
      ),
    };
  });
}

/** Every different value of a property; missing and null are none (4.1). */
export function distinctCells(
  { rows, slots, slotCount }: Entries,
  property: PropertyPlan,
  { frame, buckets, bucketCount }: InsightsInput,
): DistinctCells[] {
  const column = frame.column(property);
  const values = column?.values ?? [];
  // One number a (cell, code): sorted, equal ones are neighbours and cells lie together.
  const codeCount = Math.max(values.length, 1);
  const pairs = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; column && i < rows.length; i++) {
    const code = column.codes[rows[i]];
    const bucket = buckets[rows[i]];
    if (code === 0 || bucket < 0 || values[code] === null) continue;
    pairs[count++] = (slots[i] * bucketCount + bucket) * codeCount + code;
  }
  const cells = bySlot(slotCount, (): { at: number[]; values: string[][] } => ({
    at: [],
    values: [],
  }));
  const sorted = pairs.subarray(0, count).sort();
  for (let i = 0; i < count; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    const cell = Math.floor(sorted[i] / codeCount);
    const bucket = cell % bucketCount;
    const { at, values: lists } = cells[(cell - bucket) / bucketCount];
    if (at[at.length - 1] !== bucket) {
      at.push(bucket);
      lists.push([]);
    }
    lists[lists.length - 1].push(JSON.stringify(values[sorted[i] % codeCount]));
  }
  return cells.map((own) => ({ type: 'distinct', ...own }));
}

/** Only JSON numbers are numbers; the text "5" is not. Index 0 holds no value. */
export function asNumber(value: PropertyValue | undefined, code: number): number {
  return code > 0 && typeof value === 'number' ? value : NaN;
}

/** The numbers times their weights, each entry with a number of its own; few reports have weights. */
function weighted(numbers: CellNumbers): NumberInput {
  const { rows, slots, buckets, codes, numberByCode, weights } = numbers;
  if (weights === null) return numbers;
  const own = Uint32Array.from(rows, (_, i) => i);
  return {
    rows: own,
    slots,
    buckets: Int32Array.from(rows, (row) => buckets[row]),
    codes: own,
    numberByCode: Float64Array.from(rows, (row, i) => numberByCode[codes[row]] * weights[i]),
  };
}

function filled(bucketCount: number, has: (bucket: number) => boolean): number[] {
  const at: number[] = [];
  for (let bucket = 0; bucket < bucketCount; bucket++) if (has(bucket)) at.push(bucket);
  return at;
}

/** Turns counts by cell into the offset where each cell starts; returns their sum. */
function startOffsets(counts: Uint32Array): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell++) {
    const own = counts[cell];
    counts[cell] = total;
    total += own;
  }
  return total;
}

function checkSum(sum: number, name: string): void {
  if (Number.isFinite(sum)) return;
  throw invalidQuery(`the sum of "${name}" is larger than a number can hold: filter it`);
}
