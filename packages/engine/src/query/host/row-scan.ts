import { executePlan } from '../exec/execute.ts';
import { combinePartials } from '../merge/combine.ts';
import type { PartialResult } from '../merge/partial.ts';
import type { Plan } from '../plan/plan-types.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import { rowGate } from '../scan/row-gate.ts';
import { scanNeeds } from '../scan/scan-needs.ts';
import { sessionGate } from '../scan/session-gate.ts';
import type { ScanSet, UserRange, UserScan } from '../scan/scan.ts';
import type { DayRows, EventRows, ScanSource } from '../scan/scan-source.ts';
import { CodeUnion } from './code-union.ts';
import { GatheredRows, GatherRoom } from './gathered-rows.ts';
import { DaySessions, SessionGates } from './day-sessions.ts';
import { EventGates, OpenRows } from './open-rows.ts';
import type { Runs } from './open-rows.ts';

/** Rows of a range: some tens of milliseconds of an executor, after which others get their turn. */
const rangeRows = 250_000;
const usersMaxMost = 65_536;
const dayMs = 86_400_000;

/** Partial results of ranges that are held before they become one. */
const partialsMax = 8;

/**
 * The way of plans without a fast scan: the rows of each range of users are put in the order of a shard
 * view, and the executors answer from there. Always right, and slower.
 *
 * `rowCount`: of the whole source, by which ranges are cut.
 */
export function createRowScan(plan: Plan, source: ScanSource, rowCount: number): ScanSet {
  const scan = new RowScan(plan, source, rowCount);
  return { scans: [scan], finish: () => scan.finish() };
}

class RowScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax: number;
  readonly plan: Plan;
  readonly source: ScanSource;
  /** One for each event property that the plan looks at. */
  readonly unions: ReadonlyMap<string, CodeUnion>;
  /** Null = all rows may matter. */
  readonly gates: EventGates | null;
  /** Not null = sessions are cut while rows come, and other events have no rows. */
  readonly sessions: SessionGates | null;
  #partials: PartialResult[] = [];
  /** Of ranges that are closed. */
  readonly #rooms: GatherRoom[] = [];

  constructor(plan: Plan, source: ScanSource, rowCount: number) {
    const fitting = Math.floor((source.userCount * rangeRows) / Math.max(rowCount, 1));
    this.usersMax = Math.max(1, Math.min(usersMaxMost, fitting));
    this.plan = plan;
    this.source = source;
    const names = scanNeeds(plan, false).wants.flatMap(({ properties }) => [...properties]);
    // Ids of users are not looked up: they follow from the rows' users.
    const wanted = new Set(names.filter((name) => name !== distinctIdProperty));
    this.unions = new Map(Array.from(wanted, (name) => [name, new CodeUnion()]));
    const gate = rowGate(plan);
    this.gates = gate && new EventGates(gate, source);
    const cut = plan.type === 'funnel' ? sessionGate(plan) : null;
    this.sessions = cut && new SessionGates(cut, source);
  }

  open(first: number, end: number): UserRange {
    return new RowRange(this, first, end);
  }

  takeRoom(): GatherRoom {
    return this.#rooms.pop() ?? new GatherRoom(this.unions);
  }

  /** Takes the partial result of a range that is closed, and its room back. */
  take(partial: PartialResult, room: GatherRoom): void {
    room.clear();
    this.#rooms.push(room);
    this.#partials.push(partial);
    if (this.#partials.length >= partialsMax) this.#partials = [this.finish()];
  }

  finish(): PartialResult {
    return combinePartials(this.plan, this.#partials);
  }
}

class RowRange implements UserRange {
  readonly #scan: RowScan;
  readonly #first: number;
  readonly #end: number;
  readonly #room: GatherRoom;
  readonly #rows: GatheredRows;
  readonly #open: OpenRows | null;
  readonly #sessions: DaySessions | null;

  constructor(scan: RowScan, first: number, end: number) {
    this.#scan = scan;
    this.#first = first;
    this.#end = end;
    this.#room = scan.takeRoom();
    this.#rows = new GatheredRows(scan.source, {
      first,
      end,
      unions: scan.unions,
      room: this.#room,
    });
    this.#open = scan.gates && new OpenRows(scan.gates, first, end);
    this.#sessions = scan.sessions && new DaySessions(scan.sessions, first, end);
  }

  add(days: readonly DayRows[], areAll = false): void {
    if (this.#sessions !== null) {
      for (const day of days) this.#addSessions(day, this.#sessions);
      return;
    }
    const leadMs = this.#scan.gates?.gate.leadMs ?? 0;
    // Who enters after the last of these days would need rows of them.
    const open = leadMs > 0 && !areAll ? null : this.#open;
    let seen = 0;
    for (const day of days) {
      for (; seen < days.length && days[seen].startMs < day.startMs + dayMs + leadMs; seen++) {
        open?.look(days[seen], (rows) => this.#runsOf(rows));
      }
      for (const event of day.events) this.#addEvent(day.startMs, event, open);
    }
  }

  close(): void {
    const partial = executePlan(this.#scan.plan, this.#rows.view(this.#sessions?.counts ?? null));
    this.#scan.take(withFirstUser(partial, this.#first), this.#room);
  }

  #addSessions(day: DayRows, sessions: DaySessions): void {
    sessions.begin(day, (rows) => this.#runsOf(rows));
    for (const event of day.events) {
      sessions.select(event, this.#runsOf(event));
      this.#rows.addOpen(day.startMs, event, sessions);
    }
  }

  #addEvent(startMs: number, event: EventRows, open: OpenRows | null): void {
    const runs = this.#runsOf(event);
    if (runs.first === runs.end) return;
    if (open === null) {
      this.#rows.add(startMs, event, runs.first, runs.end);
      return;
    }
    open.select(startMs, event, runs);
    this.#rows.addOpen(startMs, event, open);
  }

  #runsOf({ users }: EventRows): Runs {
    // Rows of nobody take part once: with the first users.
    const first = this.#first === 1 ? 0 : firstNotBelow(users, this.#first);
    return { first, end: firstNotBelow(users, this.#end) };
  }
}

/** A view of some users numbers them from 1: what names them names those of the shard. */
function withFirstUser(partial: PartialResult, firstUser: number): PartialResult {
  if (partial.type !== 'cohort' || partial.members === undefined) return partial;
  const members = partial.members.map(({ first, ...range }) => ({
    ...range,
    first: first + firstUser - 1,
  }));
  return { ...partial, members };
}

/** Index of the first number that is not below `value` in an ascending list. */
function firstNotBelow(list: Uint32Array, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
