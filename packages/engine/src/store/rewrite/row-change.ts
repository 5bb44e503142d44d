/** What a task does to rows. Plain data: goes to the thread that rewrites files. */
export type RowChange = DropRows | MoveRows;

/** The rows of these users leave. */
export interface DropRows {
  readonly type: 'drop';
  /** Ascending. */
  readonly users: Uint32Array;
  /** A sequence, exclusive: rows of later batches stay. */
  readonly until: number;
}

/** A user is divided: each row goes to the part whose identifier it was sent under. */
export interface MoveRows {
  readonly type: 'move';
  /** Everybody under whom rows of either part may lie, ascending; both parts are among them. */
  readonly users: Uint32Array;
  /** By place in `users`: 1 = the ordinal belongs to the part that splits off. */
  readonly splitsOff: Uint8Array;
  /** Of the part that splits off. */
  readonly identifiers: readonly string[];
  /** Of the part that stays. What was sent under others stays where it lies. */
  readonly staying: readonly string[];
  /** Who gets the rows that lie under an ordinal of the other part: of the part that stays, and of the one that leaves. */
  readonly stays: number;
  readonly leaves: number;
  /** The id of `leaves`, which the catalog may not know yet. */
  readonly leavesId: string;
  /** By place in `users`: 1 = the ordinal counted together with others. */
  readonly wasTogether: Uint8Array;
}

/** Place of a number in an ascending list; −1 = it is not there. */
export function placeIn(list: Uint32Array, number: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < number) low = middle + 1;
    else high = middle;
  }
  return list[low] === number ? low : -1;
}
