import { GrowableFloat64, GrowableUint32 } from '../../base/growable.ts';
import { knowSessions } from '../exec/session-events.ts';
import type { Sessions } from '../exec/sessions.ts';
import type { PropertyColumn, ShardView } from '../exec/shard-view.ts';
import { gather, gatherTimes } from '../kernels/mask.ts';
import { sortRun, SortRoom } from '../kernels/sort-runs.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import type { EventRows, ScanColumn, ScanSource } from '../scan/scan-source.ts';
import type { CodeUnion } from './code-union.ts';
import type { SelectedRows } from './open-rows.ts';

interface OrderedArrays {
  /** Row as it was collected, by row of the view. */
  readonly order: Uint32Array;
  readonly times: Float64Array;
  readonly users: Uint32Array;
  readonly events: Uint32Array;
}

function orderedArrays(count: number): OrderedArrays {
  return {
    order: new Uint32Array(count),
    times: new Float64Array(count),
    users: new Uint32Array(count),
    events: new Uint32Array(count),
  };
}

/**
 * Where rows of a range lie, as they come and in order; the next range of a scan has the same room, so that no
 * range leaves megabytes to be collected.
 */
export class GatherRoom {
  readonly users = new GrowableUint32();
  readonly times = new GrowableFloat64();
  readonly ties = new GrowableUint32();
  readonly events = new GrowableUint32();
  /** Where sessions were cut before: the number of each row's among those of its user. */
  readonly sessions = new GrowableUint32();
  readonly codes: ReadonlyMap<string, GrowableUint32>;
  readonly sort = new SortRoom();
  #ordered: OrderedArrays = orderedArrays(0);

  constructor(unions: ReadonlyMap<string, CodeUnion>) {
    this.codes = new Map(Array.from(unions.keys(), (name) => [name, new GrowableUint32()]));
  }

  /** Makes room for rows; returns the place of the first. */
  extend(count: number): number {
    const base = this.users.length;
    this.times.reserve(count);
    this.times.length += count;
    for (const column of [this.users, this.events, ...this.codes.values()]) {
      column.extendTo(base + count);
    }
    return base;
  }

  /** Arrays along the rows in their order, with whatever was written into them before. */
  ordered(): OrderedArrays {
    const count = this.users.length;
    if (this.#ordered.order.length < count) this.#ordered = orderedArrays(Math.ceil(1.25 * count));
    const { order, times, users, events } = this.#ordered;
    return {
      order: order.subarray(0, count),
      times: times.subarray(0, count),
      users: users.subarray(0, count),
      events: events.subarray(0, count),
    };
  }

  clear(): void {
    const { users, times, ties, events, sessions, codes } = this;
    for (const column of [users, times, ties, events, sessions, ...codes.values()]) {
      column.length = 0;
    }
  }
}

/**
 * Rows of users first … end − 1 (of nobody too where first is 1), collected event by event, as a shard
 * view of these users alone: they are numbered from 1. Columns are copied as rows come, for the memory
 * they lie in may be gone before the last of them.
 */
export class GatheredRows {
  readonly #source: ScanSource;
  readonly #first: number;
  readonly #end: number;
  readonly #unions: ReadonlyMap<string, CodeUnion>;
  readonly #room: GatherRoom;
  /** By user here: how many rows. */
  readonly #counts: Uint32Array;
  /** Whether any event came with ranks among ties. */
  #hasTies = false;
  #userIds: string[] | null = null;

  constructor(
    source: ScanSource,
    range: {
      readonly first: number;
      readonly end: number;
      /** By name of the event properties that are collected. */
      readonly unions: ReadonlyMap<string, CodeUnion>;
      /** Empty, and nobody else's until the view is no longer looked at. */
      readonly room: GatherRoom;
    },
  ) {
    this.#source = source;
    this.#first = range.first;
    this.#end = range.end;
    this.#unions = range.unions;
    this.#room = range.room;
    this.#counts = new Uint32Array(range.end - range.first + 1);
  }

