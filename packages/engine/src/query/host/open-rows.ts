import { lastAtMost } from '../kernels/assign-buckets.ts';
import { spanOfDay } from '../scan/day-span.ts';
import type { DaySpan } from '../scan/day-span.ts';
import type { RowGate } from '../scan/row-gate.ts';
import type { DayRows, EventRows, ScanSource } from '../scan/scan-source.ts';

const dayMs = 86_400_000;
/** No row of an event was seen yet. */
const never = -2;

/** How the rows of an event are let through, beside the gate of their user. */
const everyRow = 0;
const firstInPeriod = 1;
const firstEver = 2;
/** The gate is no matter. */
const always = 3;

/** What of a gate is the same for all ranges: by index into `eventNames`. */
export class EventGates {
  readonly gate: RowGate;
  readonly isEntry: Uint8Array;
  readonly rules: Uint8Array;

  constructor(gate: RowGate, { eventNames }: ScanSource) {
    this.gate = gate;
    this.isEntry = Uint8Array.from(eventNames, (name) => Number(gate.entries.has(name)));
    this.rules = Uint8Array.from(eventNames, (name) => {
      if (gate.firstEver.has(name)) return firstEver;
      if (gate.always.has(name)) return always;
      return gate.once.has(name) ? firstInPeriod : everyRow;
    });
  }
}

/**
 * The rows that a gate lets through, of users first … end − 1; never those of nobody. Days ascend: whoever calls
 * shows a day and those that its lead can reach (`look`) before its rows are asked for.
 */
export class OpenRows {
  /** Rows of the event asked for last that are let through, ascending, and their users, numbered from 1. */
  rows = new Uint32Array(1024);
  users = new Uint32Array(1024);
  count = 0;
  readonly #gates: EventGates;
  readonly #first: number;
  /** By user of the range: the gate is open for days that begin no later. */
  readonly #untilMs: Float64Array;
  /** By event with a rule, by user: the last period with a row. */
  readonly #periods = new Map<number, Int32Array>();

  constructor(gates: EventGates, first: number, end: number) {
    this.#gates = gates;
    this.#first = first;
    this.#untilMs = new Float64Array(end - first).fill(-Infinity);
  }

  /** Opens the gate for whoever enters on the day. `runsOf`: the range's runs of an event. */
  look(day: DayRows, runsOf: (rows: EventRows) => Runs): void {
    const { gate, isEntry } = this.#gates;
    const span = spanOfDay(gate.startMs, gate.endMs, day.startMs);
    if (span === null) return;
    for (const rows of day.events) {
      if (isEntry[rows.event] === 1) this.#open(day.startMs + dayMs, rows, runsOf(rows), span);
    }
  }

  /** Fills `rows` and `users`. */
  select(startMs: number, event: EventRows, runs: Runs): void {
    this.count = 0;
    this.#reserve(event.starts[runs.end] - event.starts[runs.first]);
    const rule = this.#gates.rules[event.event];
    if (rule === everyRow) this.#selectAll(startMs, event, runs);
    else if (rule === always) this.#selectAll(-Infinity, event, runs);
    else if (rule === firstEver) this.#selectFirst(startMs, event, runs);
    else this.#selectOnce(startMs, event, runs);
  }

  #open(dayEndMs: number, { users, starts, times }: EventRows, runs: Runs, span: DaySpan): void {
    const { reachMs, isFirstAlone } = this.#gates.gate;
    const untilMs = this.#untilMs;
    for (let run = runs.first; run < runs.end; run++) {
      const user = users[run] - this.#first;
      if (users[run] === 0 || (isFirstAlone && untilMs[user] > -Infinity)) continue;
      const isInSpan =
        span.whole || (times[starts[run]] < span.toMs && times[starts[run + 1] - 1] >= span.fromMs);
      if (isInSpan) untilMs[user] = dayEndMs + reachMs;
    }
  }

  #selectAll(startMs: number, { users, starts }: EventRows, runs: Runs): void {
    const untilMs = this.#untilMs;
    let count = 0;
    for (let run = runs.first; run < runs.end; run++) {
      const user = users[run] - this.#first;
      if (users[run] === 0 || untilMs[user] < startMs) continue;
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        this.rows[count] = row;
        this.users[count++] = user + 1;
      }
    }
    this.count = count;
  }

  /** Rows of the first instant of all: later ones are no first time, whether or not the gate was open then. */
  #selectFirst(startMs: number, event: EventRows, runs: Runs): void {
    const { users, starts, times } = event;
    const seen = this.#periodsOf(event.event);
    let count = 0;
    for (let run = runs.first; run < runs.end; run++) {
      const user = users[run] - this.#first;
      if (users[run] === 0 || seen[user] !== never) continue;
      seen[user] = 0;
      if (this.#untilMs[user] < startMs) continue;
      const first = starts[run];
      for (let row = first; row < starts[run + 1] && times[row] === times[first]; row++) {
        this.rows[count] = row;
        this.users[count++] = user + 1;
      }
    }
    this.count = count;
  }

  #selectOnce(startMs: number, event: EventRows, runs: Runs): void {
    const { users, starts, times } = event;
    const { edges } = this.#gates.gate;
    const periods = this.#periodsOf(event.event);
    const [dayPeriod, isCut] = periodOf(edges, startMs);
    let count = 0;
    for (let run = runs.first; run < runs.end; run++) {
      const user = users[run] - this.#first;
      if (users[run] === 0 || this.#untilMs[user] < startMs) continue;
      if (!isCut && dayPeriod >= 0 && periods[user] === dayPeriod) continue;
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        const period = isCut ? lastAtMost(edges, startMs + times[row]) : dayPeriod;
        if (period >= 0 && periods[user] === period) {
          if (isCut) continue;
          break;
        }
        periods[user] = period;
        this.rows[count] = row;
        this.users[count++] = user + 1;
      }
    }
    this.count = count;
  }

  #periodsOf(event: number): Int32Array {
    let known = this.#periods.get(event);
    if (known === undefined) {
      known = new Int32Array(this.#untilMs.length).fill(never);
      this.#periods.set(event, known);
    }
    return known;
  }

  #reserve(count: number): void {
    if (this.rows.length >= count) return;
    this.rows = new Uint32Array(2 * count);
    this.users = new Uint32Array(2 * count);
  }
}

/** Runs first … end − 1 of the rows of an event. */
export interface Runs {
  readonly first: number;
  readonly end: number;
}

/** The period at the start of a day (−1 = before the first edge), and whether another one begins on it. */
function periodOf(edges: Float64Array, startMs: number): [period: number, isCut: boolean] {
  const period = lastAtMost(edges, startMs);
  return [period, period + 1 < edges.length && edges[period + 1] < startMs + dayMs];
}
