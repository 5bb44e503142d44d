import { GrowableFloat64, GrowableUint32 } from '../../base/growable.ts';
import type { PropertyColumn, ShardView } from '../exec/shard-view.ts';
import { gather, gatherTimes } from '../kernels/mask.ts';
import { sortRun, SortRoom } from '../kernels/sort-runs.ts';
import { compareIds } from '../merge/list-order.ts';
import { nameOfDoers } from '../plan/doer-properties.ts';
import type { CountedGroupsPlan } from '../plan/plan-types.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import type { EventRows, ScanColumn, ScanSource } from '../scan/scan-source.ts';
import { CodeUnion } from './code-union.ts';
import type { GroupNumbers } from './group-numbers.ts';

/**
 * Rows of some groups, collected event by event, as a shard view whose users are the groups: a row for each group of
 * an event (21). Rows of a group and an instant stand by who did them, by id, and of one user as they arrived.
 */
export class GroupedRows {
  readonly #sources: readonly ScanSource[];
  /** What ordinals of users of each source are counted on from, so that no two share one. */
  readonly #firsts: readonly number[];
  readonly #counted: CountedGroupsPlan;
  readonly #numbers: GroupNumbers;
  readonly #unions: ReadonlyMap<string, CodeUnion>;
  readonly #groups = new GrowableUint32();
  /** Ordinal of the user who did it, counted over all sources. */
  readonly #doers = new GrowableUint32();
  readonly #times = new GrowableFloat64();
  readonly #ties = new GrowableUint32();
  readonly #events = new GrowableUint32();
  readonly #codes: ReadonlyMap<string, GrowableUint32>;
  /** Rows of the event at hand that are taken, again for each group. */
  readonly #taken = new GrowableUint32();
  readonly #idTexts = new Map<number, string>();

