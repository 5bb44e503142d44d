import { cellCount } from '../../exec/memory.ts';
import { lastAtMost } from '../../kernels/assign-buckets.ts';
import type { WindowsPlan } from '../../plan/plan-types.ts';
import type { MarkArray, Marks, PieceWindows } from './mark-users.ts';

/**
 * Distinct users by slot and window; window w is [starts[w], ends[w]), and both lists never fall. Ranges
 * of users are counted into the same cells, because a user is in one range.
 */
export class UserCounter {
  readonly #width: number;
  readonly #even: Uint32Array;
  readonly #odd: Uint32Array;
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  #edges = new Float64Array(0);
  #fresh = new Float64Array(0);
  readonly #nobody = new Set<number>();

  /** `pieceEdges`: ascending, among them all starts and ends; pieces are numbered as in `DayPieces`. */
  constructor({ starts, ends }: WindowsPlan, pieceEdges: Float64Array) {
    this.#width = starts.length + 1;
    this.#even = new Uint32Array(this.#width);
    this.#odd = new Uint32Array(this.#width);
    const windowStarts = Float64Array.from(starts);
    const windowEnds = Float64Array.from(ends);
    this.#first = new Int32Array(pieceEdges.length + 1);
    this.#last = new Int32Array(pieceEdges.length + 1).fill(-1);
    for (let piece = 1; piece <= pieceEdges.length; piece++) {
      this.#first[piece] = lastAtMost(windowEnds, pieceEdges[piece - 1]) + 1;
      this.#last[piece] = lastAtMost(windowStarts, pieceEdges[piece - 1]);
    }
  }

  get windowCount(): number {
    return this.#width - 1;
  }

  /** Slots 0 … slotCount − 1 may be mentioned. Throws INVALID_QUERY where they do not fit into memory. */
  reserve(slotCount: number): void {
    if (slotCount <= this.#fresh.length) return;
    cellCount(slotCount, this.#width);
    const length = slotCount === 1 ? 1 : 2 * slotCount;
    const edges = new Float64Array(length * this.#width);
    const fresh = new Float64Array(length);
    edges.set(this.#edges);
    fresh.set(this.#fresh);
    this.#edges = edges;
    this.#fresh = fresh;
  }

  /** Null = the piece lies in no window. */
  windowsOf(piece: number): { readonly first: number; readonly last: number } | null {
    const windows = { first: this.#first[piece], last: this.#last[piece] };
    return windows.first > windows.last ? null : windows;
  }

  pieceWindows(offset: number): PieceWindows {
    return { first: this.#first, last: this.#last, offset };
  }

  marks(marked: MarkArray): Marks {
    return {
      marked,
      edges: this.#edges,
      fresh: this.#fresh,
      width: this.#width,
      even: this.#even,
      odd: this.#odd,
    };
  }

  /** Rows of nobody in some pieces (a bit each, from piece `offset` on): they count 0, in a slot that shows. */
  meetNobody(slot: number, pieces: number, offset: number): void {
    for (let piece = 0; piece < 31; piece++) {
      if ((pieces & (1 << piece)) === 0 || this.windowsOf(offset + piece) === null) continue;
      this.#nobody.add(slot);
      return;
    }
  }

  /** Whether the slot has any row in a window. */
  has(slot: number): boolean {
    return this.#fresh[slot] > 0 || this.#nobody.has(slot);
  }

  /** Distinct users of a slot over all windows together. */
  rangeOf(slot: number): number {
    return this.#fresh[slot];
  }

  /** Distinct users of a slot by window, sparse, and over all windows together. */
  countsOf(slot: number): { at: number[]; counts: number[]; range: number } {
    const at: number[] = [];
    const counts: number[] = [];
    let count = 0;
    for (let window = 0; window < this.#width - 1; window++) {
      count += this.#edges[slot * this.#width + window];
      if (count === 0) continue;
      at.push(window);
      counts.push(count);
    }
    return { at, counts, range: this.#fresh[slot] };
  }
}
