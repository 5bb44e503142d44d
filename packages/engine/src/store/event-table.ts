import { GrowableBytes, GrowableFloat64, GrowableUint32 } from '../base/growable.ts';
import { hashBytes, hashText } from '../base/hash.ts';
import { valueTag } from '../format/constants.ts';
import type { BatchColumns } from '../format/decode/batch-columns.ts';
import type { BatchRegistry } from './batch-registry.ts';
import { type EventKey, keyHashOf } from './copies/event-key.ts';
import type { PropertyDictionary } from './property-dictionary.ts';
import { ShapeTree } from './shape-tree.ts';
import { TableDays } from './table-days.ts';
import type { UserDictionary } from './users/user-dictionary.ts';

/** Translations of a batch's places into the table's codes, made at first use; 0 = not yet. */
interface BatchCodes {
  readonly columns: BatchColumns;
  readonly batch: number;
  /** Code + 1. */
  readonly events: Uint32Array;
  /** Ordinal + 1. */
  readonly users: Uint32Array;
  readonly hashes: Float64Array;
  readonly shapes: readonly number[];
  readonly dictionaries: readonly (readonly PropertyDictionary[])[];
}

/**
 * The events of one project in one shard, as columns in order of arrival. Rows are only added and
 * hidden, never changed, so whoever remembers a list of rows can read them at any later time.
 *
 * **Invariant:** of the events with one duplicate key (event, sent time, distinct id as sent, insert id)
 * exactly one is visible: that with the greatest (sequence, batch id, position), whatever the order
 * in which they arrived.
 */
export class EventTable {
  readonly times = new GrowableFloat64();
  readonly events = new GrowableUint32();
  /** Ordinal of the user the event was sent for; links (users/user-links.ts) are not applied. */
  readonly users = new GrowableUint32();
  readonly batches = new GrowableUint32();
  readonly positions = new GrowableUint32();
  readonly shapes = new GrowableUint32();
  /** Codes of all values; row r's begin at valueStarts[r], in the order of its shape. */
  readonly values = new GrowableUint32();
  readonly valueStarts = new GrowableUint32();
  readonly shapeTree = new ShapeTree();
  readonly eventNames: string[] = [];
  readonly days = new TableDays();

  readonly #eventCodes = new Map<string, number>();
  readonly #registry: BatchRegistry;
  readonly #userDictionary: UserDictionary;
  /** Distinct ids that were not the user's id: code, or 0 where they were the same. */
  readonly #sentIds = new GrowableUint32();
  readonly #sentIdCodes = new Map<string, number>();
  readonly #sentIdTexts: string[] = [''];
  /** Sent times that are not the event's time: very few. */
  readonly #sentTimes = new Map<number, number>();
  readonly #insertIds = new GrowableBytes();
  readonly #insertIdEnds = new GrowableUint32();
  /** Hash of the duplicate key by row. */
  readonly #hashes = new GrowableUint32();
  /** Row + 1 by hash of the duplicate key, open addressing; 0 = free. A power of two long. */
  #slots = new Uint32Array(1024);
  #slotsUsed = 0;
  /** One bit a row: a later copy took its place. */
  readonly #hidden = new GrowableUint32();
  #hiddenCount = 0;

  constructor(registry: BatchRegistry, users: UserDictionary) {
    this.#registry = registry;
    this.#userDictionary = users;
  }

  /** Rows there are, hidden ones included. */
  get rowCount(): number {
    return this.times.length;
  }

  get hiddenCount(): number {
    return this.#hiddenCount;
  }