  constructor(
    sources: readonly ScanSource[],
    counted: CountedGroupsPlan,
    own: { readonly numbers: GroupNumbers; readonly unions: ReadonlyMap<string, CodeUnion> },
  ) {
    this.#sources = sources;
    let next = 0;
    this.#firsts = sources.map(({ userCount }) => {
      const first = next;
      next += userCount + 1;
      return first;
    });
    this.#counted = counted;
    this.#numbers = own.numbers;
    this.#unions = own.unions;
    this.#codes = new Map(Array.from(own.unions.keys(), (name) => [name, new GrowableUint32()]));
  }

  /** `place`: of the source that the rows are of. */
  add(startMs: number, place: number, rows: EventRows): void {
    this.#take(rows, this.#firsts[place]);
    const { array: taken, length: count } = this.#taken;
    if (count === 0) return;
    this.#times.reserve(count);
    this.#ties.reserve(count);
    this.#events.reserve(count);
    const { times, tieRanks, event } = rows;
    for (let i = 0; i < count; i++) {
      this.#times.push(startMs + times[taken[i]]);
      this.#ties.push(tieRanks === null ? 0 : tieRanks[taken[i]]);
      this.#events.push(event);
    }
    for (const [name, target] of this.#codes) {
      target.reserve(count);
      copyCodes(rows.column(name), this.#unions.get(name), this.#taken, target);
    }
  }

  view(): ShardView {
    const { order, groups } = this.#ordered();
    const count = order.length;
    const times = new Float64Array(count);
    gatherTimes(this.#times.array, order, times);
    const { ids } = this.#numbers;
    const isUser = new Uint8Array(ids.length).fill(1, 1);
    return {
      rowCount: count,
      times,
      users: groups,
      events: gathered(this.#events, order),
      eventNames: this.#sources[0].eventNames,
      userCount: ids.length - 1,
      isUser,
      userIds: ids,
      eventProperty: (name) => this.#eventProperty(name, order, groups),
      personProperty: (name) => this.#profiles(name),
    };
  }

  /** Notes the rows of the event that have a group here, with group and user. */
  #take(rows: EventRows, firstUser: number): void {
    this.#taken.length = 0;
    const { users, starts } = rows;
    const held = this.#counted.names.flatMap((name) => rows.column(name) ?? []);
    if (held.length === 0) return;
    const numbers = held.map((one) => this.#numbers.byCode(one));
    // Of several names of one property the first counts that names any group at all.
    for (let run = 0; run < users.length; run++) {
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        const n = held.length === 1 ? 0 : firstNaming(held, row, this.#numbers);
        const own = numbers[n][held[n].codes[row]];
        for (let g = 0; g < own.length; g++) {
          this.#taken.push(row);
          this.#groups.push(own[g]);
          this.#doers.push(firstUser + users[run]);
        }
      }
    }
  }

  #ordered(): { readonly order: Uint32Array; readonly groups: Uint32Array } {
    const count = this.#groups.length;
    const ends = new Uint32Array(this.#numbers.ids.length + 1);
    const groupOf = this.#groups.array;
    for (let row = 0; row < count; row++) ends[groupOf[row] + 1]++;
    for (let group = 1; group < ends.length; group++) ends[group] += ends[group - 1];
    const order = new Uint32Array(count);
    const groups = new Uint32Array(count);
    for (let row = 0; row < count; row++) order[ends[groupOf[row]]++] = row;
    gather(groupOf, order, groups);
    const times = new Float64Array(count);
    gatherTimes(this.#times.array, order, times);
    const room = new SortRoom();
    for (let group = 1, start = 0; group < ends.length - 1; group++) {
      const end = ends[group];
      sortRun(times, order, null, start, end, room);
      this.#orderTies(times, order, start, end);
      start = end;
    }
    return { order, groups };
  }

  /** Few rows of a group share an instant: only of them it is looked up who did them. */
  #orderTies(times: Float64Array, order: Uint32Array, start: number, end: number): void {
    for (let first = start; first < end;) {
      let next = first + 1;
      while (next < end && times[next] === times[first]) next++;
      if (next - first > 1) order.subarray(first, next).sort((a, b) => this.#compare(a, b));
      first = next;
    }
  }

  #compare(row: number, other: number): number {
    const [doer, otherDoer] = [this.#doers.array[row], this.#doers.array[other]];
    const byDoer = doer === otherDoer ? 0 : compareIds(this.#idOf(doer), this.#idOf(otherDoer));
    return byDoer || this.#ties.array[row] - this.#ties.array[other] || row - other;
  }

  #idOf(user: number): string {
    let id = this.#idTexts.get(user);
    if (id === undefined) {
      const place = this.#placeOf(user);
      id = this.#sources[place].userId(user - this.#firsts[place]);
      this.#idTexts.set(user, id);
    }
    return id;
  }

  #placeOf(user: number): number {
    let place = 0;
    while (place + 1 < this.#firsts.length && this.#firsts[place + 1] <= user) place++;
    return place;
  }

  #eventProperty(
    name: string,
    order: Uint32Array,
    groups: Uint32Array,
  ): PropertyColumn | undefined {
    if (name === this.#counted.names[0]) return { codes: groups, values: this.#numbers.ids };
    const ofDoers = name === distinctIdProperty ? name : nameOfDoers(name);
    if (ofDoers !== null) return this.#ofDoers(ofDoers, order);
    const codes = this.#codes.get(name);
    const union = this.#unions.get(name);
    if (codes === undefined || union === undefined || union.values.length === 1) return undefined;
    return { codes: gathered(codes, order), values: union.values };
  }

  #ofDoers(name: string, order: Uint32Array): PropertyColumn | undefined {
    const columns = this.#sources.map((source) => source.personColumn(name));
    if (columns.every((column) => column === undefined)) return undefined;
    const union = new CodeUnion();
    const codes = new Uint32Array(order.length);
    for (let row = 0; row < codes.length; row++) {
      const doer = this.#doers.array[order[row]];
      const place = this.#placeOf(doer);
      const column = columns[place];
      const code = column?.codes[doer - this.#firsts[place]] ?? 0;
      if (column && code > 0) {
        const { dictionary } = column;
        codes[row] = union.translations(dictionary)[code] || union.translate(dictionary, code);
      }
    }
    return { codes, values: union.values };
  }

  #profiles(name: string): PropertyColumn | undefined {
    const known = this.#counted.profiles.find((profile) => profile.name === name);
    if (known === undefined || known.keys.length === 0) return undefined;
    const places = new Map(known.keys.map((key, i) => [key, i + 1]));
    const codes = Uint32Array.from(this.#numbers.ids, (id, n) =>
      n === 0 ? 0 : (places.get(id) ?? 0),
    );
    return { codes, values: [null, ...known.values] };
  }
}

/** Index of the column that names the groups of the row. */
function firstNaming(held: readonly ScanColumn[], row: number, numbers: GroupNumbers): number {
  for (let n = 0; n < held.length; n++) {
    if (numbers.namesAny(held[n], held[n].codes[row])) return n;
  }
  return 0;
}

/** Codes of the rows, as codes of the union, behind those that the target has. */
function copyCodes(
  column: ScanColumn | undefined,
  union: CodeUnion | undefined,
  { array: rows, length }: GrowableUint32,
  target: GrowableUint32,
): void {
  const base = target.length;
  target.extendTo(base + length);
  const { array } = target;
  if (column === undefined || union === undefined) {
    array.fill(0, base, base + length);
    return;
  }
  const { codes, dictionary } = column;
  const translations = union.translations(dictionary);
  for (let i = 0; i < length; i++) {
    const code = codes[rows[i]];
    array[base + i] = code === 0 ? 0 : translations[code] || union.translate(dictionary, code);
  }
}

function gathered({ array }: GrowableUint32, order: Uint32Array): Uint32Array {
  const target = new Uint32Array(order.length);
  gather(array, order, target);
  return target;
}
