import { must } from '../base/assert.ts';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { SegmentFile } from '../format/segment/segment-file.ts';
import { MemoryPartReader, type PartReader } from '../query/host/part-reader.ts';
import { SegmentPartReader } from '../query/host/segment-part-reader.ts';
import type { SharedRows } from '../query/host/thread-messages.ts';
import type { UserTable } from '../query/host/user-table.ts';
import { ArrivalScale } from '../store/merge/arrival-scale.ts';
import type { EventPart, MergedRows } from '../store/merge/event-part.ts';
import { mergeEventParts } from '../store/merge/merge-event-parts.ts';
import { ValueTexts } from './value-texts.ts';

/** One part of a day in one shard, open. */
export interface OpenPart {
  readonly reader: PartReader;
  readonly propertyNames: readonly string[];
  readonly texts: ValueTexts;
}

/** The rows of one event in one shard and day, each event once. */
export interface DayUnit {
  readonly event: string;
  /** Index of the shard among those of the export. */
  readonly shard: number;
  readonly users: UserTable;
  /** By index of the part; undefined where the part lacks the event. */
  readonly parts: readonly (OpenPart | undefined)[];
  readonly merged: MergedRows;
  /** Ascending. */
  readonly propertyNames: readonly string[];
}

export function segmentPart(file: SegmentFile, hiddenRows: Uint32Array): OpenPart {
  return {
    reader: new SegmentPartReader(file, hiddenRows),
    propertyNames: file.properties,
    texts: new ValueTexts(),
  };
}

export function memoryPart(rows: SharedRows, hiddenRows: Uint32Array): OpenPart {
  return {
    reader: new MemoryPartReader(rows, hiddenRows),
    propertyNames: rows.properties.map(({ name }) => name),
    texts: new ValueTexts(),
  };
}

/** The units of a shard's day, ascending by event; `events` null = all that there are. */
export function unitsOf(
  parts: readonly OpenPart[],
  { shard, users, events }: { shard: number; users: UserTable; events: ReadonlySet<string> | null },
): DayUnit[] {
  const eventNames = parts.map(({ reader }) => new Set(reader.eventNames));
  const names = [...new Set(eventNames.flatMap((own) => [...own]))]
    .filter((name) => events === null || events.has(name))
    .sort();
  const arrivals = parts.map(({ reader }) => reader.arrival);
  const { redirects } = users;
  return names.map((event): DayUnit => {
    const own = parts.map((part, index) => (eventNames[index]?.has(event) ? part : undefined));
    const scale = new ArrivalScale(arrivals, redirects.losers.length > 0);
    const merged = mergeEventParts(
      own.map((part) => part?.reader.eventPart(event) ?? null),
      scale,
      { redirects, userId: (ordinal) => users.id(ordinal) },
    );
    const properties = new Set(own.flatMap((part) => part?.propertyNames ?? []));
    return { event, shard, users, parts: own, merged, propertyNames: [...properties].sort() };
  });
}

/** Index of the part that a merged row comes from, and its row of the event there. */
export function partOfRow({ sources }: MergedRows, row: number): number {
  return sources.type === 'part' ? sources.part : sources.parts[row];
}

export function rowOfPart({ sources }: MergedRows, row: number): number {
  return sources.type === 'part' ? row : sources.rows[row];
}

/** Codes of one property by row of the event in one part, and what they stand for. */
export interface UnitColumn {
  readonly codes: Uint8Array | Uint16Array | Uint32Array;
  values(): readonly PropertyValue[];
}

/**
 * What was decoded of a day, kept for its next slice as far as there is room: a large day is cut into several, and
 * would else be decoded for each of them.
 */
export class DecodedDay {
  readonly #bytesMax: number;
  readonly #kept = new Map<string, unknown>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Undefined = no row of the event has it there. */
  column(unit: DayUnit, part: number, name: string): UnitColumn | undefined {
    return this.#once(`${unit.shard} ${part} ${unit.event} column ${name}`, () => {
      const column = partAt(unit, part).reader.column(unit.event, name);
      const made = column && { codes: column.codes, values: () => column.values };
      return { made, bytes: column?.codes.byteLength ?? 0 };
    });
  }

  /** Who sent what, with which insert id. */
  envelope(unit: DayUnit, part: number): EventPart {
    return this.#once(`${unit.shard} ${part} ${unit.event} envelope`, () => {
      const made = partAt(unit, part).reader.eventPart(unit.event);
      return { made, bytes: made.rowCount * envelopeBytes };
    });
  }

  #once<T>(key: string, make: () => { made: T; bytes: number }): T {
    // Each kind of key has one kind of content.
    if (this.#kept.has(key)) return this.#kept.get(key) as T;
    const { made, bytes } = make();
    if (this.#bytes + bytes <= this.#bytesMax) {
      this.#bytes += bytes;
      this.#kept.set(key, made);
    }
    return made;
  }
}

/** Insert ids are the most of it. */
const envelopeBytes = 64;

function partAt(unit: DayUnit, part: number): OpenPart {
  return must(unit.parts[part], `part ${part} of "${unit.event}"`);
}
