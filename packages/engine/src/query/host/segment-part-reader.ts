import type { PropertyValue } from '@arbor/schema/property-value';
import { must } from '../../base/assert.ts';
import { type ColumnMemory, ownMemory } from '../../format/segment/column-memory.ts';
import type { SegmentEvent, SegmentFile } from '../../format/segment/segment-file.ts';
import type { ArrivalPart } from '../../store/merge/arrival-scale.ts';
import { type EventPart, hiddenRowsBetween } from '../../store/merge/event-part.ts';
import type { PropertyFilterPlan } from '../plan/plan-types.ts';
import type { EventOutline, PropertyOutline } from '../scan/event-hope.ts';
import { judgeDictionary, verdictKey } from '../scan/verdict-cache.ts';
import { LazyDictionary } from './lazy-dictionary.ts';
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

  outline(event: string): EventOutline {
    return new SegmentOutline(this.#file, this.#file.events[this.#eventIndex(event)]);
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

/** What the index of a segment says of an event, and what its dictionaries add to that. */
class SegmentOutline implements EventOutline {
  readonly firstTime: number;
  readonly lastTime: number;
  readonly hourCounts: Uint32Array;
  readonly #file: SegmentFile;
  readonly #event: SegmentEvent;

  constructor(file: SegmentFile, event: SegmentEvent) {
    this.firstTime = event.firstTime;
    this.lastTime = event.lastTime;
    this.hourCounts = event.hourCounts;
    this.#file = file;
    this.#event = event;
  }

  property(name: string): PropertyOutline | undefined {
    const { properties, rowCount } = this.#event;
    const found = properties.find((property) => property.name === name);
    if (found === undefined) return undefined;
    const { presentCount, codeMin, codeMax } = found;
    const verdicts = (filter: PropertyFilterPlan): Uint8Array | null =>
      fileVerdicts(this.#file, filter);
    return { isInEachRow: presentCount === rowCount, codeMin, codeMax, verdicts };
  }
}

/** Larger dictionaries take longer to decode than most columns that they could spare. */
const judgedValuesMax = 65_536;
/**
 * Verdicts remembered for one file: of small projects the same few files stay for as long as the process runs, and of
 * large ones the indexes of many do (open-segments.ts).
 */
const filtersMax = 32;
const verdictBytesMax = 2 * judgedValuesMax;
/** The events of a day ask for the same. */
const verdictsByFile = new WeakMap<SegmentFile, Map<string, Uint8Array>>();

/** By code of the property of the filter; null = it has too many values. The latest are kept as long as the index. */
function fileVerdicts(file: SegmentFile, filter: PropertyFilterPlan): Uint8Array | null {
  const { name } = filter.property;
  if (file.valueCount(name) > judgedValuesMax) return null;
  let own = verdictsByFile.get(file);
  if (own === undefined) verdictsByFile.set(file, (own = new Map<string, Uint8Array>()));
  const key = `${verdictKey(filter)} ${name}`;
  let verdicts = own.get(key);
  if (verdicts === undefined) {
    const values = (): readonly PropertyValue[] => file.dictionary(name);
    const dictionary = new LazyDictionary(values, () => file.numbers(name));
    own.set(key, (verdicts = judgeDictionary(filter, dictionary)));
    forgetOldest(own);
  }
  return verdicts;
}

function forgetOldest(own: Map<string, Uint8Array>): void {
  let bytes = 0;
  for (const { length } of own.values()) bytes += length;
  for (const [key, { length }] of own) {
    if (own.size <= filtersMax && bytes <= verdictBytesMax) return;
    own.delete(key);
    bytes -= length;
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
