import type { Segment } from '@arbor/schema/result';
import type { UserCells } from '../merge/partial.ts';
import { combinationOf } from '../merge/segment-groups.ts';
import { countEvents } from '../kernels/count-events.ts';
import { bySlot, sparse } from './count-cells.ts';
import type { InsightsInput } from './insights-input.ts';
import { cellCount } from './memory.ts';
import { propertyNumbers } from './property-cells.ts';
import type { Entries, SegmentedEntries } from './segments.ts';
import type { UserNumbers } from './user-numbers.ts';
import type { PropertyPlan } from '../plan/plan-types.ts';

/** Segments of a distribution (4.1): a number each, within each segment of the breakdown. */
export interface NumberSlots {
  /** New slot of each thing. */
  readonly slots: Uint32Array;
  readonly slotCount: number;
  readonly segments: readonly Segment[];
}

/** `segments` are those of the slots that the things have now; null = the report has no breakdown. */
export function numberSlots(
  numbers: Float64Array,
  slots: Uint32Array,
  segments: readonly Segment[] | null,
): NumberSlots {
  // By the slot before: of its numbers.
  const byNumber: Map<number, number>[] = [];
  const made: Segment[] = [];
  const own = new Uint32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const known = (byNumber[slots[i]] ??= new Map<number, number>());
    let slot = known.get(numbers[i]);
    if (slot === undefined) {
      slot = made.push(segmentOf(numbers[i], segments?.[slots[i]])) - 1;
      known.set(numbers[i], slot);
    }
    own[i] = slot;
  }
  return { slots: own, slotCount: made.length, segments: made };
}

function segmentOf(number: number, within: Segment | undefined): Segment {
  const own: Segment = { type: 'number', text: String(number) };
  return within === undefined ? own : combinationOf([...(within.parts ?? [within]), own]);
}

/** The entries that have a number of the property, by number. */
export function numberEntries(
  entries: Entries & { readonly segments: readonly Segment[] | null },
  property: PropertyPlan,
  input: InsightsInput,
): SegmentedEntries {
  const { rows, slots, codes, numberByCode } = propertyNumbers(entries, property, input);
  const kept = Uint32Array.from(rows, (_, i) => i).filter((i) => {
    const number = numberByCode[codes[rows[i]]];
    return number === number;
  });
  const numbers = Float64Array.from(kept, (i) => numberByCode[codes[rows[i]]]);
  const before = Uint32Array.from(kept, (i) => slots[i]);
  return {
    ...numberSlots(numbers, before, entries.segments),
    rows: Uint32Array.from(kept, (i) => rows[i]),
  };
}

/** Users that have a number, by slot and bucket. */
export function countNumbered(
  { slots, slotCount }: Pick<NumberSlots, 'slots' | 'slotCount'>,
  { buckets }: UserNumbers,
  bucketCount: number,
): UserCells[] {
  const width = bucketCount + 1;
  const counts = new Float64Array(cellCount(slotCount, width));
  const things = Uint32Array.from(slots, (_, i) => i);
  countEvents(things, slots, buckets, width, counts);
  return bySlot(slotCount, (slot) => {
    const cells = counts.subarray(slot * width, (slot + 1) * width);
    return { type: 'users', ...sparse(cells.subarray(0, bucketCount)), range: cells[bucketCount] };
  });
}
