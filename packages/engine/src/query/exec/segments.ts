import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';
import { compactSlots, countEntries, expandEntries } from '../kernels/expand-entries.ts';
import { combinationOf, segmentKey } from '../merge/segment-groups.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { BreakdownPlan, ReportPlan } from '../plan/plan-types.ts';
import { cohortOfColumn } from '../plan/split-cohorts.ts';
import { breakdownAxis } from './breakdown-axes.ts';
import type { Axis } from './breakdown-axes.ts';
import type { Frame } from './frame.ts';
import type { PropertyColumn } from './shard-view.ts';
import { SlotList } from './slot-list.ts';
import type { SlotIndex } from './slot-list.ts';
import { notSet, segmentsOf } from './value-segments.ts';

/** Rows paired with slots: slot s of `segments` is one segment of the breakdowns. */
export interface Entries {
  readonly rows: Uint32Array;
  readonly slots: Uint32Array;
  readonly slotCount: number;
  /** How much of the row belongs to the slot (14.6), aligned with the rows; absent = all of it to each. */
  readonly weights?: Float64Array | null;
}

export interface SegmentedEntries extends Entries {
  readonly segments: readonly Segment[];
}

/** All rows in one slot: the row over all segments, or a report without breakdown. */
export function unsegmented(rows: Uint32Array): Entries {
  return { rows, slots: new Uint32Array(rows.length), slotCount: 1 };
}

/** Puts each row into the slots of its value (3.6, 3.7); only segments that some row has come out. */
export function segmented(rows: Uint32Array, column: PropertyColumn | undefined): SegmentedEntries {
  if (!column) {
    const segments = rows.length === 0 ? [] : [notSet];
    return { ...unsegmented(rows), slotCount: segments.length, segments };
  }
  return bySlots(rows, column.codes, slotIndex(column.values));
}

function bySlots(rows: Uint32Array, codes: Uint32Array, index: SlotIndex): SegmentedEntries {
  const count = countEntries(rows, codes, index.starts);
  const entries = { rows: new Uint32Array(count), slots: new Uint32Array(count) };
  expandEntries(rows, codes, index, entries);
  return compacted(entries, index.segments.length, (slot) => index.segments[slot]);
}

/**
 * The segments of things by the breakdowns of a plan, which are of the frame's things; the plan has at least
 * one. A thing may be in several, and in none where only matching items of lists are asked for. Several
 * breakdowns give a segment for each combination that some thing has (3.7).
 */
export function segmentedBy(
  { breakdown, breakdowns, zone }: Pick<ReportPlan, 'breakdown' | 'breakdowns' | 'zone'>,
  things: Uint32Array,
  frame: Frame,
): SegmentedEntries {
  if (breakdowns === null) {
    if (breakdown === null) return segmented(things, undefined);
    const cohort = cohortOfColumn(breakdown.name);
    const column = frame.column(breakdown);
    if (cohort === null) return segmented(things, column);
    return bySlots(things, column?.codes ?? new Uint32Array(frame.count), cohortSlots(cohort));
  }
  const combinations = new Combinations(things);
  breakdowns.forEach((own: BreakdownPlan) => {
    combinations.add(breakdownAxis(own, zone, things, frame));
  });
  return combinations.finish();
}

/** Whether a plan has segments at all. */
export function hasBreakdown({
  breakdown,
  breakdowns,
}: Pick<ReportPlan, 'breakdown' | 'breakdowns'>): boolean {
  return breakdown !== null || breakdowns !== null;
}

/**
 * Rows that have a segment which is not `listed` (by `segmentKey`), each once, in one slot: the row of all
 * other segments. A row that belongs to several of them in parts has the sum of these parts.
 */
export function otherEntries(
  { rows, slots, segments, weights }: SegmentedEntries,
  listed: ReadonlySet<string>,
): Entries {
  const isOther = Uint8Array.from(segments, (segment) => Number(!listed.has(segmentKey(segment))));
  const own = new Uint32Array(rows.length);
  const ownWeights = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    if (isOther[slots[i]] === 0) continue;
    // Entries of one row lie together.
    if (count === 0 || own[count - 1] !== rows[i]) own[count++] = rows[i];
    ownWeights[count - 1] += weights?.[i] ?? 0;
  }
  const entries = unsegmented(own.slice(0, count));
  return weights ? { ...entries, weights: ownWeights.slice(0, count) } : entries;
}

const stepsOfOne = 2 ** 40;

/**
 * Shares are whole multiples of 2^−40: thousands of them add up to the same number in any order, so that what
 * is equal stays equal, whichever thread or shard has which part.
 */
const inSteps = (weight: number): number => Math.round(weight * stepsOfOne) / stepsOfOne;

/** 2^25 entries with their slots are 256 MB and more while they are made. */
const entriesMax = 2 ** 25;

