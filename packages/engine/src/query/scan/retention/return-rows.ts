import type { AttributedValues, ValueReader } from '../attributed-values.ts';
import { firstRunOf, judgeWithin, MaskScratch } from '../day-span.ts';
import type { DaySpan } from '../day-span.ts';
import type { RowMatch } from '../row-mask.ts';
import type { DayRows, EventRows, ScanColumn } from '../scan-source.ts';
import type { BirthLog } from './birth-log.ts';
import type { ReturnPairs } from './return-pairs.ts';

/** What is read of each row that is a return, beside its time. */
export interface ReturnReads {
  /** The value that a return is put into segments by, position `at` among these; null = returns are not. */
  readonly values: { readonly all: AttributedValues; readonly at: number } | null;
  /** The event property whose numbers are summed up; null = none is. */
  readonly summed: string | null;
  /** Whether a return without a number matters all the same: in streaks, and where segments are those of returns. */
  readonly needsAll: boolean;
}

/** A part of a day of a range of users, and where its returns go. */
export interface MarkedRows {
  readonly day: DayRows;
  readonly span: DaySpan;
  readonly births: BirthLog;
  readonly pairs: ReturnPairs;
  /** A birth is observed for so many units. */
  readonly unitCount: number;
  /** Of intervals that roll, in ms; null = `bucket` says the unit. */
  readonly lengthMs: number | null;
  /** The calendar bucket that the part of the day lies in; −1 where intervals roll. */
  readonly bucket: number;
}

/**
 * Gives births their returns row by row: what each of them has decides, its value or its number, and not only that
 * somebody came back.
 */
export class ReturnRows {
  readonly #match: RowMatch;
  readonly #withBirth: boolean;
  readonly #reads: ReturnReads;
  readonly #mask = new MaskScratch();

  /** `withBirth`: the event that a user is born with may be his return, as in streaks (6.1). */
  constructor(match: RowMatch, withBirth: boolean, reads: ReturnReads) {
    this.#match = match;
    this.#withBirth = withBirth;
    this.#reads = reads;
  }

  /** The births of the day are known. */
  mark(marked: MarkedRows): void {
    const { day, span, births, pairs } = marked;
    pairs.reach(births.count);
    const { firstUser: first, userCount } = births;
    for (const rows of day.events) {
      const match = this.#match.ofEvent(rows.event);
      if (match === null) continue;
      const firstRun = firstRunOf(rows.users, first);
      const endRun = firstRunOf(rows.users, first + userCount, firstRun);
      const slice = { first: rows.starts[firstRun], end: rows.starts[endRun] };
      const mask = this.#mask.take(slice.end - slice.first);
      const judgement = judgeWithin(match, rows, slice, span, mask);
      if (judgement === 'none') continue;
      const of = this.#ofEvent(rows, judgement === 'all' ? null : mask, slice.first);
      if (of.summed === null && !this.#reads.needsAll) continue;
      this.#markRuns(of, { firstRun, endRun, passing: match.users }, marked);
    }
  }

  #ofEvent(rows: EventRows, mask: Uint8Array | null, firstRow: number): EventReturns {
    const { values, summed } = this.#reads;
    return {
      rows,
      mask,
      firstRow,
      reader: values === null ? null : values.all.readersOf(rows)[values.at],
      summed: summed === null ? null : (rows.column(summed) ?? null),
    };
  }

  #markRuns(
    of: EventReturns,
    runs: {
      readonly firstRun: number;
      readonly endRun: number;
      readonly passing: Uint8Array | null;
    },
    marked: MarkedRows,
  ): void {
    const { rows, mask, firstRow } = of;
    const { users, starts } = rows;
    const { latest, firstUser } = marked.births;
    for (let run = runs.firstRun; run < runs.endRun; run++) {
      const ordinal = users[run];
      if (latest[ordinal - firstUser] === 0) continue;
      if (runs.passing !== null && runs.passing[ordinal] === 0) continue;
      for (let row = starts[run]; row < starts[run + 1]; row++) {
        if (mask === null || mask[row - firstRow] === 1) {
          this.#markRow(ordinal - firstUser, row, of, marked);
        }
      }
    }
  }

  #markRow(user: number, row: number, of: EventReturns, marked: MarkedRows): void {
    const { births, pairs, unitCount, lengthMs, bucket, day } = marked;
    const { rows, reader } = of;
    const { todayFrom, latest } = births;
    const previous = births.previous.array;
    const cohorts = births.cohorts.array;
    const times = births.times.array;
    const number = numberOf(of, row);
    if (number !== number && !this.#reads.needsAll) return;
    const value = reader === null ? 0 : reader.idOf(row);
    let later = 0;
    for (let birth = latest[user]; birth !== 0; later = birth, birth = previous[birth - 1]) {
      if (birth > todayFrom && !this.#isReturn(birth - 1, row, rows, marked)) continue;
      const sinceMs = day.startMs - times[birth - 1];
      const unit =
        lengthMs === null
          ? bucket - cohorts[birth - 1]
          : Math.floor((sinceMs + rows.times[row]) / lengthMs);
      if (unit < 0) continue;
      if (unit >= unitCount) {
        // Rows of another event may be earlier on the same day.
        const isOver = lengthMs === null || sinceMs >= unitCount * lengthMs;
        if (isOver) births.forget(user, later);
        break;
      }
      births.addReturn(birth - 1, unit);
      const pair = pairs.of(birth - 1, value);
      pairs.addReturn(pair, unit);
      if (number === number) pairs.addNumber(pair, unit, number);
    }
  }

  /** Whether a row is not before a birth of today, nor the birth itself. */
  #isReturn(birth: number, row: number, rows: EventRows, { births, day }: MarkedRows): boolean {
    const time = day.startMs + rows.times[row];
    const bornMs = births.times.array[birth];
    if (time !== bornMs) return time > bornMs;
    return this.#withBirth || births.rowOf(birth, rows.event) !== row;
  }
}

/** Rows of one event that are returns, and what is read of them. */
interface EventReturns {
  readonly rows: EventRows;
  /** 1 where a row is a return, from row `firstRow` on; null = all are. */
  readonly mask: Uint8Array | null;
  readonly firstRow: number;
  readonly reader: ValueReader | null;
  readonly summed: ScanColumn | null;
}

/** NaN = the row has no number, or none is asked for. */
function numberOf({ summed }: EventReturns, row: number): number {
  if (summed === null) return NaN;
  const code = summed.codes[row];
  return code === 0 ? NaN : summed.dictionary.numbers[code];
}
