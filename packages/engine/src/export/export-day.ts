import { dayMs } from '../format/segment/segment-rows.ts';
import { narrowByFilters } from '../query/exec/filter-mask.ts';
import { createRowContext } from '../query/exec/row-context.ts';
import type { DayUnit, DecodedDay } from './day-unit.ts';
import type { ExportRequest } from './export-messages.ts';
import { orderByTime } from './order-by-time.ts';
import { runAt } from './run-at.ts';
import { type Slice, sliceOf } from './slice.ts';
import { sliceLines } from './slice-lines.ts';
import { type PersonColumn, sliceView } from './slice-view.ts';

/** Cells that one slice holds, 4 bytes each: 128 MB … */
const sliceCellsMax = 32 * 1024 * 1024;
/** … of so many rows, for what takes time by the row and is to be waited for … */
const sliceRowsMax = 512 * 1024;
/** … and not of fewer, or each column is decoded for nearly nothing. */
const sliceRowsMin = 16 * 1024;
/** Envelope, user and time of a row, in cells. */
const cellsBeside = 8;

/** The rows of one day over all shards, in order of time; those of one time by event, then by user. */
export class ExportDay {
  readonly #startMs: number;
  readonly #units: readonly DayUnit[];
  readonly #request: ExportRequest;
  readonly #persons: readonly ReadonlyMap<string, PersonColumn>[];
  readonly #decoded: DecodedDay;

  constructor(
    day: number,
    units: readonly DayUnit[],
    context: {
      readonly request: ExportRequest;
      readonly persons: readonly ReadonlyMap<string, PersonColumn>[];
      readonly decoded: DecodedDay;
    },
  ) {
    this.#startMs = day * dayMs;
    this.#units = units;
    this.#request = context.request;
    this.#persons = context.persons;
    this.#decoded = context.decoded;
  }

  /** Lines in chunks of some hundred kilobytes, at most `limit` lines in all. Returns how many there were. */
  *lines(limit: number, sliceRows = this.#sliceRows()): Generator<Buffer, number> {
    const { times, bases } = joinTimes(this.#units);
    const order = this.#inRange(times, orderByTime(times));
    let left = limit;
    for (let from = 0; from < order.length && left > 0; from += sliceRows) {
      const rows = order.subarray(from, from + sliceRows);
      const slice = sliceOf(this.#units, bases, rows, this.#decoded);
      const places = perPlace(slice);
      const mask = this.#mask(slice, places);
      const { timeInMs } = this.#request;
      const shown = { slice, mask, ...places, dayStartMs: this.#startMs, timeInMs, limit: left };
      left -= yield* sliceLines(shown, this.#decoded);
    }
    return limit - left;
  }

  #sliceRows(): number {
    const columns = new Set(this.#units.flatMap(({ propertyNames }) => propertyNames)).size;
    const fitting = Math.floor(sliceCellsMax / (columns + cellsBeside));
    return Math.max(sliceRowsMin, Math.min(sliceRowsMax, fitting));
  }

  /** Rows of the range of the plan: they lie together in order of time. */
  #inRange(times: Uint32Array, order: Uint32Array): Uint32Array {
    const { plan, fromMs } = this.#request;
    const first = Math.max(plan.startMs, fromMs ?? plan.startMs) - this.#startMs;
    const end = plan.endMs - this.#startMs;
    return order.subarray(firstNotBelow(times, order, first), firstNotBelow(times, order, end));
  }

  /** 1 where the row passes the filters; null = all do. */
  #mask(
    slice: Slice,
    { users, times }: { users: readonly Uint32Array[]; times: readonly Uint32Array[] },
  ): Uint8Array | null {
    const { plan } = this.#request;
    if (plan.filters.length === 0) return null;
    const view = sliceView({
      slice,
      users,
      times,
      decoded: this.#decoded,
      dayStartMs: this.#startMs,
      persons: this.#persons,
    });
    const mask = new Uint8Array(view.rowCount).fill(1);
    narrowByFilters(plan.filters, createRowContext(plan, view).frame, mask);
    return mask;
  }
}

/** Times of all units one after the other; those of unit u begin at bases[u]. */
function joinTimes(units: readonly DayUnit[]): { times: Uint32Array; bases: Uint32Array } {
  const bases = new Uint32Array(units.length);
  let count = 0;
  for (const [u, { merged }] of units.entries()) {
    bases[u] = count;
    count += merged.rowCount;
  }
  const times = new Uint32Array(count);
  for (const [u, { merged }] of units.entries()) times.set(merged.times, bases[u]);
  return { times, bases };
}

/** Place of the first row in the order whose time is not below. */
function firstNotBelow(times: Uint32Array, order: Uint32Array, time: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[order[middle]] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Users and times of the rows of a slice, by unit and place. */
function perPlace({ units }: Slice): { users: Uint32Array[]; times: Uint32Array[] } {
  return {
    users: units.map(({ unit, rows }) => usersOf(unit, rows)),
    times: units.map(({ unit, rows }) => Uint32Array.from(rows, (row) => unit.merged.times[row])),
  };
}

function usersOf({ merged: { users, starts } }: DayUnit, rows: Uint32Array): Uint32Array {
  const own = new Uint32Array(rows.length);
  for (let place = 0; place < rows.length; place++) {
    own[place] = users[runAt(starts, rows[place])];
  }
  return own;
}
