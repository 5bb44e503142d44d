import { must } from '../../base/assert.ts';
import { ArrivalScale } from '../../store/merge/arrival-scale.ts';
import type { EventPart, MergedRows, RowSources } from '../../store/merge/event-part.ts';
import { gatherColumn } from '../../store/merge/gather-column.ts';
import { mergeEventParts } from '../../store/merge/merge-event-parts.ts';
import { movedRuns } from '../../store/merge/redirected-runs.ts';
import { type EventHope, isBarren } from '../scan/event-hope.ts';
import { MemoryPartReader, type PartReader } from './part-reader.ts';
import { RoomWriter } from './room-writer.ts';
import { SegmentPartReader } from './segment-part-reader.ts';
import { jsonOf } from './shared-snapshot.ts';
import { spanArray, wordArray } from './span-array.ts';
import type {
  ColumnName,
  Loaded,
  LoadedPiece,
  LoadOrder,
  PartSource,
  PieceName,
  SourcesPlace,
} from './thread-messages.ts';
import type { ThreadThings } from './thread-things.ts';

/**
 * Decodes the pieces of an order into its extent, merging the parts of the day where that is needed. Null = no row of
 * the event is such as the order hopes for, in no part; nothing was decoded.
 */
export function loadEvent(order: LoadOrder, things: ThreadThings): Loaded | null {
  const readers = order.parts.map((part) => readerOf(part, things));
  const event = must(order.event, 'the event of an order');
  const isBarrenIn = (index: number, hope: EventHope): boolean => {
    const outline = readers[index].outline(event);
    return outline !== null && isBarren(hope, outline);
  };
  const { hope, present } = order;
  if (hope !== null && present.every((index) => isBarrenIn(index, hope))) return null;
  return new EventLoad(order, { event, readers, things }).loaded();
}

/** One for all: what a message names twice travels once. */
const noUsers = new Uint32Array(0);

class EventLoad {
  readonly #order: LoadOrder;
  readonly #event: string;
  readonly #things: ThreadThings;
  /** Of all parts of the day. */
  readonly #readers: readonly PartReader[];
  /** The event in those parts that have it. */
  readonly #events: readonly EventPart[];
  readonly #room: RoomWriter;

  constructor(
    order: LoadOrder,
    context: {
      readonly event: string;
      readonly readers: readonly PartReader[];
      readonly things: ThreadThings;
    },
  ) {
    const { event, readers, things } = context;
    this.#order = order;
    this.#things = things;
    this.#readers = readers;
    this.#event = event;
    this.#events = order.present.map((index) => readers[index].eventPart(event));
    this.#room = new RoomWriter(order.extent, things.slab(order.extent.slab));
  }

