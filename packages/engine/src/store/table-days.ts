import { GrowableUint32 } from '../base/growable.ts';
import { dayMs } from '../format/segment/segment-rows.ts';

/** The rows of a table that lie on one UTC day. */
export interface TableDay {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** In order of arrival, hidden ones included: ascending. */
  readonly rows: GrowableUint32;
  /** Those of them that were hidden, in the order in which they were. */
  readonly hidden: GrowableUint32;
}

/** Which rows of a table lie on which day. Rows come day by day mostly, so the last one is tried first. */
export class TableDays {
  readonly #days = new Map<number, TableDay>();
  #last = newDay(Number.NaN);

  add(row: number, time: number): void {
    this.#dayOf(time).rows.push(row);
  }

  hide(row: number, time: number): void {
    this.#dayOf(time).hidden.push(row);
  }

  /** Ascending by day. */
  list(): TableDay[] {
    return [...this.#days.values()].sort((day, other) => day.day - other.day);
  }

  #dayOf(time: number): TableDay {
    const day = Math.floor(time / dayMs);
    if (this.#last.day === day) return this.#last;
    let found = this.#days.get(day);
    if (!found) {
      found = newDay(day);
      this.#days.set(day, found);
    }
    this.#last = found;
    return found;
  }
}

function newDay(day: number): TableDay {
  return { day, rows: new GrowableUint32(), hidden: new GrowableUint32() };
}
