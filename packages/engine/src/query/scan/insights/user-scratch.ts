import { severalSegments } from '../segment-index.ts';
import type { DictionarySegments } from '../segment-index.ts';
import type { SlotTable } from './slot-table.ts';

/** Room for what a range lists of one event on one day, kept from slice to slice. One thread's. */
export class UserScratch {
  mask = new Uint8Array(0);
  /** Counted from the first user of the range. */
  users = new Uint32Array(0);
  /** Dictionary codes, then slots. */
  codes = new Uint32Array(0);
  /** Masks of the day's pieces. */
  pieces = new Uint32Array(0);
  ids = new Uint32Array(0);

  /** Makes room for as many entries as there are rows; what was in it is gone. */
  reserve(rowCount: number): void {
    if (this.users.length >= rowCount) return;
    const length = Math.max(4096, Math.ceil(rowCount * 1.25));
    this.mask = new Uint8Array(length);
    this.users = new Uint32Array(length);
    this.codes = new Uint32Array(length);
    this.pieces = new Uint32Array(length);
    this.ids = new Uint32Array(length);
  }

  /** Turns codes into slots where some code may stand for a list: it takes an entry a slot. */
  expand(count: number, dictionary: DictionarySegments, table: SlotTable): number {
    const listed = this.#listSlots(count, dictionary, table);
    this.reserve(listed.length);
    for (let i = 0; i < listed.length; i++) {
      this.users[i] = listed[i].user;
      this.codes[i] = listed[i].slot;
      this.pieces[i] = listed[i].pieces;
    }
    return listed.length;
  }

  #listSlots(count: number, dictionary: DictionarySegments, table: SlotTable) {
    const listed: { user: number; slot: number; pieces: number }[] = [];
    for (let i = 0; i < count; i++) {
      const code = this.codes[i];
      const segment = dictionary.byCode[code];
      const isList = segment === severalSegments;
      const slots = isList ? table.several(dictionary, code) : [table.slotOf(segment)];
      for (const own of slots) {
        listed.push({ user: this.users[i], slot: own, pieces: this.pieces[i] });
      }
    }
    return listed;
  }
}