  loaded(): Loaded {
    const { sources, pieces } = this.#order;
    if (sources?.type === 'part') return this.#asItLies(sources.part, null);
    if (sources?.type === 'rows' && pieces.every(isColumn)) {
      const places = this.#placesOf(sources);
      const rowCount = sources.rows.length;
      const columns = pieces.map((name) => this.#gathered(name, places, rowCount));
      return { pieces: columns, rowCount, sources, touched: null };
    }
    const touched = this.#touched();
    const [only] = this.#events;
    const isClean = this.#events.length === 1 && only.hiddenRows.length === 0;
    if (isClean && touched.length === 0) return this.#asItLies(0, touched);
    return this.#merged(touched);
  }

  #touched(): Uint32Array {
    const { redirects } = this.#things.users(this.#order.users);
    if (redirects.losers.length === 0) return noUsers;
    const runs = movedRuns(this.#events, redirects);
    const users = new Set(runs.map(({ part, run }) => this.#events[part].users[run]));
    return Uint32Array.from(users).sort();
  }

  #asItLies(part: number, touched: Uint32Array | null): Loaded {
    const { pieces } = this.#order;
    const reader = this.#readers[this.#order.present[part]];
    const { rowCount } = this.#events[part];
    const made = pieces.flatMap((name): LoadedPiece[] => {
      if (isColumn(name)) return [this.#columnOf(name, part)];
      if (name.startsWith('ties')) return [this.#tiesOf(name, part)];
      if (name !== 'runs' && name !== 'times') return [];
      return [this.#room.decode(name, (memory) => reader.decode(this.#event, name, memory))];
    });
    return { pieces: made, rowCount, sources: { type: 'part', part }, touched };
  }

  /** Where the day has one part alone, its own ranks do. */
  #tiesOf(name: PieceName, part: number): LoadedPiece {
    const { present, parts, tiesApart } = this.#order;
    const index = present[part];
    if (parts.length === 1 && !tiesApart) {
      const reader = this.#readers[index];
      return this.#room.decode(name, (memory) => reader.decode(this.#event, 'ties', memory));
    }
    const { batches, tieRanks } = this.#events[part];
    return this.#room.write(name, this.#scale(false).ranks(index, batches, tieRanks));
  }

  #scale(hasMoved: boolean): ArrivalScale {
    const arrivals = this.#readers.map(({ arrival }) => arrival);
    return new ArrivalScale(arrivals, hasMoved || this.#order.tiesApart);
  }

  #merged(touched: Uint32Array): Loaded {
    const { parts, present, pieces } = this.#order;
    const users = this.#things.users(this.#order.users);
    const events: (EventPart | null)[] = parts.map(() => null);
    for (const [i, index] of present.entries()) events[index] = this.#events[i];
    const scale = this.#scale(touched.length > 0);
    const merged = mergeEventParts(events, scale, {
      redirects: users.redirects,
      userId: (ordinal) => users.id(ordinal),
    });
    const sources = presentSources(merged.sources, present);
    const made = pieces.flatMap((name) => this.#mergedPiece(name, merged, sources));
    return { pieces: made, rowCount: merged.rowCount, sources: placeOf(sources, made), touched };
  }

  #mergedPiece(name: PieceName, merged: MergedRows, sources: RowSources): LoadedPiece[] {
    if (isColumn(name)) return [this.#gathered(name, sources, merged.rowCount)];
    if (name === 'runs') return [this.#room.write(name, runsOf(merged))];
    if (name === 'times') return [this.#room.write(name, merged.times)];
    if (name.startsWith('ties')) return [this.#room.write(name, merged.tieRanks)];
    if (sources.type === 'part') return [];
    if (name === 'source parts') return [this.#room.write(name, sources.parts)];
    return [this.#room.write(name, sources.rows)];
  }

  #columnOf(name: ColumnName, part: number): LoadedPiece {
    const reader = this.#readers[this.#order.present[part]];
    return this.#room.column(name, (memory) => {
      const column = reader.column(this.#event, propertyOf(name), memory);
      return (
        column && { codes: column.codes, dictionary: { type: 'part', part, bytes: column.bytes } }
      );
    });
  }

  #gathered(name: PieceName, sources: RowSources, rowCount: number): LoadedPiece {
    if (!isColumn(name)) return { name, span: null };
    if (sources.type === 'part') return this.#columnOf(name, sources.part);
    const columns = this.#order.present.map((index) =>
      this.#readers[index].column(this.#event, propertyOf(name)),
    );
    const column = gatherColumn(columns, rowCount, sources);
    if (column === undefined) return { name, span: null };
    return this.#room.write(name, column.codes, { type: 'own', bytes: jsonOf(column.values) });
  }

  #placesOf({ parts, rows }: Extract<SourcesPlace, { type: 'rows' }>): RowSources {
    return {
      type: 'rows',
      parts: spanArray(parts, this.#things.slab(parts.slab)) as Uint8Array | Uint16Array,
      rows: wordArray(rows, this.#things.slab(rows.slab)),
    };
  }
}

export function readerOf(part: PartSource, things: ThreadThings): PartReader {
  return part.type === 'segment'
    ? new SegmentPartReader(things.files.open(part.file), part.hiddenRows)
    : new MemoryPartReader(things.memory(part.id), part.hiddenRows);
}

function runsOf({ users, starts }: { users: Uint32Array; starts: Uint32Array }): Uint32Array {
  const runs = new Uint32Array(users.length + starts.length);
  runs.set(users);
  runs.set(starts, users.length);
  return runs;
}

function isColumn(name: PieceName): name is ColumnName {
  return name.startsWith('column ');
}

function propertyOf(name: ColumnName): string {
  return name.slice('column '.length);
}

/** Counted by the parts that have the event: which others the day has may change while these stay. */
function presentSources(sources: RowSources, present: readonly number[]): RowSources {
  if (sources.type === 'part') return { type: 'part', part: present.indexOf(sources.part) };
  const places = new Uint16Array(present[present.length - 1] + 1);
  for (const [i, index] of present.entries()) places[index] = i;
  const parts = sources.parts.slice();
  for (let row = 0; row < parts.length; row++) parts[row] = places[parts[row]];
  return { ...sources, parts };
}

function placeOf(sources: RowSources, pieces: readonly LoadedPiece[]): SourcesPlace {
  if (sources.type === 'part') return sources;
  const span = (name: PieceName) => pieces.find((piece) => piece.name === name)?.span;
  const parts = must(span('source parts'), 'the piece "source parts"');
  const rows = must(span('source rows'), 'the piece "source rows"');
  return { type: 'rows', parts, rows };
}
