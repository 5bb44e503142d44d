import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';
import { compactSlots, countEntries, expandEntries } from '../kernels/expand-entries.ts';
import { AssertionError } from '../../base/assert.ts';
import type { ReportPlan } from '../plan/plan-types.ts';
import type { Frame } from './frame.ts';
import type { PropertyColumn } from './shard-view.ts';

/** Rows paired with slots: slot s of `segments` is one value of the breakdown. */
export interface Entries {
  readonly rows: Uint32Array;
  readonly slots: Uint32Array;
  readonly slotCount: number;
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
  const index = slotIndex(column.values);
  const count = countEntries(rows, column.codes, index.starts);
  const entries = { rows: new Uint32Array(count), slots: new Uint32Array(count) };
  expandEntries(rows, column.codes, index, entries);
  const originals = compactSlots(entries.slots, index.segments.length);
  return {
    ...entries,
    slotCount: originals.length,
    segments: Array.from(originals, (slot) => index.segments[slot]),
  };
}

/**
 * The segments of things by the breakdowns of a plan, which are of the frame's things; the plan has at least
 * one. A thing may be in several.
 */
export function segmentedBy(
  { breakdown, breakdowns }: Pick<ReportPlan, 'breakdown' | 'breakdowns'>,
  things: Uint32Array,
  frame: Frame,
): SegmentedEntries {
  if (breakdowns !== null) throw new AssertionError('several breakdowns are not told apart yet');
  return segmented(things, breakdown === null ? undefined : frame.column(breakdown));
}

/** Whether a plan has segments at all. */
export function hasBreakdown({
  breakdown,
  breakdowns,
}: Pick<ReportPlan, 'breakdown' | 'breakdowns'>): boolean {
  return breakdown !== null || breakdowns !== null;
}

const notSet: Segment = { type: 'not_set', text: '(not set)' };

export interface SlotIndex {
  /** In the order of the codes that have them: what comes to a list of values later takes slots after these. */
  readonly segments: readonly Segment[];
  /** Code c has the slots slots[starts[c]] … slots[starts[c + 1] − 1]. */
  readonly starts: Uint32Array;
  readonly slots: Uint32Array;
}

/** The values of a view never change, so what follows from them is kept as long as they are. */
const indexByValues = new WeakMap<readonly PropertyValue[], SlotIndex>();

export function slotIndex(values: readonly PropertyValue[]): SlotIndex {
  const known = indexByValues.get(values) ?? makeSlotIndex(values);
  indexByValues.set(values, known);
  return known;
}

function makeSlotIndex(values: readonly PropertyValue[]): SlotIndex {
  const segments: Segment[] = [];
  const slotByKey = new Map<string, number>();
  const slots: number[] = [];
  const starts = new Uint32Array(Math.max(values.length, 1) + 1);
  const addSlot = (segment: Segment): number => {
    const key = segmentKey(segment);
    const known = slotByKey.get(key);
    if (known !== undefined) return known;
    slotByKey.set(key, segments.length);
    return segments.push(segment) - 1;
  };
  for (let code = 0; code < starts.length - 1; code++) {
    const own = segmentsOf(code === 0 ? null : values[code]).map(addSlot);
    for (const slot of new Set(own)) slots.push(slot);
    starts[code + 1] = slots.length;
  }
  return { segments, starts, slots: Uint32Array.from(slots) };
}

/** The segments that a value lies in (3.6, 3.7); an item twice in a list is there twice. */
export function segmentsOf(value: PropertyValue): Segment[] {
  if (!Array.isArray(value)) return [segmentOf(value)];
  return value.length === 0 ? [notSet] : value.map(segmentOf);
}

function segmentOf(value: PropertyValue): Segment {
  if (value === null) return notSet;
  if (value === '') return { type: 'empty_string', text: '(empty string)' };
  if (typeof value === 'string') return { type: 'string', text: value };
  if (typeof value === 'number') return { type: 'number', text: String(value) };
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) };
  return { type: 'json', text: JSON.stringify(value) };
}
