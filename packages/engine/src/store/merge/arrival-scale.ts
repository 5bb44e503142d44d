import { assert } from '../../base/assert.ts';

/** What is known of a part without its rows. */
export interface ArrivalPart {
  /** Ascending, distinct. */
  readonly batchSequences: Float64Array;
  /** The greatest tie rank of any row of the part, whatever its event; 0 where it has none. */
  readonly tieRankMax: number;
}

const rankMax = 0xffffffff;

/**
 * Numbers that put the rows of several parts of a day in order of arrival, made without reading the rows:
 * events of the day may be merged one by one, each where it is needed, and still compare. Events whose
 * rows are compared must be merged on scales made of the same arguments.
 *
 * Arrival is (sequence, part, tie rank). Within a part the tie rank alone says all of that for the rows
 * of one user and time, and a sequence only matters against other parts. So batches of one part between
 * whose sequences no other part has one share a *stretch*; a row's rank is
 * stretch × (tieRankMax + 1) + tie rank. Parts are mostly indexed one after the other, so there are about
 * as many stretches as parts. `hasMoved`: rows of merged users come together, whose tie ranks were not
 * made for each other; then every batch is a stretch of its own.
 *
 * Bounded: should stretches × tie ranks pass 32 bits (say, ten thousand stretches and half a million events
 * of one user in one millisecond), the last of such events share a rank: of different event names among
 * them it is not said which came first.
 */
export class ArrivalScale {
  readonly #stretches: readonly Uint32Array[];
  readonly #factor: number;
  /** Tie ranks of the only part are ranks already. */
  readonly isPlain: boolean;

  constructor(parts: readonly ArrivalPart[], hasMoved: boolean) {
    const { stretches, count } = stretchesOf(parts, hasMoved);
    const tieRankMax = parts.reduce((max, part) => Math.max(max, part.tieRankMax), 0);
    this.#stretches = stretches;
    this.#factor = Math.min(tieRankMax + 1, Math.floor((rankMax + 1) / Math.max(1, count)));
    this.isPlain = parts.length === 1 && !hasMoved;
  }

  /** Tie ranks of one event of a part on this scale; both arguments by row. */
  ranks(part: number, batches: Uint32Array, tieRanks: Uint32Array | null): Uint32Array {
    const stretches = this.#stretches[part];
    const factor = this.#factor;
    const ranks = new Uint32Array(batches.length);
    if (tieRanks === null) {
      for (let row = 0; row < ranks.length; row++) ranks[row] = stretches[batches[row]] * factor;
      return ranks;
    }
    const tieMax = factor - 1;
    for (let row = 0; row < ranks.length; row++) {
      const tieRank = tieRanks[row];
      ranks[row] = stretches[batches[row]] * factor + (tieRank < tieMax ? tieRank : tieMax);
    }
    return ranks;
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
