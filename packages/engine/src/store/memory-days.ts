import type { MemoryPart } from '../query/scan/project-snapshot.ts';
import type { EventTable } from './event-table.ts';
import { MemoryRows } from './memory-rows.ts';
import { sortRows } from './sort-rows.ts';
import type { TableDay } from './table-days.ts';

/** A part that lies in memory, and its rows, which are opened where they lie. */
export interface MemoryDay {
  readonly day: number;
  readonly part: MemoryPart;
  readonly rows: MemoryRows;
}

/**
 * Rows of a day that came one after the other. While it is the last of its day and short it is made anew with
 * every change; then it stays, and what is hidden later is said beside it.
 */
interface Chunk {
  /** Places from … to − 1 in the day's order of arrival. */
  readonly from: number;
  readonly to: number;
  /** How many hidden rows of the day it knows of: those that were hidden when it was made are not in it. */
  readonly hiddenSeen: number;
  readonly memoryDay: MemoryDay;
}

/** So that no two tables of this process, one after the other or at the same time, give the same part ids. */
let tablesMade = 0;

/** A chunk that has this many rows is not made anew for every new row: making one of less takes about a millisecond. */
export const chunkRowsDefault = 8192;

/**
 * The parts that the rows of a table make, day by day. A day that did not change keeps its parts, and of one that
 * did all but the newest: a part for each doubling of `chunkRows`, so that a query among steady arrivals
 * has little to make and little to merge.
 */
export class MemoryDays {
  readonly #table: EventTable;
  readonly #idStart: string;
  readonly #chunkRows: number;
  readonly #chunks = new Map<number, Chunk[]>();
  #partsMade = 0;

  constructor(table: EventTable, name: string, chunkRows = chunkRowsDefault) {
    this.#table = table;
    this.#idStart = `memory:${name}:${++tablesMade}`;
    this.#chunkRows = chunkRows;
  }

  /** Ascending by day, those of a day in order of arrival. Parts without a visible row are left out. */
  parts(): MemoryDay[] {
    return this.#table.days.list().flatMap((day) => {
      const chunks = this.#update(day, this.#chunks.get(day.day) ?? []);
      this.#chunks.set(day.day, chunks);
      return chunks
        .map(({ memoryDay }) => memoryDay)
        .filter(({ part }) => part.rowCount > part.hiddenRows.length);
    });
  }

  #update(day: TableDay, known: readonly Chunk[]): Chunk[] {
    const chunks = known.filter(({ from, to }) => to - from >= this.#chunkRows);
    let from = chunks.at(-1)?.to ?? 0;
    const last = known.at(-1);
    const isSame =
      last?.to === day.rows.length && (last.from !== from || last.hiddenSeen === day.hidden.length);
    if (last && isSame) return known.map((chunk) => this.#withHidden(day, chunk));
    // Chunks that are not longer than what comes behind them are taken together with it.
    while (chunks.length > 0 && day.rows.length - from >= this.#chunkRows) {
      const before = chunks[chunks.length - 1];
      if (before.to - before.from > day.rows.length - from) break;
      chunks.pop();
      from = before.from;
    }
    if (from < day.rows.length) chunks.push(this.#newChunk(day, from));
    return chunks.map((chunk) => this.#withHidden(day, chunk));
  }

  #newChunk({ day, rows, hidden }: TableDay, from: number): Chunk {
    const table = this.#table;
    const visible = rows.array.slice(from, rows.length).filter((row) => !table.isHidden(row));
    const memoryRows = new MemoryRows(table, day, sortRows(table, day, visible));
    const part: MemoryPart = {
      type: 'memory',
      id: `${this.#idStart}:${++this.#partsMade}`,
      rowCount: memoryRows.rowCount,
      events: memoryRows.events,
      hiddenRows: new Uint32Array(0),
      propertyNames: () => memoryRows.propertyNames(),
      rows: (properties) => memoryRows.segmentRows(properties),
    };
    const memoryDay = { day, part, rows: memoryRows };
    return { from, to: rows.length, hiddenSeen: hidden.length, memoryDay };
  }

  /** The chunk with what was hidden since: other contents, so another id. */
  #withHidden(day: TableDay, chunk: Chunk): Chunk {
    const { hiddenSeen, memoryDay } = chunk;
    if (hiddenSeen === day.hidden.length) return chunk;
    const { rows, part } = memoryDay;
    const more = day.hidden.array
      .slice(hiddenSeen, day.hidden.length)
      .map((row) => rows.placeOf(row) + 1)
      .filter((place) => place > 0)
      .map((place) => place - 1);
    if (more.length === 0) return { ...chunk, hiddenSeen: day.hidden.length };
    const hiddenRows = Uint32Array.from([...part.hiddenRows, ...more]).sort();
    const id = `${this.#idStart}:${++this.#partsMade}`;
    return {
      ...chunk,
      hiddenSeen: day.hidden.length,
      memoryDay: { ...memoryDay, part: { ...part, id, hiddenRows } },
    };
  }
}
