import { localDaysTouching } from '../exec/local-days.ts';
import { spanOfDay } from '../scan/day-span.ts';
import type { SessionGate } from '../scan/session-gate.ts';
import type { DayRows, EventRows, ScanSource } from '../scan/scan-source.ts';
import type { Runs, SelectedRows } from './open-rows.ts';

const dayMs = 86_400_000;
/** Longer lists of times are sorted by the library: insertion costs their square. */
const insertedMax = 64;

/** What of a gate is the same for all ranges: by index into `eventNames`. */
export class SessionGates {
  readonly gate: SessionGate;
  readonly isKept: Uint8Array;
  readonly isEntry: Uint8Array;
  readonly isInside: Uint8Array;

  constructor(gate: SessionGate, { eventNames }: ScanSource) {
    this.gate = gate;
    const mask = (is: (name: string) => boolean) =>
      Uint8Array.from(eventNames, (name) => Number(is(name)));
    this.isInside = mask((name) => !gate.isOutside(name));
    this.isKept = mask((name) => gate.kept.has(name) && !gate.isOutside(name));
    this.isEntry = mask((name) => gate.entries.has(name) && !gate.isOutside(name));
  }
}

/**
 * Cuts the sessions of users first … end − 1 day by day (12), and gives the rows of kept events the number of theirs.
 * Numbers ascend with each user's sessions; of sessions that no entry can reach some are left out, so that whoever is
 * not followed costs nothing. Days ascend: `begin` a day, then `select` its events.
 *
 * Invariant: an entry has another number than any session before its own, and from it on as many sessions as an
 * attempt reaches over have consecutive numbers.
 */
export class DaySessions implements SelectedRows {
  rows = new Uint32Array(1024);
  users = new Uint32Array(1024);
  sessions = new Uint32Array(1024);
  count = 0;
  /** By user of the range: how many sessions have a number. */
  readonly counts: Uint32Array;
  readonly #gates: SessionGates;
  readonly #first: number;
  /** By user: the last instant that was looked at. */
  readonly #lastMs: Float64Array;
  /** By user: sessions below this number are followed; 0 = nobody's. */
  readonly #until: Uint32Array;
  /** By user: 1 = followed on the day at hand, 2 = with an entry on it. */
  readonly #isOpen: Uint8Array;
  /** By user: where his times of the day at hand end. */
  readonly #ends: Uint32Array;
  /** Times of the day, user by user. */
  #times = new Uint32Array(1024);
  /** Along `#times`: the number of the session. */
  #numbers = new Uint32Array(1024);

  constructor(gates: SessionGates, first: number, end: number) {
    this.#gates = gates;
    this.#first = first;
    this.counts = new Uint32Array(end - first);
    this.#lastMs = new Float64Array(end - first).fill(-Infinity);
    this.#until = new Uint32Array(end - first);
    this.#isOpen = new Uint8Array(end - first);
    this.#ends = new Uint32Array(end - first + 1);
  }

