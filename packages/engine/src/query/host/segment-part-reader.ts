import type { PropertyValue } from '@arbor/schema/property-value';
import { must } from '../../base/assert.ts';
import { type ColumnMemory, ownMemory } from '../../format/segment/column-memory.ts';
import type { SegmentFile } from '../../format/segment/segment-file.ts';
import type { ArrivalPart } from '../../store/merge/arrival-scale.ts';
import { type EventPart, hiddenRowsBetween } from '../../store/merge/event-part.ts';
import type { PartReader, PlainPiece, ReaderColumn } from './part-reader.ts';

/** What a value takes in memory when it is decoded, roughly: most are short texts. */
const valueBytes = 48;

export class SegmentPartReader implements PartReader {
  readonly #file: SegmentFile;
  readonly #hiddenRows: Uint32Array;

  constructor(file: SegmentFile, hiddenRows: Uint32Array) {
    this.#file = file;
    this.#hiddenRows = hiddenRows;
  }

  get arrival(): ArrivalPart {
    return {
      batchSequences: this.#file.batchSequences(),
      tieRankMax: this.#file.tieRankMax,
    };
  }

  get eventNames(): readonly string[] {
    return this.#file.events.map(({ name }) => name);
  }

  eventPart(event: string): EventPart {
    const index = this.#eventIndex(event);
    let start = 0;
    for (let before = 0; before < index; before++) start += this.#file.events[before].rowCount;
    const end = start + this.#file.events[index].rowCount;
    const hiddenRows = hiddenRowsBetween(this.#hiddenRows, start, end);
    return new LazyEventPart(this.#file, index, hiddenRows);
  }

  decode(event: string, piece: PlainPiece, memory: ColumnMemory): void {
    const index = this.#eventIndex(event);
    if (piece === 'runs') this.#file.userRuns(index, memory);
    else if (piece === 'times') this.#file.times(index, memory);
    else this.#file.tieRanks(index, memory);
  }

  hasColumn(event: string, property: string): boolean {
    return this.#file.hasColumn(this.#eventIndex(event), property);
  }

  column(event: string, property: string, memory = ownMemory): ReaderColumn | undefined {
    const file = this.#file;
    const codes = file.column(this.#eventIndex(event), property, memory);
    if (codes === undefined) return undefined;
    let values: readonly PropertyValue[] | undefined;
    return {
      codes,
      bytes: file.valueCount(property) * valueBytes,
      get values() {
        values ??= file.dictionary(property);
        return values;
      },
    };
  }

  #eventIndex(event: string): number {
    const index = this.#file.eventIndex(event);
    return must(index < 0 ? null : index, `event "${event}" of a segment whose meta names it`);
  }
}

/** Decodes what is read, once. */
class LazyEventPart implements EventPart {
  readonly rowCount: number;
  readonly hiddenRows: Uint32Array;
  readonly #file: SegmentFile;
  readonly #event: number;
  readonly #made = new Map<string, unknown>();

  constructor(file: SegmentFile, event: number, hiddenRows: Uint32Array) {
    this.rowCount = file.events[event].rowCount;
    this.hiddenRows = hiddenRows;
    this.#file = file;
    this.#event = event;
  }

  get users(): Uint32Array {
    return this.#runs.users;
  }

  get starts(): Uint32Array {
    return this.#runs.starts;
  }

  get times(): Uint32Array {
    return this.#once('times', (file, event) => file.times(event));
  }

  get tieRanks(): Uint32Array | null {
    return this.#once('tie ranks', (file, event) => file.tieRanks(event));
  }

  get batchSequences(): Float64Array {
    return this.#once('batch sequences', (file) => file.batchSequences());
  }

  get batches(): Uint32Array {
    return this.#once('batches', (file, event) => file.batches(event));
  }

  get sentIds(): Uint32Array {
    const none = (): Uint32Array => new Uint32Array(this.rowCount);
    return this.#once('sent ids', (file, event) => file.sentIds(event) ?? none());
  }

  get sentIdTexts(): readonly string[] {
    return this.#once('sent id texts', (file) => file.sentIdTexts());
  }

  get sentTimes(): ReadonlyMap<number, number> {
    return this.#once('sent times', (file, event) => file.sentTimes(event));
  }

  get insertIds(): EventPart['insertIds'] {
    return this.#once('insert ids', (file, event) => file.insertIds(event));
  }

  get #runs() {
    return this.#once('runs', (file, event) => file.userRuns(event));
  }

  #once<T>(name: string, decode: (file: SegmentFile, event: number) => T): T {
    if (!this.#made.has(name)) this.#made.set(name, decode(this.#file, this.#event));
    // Each name has one decoder.
    return this.#made.get(name) as T;
  }
}
