import { assert } from '../../../base/assert.ts';
import { dayMs } from '../../../format/segment/segment-rows.ts';
import { lastAtMost } from '../../kernels/assign-buckets.ts';

/**
 * A UTC day cut by edges. Pieces are numbered over the whole time axis: piece p lies between edges p − 1
 * and p, so piece 0 is what comes before the first edge, and the last one what comes after all.
 */
export interface DayPieces {
  /** The piece in which the day begins. */
  readonly first: number;
  /** Pieces that the day touches; 1 = it lies in one whole, and nobody need look at times. */
  readonly count: number;
  /** Where pieces first + 1 … begin, ms of the day; `count` entries, the last one is beyond every day. */
  readonly cuts: Uint32Array;
  /** By quarter of an hour: the piece (less `first`) in which it begins. */
  readonly byQuarter: Uint8Array;
}

/** Offsets of zones are whole quarters: nearly every edge begins one. */
export const quarterMs = 900_000;

/** Pieces of a day are bits of a mask. Hours make 26 at most, with a change of the clock. */
const edgesMax = 30;

/** Whether no UTC day has more edges than its pieces can be told apart. The edges ascend. */
export function fitPieces(edges: Float64Array): boolean {
  for (let i = edgesMax; i < edges.length; i++) {
    if (Math.floor(edges[i] / dayMs) === Math.floor(edges[i - edgesMax] / dayMs)) return false;
  }
  return true;
}

/** The days of one set of edges that `fitPieces`; each is cut once. */
export class DayCutter {
  readonly #edges: Float64Array;
  readonly #days = new Map<number, DayPieces>();

  /** Ascending, distinct, ms UTC. */
  constructor(edges: Float64Array) {
    this.#edges = edges;
  }

  of(startMs: number): DayPieces {
    const known = this.#days.get(startMs) ?? cutDay(this.#edges, startMs);
    this.#days.set(startMs, known);
    return known;
  }
}

function cutDay(edges: Float64Array, startMs: number): DayPieces {
  const first = lastAtMost(edges, startMs) + 1;
  const end = lastAtMost(edges, startMs + dayMs - 1) + 1;
  assert(
    end - first <= edgesMax,
    () => `${end - first} edges lie within the UTC day of ${startMs}`,
  );
  const cuts = new Uint32Array(end - first + 1).fill(0xffff_ffff);
  for (let piece = first; piece < end; piece++) cuts[piece - first] = edges[piece] - startMs;
  const byQuarter = new Uint8Array(dayMs / quarterMs);
  for (let quarter = 0, piece = 0; quarter < byQuarter.length; quarter++) {
    while (cuts[piece] <= quarter * quarterMs) piece++;
    byQuarter[quarter] = piece;
  }
  return { first, count: end - first + 1, cuts, byQuarter };
}

/** `out[i]` = the piece, less `first`, of the time of rows[i]. */
export function piecesOfRows(
  times: Uint32Array,
  rows: Uint32Array,
  count: number,
  { cuts, byQuarter }: DayPieces,
  out: Uint8Array,
): void {
  for (let i = 0; i < count; i++) {
    const time = times[rows[i]];
    let piece = byQuarter[(time / quarterMs) | 0];
    while (time >= cuts[piece]) piece++;
    out[i] = piece;
  }
}