  isHidden(row: number): boolean {
    return (this.#hidden.array[row >>> 5] & (1 << (row & 31))) !== 0;
  }

  /** Distinct id as sent: 0 = it is the id of the row's user, else index into `sentIdTexts`. */
  sentIdCode(row: number): number {
    return this.#sentIds.array[row];
  }

  get sentIdTexts(): readonly string[] {
    return this.#sentIdTexts;
  }

  /** Time as sent; undefined = it is the row's time. */
  sentTime(row: number): number | undefined {
    return this.#sentTimes.get(row);
  }

  /** How many rows have a time that the edge changed, hidden ones included. */
  get sentTimeCount(): number {
    return this.#sentTimes.size;
  }

  /** Insert id of row r: UTF-8, bytes[ends[r − 1], ends[r]). */
  get insertIds(): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
    return { bytes: this.#insertIds.array, ends: this.#insertIdEnds.array };
  }

  /** Hash of the row's duplicate key (`eventKeyHash`). */
  keyHash(row: number): number {
    return this.#hashes.array[row];
  }

  /** The row's duplicate key. */
  key(row: number): EventKey {
    return {
      event: this.eventNames[this.events.array[row]],
      sentTime: this.#sentTimes.get(row) ?? this.times.array[row],
      sentId: this.#sentIdOf(row),
      bytes: this.#insertIds.array,
      start: row === 0 ? 0 : this.#insertIdEnds.array[row - 1],
      end: this.#insertIdEnds.array[row],
    };
  }

  /** Sequence of the batch that the row came with. */
  sequenceOfBatch(batch: number): number {
    return this.#registry.sequence(batch);
  }

  /** Order of arrival at the edge: (sequence, batch id, position). */
  compareArrival(row: number, other: number): number {
    const batches = this.batches.array;
    const difference = this.#registry.compare(batches[row], batches[other]);
    return difference !== 0 ? difference : this.positions.array[row] - this.positions.array[other];
  }

  /** Adds the events of a batch that was never added before. */
  append(columns: BatchColumns, batch: number): void {
    const codes = this.#codesOf(columns, batch);
    const { shapePlaces } = columns.events;
    let valueIndex = 0;
    for (let i = 0; i < columns.header.eventCount; i++) {
      const shape = shapePlaces[i];
      this.#appendEvent(codes, i, valueIndex);
      valueIndex += columns.shapes[shape].length;
    }
  }

  #codesOf(columns: BatchColumns, batch: number): BatchCodes {
    const shapes = columns.shapes.map((names) =>
      this.shapeTree.shape(Array.from(names, (place) => columns.strings[place])),
    );
    const stringCount = columns.strings.length;
    return {
      columns,
      batch,
      events: new Uint32Array(stringCount),
      users: new Uint32Array(stringCount),
      hashes: new Float64Array(stringCount),
      shapes,
      dictionaries: shapes.map((shape) => this.shapeTree.dictionaries(shape)),
    };
  }

  #appendEvent(codes: BatchCodes, i: number, valueIndex: number): void {
    const hash = this.#keyHash(codes, i);
    const slot = this.#findSlot(codes, i, hash);
    const other = this.#slots[slot] - 1;
    if (other >= 0) {
      if (!this.#isLater(codes, i, other)) return;
      this.hide(other);
    } else {
      this.#slotsUsed++;
    }
    this.#slots[slot] = this.rowCount + 1;
    this.#pushRow(codes, i, hash);
    this.#pushValues(codes, i, valueIndex);
    if (this.#slotsUsed * 10 > this.#slots.length * 7) this.#growSlots();
  }

  #isLater({ columns, batch }: BatchCodes, i: number, other: number): boolean {
    const difference = this.#registry.compare(batch, this.batches.array[other]);
    if (difference !== 0) return difference > 0;
    return columns.events.positions[i] > this.positions.array[other];
  }

