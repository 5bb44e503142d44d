import type { NeededDay } from './snapshot-days.ts';

/** Days whose columns are in memory together. */
export interface Chunk {
  readonly days: readonly NeededDay[];
  /** What they take up at most. */
  readonly bytes: number;
}

/** A walk over all chunks for some of the users. */
export interface Pass {
  readonly isFirst: boolean;
  readonly firstUser: number;
  /** Exclusive. */
  readonly endUser: number;
  readonly chunks: readonly Chunk[];
  /** Rows that the pass will meet, of all users. */
  readonly rowCount: number;
}

/**
 * Bytes that the way over rows in the order of users (row-scan.ts) takes a row, its columns and the
 * executor's own arrays included.
 */
const rowBytes = 64;

/**
 * Cuts a query whose columns do not fit into memory. A fast scan keeps a little of each user from chunk to chunk, the
 * slow way all rows: it goes over the days several times, each time for users of whom that fits.
 */
export function planPasses(
  days: readonly NeededDay[],
  options: {
    readonly userCount: number;
    /** The plan is about nobody else: one pass, and where it goes over the rows of each user only over his. */
    readonly onlyUser?: number | undefined;
    readonly isFast: boolean;
    /** What fast scans keep of a user from chunk to chunk. */
    readonly userBytes: number;
    readonly bytesMax: number;
    readonly bytesOf: (day: NeededDay) => number;
  },
): Pass[] {
  const { userCount, onlyUser, isFast, bytesMax } = options;
  const chunks = cutDays(days, bytesMax, options.bytesOf);
  let rowCount = 0;
  for (const { events } of days) for (const { rowsMax } of events) rowCount += rowsMax;
  if (onlyUser !== undefined && !isFast) {
    return [{ isFirst: true, firstUser: onlyUser, endUser: onlyUser + 1, chunks, rowCount }];
  }
  const kept = isFast ? userCount * options.userBytes : rowCount * rowBytes;
  const wanted = Math.ceil(kept / Math.max(bytesMax, 1));
  const count = chunks.length === 1 ? 1 : Math.min(Math.max(1, wanted), userCount + 1);
  const usersEach = Math.ceil((userCount + 1) / count);
  const passes: Pass[] = [];
  for (let first = 1; first === 1 || first <= userCount; first += usersEach) {
    const endUser = Math.min(first + usersEach, userCount + 1);
    passes.push({ isFirst: first === 1, firstUser: first, endUser, chunks, rowCount });
  }
  return passes;
}

/** At least one chunk, and a day at least in each. */
export function cutDays(
  days: readonly NeededDay[],
  bytesMax: number,
  bytesOf: (day: NeededDay) => number,
): Chunk[] {
  const chunks: { days: NeededDay[]; bytes: number }[] = [{ days: [], bytes: 0 }];
  for (const day of days) {
    const bytes = bytesOf(day);
    let last = chunks[chunks.length - 1];
    if (last.days.length > 0 && last.bytes + bytes > bytesMax) {
      chunks.push((last = { days: [], bytes: 0 }));
    }
    last.days.push(day);
    last.bytes += bytes;
  }
  return chunks;
}
