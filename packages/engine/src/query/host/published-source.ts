import type { PropertyValue } from '@arbor/schema/property-value';
import { must } from '../../base/assert.ts';
import { distinctIdProperty, eventNameProperty } from '../scan/people-mask.ts';
import type {
  DayActivity,
  DayRows,
  EventRows,
  ScanColumn,
  ScanDictionary,
  ScanSource,
} from '../scan/scan-source.ts';
import { runStarts, runUsers, spanArray, wordArray } from './span-array.ts';
import {
  type PackedActivity,
  type PackedDays,
  type PackedEvent,
  unpackDays,
} from './packed-days.ts';
import type { ScanOrder, Span } from './thread-messages.ts';
import type { ThreadThings } from './thread-things.ts';
import type { UserTable } from './user-table.ts';

/** The source of one query, over columns that the host has published. */
export class PublishedSource implements ScanSource {
  readonly eventNames: readonly string[];
  readonly userCount: number;
  readonly mergedUsers: Uint32Array;
  /** Of the first chunk; scans are given the days of the others. */
  readonly days: readonly DayRows[];
  readonly #place: number;
  readonly #things: ThreadThings;
  readonly #users: UserTable;
  readonly #persons: ReadonlyMap<string, number>;

  /** `place`: of the shard in the order. */
  constructor(order: ScanOrder, place: number, things: ThreadThings, days: PackedDays) {
    const { users, persons } = order.shards[place];
    this.#place = place;
    this.#things = things;
    this.#users = things.users(users);
    this.#persons = new Map(persons);
    this.eventNames = order.eventNames;
    this.userCount = this.#users.count;
    this.mergedUsers = this.#users.redirects.losers;
    this.days = this.daysOf(days);
  }

  userId(ordinal: number): string {
    return this.#users.currentId(ordinal);
  }

  personColumn(name: string): ScanColumn | undefined {
    if (name === distinctIdProperty) return this.#users.idColumn;
    const id = this.#persons.get(name);
    return id === undefined ? undefined : this.#things.personColumn(id);
  }

  daysOf(days: PackedDays): DayRows[] {
    return unpackDays(days).map(({ startMs, activity, events }) => ({
      startMs,
      place: this.#place,
      activity: activity && this.#activityOf(activity),
      events: events.map((event) => {
        const name = this.eventNames[event.event];
        return new PublishedRows(event, name, this.#things, this.#users);
      }),
    }));
  }

  #activityOf({ users, firsts, lasts }: PackedActivity): DayActivity {
    const words = (span: Span | null): Uint32Array =>
      span ? wordArray(span, this.#things.slab(span.slab)) : noWords;
    return { users: words(users), firstTimes: words(firsts), lastTimes: words(lasts) };
  }
}

const noWords = new Uint32Array(0);

/** Arrays are made when they are read: of most events a scan needs few. */
class PublishedRows implements EventRows {
  readonly event: number;
  readonly rowCount: number;
  readonly #packed: PackedEvent;
  readonly #name: string;
  readonly #things: ThreadThings;
  readonly #userTable: UserTable;
  readonly #columns = new Map<string, ScanColumn | undefined>();
  #users: Uint32Array | undefined;
  #starts: Uint32Array | undefined;
  #times: Uint32Array | undefined;
  #tieRanks: Uint32Array | null | undefined;

  constructor(packed: PackedEvent, name: string, things: ThreadThings, users: UserTable) {
    this.event = packed.event;
    this.rowCount = packed.rowCount;
    this.#packed = packed;
    this.#name = name;
    this.#things = things;
    this.#userTable = users;
  }

  get users(): Uint32Array {
    const runs = must(this.#packed.runs, 'what the plan said it would not need');
    return (this.#users ??= runUsers(runs, this.#things.slab(runs.slab)));
  }

  get starts(): Uint32Array {
    const runs = must(this.#packed.runs, 'what the plan said it would not need');
    return (this.#starts ??= runStarts(runs, this.#things.slab(runs.slab)));
  }

  get times(): Uint32Array {
    const { times } = this.#packed;
    return (this.#times ??= times ? this.#words(times) : noWords);
  }

  get tieRanks(): Uint32Array | null {
    const { ties } = this.#packed;
    if (this.#tieRanks === undefined) this.#tieRanks = ties && this.#words(ties);
    return this.#tieRanks;
  }

  column(name: string): ScanColumn | undefined {
    if (!this.#columns.has(name)) this.#columns.set(name, this.#make(name));
    return this.#columns.get(name);
  }

  #make(name: string): ScanColumn | undefined {
    if (name === eventNameProperty) return constantColumn(this.#name, this.rowCount);
    if (name === distinctIdProperty) return this.#idColumn();
    const column = this.#packed.columns.find((one) => one.name === name);
    if (column === undefined) return undefined;
    const { codes, dictionary } = column;
    return {
      codes: spanArray(codes, this.#things.slab(codes.slab)),
      dictionary: this.#things.dictionary(dictionary),
    };
  }

  #idColumn(): ScanColumn {
    const codes = new Uint32Array(this.rowCount);
    for (let run = 0; run < this.users.length; run++) {
      codes.fill(this.users[run], this.starts[run], this.starts[run + 1]);
    }
    return { codes, dictionary: this.#userTable.idColumn.dictionary };
  }

  #words(span: Span): Uint32Array {
    return wordArray(span, this.#things.slab(span.slab));
  }
}

/** Code 1 for every row: names of events differ by dictionary instead. Grown as needed, shared by all. */
let ones = new Uint8Array(0);
const nameDictionaries = new Map<string, ScanDictionary>();

function constantColumn(value: string, rowCount: number): ScanColumn {
  if (ones.length < rowCount) ones = new Uint8Array(rowCount).fill(1);
  let dictionary = nameDictionaries.get(value);
  if (dictionary === undefined) {
    const values: readonly PropertyValue[] = [null, value];
    dictionary = { values, numbers: Float64Array.of(NaN, NaN) };
    nameDictionaries.set(value, dictionary);
  }
  return { codes: ones.subarray(0, rowCount), dictionary };
}
