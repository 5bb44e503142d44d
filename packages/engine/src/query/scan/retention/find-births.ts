import type { RetentionPlan } from '../../plan/plan-types.ts';
import type { AttributedValues, ValueReader } from '../attributed-values.ts';
import { FirstTimes } from '../first-times.ts';
import type { HadFirst } from '../first-times.ts';
import { judgeWithin, MaskScratch, spanOfDay } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import { compileMatch } from '../row-mask.ts';
import type { EventMatch, RowMatch } from '../row-mask.ts';
import type { DayRows, EventRows, ScanSource } from '../scan-source.ts';
import { sliceUsers } from '../user-slice.ts';
import type { RangeCursor } from '../user-slice.ts';
import type { BirthLog, BirthRow } from './birth-log.ts';

/** Finds the first birth event of each user in each cohort, or in the first cohort alone (6.1). */
export class BirthFinder {
  readonly #plan: RetentionPlan;
  readonly #birth: RowMatch;
  readonly #values: AttributedValues;
  readonly #firstTimes: FirstTimes;
  /** The same for all ranges. */
  readonly #places = new WeakMap<DayRows, readonly BirthPlace[]>();
  readonly #mask = new MaskScratch();
  readonly #row: BirthRow = { timeMs: 0, tieRank: 0, event: 0, row: 0, value: 0 };

  constructor(plan: RetentionPlan, source: ScanSource, values: AttributedValues) {
    this.#plan = plan;
    this.#birth = compileMatch(plan.birth, plan.filters, source);
    this.#values = values;
    this.#firstTimes = new FirstTimes([plan.birth], source);
  }

  /** What is remembered of the users of a range beside their births. */
  begin(userCount: number): HadFirst {
    return this.#firstTimes.begin(userCount);
  }

  /** Adds the births of a day of users first … end − 1. Days ascend. */
  find(day: DayRows, first: number, end: number, births: BirthLog, had: HadFirst): void {
    births.beginDay();
    let places = this.#places.get(day);
    if (places === undefined) this.#places.set(day, (places = this.#placesOf(day)));
    for (const place of places) this.#findIn(place, { first, end, had }, births);
    this.#firstTimes.pass(day, first, end - first, had);
  }

  #placesOf(day: DayRows): BirthPlace[] {
    const { buckets } = this.#plan;
    const places: BirthPlace[] = [];
    for (let cohort = firstBucketAfter(buckets, day.startMs); cohort < buckets.length; cohort++) {
      const { startMs, endMs } = buckets[cohort];
      const span = spanOfDay(startMs, endMs, day.startMs);
      if (!span) break;
      for (const rows of day.events) {
        const match = this.#birth.ofEvent(rows.event);
        if (match === null) continue;
        const cursor = { user: 0, run: 0 };
        const firstTime = this.#firstTimes.of(0, rows.event);
        places.push({ rows, match, firstTime, cohort, span, dayStartMs: day.startMs, cursor });
      }
    }
    return places;
  }

  #findIn(
    at: BirthPlace,
    range: { readonly first: number; readonly end: number; readonly had: HadFirst },
    births: BirthLog,
  ): void {
    const { rows, match, cursor } = at;
    const { firstRun, endRun } = sliceUsers(rows, range.first, range.end, cursor);
    if (firstRun === endRun) return;
    const { users, starts } = rows;
    const slice = { first: starts[firstRun], end: starts[endRun] };
    const mask = this.#mask.take(slice.end - slice.first);
    let judgement = judgeWithin(match, rows, slice, at.span, mask);
    if (judgement === 'none') return;
    if (at.firstTime >= 0) {
      if (judgement === 'all') mask.fill(1, 0, slice.end - slice.first);
      const runs = { firstRun, endRun, ...slice };
      this.#firstTimes.keep(at.firstTime, rows, runs, range.had, range.first, mask);
      judgement = 'some';
    }
    const reader = this.#values.count > 0 ? this.#values.readersOf(rows)[0] : null;
    const isFirstOnly = this.#plan.births === 'first';
    const { latestCohorts, latest } = births;
    for (let run = firstRun; run < endRun; run++) {
      const ordinal = users[run];
      const user = ordinal - range.first;
      // Who was born today in this cohort may have been so earlier, by another event.
      const isBorn = isFirstOnly ? latestCohorts[user] >= 0 : latestCohorts[user] === at.cohort;
      const isRival =
        isBorn && latestCohorts[user] === at.cohort && latest[user] > births.todayFrom;
      if (isBorn && !isRival) continue;
      if (match.users !== null && match.users[ordinal] === 0) continue;
      let row = starts[run];
      const runEnd = starts[run + 1];
      if (judgement === 'some') while (row < runEnd && mask[row - slice.first] === 0) row++;
      if (row < runEnd) this.#add(rows, row, reader, at, user, births);
    }
  }

  /** Adds the row as a birth, or lets it take the place of a later one of the same day and cohort. */
  #add(
    rows: EventRows,
    row: number,
    reader: ValueReader | null,
    { cohort, dayStartMs }: BirthPlace,
    user: number,
    births: BirthLog,
  ): void {
    const from = this.#row;
    from.timeMs = dayStartMs + rows.times[row];
    from.tieRank = rows.tieRanks === null ? 0 : rows.tieRanks[row];
    const isRival = births.latestCohorts[user] === cohort;
    const known = births.latest[user] - 1;
    if (isRival && !births.isAfter(known, from.timeMs, from.tieRank)) return;
    from.event = rows.event;
    from.row = row;
    from.value = reader ? reader.idOf(row) : 0;
    if (isRival) births.replace(known, from);
    else births.add(user, cohort, from);
  }
}

/** Where births are looked for: rows of an event in the part of a cohort on a day. */
interface BirthPlace {
  readonly rows: EventRows;
  readonly match: EventMatch;
  /** Which first time is asked for; −1 = any time will do. */
  readonly firstTime: number;
  readonly cursor: RangeCursor;
  readonly cohort: number;
  readonly span: DaySpan;
  readonly dayStartMs: number;
}

/** The first bucket that ends after an instant. */
function firstBucketAfter(buckets: RetentionPlan['buckets'], instantMs: number): number {
  let low = 0;
  let high = buckets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (buckets[middle].endMs <= instantMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
