import type { SlotIndex } from '../../exec/slot-list.ts';
import type { ReturnPairs } from './return-pairs.ts';

/** Slots of a birth's returns are kept for so many of them before there is room for more. */
const firstRoom = 16;

/**
 * The segments that the returns of one birth are in, each with the units of all of them: two values may have a segment
 * in common, as items of lists, and one may have several.
 */
export class MergedSlots {
  count = 0;
  /** Slots of the birth at hand, in the order in which they came. */
  slots = new Uint32Array(firstRoom);
  /** Units of slot number i with a return: words i × wordCount and following. */
  words: Uint32Array;
  readonly wordCount: number;
  /** By slot: its number, for the birth whose stamp it has. */
  #numbers = new Uint32Array(0);
  #stamps = new Uint32Array(0);
  #stamp = 0;

  constructor(wordCount: number) {
    this.wordCount = wordCount;
    this.words = new Uint32Array(firstRoom * wordCount);
  }

  /** Takes the returns of a birth in place of those of the one before. */
  take(birth: number, pairs: ReturnPairs, { starts, slots, segments }: SlotIndex): void {
    this.count = 0;
    this.#stamp++;
    if (this.#stamps.length < segments.length) {
      this.#numbers = new Uint32Array(segments.length * 2);
      this.#stamps = new Uint32Array(segments.length * 2);
    }
    const values = pairs.values.array;
    const previous = pairs.previous.array;
    for (let pair = pairs.latest.array[birth]; pair !== 0; pair = previous[pair - 1]) {
      const value = values[pair - 1];
      for (let at = starts[value]; at < starts[value + 1]; at++) {
        this.#add(slots[at], pairs.returned.array, (pair - 1) * this.wordCount);
      }
    }
  }

  /** Number of the slot; −1 = the birth has no return in it. */
  numberOf(slot: number): number {
    return this.#stamps[slot] === this.#stamp ? this.#numbers[slot] : -1;
  }

  #add(slot: number, from: Uint32Array, base: number): void {
    const known = this.numberOf(slot);
    const number = known < 0 ? this.#begin(slot) : known;
    const own = number * this.wordCount;
    for (let word = 0; word < this.wordCount; word++) this.words[own + word] |= from[base + word];
  }

  #begin(slot: number): number {
    if (this.count === this.slots.length) {
      const slots = new Uint32Array(this.count * 2);
      slots.set(this.slots);
      this.slots = slots;
      const words = new Uint32Array(this.words.length * 2);
      words.set(this.words);
      this.words = words;
    }
    const number = this.count++;
    this.slots[number] = slot;
    this.words.fill(0, number * this.wordCount, (number + 1) * this.wordCount);
    this.#numbers[slot] = number;
    this.#stamps[slot] = this.#stamp;
    return number;
  }
}
