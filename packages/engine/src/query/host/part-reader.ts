import type { PropertyValue } from '@arbor/schema/property-value';
import { must } from '../../base/assert.ts';
import type { ColumnMemory } from '../../format/segment/column-memory.ts';
import type { EventOutline } from '../scan/event-hope.ts';
import type { ArrivalPart } from '../../store/merge/arrival-scale.ts';
import { type EventPart, eventPartOf } from '../../store/merge/event-part.ts';
import { type NarrowCodes, narrowCodes, type PartColumn } from '../../store/merge/gather-column.ts';
import { valuesOf } from './shared-snapshot.ts';
import type { SharedRows } from './thread-messages.ts';

/** One part of a day, as loading reads it, whether it lies in a file or in memory. */
export interface PartReader {
  readonly arrival: ArrivalPart;
  readonly eventNames: readonly string[];
  /** The part must have the event. */
  eventPart(event: string): EventPart;
  /** Writes a piece of the event, as `PieceName` has them, into one array of the memory; no array for no ties. */
  decode(event: string, piece: PlainPiece, memory: ColumnMemory): void;
  /** Null = nothing is known before it is read. */
  outline(event: string): EventOutline | null;
  /**
   * Undefined = no row of the event has it. Values are decoded when they are read. With `memory` codes may
   * lie there, in its only array.
   */
  column(event: string, property: string, memory?: ColumnMemory): ReaderColumn | undefined;
}

/** Pieces that a part has as they are in memory; its tie ranks compare among its own rows alone. */
export type PlainPiece = 'runs' | 'times' | 'ties';

export interface ReaderColumn extends PartColumn {
  /** Of the dictionary, for the books: about what it takes when it is decoded. */
  readonly bytes: number;
}

export class MemoryPartReader implements PartReader {
  readonly #rows: SharedRows;
  readonly #hiddenRows: Uint32Array;

  constructor(rows: SharedRows, hiddenRows: Uint32Array) {
    this.#rows = rows;
    this.#hiddenRows = hiddenRows;
  }

  get arrival(): ArrivalPart {
    const { batchSequences, tieRanks } = this.#rows;
    let tieRankMax = 0;
    for (let row = 0; tieRanks && row < tieRanks.length; row++) {
      if (tieRanks[row] > tieRankMax) tieRankMax = tieRanks[row];
    }
    return { batchSequences, tieRankMax };
  }

  get eventNames(): readonly string[] {
    return this.#rows.events;
  }

  eventPart(event: string): EventPart {
    const rows = { ...this.#rows, properties: [] };
    return eventPartOf(rows, this.#eventIndex(event), this.#hiddenRows);
  }

  decode(event: string, piece: PlainPiece, memory: ColumnMemory): void {
    const { users, starts, times, tieRanks } = this.eventPart(event);
    if (piece === 'runs') {
      const runs = memory.words(users.length + starts.length);
      runs.set(users);
      runs.set(starts, users.length);
    } else {
      const words = piece === 'times' ? times : tieRanks;
      if (words !== null) memory.words(words.length).set(words);
    }
  }

  /** What lies in memory is little, and read at once. */
  outline(): null {
    return null;
  }

  column(event: string, property: string): ReaderColumn | undefined {
    const found = this.#rows.properties.find(({ name }) => name === property);
    if (found === undefined) return undefined;
    const index = this.#eventIndex(event);
    const { eventStarts } = this.#rows;
    const codes = found.codes.subarray(eventStarts[index], eventStarts[index + 1]);
    if (!codes.some((code) => code !== 0)) return undefined;
    let values: readonly PropertyValue[] | undefined;
    return {
      codes: narrowed(codes, found.valueCount),
      bytes: found.values.length,
      get values() {
        values ??= valuesOf(found.values);
        return values;
      },
    };
  }

  #eventIndex(event: string): number {
    const index = this.#rows.events.indexOf(event);
    return must(index < 0 ? null : index, `event "${event}" of a part in memory`);
  }
}

function narrowed(codes: Uint32Array, valueCount: number): NarrowCodes {
  const narrow = narrowCodes(valueCount, codes.length);
  narrow.set(codes);
  return narrow;
}
