import { GrowableFloat64, GrowableUint32 } from '../../base/growable.ts';
import type { PropertyColumn, ShardView } from '../exec/shard-view.ts';
import { gather, gatherTimes } from '../kernels/mask.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import type { EventRows, ScanColumn, ScanSource } from '../scan/scan-source.ts';
import type { CodeUnion } from './code-union.ts';

/**
 * Rows of users first … end − 1 (of nobody too where first is 1), collected event by event, as a shard
 * view of these users alone: they are numbered from 1. Columns are copied as rows come, for the memory
 * they lie in may be gone before the last of them.
 */
export class GatheredRows {
  readonly #source: ScanSource;
  readonly #first: number;
  readonly #end: number;
  readonly #users = new GrowableUint32();
  readonly #times = new GrowableFloat64();
  readonly #ties = new GrowableUint32();
  readonly #events = new GrowableUint32();
  readonly #unions: ReadonlyMap<string, CodeUnion>;
  readonly #codes: ReadonlyMap<string, GrowableUint32>;

  constructor(
    source: ScanSource,
    range: {
      readonly first: number;
      readonly end: number;
      /** By name of the event properties that are collected. */
      readonly unions: ReadonlyMap<string, CodeUnion>;
    },
  ) {
    this.#source = source;
    this.#first = range.first;
    this.#end = range.end;
    this.#unions = range.unions;
    this.#codes = new Map(Array.from(range.unions.keys(), (name) => [name, new GrowableUint32()]));
  }

  /** Takes the rows of runs firstRun … endRun − 1. */
  add(startMs: number, rows: EventRows, firstRun: number, endRun: number): void {
    const { starts, users } = rows;
    const [from, to] = [starts[firstRun], starts[endRun]];
    const base = this.#reserve(to - from);
    for (let run = firstRun; run < endRun; run++) {
      const user = users[run] === 0 ? 0 : users[run] - this.#first + 1;
      this.#users.array.fill(user, base + starts[run] - from, base + starts[run + 1] - from);
    }
    this.#events.array.fill(rows.event, base, base + to - from);
    const times = this.#times.array;
    for (let row = from; row < to; row++) times[base + row - from] = startMs + rows.times[row];
    const { tieRanks } = rows;
    if (tieRanks) this.#ties.array.set(tieRanks.subarray(from, to), base);
    else this.#ties.array.fill(0, base, base + to - from);
    for (const [name, codes] of this.#codes) {
      const target = codes.array.subarray(base, base + to - from);
      const column = rows.column(name);
      const union = this.#unions.get(name);
      if (column && union) copyCodes(column, union, from, target);
      else target.fill(0);
    }
  }

  view(): ShardView {
    const order = this.#order();
    const users = new Uint32Array(order.length);
    const events = new Uint32Array(order.length);
    const times = new Float64Array(order.length);
    gather(this.#users.array, order, users);
    gather(this.#events.array, order, events);
    gatherTimes(this.#times.array, order, times);
    const userIds = this.#userIds();
    return {
      rowCount: order.length,
      times,
      users,
      events,
      eventNames: this.#source.eventNames,
      userCount: userIds.length - 1,
      userIds,
      eventProperty: (name) =>
        name === distinctIdProperty
          ? { codes: users, values: userIds }
          : this.#eventProperty(name, order),
      personProperty: (name) =>
        name === distinctIdProperty ? idColumn(userIds) : this.#personProperty(name),
    };
  }

  /** Makes room for rows; returns the place of the first. */
  #reserve(count: number): number {
    const base = this.#users.length;
    this.#times.reserve(count);
    this.#times.length += count;
    for (const column of [this.#users, this.#ties, this.#events, ...this.#codes.values()]) {
      column.extendTo(base + count);
    }
    return base;
  }

  /** Rows by (user, time, rank among ties): a counting sort by user, then each user's own. */
  #order(): Uint32Array {
    const rowCount = this.#users.length;
    const users = this.#users.array;
    const ends = new Uint32Array(this.#end - this.#first + 1);
    for (let row = 0; row < rowCount; row++) ends[users[row]]++;
    let sum = 0;
    for (let user = 0; user < ends.length; user++) {
      const count = ends[user];
      ends[user] = sum;
      sum += count;
    }
    const order = new Uint32Array(rowCount);
    for (let row = 0; row < rowCount; row++) order[ends[users[row]]++] = row;
    let start = 0;
    for (const end of ends) {
      if (end - start > 1) this.#sortRun(order, start, end);
      start = end;
    }
    return order;
  }

  #sortRun(order: Uint32Array, start: number, end: number): void {
    const times = this.#times.array;
    const ties = this.#ties.array;
    const compare = (row: number, other: number): number =>
      times[row] - times[other] || ties[row] - ties[other];
    for (let i = start + 1; i < end; i++) {
      if (compare(order[i - 1], order[i]) > 0) {
        order.subarray(start, end).sort(compare);
        return;
      }
    }
  }

  #eventProperty(name: string, order: Uint32Array): PropertyColumn | undefined {
    const codes = this.#codes.get(name);
    const union = this.#unions.get(name);
    if (codes === undefined || union === undefined || union.values.length === 1) return undefined;
    const ordered = new Uint32Array(order.length);
    gather(codes.array, order, ordered);
    return { codes: ordered, values: union.values };
  }

  #personProperty(name: string): PropertyColumn | undefined {
    const column = this.#source.personColumn(name);
    if (column === undefined) return undefined;
    const codes = new Uint32Array(this.#end - this.#first + 1);
    for (let user = 1; user < codes.length; user++) {
      codes[user] = column.codes[this.#first + user - 1];
    }
    return { codes, values: column.dictionary.values };
  }

  #userIds(): string[] {
    const ids = [''];
    for (let user = this.#first; user < this.#end; user++) ids.push(this.#source.userId(user));
    return ids;
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

function idColumn(userIds: readonly string[]): PropertyColumn {
  return {
    codes: Uint32Array.from(userIds, (id, user) => (id === '' ? 0 : user)),
    values: userIds,
  };
}
