import type { MemoryPart } from '../query/scan/project-snapshot.ts';
import { type DayOrder, emptyDayOrder, updateDayOrder } from './day-order.ts';
import type { EventTable } from './event-table.ts';
import { MemoryRows } from './memory-rows.ts';
import type { TableDay } from './table-days.ts';

/** A part that lies in memory, and its rows, which are opened where they lie. */
export interface MemoryDay {
  readonly day: number;
  /** Nothing hidden. */
  readonly part: MemoryPart;
  readonly rows: MemoryRows;
}

interface Known {
  readonly order: DayOrder;
  readonly hiddenCount: number;
  /** Undefined = no row is visible. */
  readonly memoryDay: MemoryDay | undefined;
}

/** So that no two tables of this process, one after the other or at the same time, give the same part ids. */
let tablesMade = 0;

/** The parts that the rows of a table make, day by day. A day that did not change keeps its part. */
export class MemoryDays {
  readonly #table: EventTable;
  readonly #idStart: string;
  readonly #known = new Map<number, Known>();
  #partsMade = 0;

  constructor(table: EventTable, name: string) {
    this.#table = table;
    this.#idStart = `memory:${name}:${++tablesMade}`;
  }

  /** Ascending by day. */
  parts(): MemoryDay[] {
    return this.#table.days.list().flatMap((day) => this.#update(day).memoryDay ?? []);
  }

  #update(day: TableDay): Known {
    const known = this.#known.get(day.day);
    const isSame =
      known?.order.rowsSeen === day.rows.length && known.hiddenCount === day.hiddenCount;
    if (isSame) return known;
    const order = updateDayOrder(this.#table, day, known?.order ?? emptyDayOrder);
    const updated = {
      order,
      hiddenCount: day.hiddenCount,
      memoryDay: order.rows.length === 0 ? undefined : this.#newDay(day.day, order.rows),
    };
    this.#known.set(day.day, updated);
    return updated;
  }

  #newDay(day: number, order: Uint32Array): MemoryDay {
    const rows = new MemoryRows(this.#table, day, order);
    const part: MemoryPart = {
      type: 'memory',
      id: `${this.#idStart}:${++this.#partsMade}`,
      rowCount: rows.rowCount,
      events: rows.events,
      hiddenRows: new Uint32Array(0),
      rows: (properties) => rows.segmentRows(properties),
    };
    return { day, part, rows };
  }
}
