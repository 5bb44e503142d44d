import type { Segment } from '@arbor/schema/result';
import { segmentKey } from '../merge/segment-groups.ts';

/** Which segments the things at each place have: a value, or a thing itself. */
export interface SlotIndex {
  /** In the order of the places that have them: a place that comes later takes slots after these. */
  readonly segments: readonly Segment[];
  /** Place p has the slots slots[starts[p]] … slots[starts[p + 1] − 1], each once. */
  readonly starts: Uint32Array;
  readonly slots: Uint32Array;
}

/** Numbers segments as they come, each once, and keeps which ones each place has. */
export class SlotList {
  readonly #segments: Segment[] = [];
  readonly #slotByKey = new Map<string, number>();
  readonly #starts: number[] = [0];
  readonly #slots: number[] = [];

  /** Returns the number of the place. */
  addPlace(segments: readonly Segment[]): number {
    for (const slot of new Set(segments.map((segment) => this.#slotOf(segment)))) {
      this.#slots.push(slot);
    }
    return this.#starts.push(this.#slots.length) - 2;
  }

  finish(): SlotIndex {
    return {
      segments: this.#segments,
      starts: Uint32Array.from(this.#starts),
      slots: Uint32Array.from(this.#slots),
    };
  }

  #slotOf(segment: Segment): number {
    const key = segmentKey(segment);
    const known = this.#slotByKey.get(key);
    if (known !== undefined) return known;
    this.#slotByKey.set(key, this.#segments.length);
    return this.#segments.push(segment) - 1;
  }
}
