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
  /** Units of time with a return: bit n of birth b is bit n % 32 of word b × wordCount + ⌊n / 32⌋. */
  readonly returned = new GrowableUint32();
  readonly wordCount: number;
  /** By user of the range: the latest birth + 1, or 0 as in `previous`. */
  readonly latest: Uint32Array;
  /** By user of the range: the cohort of the latest birth; −1 = none yet. */
  readonly latestCohorts: Int32Array;
  count = 0;
  /** Births from this one on are of the day at hand. */
  todayFrom = 0;
  /** What all lists have room for. */
  #capacity = 0;
  /** Of the births of today alone, by birth − `todayFrom`. */
  readonly #tieRanks = new GrowableUint32();
  readonly #events = new GrowableUint32();
  readonly #rows = new GrowableUint32();
  /** Ordinal of user 0 of the range. */
  firstUser = 0;
  userCount = 0;

  constructor(userCountMax: number, unitCount: number) {
    this.latest = new Uint32Array(userCountMax);
    this.latestCohorts = new Int32Array(userCountMax);
    this.wordCount = Math.ceil(unitCount / 32);
  }

  /** Forgets everything: the users firstUser … endUser − 1 are next. */
  begin(firstUser: number, endUser: number): void {
    this.firstUser = firstUser;
    this.userCount = endUser - firstUser;
    this.latest.fill(0);
    this.latestCohorts.fill(-1);
    this.count = 0;
    this.todayFrom = 0;
  }

  beginDay(): void {
    this.todayFrom = this.count;
  }

  add(user: number, cohort: number, from: Readonly<BirthRow>): void {
    const birth = this.count;
    if (birth === this.#capacity) this.#grow();
    // All lists have room for as many: one check instead of nine.
    this.users.array[birth] = this.firstUser + user;
    this.cohorts.array[birth] = cohort;
    this.previous.array[birth] = this.latest[user];
    this.times.array[birth] = from.timeMs;
    this.values.array[birth] = from.value;
    this.count = birth + 1;
    const today = birth - this.todayFrom;
    this.#tieRanks.array[today] = from.tieRank;
    this.#events.array[today] = from.event;
    this.#rows.array[today] = from.row;
    const word = birth * this.wordCount;
    // Mostly one word, which `fill` would take longer to begin with than to write.
    const returned = this.returned.array;
    for (let i = word; i < word + this.wordCount; i++) returned[i] = 0;
    this.latest[user] = birth + 1;
    this.latestCohorts[user] = cohort;
  }

  #grow(): void {
    this.#capacity += Math.max(256, this.#capacity);
    const { users, cohorts, values, previous, times, returned } = this;
    const lists = [users, cohorts, values, previous, times];
    for (const list of [...lists, this.#tieRanks, this.#events, this.#rows]) {
      list.length = this.count;
      list.reserve(this.#capacity - this.count);
    }
    returned.length = this.count * this.wordCount;
    returned.reserve(this.#capacity * this.wordCount - returned.length);
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

  addReturn(birth: number, unit: number): void {
    this.returned.array[birth * this.wordCount + (unit >>> 5)] |= 1 << (unit & 31);
  }

  /** No return counts any more for the births before `later` (a birth + 1; 0 = for none of the user at all). */
  forget(user: number, later: number): void {
    if (later === 0) this.latest[user] = 0;
    else this.previous.array[later - 1] = 0;
  }
}