  /** `runsOf`: the range's runs of an event. */
  begin(day: DayRows, runsOf: (rows: EventRows) => Runs): void {
    const { gate, isInside } = this.#gates;
    const edges = localDaysTouching(Math.floor(day.startMs / dayMs), gate.zone).map(
      ({ startMs }) => startMs - day.startMs,
    );
    this.#openDay(day, edges[0] + day.startMs, runsOf);
    const events = day.events.filter(({ event }) => isInside[event] === 1);
    const ends = this.#ends.fill(0);
    for (const rows of events) countTimes(rows, runsOf(rows), this.#first, this.#isOpen, ends);
    let total = 0;
    for (let user = 0; user < ends.length; user++) {
      const count = ends[user];
      ends[user] = total;
      total += count;
    }
    this.#reserve(total);
    for (const rows of events) {
      spreadTimes(rows, runsOf(rows), this.#first, this.#isOpen, { ends, times: this.#times });
    }
    this.#cut(day.startMs, edges);
  }

  /** Fills `rows`, `users` and `sessions` with the rows of an event of the day. */
  select({ event, users, starts, times }: EventRows, runs: Runs): void {
    this.count = 0;
    if (this.#gates.isKept[event] === 0) return;
    this.#reserveRows(starts[runs.end] - starts[runs.first]);
    let count = 0;
    for (let run = runs.first; run < runs.end; run++) {
      const user = users[run] - this.#first;
      if (users[run] === 0 || this.#isOpen[user] === 0) continue;
      let at = user === 0 ? 0 : this.#ends[user - 1];
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        // The row is among these times.
        while (this.#times[at] < times[row]) at++;
        this.rows[count] = row;
        this.users[count] = user + 1;
        this.sessions[count++] = this.#numbers[at];
      }
    }
    this.count = count;
  }

  /** Who is followed on the day: whoever enters, and whose last session that counts may go on. */
  #openDay(day: DayRows, localStartMs: number, runsOf: (rows: EventRows) => Runs): void {
    const isOpen = this.#isOpen;
    for (let user = 0; user < isOpen.length; user++) {
      // The first event of a local day begins a session.
      const next = this.counts[user] + Number(this.#lastMs[user] < localStartMs);
      isOpen[user] = Number(next < this.#until[user]);
    }
    const { gate, isEntry } = this.#gates;
    const span = spanOfDay(gate.startMs, gate.endMs, day.startMs);
    if (span === null) return;
    for (const rows of day.events) {
      if (isEntry[rows.event] === 0) continue;
      const { users, starts, times } = rows;
      const runs = runsOf(rows);
      for (let run = runs.first; run < runs.end; run++) {
        const user = users[run] - this.#first;
        if (users[run] === 0 || (gate.isFirstAlone && this.#until[user] > 0)) continue;
        const isInSpan =
          span.whole ||
          (times[starts[run]] < span.toMs && times[starts[run + 1] - 1] >= span.fromMs);
        if (isInSpan) isOpen[user] = 2;
      }
    }
  }

  /** Sorts each user's times and numbers his sessions. `edges`: where local days begin, ms since the start of the day. */
  #cut(startMs: number, edges: readonly number[]): void {
    const { timeoutMs, sessions } = this.#gates.gate;
    const times = this.#times;
    let start = 0;
    for (let user = 0; user < this.counts.length; user++) {
      const end = this.#ends[user];
      if (end === start) continue;
      sortTimes(times, start, end);
      let number = this.counts[user];
      let last = this.#lastMs[user] - startMs;
      let day = 0;
      for (let i = start; i < end; i++) {
        const time = times[i];
        while (day + 1 < edges.length && edges[day + 1] <= time) day++;
        if (last < edges[day] || time - last > timeoutMs) number++;
        this.#numbers[i] = number;
        last = time;
      }
      this.counts[user] = number;
      this.#lastMs[user] = startMs + last;
      // The entry's session is the last of the day at the latest.
      if (this.#isOpen[user] === 2) this.#until[user] = number + sessions;
      start = end;
    }
  }

  #reserve(count: number): void {
    if (this.#times.length >= count) return;
    this.#times = new Uint32Array(2 * count);
    this.#numbers = new Uint32Array(2 * count);
  }

  #reserveRows(count: number): void {
    if (this.rows.length >= count) return;
    this.rows = new Uint32Array(2 * count);
    this.users = new Uint32Array(2 * count);
    this.sessions = new Uint32Array(2 * count);
  }
}

/** Adds to `counts` how many rows each open user has. */
function countTimes(
  { users, starts }: EventRows,
  runs: Runs,
  first: number,
  isOpen: Uint8Array,
  counts: Uint32Array,
): void {
  for (let run = runs.first; run < runs.end; run++) {
    const user = users[run] - first;
    if (users[run] === 0 || isOpen[user] === 0) continue;
    counts[user] += starts[run + 1] - starts[run];
  }
}

/** Writes the times of open users where theirs lie; `ends` moves on. */
function spreadTimes(
  { users, starts, times: own }: EventRows,
  runs: Runs,
  first: number,
  isOpen: Uint8Array,
  { ends, times }: { readonly ends: Uint32Array; readonly times: Uint32Array },
): void {
  for (let run = runs.first; run < runs.end; run++) {
    const user = users[run] - first;
    if (users[run] === 0 || isOpen[user] === 0) continue;
    let at = ends[user];
    for (let row = starts[run]; row < starts[run + 1]; row++) times[at++] = own[row];
    ends[user] = at;
  }
}

function sortTimes(times: Uint32Array, start: number, end: number): void {
  if (end - start > insertedMax) {
    times.subarray(start, end).sort();
    return;
  }
  for (let i = start + 1; i < end; i++) {
    const time = times[i];
    let at = i;
    while (at > start && times[at - 1] > time) {
      times[at] = times[at - 1];
      at--;
    }
    times[at] = time;
  }
}