/** Things with a slot for every combination of segments that they have. */
class Combinations {
  readonly #things: Uint32Array;
  /** By entry: index into the things, and which combination it is of. */
  #at: Uint32Array;
  #slots: Uint32Array;
  #weights: Float64Array | null = null;
  #segments: (slot: number) => readonly Segment[] = () => [];
  #slotCount = 1;
  #axisCount = 0;

  constructor(things: Uint32Array) {
    this.#things = things;
    this.#at = new Uint32Array(things.length);
    for (let i = 0; i < things.length; i++) this.#at[i] = i;
    this.#slots = new Uint32Array(things.length);
  }

  add(axis: Axis): void {
    const { places, starts, slots: own, segments, weights } = axis;
    const at = this.#at;
    const count = this.#countWith(axis);
    const next = { at: new Uint32Array(count), slots: new Uint32Array(count) };
    const nextWeights = this.#weights || weights ? new Float64Array(count) : null;
    const pairs = new PairNumbers(this.#slotCount * segments.length);
    let entry = 0;
    for (let i = 0; i < at.length; i++) {
      const place = places[at[i]];
      for (let j = starts[place]; j < starts[place + 1]; j++) {
        next.at[entry] = at[i];
        next.slots[entry] = pairs.numberOf(this.#slots[i] * segments.length + own[j]);
        if (nextWeights) nextWeights[entry] = (this.#weights?.[i] ?? 1) * (weights?.[j] ?? 1);
        entry++;
      }
    }
    const before = this.#segments;
    this.#segments = (slot) => {
      const pair = pairs.all[slot];
      const segment = pair % segments.length;
      return [...before((pair - segment) / segments.length), segments[segment]];
    };
    this.#at = next.at;
    this.#slots = next.slots;
    this.#weights = nextWeights;
    this.#slotCount = pairs.all.length;
    this.#axisCount++;
  }

  finish(): SegmentedEntries {
    const segmentAt = (slot: number): Segment => {
      const parts = this.#segments(slot);
      return this.#axisCount === 1 ? parts[0] : combinationOf(parts);
    };
    const rows = new Uint32Array(this.#at.length);
    for (let i = 0; i < rows.length; i++) rows[i] = this.#things[this.#at[i]];
    const segments = Array.from({ length: this.#slotCount }, (_, slot) => segmentAt(slot));
    const entries = { rows, slots: this.#slots, slotCount: segments.length, segments };
    return this.#weights ? { ...entries, weights: this.#weights.map(inSteps) } : entries;
  }

  #countWith({ places, starts }: Axis): number {
    let count = 0;
    for (let i = 0; i < this.#at.length; i++) {
      const place = places[this.#at[i]];
      count += starts[place + 1] - starts[place];
    }
    if (count > entriesMax) {
      throw invalidQuery(
        `the lists of the breakdowns have ${count} combinations, more than the ${entriesMax} that ` +
          'fit into memory: use fewer breakdowns by lists, or filter them',
      );
    }
    return count;
  }
}

/** Up to here numbers of pairs lie in a table of 16 MB; it is several times as fast as a map. */
const tablePairsMax = 2 ** 22;

/** Numbers pairs of slots as they come. */
class PairNumbers {
  readonly all: number[] = [];
  readonly #known = new Map<number, number>();
  /** By pair: its number and one more. */
  readonly #table: Uint32Array | null;

  constructor(pairCount: number) {
    this.#table = pairCount <= tablePairsMax ? new Uint32Array(pairCount) : null;
  }

  numberOf(pair: number): number {
    const table = this.#table;
    if (table !== null) return (table[pair] ||= this.all.push(pair)) - 1;
    const known = this.#known.get(pair) ?? this.all.push(pair);
    this.#known.set(pair, known);
    return known - 1;
  }
}

/** Of a column of those who are in a cohort (`splitCohorts`): code 0 is whoever is not, code 1 whoever is. */
export function cohortSlots(name: string): SlotIndex {
  const slots = new SlotList();
  slots.addPlace([{ type: 'not_in', text: name }]);
  slots.addPlace([{ type: 'in', text: name }]);
  return slots.finish();
}

/** The values of a view never change, so what follows from them is kept as long as they are. */
const indexByValues = new WeakMap<readonly PropertyValue[], SlotIndex>();

export function slotIndex(values: readonly PropertyValue[]): SlotIndex {
  const known = indexByValues.get(values) ?? makeSlotIndex(values);
  indexByValues.set(values, known);
  return known;
}

function makeSlotIndex(values: readonly PropertyValue[]): SlotIndex {
  const list = new SlotList();
  for (let code = 0; code < Math.max(values.length, 1); code++) {
    list.addPlace(segmentsOf(code === 0 ? null : values[code]));
  }
  return list.finish();
}

function compacted(
  entries: { readonly rows: Uint32Array; readonly slots: Uint32Array },
  slotCount: number,
  segmentAt: (slot: number) => Segment,
): SegmentedEntries {
  const originals = compactSlots(entries.slots, slotCount);
  return { ...entries, slotCount: originals.length, segments: Array.from(originals, segmentAt) };
}