  #pushRow(codes: BatchCodes, i: number, hash: number): void {
    const { events, strings } = codes.columns;
    const row = this.rowCount;
    const event = this.#eventCode(codes, events.eventPlaces[i]);
    const user = this.#user(codes, events.userPlaces[i]);
    this.times.push(events.times[i]);
    this.events.push(event);
    this.users.push(user);
    this.batches.push(codes.batch);
    this.positions.push(events.positions[i]);
    this.#hashes.push(hash);
    this.#insertIds.append(events.insertIdBytes, events.insertIdStarts[i], events.insertIdEnds[i]);
    this.#insertIdEnds.push(this.#insertIds.length);
    const isSame = events.distinctIdPlaces[i] === events.userPlaces[i];
    this.#sentIds.push(isSame ? 0 : this.#sentIdCode(strings[events.distinctIdPlaces[i]]));
    if (events.sentTimes[i] !== events.times[i]) this.#sentTimes.set(row, events.sentTimes[i]);
    this.days.add(row, events.times[i]);
    this.#hidden.extendTo((row >>> 5) + 1);
  }

  #pushValues(codes: BatchCodes, i: number, valueIndex: number): void {
    const { columns } = codes;
    const { tags, payloads, nested } = columns.values;
    const place = columns.events.shapePlaces[i];
    const dictionaries = codes.dictionaries[place];
    this.shapes.push(codes.shapes[place]);
    this.valueStarts.push(this.values.length);
    this.values.reserve(dictionaries.length);
    for (let k = 0; k < dictionaries.length; k++) {
      const dictionary = dictionaries[k];
      const payload = payloads[valueIndex + k];
      let code: number;
      switch (tags[valueIndex + k]) {
        case valueTag.string:
          code = dictionary.codeOfString(columns.strings[payload]);
          break;
        case valueTag.integer:
        case valueTag.double:
          code = dictionary.codeOfNumber(payload);
          break;
        case valueTag.true:
          code = dictionary.codeOfConstant(true);
          break;
        case valueTag.false:
          code = dictionary.codeOfConstant(false);
          break;
        case valueTag.null:
          code = dictionary.codeOfConstant(null);
          break;
        default:
          code = dictionary.codeOfNested(nested[payload]);
      }
      this.values.push(code);
      dictionary.typeCounts[dictionary.types.array[code]]++;
    }
  }

  /** The row has a later copy. One that is hidden already stays so. */
  hide(row: number): void {
    if (this.isHidden(row)) return;
    this.#hidden.array[row >>> 5] |= 1 << (row & 31);
    this.#hiddenCount++;
    this.days.hide(row, this.times.array[row]);
    const start = this.valueStarts.array[row];
    this.shapeTree.dictionaries(this.shapes.array[row]).forEach((dictionary, k) => {
      dictionary.typeCounts[dictionary.types.array[this.values.array[start + k]]]--;
    });
  }

  #keyHash(codes: BatchCodes, i: number): number {
    const { events } = codes.columns;
    const insertId = hashBytes(
      events.insertIdBytes,
      events.insertIdStarts[i],
      events.insertIdEnds[i],
    );
    const event = this.#textHash(codes, events.eventPlaces[i]);
    const sentId = this.#textHash(codes, events.distinctIdPlaces[i]);
    return keyHashOf({ insertId, event, sentId, sentTime: events.sentTimes[i] });
  }

  /** Hash of a string of the batch, computed once a batch. */
  #textHash({ columns, hashes }: BatchCodes, place: number): number {
    if (hashes[place] === 0) hashes[place] = hashText(columns.strings[place]) + 1;
    return hashes[place] - 1;
  }

  /** The slot that holds the event's duplicate key, or the free one where it belongs. */
  #findSlot(codes: BatchCodes, i: number, hash: number): number {
    const slots = this.#slots;
    const hashes = this.#hashes.array;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) {
      const row = slots[slot] - 1;
      if (hashes[row] === hash && this.#isSameKey(codes, i, row)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #isSameKey({ columns }: BatchCodes, i: number, row: number): boolean {
    const { events, strings } = columns;
    const sentTime = this.#sentTimes.get(row) ?? this.times.array[row];
    if (sentTime !== events.sentTimes[i]) return false;
    if (this.eventNames[this.events.array[row]] !== strings[events.eventPlaces[i]]) return false;
    if (this.#sentIdOf(row) !== strings[events.distinctIdPlaces[i]]) return false;
    const start = row === 0 ? 0 : this.#insertIdEnds.array[row - 1];
    const length = this.#insertIdEnds.array[row] - start;
    const otherStart = events.insertIdStarts[i];
    if (events.insertIdEnds[i] - otherStart !== length) return false;
    const bytes = this.#insertIds.array;
    for (let k = 0; k < length; k++) {
      if (bytes[start + k] !== events.insertIdBytes[otherStart + k]) return false;
    }
    return true;
  }

  #sentIdOf(row: number): string {
    const code = this.#sentIds.array[row];
    return code === 0 ? this.#userDictionary.id(this.users.array[row]) : this.#sentIdTexts[code];
  }

  #growSlots(): void {
    const grown = new Uint32Array(this.#slots.length * 2);
    const mask = grown.length - 1;
    const hashes = this.#hashes.array;
    for (let i = 0; i < this.#slots.length; i++) {
      const entry = this.#slots[i];
      if (entry === 0) continue;
      let slot = hashes[entry - 1] & mask;
      while (grown[slot] !== 0) slot = (slot + 1) & mask;
      grown[slot] = entry;
    }
    this.#slots = grown;
  }

  #eventCode({ columns, events }: BatchCodes, place: number): number {
    if (events[place] !== 0) return events[place] - 1;
    const name = columns.strings[place];
    let code = this.#eventCodes.get(name);
    if (code === undefined) {
      code = this.eventNames.push(name) - 1;
      this.#eventCodes.set(name, code);
    }
    events[place] = code + 1;
    return code;
  }

  #user({ columns, users }: BatchCodes, place: number): number {
    if (users[place] === 0) {
      users[place] = this.#userDictionary.ordinal(columns.strings[place]) + 1;
    }
    return users[place] - 1;
  }

  #sentIdCode(id: string): number {
    let code = this.#sentIdCodes.get(id);
    if (code === undefined) {
      code = this.#sentIdTexts.push(id) - 1;
      this.#sentIdCodes.set(id, code);
    }
    return code;
  }
}
