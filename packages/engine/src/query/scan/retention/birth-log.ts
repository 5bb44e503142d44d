import { GrowableFloat64, GrowableUint32 } from '../../../base/growable.ts';

/** A row that may be the birth of a user. Finders fill one again and again. */
export interface BirthRow {
  timeMs: number;
  tieRank: number;
  event: number;
  /** Number of the row among those of its event on its day. */
  row: number;
  /** Id of the value that the breakdown looks at; 0 where it looks at none. */
  value: number;
}

/**
 * The births of a range of users, in the order of their days. Of each user the latest is known, and of each
 * birth the one before it: a return looks back along them until they are too old.
 */
export class BirthLog {
  /** Ordinals. */
  readonly users = new GrowableUint32();
  readonly cohorts = new GrowableUint32();
  /** Ms UTC. */
  readonly times = new GrowableFloat64();
  readonly values = new GrowableUint32();
  readonly valueCount = 1;
  /** By birth: the one before it of the same user, + 1; 0 = none, or none that a return can still count for. */
  readonly previous = new GrowableUint32();
  /** Intervals with a return: bit n of birth b is bit n % 32 of word b × wordCount + ⌊n / 32⌋. */
  readonly returned = new GrowableUint32();
  readonly wordCount: number;
  /** By user of the range: the latest birth + 1, or 0 as in `previous`. */
  readonly latest: Uint32Array;
  /** By user of the range: the cohort of the latest birth; −1 = none yet. */
  readonly latestCohorts: Int32Array;
  /** Births from this one on are of the day at hand. */
  todayFrom = 0;
  /** Of the births of today alone, by birth − `todayFrom`. */
  readonly #tieRanks = new GrowableUint32();
  readonly #events = new GrowableUint32();
  readonly #rows = new GrowableUint32();
  readonly #firstUser: number;

  constructor(firstUser: number, userCount: number, intervals: number) {
    this.#firstUser = firstUser;
    this.latest = new Uint32Array(userCount);
    this.latestCohorts = new Int32Array(userCount).fill(-1);
    this.wordCount = Math.ceil(intervals / 32);
  }

  get count(): number {
    return this.users.length;
  }

  beginDay(): void {
    this.todayFrom = this.count;
    this.#tieRanks.length = 0;
    this.#events.length = 0;
    this.#rows.length = 0;
  }

  add(user: number, cohort: number, from: Readonly<BirthRow>): void {
    this.users.push(this.#firstUser + user);
    this.cohorts.push(cohort);
    this.previous.push(this.latest[user]);
    this.times.push(from.timeMs);
    this.values.push(from.value);
    this.#tieRanks.push(from.tieRank);
    this.#events.push(from.event);
    this.#rows.push(from.row);
    for (let word = 0; word < this.wordCount; word++) this.returned.push(0);
    this.latest[user] = this.count;
    this.latestCohorts[user] = cohort;
  }

  /** Whether (time, tie rank) comes before the row of a birth of today. */
  isAfter(birth: number, timeMs: number, tieRank: number): boolean {
    const known = this.times.array[birth];
    return (
      timeMs < known || (timeMs === known && tieRank < this.#tieRanks.array[birth - this.todayFrom])
    );
  }

  /** Another event of the same day has an earlier row for the same cohort. */
  replace(birth: number, from: Readonly<BirthRow>): void {
    this.times.array[birth] = from.timeMs;
    this.values.array[birth] = from.value;
    this.#tieRanks.array[birth - this.todayFrom] = from.tieRank;
    this.#events.array[birth - this.todayFrom] = from.event;
    this.#rows.array[birth - this.todayFrom] = from.row;
  }

  /** Number of the row of a birth of today, if it is one of that event; −1 otherwise. */
  rowOf(birth: number, event: number): number {
    return this.#events.array[birth - this.todayFrom] === event
      ? this.#rows.array[birth - this.todayFrom]
      : -1;
  }

  /** Event of a birth of today. */
  eventOf(birth: number): number {
    return this.#events.array[birth - this.todayFrom];
  }

  addReturn(birth: number, interval: number): void {
    this.returned.array[birth * this.wordCount + (interval >>> 5)] |= 1 << (interval & 31);
  }
}
