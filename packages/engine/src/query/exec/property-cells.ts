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
import type { InsightsInput } from './insights.ts';
import { cellCount } from './memory.ts';
import type { Entries } from './segments.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';

/** Sums and counts of the numbers of a property. */
export function sumCells(
  entries: Entries,
  property: PropertyPlan,
  input: InsightsInput,
): SumCells[] {
  const { bucketCount } = input;
  const cells = cellCount(entries.slotCount, 3 * bucketCount) / 3;
  const sums = new Float64Array(cells);
  const corrections = new Float64Array(cells);
  const counts = new Float64Array(cells);
  sumNumbers(numberInput(entries, property, input), bucketCount, { sums, corrections, counts });
  return bySlot(entries.slotCount, (slot) => {
    const base = slot * bucketCount;
    const at = filled(bucketCount, (bucket) => counts[base + bucket] > 0);
    for (const bucket of at) checkSum(sums[base + bucket], property);
    return {
      type: 'sums',
      at,
      sums: at.map((bucket) => sums[base + bucket]),
      corrections: at.map((bucket) => corrections[base + bucket]),
      counts: at.map((bucket) => counts[base + bucket]),
    };
  });
}

/** Smallest or greatest number of a property. */
export function extremeCells(
  entries: Entries,
  measure: { readonly type: 'min' | 'max'; readonly property: PropertyPlan },
  input: InsightsInput,
): ExtremeCells[] {
  const { bucketCount } = input;
  const sign = measure.type === 'max' ? 1 : -1;
  const extremes = new Float64Array(cellCount(entries.slotCount, bucketCount)).fill(-Infinity);
  findExtremes(numberInput(entries, measure.property, input), bucketCount, sign, extremes);
  return bySlot(entries.slotCount, (slot) => {
    const base = slot * bucketCount;
    const at = filled(bucketCount, (bucket) => extremes[base + bucket] !== -Infinity);
    return { type: 'extremes', at, values: at.map((bucket) => extremes[base + bucket] * sign) };
  });
}

/** All numbers of a property, ascending. */
export function valueCells(
  entries: Entries,
  property: PropertyPlan,
  input: InsightsInput,
): ValueCells[] {
  const { bucketCount } = input;
  const numbers = numberInput(entries, property, input);
  const ends = new Uint32Array(cellCount(entries.slotCount, bucketCount));
  countNumbers(numbers, bucketCount, ends);
  const total = startOffsets(ends);
  const values = new Float64Array(total);
  placeNumbers(numbers, bucketCount, ends, values);
  return bySlot(entries.slotCount, (slot) => {
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

function numberInput(
  { rows, slots }: Entries,
  property: PropertyPlan,
  { frame, buckets }: InsightsInput,
): NumberInput {
  const column = frame.column(property);
  return {
    rows: column ? rows : new Uint32Array(0),
    slots,
    buckets,
    codes: column?.codes ?? new Uint32Array(0),
    numberByCode: Float64Array.from(column?.values ?? [], asNumber),
  };
}

/** Only JSON numbers are numbers; the text "5" is not. Index 0 holds no value. */
function asNumber(value: PropertyValue | undefined, code: number): number {
  return code > 0 && typeof value === 'number' ? value : NaN;
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

function checkSum(sum: number, property: PropertyPlan): void {
  if (Number.isFinite(sum)) return;
  throw invalidQuery(`the sum of "${property.name}" is larger than a number can hold: filter it`);
}
