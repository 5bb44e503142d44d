import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { mergeParts } from '../merge/merge-parts.ts';
import { readSegment } from '../read-segment.ts';
import {
  type CatalogUsers,
  type DayOwner,
  encodeDay,
  idText,
  type NewSegment,
} from '../rewrite.ts';
import type { HiddenInSegment } from '../shard-catalog.ts';
import { type ChangedRows, changedRows } from './changed-rows.ts';
import { moveRows } from './move-rows.ts';
import { pickRows } from './pick-rows.ts';
import { placeIn, type RowChange } from './row-change.ts';

/** A segment as a rewrite reads it. */
export interface SegmentToRewrite {
  readonly path: string;
  /** Rows that another segment hides: where the segment is written anew, they are left out for good. */
  readonly hiddenRows: Uint32Array;
  /** What it hides in segments that may stay as they are. */
  readonly hides: readonly HiddenInSegment[];
  /** Write it anew, whatever it holds: what hides some of its rows leaves. */
  readonly mustChange: boolean;
}

export interface DayRewrite {
  /** In the order of the segments: null = it stays as it is, 'empty' = nothing is left of it. */
  readonly segments: readonly (NewSegment | 'empty' | null)[];
  /** Events that were visible and left, or count as another user's from now on. */
  readonly events: number;
  /** Those of the users of the change that have visible rows afterwards, ascending. */
  readonly withRows: Uint32Array;
}

/** Merged users stay apart in a segment that is written anew: to put them together is the work of compaction. */
const noRedirects = {
  losers: new Uint32Array(0),
  winners: new Uint32Array(0),
  ranks: new Uint32Array(0),
};

/**
 * Writes those segments of a day anew that hold rows which a change concerns: one after the other, so that one of them
 * at most is decoded in memory, beside the rows concerned. `users` as the catalog knows them before the change.
 * Throws what reading a segment throws.
 */
export function rewriteDay(
  owner: DayOwner,
  segments: readonly SegmentToRewrite[],
  { change, users }: { readonly change: RowChange; readonly users: CatalogUsers },
): DayRewrite {
  const userId = (ordinal: number): string =>
    change.type === 'move' && ordinal === change.leaves
      ? change.leavesId
      : idText(users.ids, ordinal);
  const counted: SegmentRows[] = [];
  const withRows = new Set<number>();
  const made = segments.map((segment) => {
    const rows = readConcerned(owner, segment, change);
    if (rows === null) return null;
    const changed = changedRows(rows, { hiddenRows: segment.hiddenRows, change, userId });
    changed.usersAfter.forEach((user) => withRows.add(user));
    counted.push(pickRows(rows, changed.counted));
    const isSame = changed.leaving.length + changed.hidden.length === 0 && !segment.mustChange;
    return isSame ? null : rewritten(owner, { segment, rows, changed, userId });
  });
  // Copies of one event in two segments of the day are one event.
  const merged = mergeParts(counted, {
    day: owner.day,
    users: { redirects: users.redirects, userId },
  });
  return {
    segments: made,
    events: change.type === 'drop' ? countUntil(merged, change.until) : merged.rowCount,
    withRows: Uint32Array.from(withRows).sort(),
  };
}

/** Null = the segment has nothing of the users. */
function readConcerned(
  owner: DayOwner,
  { path, mustChange }: SegmentToRewrite,
  { users }: RowChange,
): SegmentRows | null {
  return readSegment(path, owner, (file) => {
    const own = file.activeUsers(noNames);
    const isConcerned = mustChange || own.some((user) => placeIn(users, user) >= 0);
    return isConcerned ? file.rows() : null;
  });
}

const noNames: ReadonlySet<string> = new Set();

function rewritten(
  owner: DayOwner,
  {
    segment: { hiddenRows, hides },
    rows,
    changed,
    userId,
  }: {
    readonly segment: SegmentToRewrite;
    readonly rows: SegmentRows;
    readonly changed: ChangedRows;
    readonly userId: (ordinal: number) => string;
  },
): NewSegment | 'empty' {
  const left = mergedRows(hiddenRows, changed.leaving);
  const moved = changed.moves.map((move) => moveRows(rows, move, { day: owner.day, userId }));
  const made = mergeParts([rows, ...moved], {
    day: owner.day,
    users: { redirects: noRedirects, userId },
    hiddenRows: [left, ...moved.map(() => new Uint32Array(0))],
  });
  return made.rowCount === 0 ? 'empty' : encodeDay(owner, made, hides);
}

/** Both lists in one, ascending, each row once. */
function mergedRows(rows: Uint32Array, others: Uint32Array): Uint32Array {
  if (rows.length === 0) return others;
  return Uint32Array.from(new Set([...rows, ...others])).sort();
}

/** Rows of batches before the sequence. */
function countUntil({ rowCount, batches, batchSequences }: SegmentRows, until: number): number {
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    if (batchSequences[batches[row]] < until) count++;
  }
  return count;
}
