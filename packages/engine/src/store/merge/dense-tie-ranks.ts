import { GrowableUint32 } from '../../base/growable.ts';
import { mixHash } from '../../base/hash.ts';

/** Rows of a day, whatever their event, with a number by row that orders those of one user and time by arrival. */
export interface RankedRows {
  readonly users: Uint32Array;
  readonly times: Uint32Array;
  readonly ranks: Uint32Array;
}

/**
 * `SegmentRows.tieRanks`: by row its place among the rows with the same user and time, 0 where it is
 * alone; of equal ranks the earlier row comes first. Null = every row is alone.
 *
 * Few rows tie, so only they are sorted: a hash table of (user, time) finds them.
 */
export function denseTieRanks(rows: RankedRows): Uint32Array | null {
  const tied = tiedRows(rows);
  if (tied.length === 0) return null;
  const { users, times, ranks } = rows;
  tied.sort(
    (row, other) =>
      users[row] - users[other] ||
      times[row] - times[other] ||
      ranks[row] - ranks[other] ||
      row - other,
  );
  const tieRanks = new Uint32Array(users.length);
  for (let i = 1; i < tied.length; i++) {
    const row = tied[i];
    const before = tied[i - 1];
    const isTied = users[row] === users[before] && times[row] === times[before];
    tieRanks[row] = isTied ? tieRanks[before] + 1 : 0;
  }
  return tieRanks;
}

/** Rows that share user and time with another one. */
function tiedRows({ users, times }: RankedRows): Uint32Array {
  const tied = new GrowableUint32();
  const slots = new Uint32Array(2 ** Math.ceil(Math.log2(users.length * 1.5 + 1)));
  const mask = slots.length - 1;
  /** By row: it is in the list. */
  const isListed = new Uint8Array(users.length);
  for (let row = 0; row < users.length; row++) {
    let slot = mixHash(Math.imul(users[row], 0x9e3779b1) ^ times[row]) & mask;
    let first = slots[slot] - 1;
    while (first >= 0 && (users[first] !== users[row] || times[first] !== times[row])) {
      slot = (slot + 1) & mask;
      first = slots[slot] - 1;
    }
    if (first < 0) {
      slots[slot] = row + 1;
      continue;
    }
    if (isListed[first] === 0) tied.push(first);
    isListed[first] = 1;
    tied.push(row);
  }
  return tied.array.subarray(0, tied.length);
}
