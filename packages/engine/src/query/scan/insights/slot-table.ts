import type { Segment } from '@arbor/schema/result';
import type { ScanDictionary } from '../scan-source.ts';
import type { DictionarySegments, SegmentIndex } from '../segment-index.ts';

/** A segment that has no slot yet. */
export const unassigned = 0xffff_ffff;

/**
 * Dense numbers (slots) for the segments that rows of one scan lie in: a segment without rows has none,
 * and does not show in the answer (3.7).
 */
export class SlotTable {
  readonly #index: SegmentIndex;
  /** Segment number of each slot. */
  readonly #segments: number[] = [];
  #bySegment = new Uint32Array(0);

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

  /** The segments of a dictionary's codes; none of them is beyond `bySegment`. */
  of(dictionary: ScanDictionary): DictionarySegments {
    const segments = this.#index.of(dictionary);
    if (this.#index.size > this.#bySegment.length) this.#reserve(this.#index.size);
    return segments;
  }

  /** By segment: its slot, or `unassigned`. Until `of` or `slotOf` is called. */
  get bySegment(): Uint32Array {
    return this.#bySegment;
  }

  /** The slots of a code that has several. */
  several({ several }: DictionarySegments, code: number): number[] {
    return (several.get(code) ?? []).map((segment) => this.slotOf(segment));
  }

  slotOf(segment: number): number {
    if (segment >= this.#bySegment.length) this.#reserve(segment + 1);
    const known = this.#bySegment[segment];
    if (known !== unassigned) return known;
    const slot = this.#segments.push(segment) - 1;
    this.#bySegment[segment] = slot;
    return slot;
  }

  #reserve(segmentCount: number): void {
    const longer = new Uint32Array(Math.max(1024, 2 * segmentCount)).fill(unassigned);
    longer.set(this.#bySegment);
    this.#bySegment = longer;
  }
}
