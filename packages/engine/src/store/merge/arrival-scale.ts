import { assert } from '../../base/assert.ts';

/** What is known of a part without its rows. */
export interface ArrivalPart {
  /** Ascending, distinct. */
  readonly batchSequences: Float64Array;
  /** The greatest tie rank of any row of the part, whatever its event; 0 where it has none. */
  readonly tieRankMax: number;
}

const rankMax = 0xffffffff;
/** Of users that are told apart within one: few have more devices. */
const userRanks = 64;

/**
 * Numbers that put the rows of several parts of a day in order of arrival, made without reading the rows:
 * events of the day may be merged one by one, each where it is needed, and still compare. Events whose
 * rows are compared must be merged on scales made of the same arguments.
 *
 * Arrival is (sequence, part, tie rank). Within a part the tie rank alone says all of that for the rows
 * of one user and time, and a sequence only matters against other parts. So batches of one part between
 * whose sequences no other part has one share a *stretch*; a row's rank is
 * stretch × (tieRankMax + 1) + tie rank. Parts are mostly indexed one after the other, so there are about
 * as many stretches as parts.
 *
 * `hasMoved`: rows of merged users come together, whose tie ranks were not made for each other; then every batch is a
 * stretch of its own, and within one the rows of the user who remained come first, then those of each that was merged
 * into him, by id (`UserRedirects.ranks`): arrival is (sequence, part, rank of the user, tie rank). The place in the
 * batch would be better, but costs bytes in every row of every segment, for rows of one batch and one
 * millisecond that were sent for two users who turn out to be one.
 *
 * Bounded: should stretches × ranks of users × tie ranks pass 32 bits (say, ten thousand stretches and ten thousand
 * events of one user in one millisecond), the last of such events share a rank: of different event names among
 * them it is not said which came first. The same holds from the 64th user on that was merged into one.
 */
export class ArrivalScale {
  readonly #stretches: readonly Uint32Array[];
  /** Tie ranks of one user within one stretch. */
  readonly #tieCount: number;
  /** Ranks of users within one stretch. */
  readonly #userCount: number;
  /** Tie ranks of the only part are ranks already. */
  readonly isPlain: boolean;

  constructor(parts: readonly ArrivalPart[], hasMoved: boolean) {
    const { stretches, count } = stretchesOf(parts, hasMoved);
    const tieRankMax = parts.reduce((max, part) => Math.max(max, part.tieRankMax), 0);
    this.#stretches = stretches;
    const room = Math.floor((rankMax + 1) / Math.max(1, count));
    this.#userCount = hasMoved ? Math.min(userRanks, room) : 1;
    this.#tieCount = Math.min(tieRankMax + 1, Math.floor(room / this.#userCount));
    this.isPlain = parts.length === 1 && !hasMoved;
  }

  /** Tie ranks of one event of a part on this scale; both arguments by row. */
  ranks(part: number, batches: Uint32Array, tieRanks: Uint32Array | null): Uint32Array {
    const stretches = this.#stretches[part];
    const factor = this.#userCount * this.#tieCount;
    const ranks = new Uint32Array(batches.length);
    if (tieRanks === null) {
      for (let row = 0; row < ranks.length; row++) ranks[row] = stretches[batches[row]] * factor;
      return ranks;
    }
    const tieMax = this.#tieCount - 1;
    for (let row = 0; row < ranks.length; row++) {
      const tieRank = tieRanks[row];
      ranks[row] = stretches[batches[row]] * factor + (tieRank < tieMax ? tieRank : tieMax);
    }
    return ranks;
  }

  /** Puts rows start … end − 1 behind those of the same batch whose users have lower ranks. */
  moveBack(
    ranks: Uint32Array,
    { start, end, rank }: { readonly start: number; readonly end: number; readonly rank: number },
  ): void {
    const by = Math.min(rank, this.#userCount - 1) * this.#tieCount;
    for (let row = start; row < end; row++) ranks[row] += by;
  }
}

/** By part and batch the number of its stretch: they ascend with (sequence, part). */
function stretchesOf(
  parts: readonly ArrivalPart[],
  isBatchApart: boolean,
): { stretches: Uint32Array[]; count: number } {
  const stretches = parts.map(({ batchSequences }) => new Uint32Array(batchSequences.length));
  const next = new Uint32Array(parts.length);
  let last = -1;
  let count = 0;
  for (;;) {
    const part = firstPart(parts, next);
    if (part < 0) break;
    if (isBatchApart || part !== last) count++;
    last = part;
    stretches[part][next[part]++] = count - 1;
  }
  assert(count <= rankMax, () => `${count} stretches of batches do not fit into 32 bits`);
  return { stretches, count };
}

/** The part whose next batch is the earliest; of equal sequences the earlier part. −1 = none is left. */
function firstPart(parts: readonly ArrivalPart[], next: Uint32Array): number {
  let first = -1;
  let sequence = 0;
  for (let part = 0; part < parts.length; part++) {
    const { batchSequences } = parts[part];
    if (next[part] === batchSequences.length) continue;
    if (first < 0 || batchSequences[next[part]] < sequence) {
      first = part;
      sequence = batchSequences[next[part]];
    }
  }
  return first;
}
