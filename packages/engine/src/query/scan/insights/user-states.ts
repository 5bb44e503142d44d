import { gatherPieces, markInSlot, markInSlots, markNew, markTouched } from './mark-users.ts';
import type { MarkArray } from './mark-users.ts';
import type { UserCounter } from './user-counter.ts';

/** Arrays that one range needs no more, for the next. One thread's; never more than ranges open at once. */
export class StatePool {
  readonly #free: MarkArray[] = [];

  /** All zero, at least as long as asked; holds numbers up to `max`. */
  take(length: number, max: number): MarkArray {
    const Kind = max < 256 ? Uint8Array : Uint16Array;
    const index = this.#free.findIndex((array) => array instanceof Kind && array.length >= length);
    if (index < 0) return new Kind(length);
    return this.#free.splice(index, 1)[0].fill(0);
  }

  give(array: MarkArray): void {
    if (this.#free.length < freeMax) this.#free.push(array);
  }
}

/** More arrays lie idle only after queries of many metrics. */
const freeMax = 8;

/**
 * What is known of the ids of one range: how far each counter has counted them, and what the day that is
 * being added has of them. An id is a user of the range, or a user in a segment.
 */
export class UserStates {
  readonly #counters: readonly UserCounter[];
  readonly #pool: StatePool;
  #marked: MarkArray[];
  /** By counter: nobody counts in this window or a later one yet. */
  readonly #reached: number[];
  /** Pieces of the running day by id; made when a day of several pieces comes. */
  #masks = new Uint32Array(0);
  #touched = { ids: new Uint32Array(0), slots: new Uint32Array(0), count: 0 };
  #capacity: number;

  constructor(counters: readonly UserCounter[], capacity: number, pool: StatePool) {
    this.#counters = counters;
    this.#pool = pool;
    this.#capacity = capacity;
    this.#reached = counters.map(() => 0);
    this.#marked = counters.map(({ windowCount }) => pool.take(capacity, windowCount + 1));
  }

  /** Ids 0 … count − 1 may be mentioned. Keeps what is known. */
  reserve(count: number): void {
    if (count > this.#capacity) this.#move(2 * count, this.#capacity, (id) => id);
  }

  /** Gives ids that are known of a new number; `count` of the new numbers are possible. */
  renumber(count: number, numberOf: (id: number) => number): void {
    const { ids, count: listed } = this.#touched;
    const moved = ids.subarray(0, listed).map(numberOf);
    this.#move(count, this.#capacity, numberOf);
    ids.set(moved);
  }

  /** ids[from … end) − base are active in a piece, the only one of its day, in one slot. */
  addInSlot(
    ids: Uint32Array,
    stretch: { readonly from: number; readonly end: number; readonly base: number },
    slot: number,
    piece: number,
  ): void {
    for (const [index, counter] of this.#counters.entries()) {
      const windows = counter.windowsOf(piece);
      if (windows === null) continue;
      markInSlot(ids, stretch, slot, windows, counter.marks(this.#marked[index]));
      this.#reach(index, windows.last + 1);
    }
  }

  /** The same of ids that differ, where every id has this one slot. */
  addOnce(
    ids: Uint32Array,
    stretch: { readonly from: number; readonly end: number; readonly base: number },
    piece: number,
  ): void {
    for (const [index, counter] of this.#counters.entries()) {
      const windows = counter.windowsOf(piece);
      if (windows === null) continue;
      const marks = counter.marks(this.#marked[index]);
      const isNew = this.#reached[index] <= windows.first;
      (isNew ? markNew : markInSlot)(ids, stretch, 0, windows, marks);
      this.#reach(index, windows.last + 1);
    }
  }

  /** The same with a slot each. */
  addInSlots(ids: Uint32Array, slots: Uint32Array, count: number, piece: number): void {
    for (const [index, counter] of this.#counters.entries()) {
      const windows = counter.windowsOf(piece);
      if (windows === null) continue;
      markInSlots(ids, slots, count, windows, counter.marks(this.#marked[index]));
      this.#reach(index, windows.last + 1);
    }
  }

  /** ids[i] is active in the pieces of a mask, on a day of several: counted when the day ends. */
  addPieces(ids: Uint32Array, slots: Uint32Array | null, pieces: Uint32Array, count: number): void {
    if (this.#masks.length < this.#capacity) {
      const masks = new Uint32Array(this.#capacity);
      masks.set(this.#masks);
      this.#masks = masks;
    }
    if (this.#touched.ids.length < this.#touched.count + count) this.#lengthenTouched(count);
    this.#touched.count = gatherPieces(ids, slots, pieces, count, this.#masks, this.#touched);
  }

  /** Counts what the day has gathered; its first piece is `offset`. */
  endDay(offset: number): void {
    const { ids, count } = this.#touched;
    if (count === 0) return;
    for (const [index, counter] of this.#counters.entries()) {
      const windows = counter.pieceWindows(offset);
      markTouched(this.#touched, this.#masks, windows, counter.marks(this.#marked[index]));
      // In which of its pieces the users of the day came is known by user alone.
      this.#reach(index, Infinity);
    }
    for (let i = 0; i < count; i++) this.#masks[ids[i]] = 0;
    this.#touched.count = 0;
  }

  #reach(index: number, window: number): void {
    if (window > this.#reached[index]) this.#reached[index] = window;
  }

  close(): void {
    for (const marked of this.#marked) this.#pool.give(marked);
    this.#marked = [];
  }

  #lengthenTouched(more: number): void {
    const { ids, slots, count } = this.#touched;
    const length = 2 * (count + more);
    this.#touched = { ids: new Uint32Array(length), slots: new Uint32Array(length), count };
    this.#touched.ids.set(ids.subarray(0, count));
    this.#touched.slots.set(slots.subarray(0, count));
  }

  #move(capacity: number, count: number, numberOf: (id: number) => number): void {
    this.#marked = this.#marked.map((before, index) => {
      const after = this.#pool.take(capacity, this.#counters[index].windowCount + 1);
      for (let id = 0; id < count; id++) if (before[id] !== 0) after[numberOf(id)] = before[id];
      this.#pool.give(before);
      return after;
    });
    const masks = new Uint32Array(this.#masks.length === 0 ? 0 : capacity);
    for (let id = 0; id < this.#masks.length; id++) {
      if (this.#masks[id] !== 0) masks[numberOf(id)] = this.#masks[id];
    }
    this.#masks = masks;
    this.#capacity = capacity;
  }
}
