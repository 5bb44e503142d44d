import type { Segment } from '@arbor/schema/result';
import type { ScanDictionary } from '../scan-source.ts';
import type { DictionarySegments, SegmentIndex } from '../segment-index.ts';
import { severalSegments } from '../segment-index.ts';

/** A code that has no slot yet, and one that has several: the two greatest, so that one test tells both. */
export const unassigned = 0xffff_ffff;
export const severalSlots = 0xffff_fffe;

/** Dictionary codes to slots; slots are given out when their first row is met. */
export interface DictionarySlots {
  /** Filled by `SlotTable.assign`. */
  readonly byCode: Uint32Array;
  readonly segments: DictionarySegments;
}

/**
 * Dense numbers (slots) for the segments that rows of one scan lie in: a segment without rows has none,
 * and does not show in the answer (3.7).
 */
export class SlotTable {
  readonly #index: SegmentIndex;
  /** Segment number of each slot. */
  readonly #segments: number[] = [];
  /** `unassigned` where a segment has none. */
  #slotBySegment = new Uint32Array(0);
  readonly #dictionaries = new Map<ScanDictionary, DictionarySlots>();

  constructor(index: SegmentIndex) {
    this.#index = index;
  }

  get count(): number {
    return this.#segments.length;
  }

  segment(slot: number): Segment {
    return this.#index.segment(this.#segments[slot]);
  }

  all(): number[] {
    return this.#segments.map((_, slot) => slot);
  }

  /** `segmentKey` by slot. */
  keys(): string[] {
    return this.#segments.map((segment) => this.#index.key(segment));
  }

  /** The slots of those of the segments that have one, ascending. */
  slotsOf(keys: readonly string[]): number[] {
    const wanted = new Set(keys);
    return this.all().filter((slot) => wanted.has(this.#index.key(this.#segments[slot])));
  }

  of(dictionary: ScanDictionary): DictionarySlots {
    const known = this.#dictionaries.get(dictionary);
    if (known) return known;
    const segments = this.#index.of(dictionary);
    const made = { byCode: new Uint32Array(segments.byCode.length).fill(unassigned), segments };
    this.#dictionaries.set(dictionary, made);
    return made;
  }

  /** Gives the code its slot, or marks it as one of several; returns what `byCode` has now. */
  assign({ byCode, segments }: DictionarySlots, code: number): number {
    const segment = segments.byCode[code];
    byCode[code] = segment === severalSegments ? severalSlots : this.slotOf(segment);
    return byCode[code];
  }

  /** The slots of a code that has several. */
  several({ segments }: DictionarySlots, code: number): number[] {
    return (segments.several.get(code) ?? []).map((segment) => this.slotOf(segment));
  }

  slotOf(segment: number): number {
    if (segment >= this.#slotBySegment.length) this.#reserve(segment + 1);
    const known = this.#slotBySegment[segment];
    if (known !== unassigned) return known;
    const slot = this.#segments.push(segment) - 1;
    this.#slotBySegment[segment] = slot;
    return slot;
  }

  #reserve(segmentCount: number): void {
    const longer = new Uint32Array(Math.max(1024, 2 * segmentCount)).fill(unassigned);
    longer.set(this.#slotBySegment);
    this.#slotBySegment = longer;
  }
}
