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
  /** What is held of its users from chunk to chunk, about; 0 where there is one chunk. */
  readonly heldBytes: number;
}

/**
 * Bytes that the way over rows in the order of users (row-scan.ts) takes a row, arrays that grew beyond what they hold
 * and the executor's own included: user, time, event and place in the order, and a code for each column.
 */
const rowBytes = 40;
const codeBytes = 8;

/**
 * Cuts a query whose columns do not fit into memory. A fast scan keeps a little of each user from chunk to chunk, the
 * slow way all rows: where that is more than may be held it goes over the days several times, each time for some of
 * the users. What is held does not lie in the cache, so a small cache costs chunks and no further passes.
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
    /** Columns of a chunk. */
    readonly bytesMax: number;
    /** What may be held of users from chunk to chunk. */
    readonly heldBytesMax: number;
    readonly bytesOf: (day: NeededDay) => number;
  },
): Pass[] {
  const { userCount, onlyUser, isFast } = options;
  const chunks = cutDays(days, options.bytesMax, options.bytesOf);
  const { rowCount, rowsBytes } = rowsOf(days);
  if (onlyUser !== undefined && !isFast) {
    const ofOne = { firstUser: onlyUser, endUser: onlyUser + 1, heldBytes: 0 };
    return [{ isFirst: true, ...ofOne, chunks, rowCount }];
  }
  const kept = chunks.length === 1 ? 0 : isFast ? userCount * options.userBytes : rowsBytes;
  const wanted = Math.max(1, Math.ceil(kept / Math.max(options.heldBytesMax, 1)));
  const count = Math.min(wanted, userCount + 1);
  const usersEach = Math.ceil((userCount + 1) / count);
  const heldBytes = Math.ceil(kept / count);
  const passes: Pass[] = [];
  for (let first = 1; first === 1 || first <= userCount; first += usersEach) {
    const endUser = Math.min(first + usersEach, userCount + 1);
    passes.push({ isFirst: first === 1, firstUser: first, endUser, chunks, rowCount, heldBytes });
  }
  return passes;
}

function rowsOf(days: readonly NeededDay[]): { rowCount: number; rowsBytes: number } {
  let [rowCount, rowsBytes] = [0, 0];
  for (const { events } of days) {
    for (const { rowsMax, needs } of events) {
      rowCount += rowsMax;
      rowsBytes += rowsMax * (rowBytes + codeBytes * needs.properties.length);
    }
  }
  return { rowCount, rowsBytes };
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