  /** Takes the rows of runs firstRun … endRun − 1. */
  add(startMs: number, rows: EventRows, firstRun: number, endRun: number): void {
    const [from, to] = [rows.starts[firstRun], rows.starts[endRun]];
    const base = this.#room.extend(to - from);
    const { users, times, events, codes } = this.#room;
    const runs = { first: firstRun, end: endRun, base: base - from };
    spreadUsers(rows, runs, this.#first - 1, users.array, this.#counts);
    events.array.fill(rows.event, base, base + to - from);
    addTimes(rows.times, from, to, startMs, times.array.subarray(base));
    this.#addTies(rows.tieRanks, from, to, base);
    for (const [name, own] of codes) {
      const target = own.array.subarray(base, base + to - from);
      const column = rows.column(name);
      const union = this.#unions.get(name);
      if (column && union) copyCodes(column, union, from, target);
      else target.fill(0);
    }
  }

  /** Takes the rows that were let through, none of them of nobody. */
  addOpen(startMs: number, event: EventRows, open: SelectedRows): void {
    const { rows, users: owners, sessions, count } = open;
    if (count === 0) return;
    const base = this.#room.extend(count);
    const { users, times, events, codes } = this.#room;
    copyUsers(owners, count, base, users.array, this.#counts);
    events.array.fill(event.event, base, base + count);
    addTimesAt(event.times, rows, count, startMs, times.array.subarray(base));
    this.#addTiesAt(event.tieRanks, rows, count, base);
    if (sessions) {
      this.#room.sessions.extendTo(base + count);
      this.#room.sessions.array.set(sessions.subarray(0, count), base);
    }
    for (const [name, own] of codes) {
      const target = own.array.subarray(base, base + count);
      const column = event.column(name);
      const union = this.#unions.get(name);
      if (column && union) copyCodesAt(column, union, rows, target);
      else target.fill(0);
    }
  }

  /** `sessionCounts`: of each user of the range, where all rows were added with their sessions. */
  view(sessionCounts: Uint32Array | null = null): ShardView {
    const ordered = this.#ordered();
    const view = this.#viewOf(ordered);
    if (sessionCounts) knowSessions(view, this.#sessions(ordered, sessionCounts));
    return view;
  }

  #viewOf({ order, times, users, events }: OrderedArrays): ShardView {
    const ids = (): string[] => (this.#userIds ??= this.#makeUserIds());
    return {
      rowCount: order.length,
      times,
      users,
      events,
      eventNames: this.#source.eventNames,
      userCount: this.#counts.length - 1,
      isUser: this.#isUser(),
      get userIds() {
        return ids();
      },
      eventProperty: (name) =>
        name === distinctIdProperty
          ? { codes: users, values: ids() }
          : this.#eventProperty(name, order),
      personProperty: (name) =>
        name === distinctIdProperty ? idColumn(ids()) : this.#personProperty(name),
    };
  }

  /** Users count their sessions from 1: all of the range are numbered one user after the other. */
  #sessions({ order, users }: OrderedArrays, counts: Uint32Array): Sessions {
    const ofRow = new Uint32Array(order.length);
    gather(this.#room.sessions.array, order, ofRow);
    let row = 0;
    let before = 0;
    for (let user = 0; user < counts.length; user++) {
      for (; row < users.length && users[row] === user + 1; row++) ofRow[row] += before;
      before += counts[user];
    }
    return { ofRow, count: before };
  }

  /** Rows of a range mostly have no ties: ranks are kept from the first event on that has some. */
  #addTies(tieRanks: Uint32Array | null, from: number, to: number, base: number): void {
    if (tieRanks === null && !this.#hasTies) return;
    const { ties } = this.#room;
    ties.extendTo(base + to - from);
    if (!this.#hasTies) ties.array.fill(0, 0, base);
    this.#hasTies = true;
    if (tieRanks) ties.array.set(tieRanks.subarray(from, to), base);
    else ties.array.fill(0, base, base + to - from);
  }

  #addTiesAt(tieRanks: Uint32Array | null, rows: Uint32Array, count: number, base: number): void {
    if (tieRanks === null && !this.#hasTies) return;
    const { ties } = this.#room;
    ties.extendTo(base + count);
    if (!this.#hasTies) ties.array.fill(0, 0, base);
    this.#hasTies = true;
    for (let i = 0; i < count; i++)
      ties.array[base + i] = tieRanks === null ? 0 : tieRanks[rows[i]];
  }

  /** Rows by (user, time, rank among ties): a counting sort by user, then each user's own. */
  #ordered(): OrderedArrays {
    const { users, times, events, ties, sort } = this.#room;
    const ordered = this.#room.ordered();
    const { order } = ordered;
    const ends = new Uint32Array(this.#counts.length);
    orderByUser(users.array, users.length, { counts: this.#counts, ends, order });
    gatherTimes(times.array, order, ordered.times);
    const ranks = this.#hasTies ? ties.array : null;
    let start = 0;
    for (let user = 0; user < ends.length; user++) {
      const end = ends[user];
      if (end - start > 1) sortRun(ordered.times, order, ranks, start, end, sort);
      start = end;
    }
    fillUsers(ends, ordered.users);
    gather(events.array, order, ordered.events);
    return ordered;
  }

  #eventProperty(name: string, order: Uint32Array): PropertyColumn | undefined {
    const codes = this.#room.codes.get(name);
    const union = this.#unions.get(name);
    if (codes === undefined || union === undefined || union.values.length === 1) return undefined;
    const ordered = new Uint32Array(order.length);
    gather(codes.array, order, ordered);
    return { codes: ordered, values: union.values };
  }

  #personProperty(name: string): PropertyColumn | undefined {
    const column = this.#source.personColumn(name);
    if (column === undefined) return undefined;
    const codes = new Uint32Array(this.#counts.length);
    for (let user = 1; user < codes.length; user++) {
      codes[user] = column.codes[this.#first + user - 1];
    }
    return { codes, values: column.dictionary.values };
  }

  /** 1 for those that were not merged away. */
  #isUser(): Uint8Array {
    const isUser = new Uint8Array(this.#counts.length).fill(1);
    isUser[0] = 0;
    for (const user of this.#source.mergedUsers) {
      if (user >= this.#first && user < this.#end) isUser[user - this.#first + 1] = 0;
    }
    return isUser;
  }

  #makeUserIds(): string[] {
    const ids = [''];
    for (let user = this.#first; user < this.#end; user++) ids.push(this.#source.userId(user));
    return ids;
  }
}

/** Writes whose each row of the runs is, numbered from `before` on, and counts the rows of each. */
function spreadUsers(
  { users, starts }: EventRows,
  runs: { readonly first: number; readonly end: number; readonly base: number },
  before: number,
  target: Uint32Array,
  counts: Uint32Array,
): void {
  for (let run = runs.first; run < runs.end; run++) {
    const user = users[run] === 0 ? 0 : users[run] - before;
    const end = starts[run + 1];
    counts[user] += end - starts[run];
    for (let row = starts[run]; row < end; row++) target[runs.base + row] = user;
  }
}

/** Copies whose rows they are, and counts those of each. */
function copyUsers(
  owners: Uint32Array,
  count: number,
  base: number,
  target: Uint32Array,
  counts: Uint32Array,
): void {
  for (let i = 0; i < count; i++) {
    target[base + i] = owners[i];
    counts[owners[i]]++;
  }
}

/** Times of the rows listed as ms UTC. */
function addTimesAt(
  times: Uint32Array,
  rows: Uint32Array,
  count: number,
  startMs: number,
  target: Float64Array,
): void {
  for (let i = 0; i < count; i++) target[i] = startMs + times[rows[i]];
}

/** Times of rows from … to − 1 as ms UTC. */
function addTimes(
  times: Uint32Array,
  from: number,
  to: number,
  startMs: number,
  target: Float64Array,
): void {
  for (let row = from; row < to; row++) target[row - from] = startMs + times[row];
}

/** Writes the rows by user, as they come, and by user where his end. */
function orderByUser(
  users: Uint32Array,
  rowCount: number,
  { counts, ends, order }: { counts: Uint32Array; ends: Uint32Array; order: Uint32Array },
): void {
  let sum = 0;
  for (let user = 0; user < ends.length; user++) {
    ends[user] = sum;
    sum += counts[user];
  }
  for (let row = 0; row < rowCount; row++) order[ends[users[row]]++] = row;
}

/** Writes the users of rows that lie user by user, of which each ends where `ends` says. */
function fillUsers(ends: Uint32Array, users: Uint32Array): void {
  let row = 0;
  for (let user = 0; user < ends.length; user++) {
    while (row < ends[user]) users[row++] = user;
  }
}

/** Codes of rows from `from` on, as codes of the union. */
function copyCodes(
  { codes, dictionary }: ScanColumn,
  union: CodeUnion,
  from: number,
  target: Uint32Array,
): void {
  const translations = union.translations(dictionary);
  for (let i = 0; i < target.length; i++) {
    const code = codes[from + i];
    target[i] = code === 0 ? 0 : translations[code] || union.translate(dictionary, code);
  }
}

/** The same of the rows listed. */
function copyCodesAt(
  { codes, dictionary }: ScanColumn,
  union: CodeUnion,
  rows: Uint32Array,
  target: Uint32Array,
): void {
  const translations = union.translations(dictionary);
  for (let i = 0; i < target.length; i++) {
    const code = codes[rows[i]];
    target[i] = code === 0 ? 0 : translations[code] || union.translate(dictionary, code);
  }
}

function idColumn(userIds: readonly string[]): PropertyColumn {
  return {
    codes: Uint32Array.from(userIds, (id, user) => (id === '' ? 0 : user)),
    values: userIds,
  };
}
