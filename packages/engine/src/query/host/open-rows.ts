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
/** Breaks attempts off that were begun before. */
const breaking = 4;

/** Rows of one event that are let through, ascending, and their users, numbered from 1. */
export interface SelectedRows {
  readonly rows: Uint32Array;
  readonly users: Uint32Array;
  readonly count: number;
  /** Along `rows`: the sessions they lie in, by numbers of their users' own. */
  readonly sessions?: Uint32Array;
}

/** What of a gate is the same for all ranges: by index into `eventNames`. */
export class EventGates {
  readonly gate: RowGate;
  readonly isEntry: Uint8Array;
  readonly rules: Uint8Array;

  constructor(gate: RowGate, { eventNames }: ScanSource) {
    this.gate = gate;
    this.isEntry = Uint8Array.from(eventNames, (name) => Number(gate.entries.has(name)));
    this.rules = Uint8Array.from(eventNames, (name) => {
      if (gate.breaks?.except.has(name) === false) return breaking;
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
export class OpenRows implements SelectedRows {
  rows = new Uint32Array(1024);
  users = new Uint32Array(1024);
  count = 0;
  readonly #gates: EventGates;
  readonly #first: number;
  /** By user of the range: the gate is open for days that begin no later. */
  readonly #untilMs: Float64Array;
  /** By event with a rule, by user: the last period with a row. */
  readonly #periods = new Map<number, Int32Array>();
  readonly #breaks: Breaks | null;

  constructor(gates: EventGates, first: number, end: number) {
    this.#gates = gates;
    this.#first = first;
    this.#untilMs = new Float64Array(end - first).fill(-Infinity);
    const { breaks } = gates.gate;
    this.#breaks = breaks && new Breaks(end - first, breaks.instants);
  }

  /** Opens the gate for whoever enters on the day. `runsOf`: the range's runs of an event. */
  look(day: DayRows, runsOf: (rows: EventRows) => Runs): void {
    const { gate, isEntry } = this.#gates;
    const span = spanOfDay(gate.startMs, gate.endMs, day.startMs);
    if (span === null) return;
    for (const rows of day.events) {
      if (isEntry[rows.event] !== 1) continue;
      const runs = runsOf(rows);
      // Before the gate opens: who comes in on another day than his first one is no matter then.
      if (this.#breaks) this.#noteEntries(day.startMs, rows, runs, span, this.#breaks);
      this.#open(day.startMs + dayMs, rows, runs, span);
    }
  }

  /** The first instant in the span of whoever has not entered on a day before. */
  #noteEntries(
    startMs: number,
    { users, starts, times }: EventRows,
    runs: Runs,
    { fromMs, toMs }: DaySpan,
    { entryMs }: Breaks,
  ): void {
    for (let run = runs.first; run < runs.end; run++) {
      if (users[run] === 0) continue;
      let row = starts[run];
      while (row < starts[run + 1] && times[row] < fromMs) row++;
      if (row === starts[run + 1] || times[row] >= toMs) continue;
      const user = users[run] - this.#first;
      // Days ascend: only another event of the same day can have come earlier.
      if (startMs + times[row] < entryMs[user]) entryMs[user] = startMs + times[row];
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
    else if (rule === breaking && this.#breaks) {
      this.#selectBreaking(startMs, event, runs, this.#breaks);
    } else this.#selectOnce(startMs, event, runs);
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

  /** Rows after the entry. Whose attempt they are sure to break off is closed from the next day on. */
  #selectBreaking(
    startMs: number,
    { users, starts, times }: EventRows,
    runs: Runs,
    breaks: Breaks,
  ): void {
    const untilMs = this.#untilMs;
    let count = 0;
    for (let run = runs.first; run < runs.end; run++) {
      const user = users[run] - this.#first;
      if (users[run] === 0 || untilMs[user] < startMs) continue;
      const entryMs = breaks.entryMs[user] - startMs;
      let isSure = false;
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        if (times[row] <= entryMs) continue;
        this.rows[count] = row;
        this.users[count++] = user + 1;
        if (!isSure) isSure = breaks.note(user, startMs + times[row]);
      }
      if (isSure) untilMs[user] = startMs;
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

/** When the users of a range entered, and some instants after it at which something broke off their attempts. */
class Breaks {
  /** By user; Infinity = not yet. */
  readonly entryMs: Float64Array;
  readonly #instants: Float64Array;
  readonly #counts: Uint8Array;
  readonly #most: number;

  constructor(userCount: number, most: number) {
    this.entryMs = new Float64Array(userCount).fill(Infinity);
    this.#instants = new Float64Array(userCount * most);
    this.#counts = new Uint8Array(userCount);
    this.#most = most;
  }

  /** Whether the user has `most` different instants by now. */
  note(user: number, timeMs: number): boolean {
    const base = user * this.#most;
    const count = this.#counts[user];
    if (count === this.#most) return true;
    for (let i = base; i < base + count; i++) if (this.#instants[i] === timeMs) return false;
    this.#instants[base + count] = timeMs;
    return ++this.#counts[user] === this.#most;
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
