import { assert } from '../../base/assert.ts';
import type { ArrivalScale } from './arrival-scale.ts';
import {
  type Allocate,
  type EventPart,
  type MergedRows,
  type MergeUsers,
  ordinaryMemory,
} from './event-part.ts';
import { EventMerge } from './event-merge.ts';
import { movedRuns } from './redirected-runs.ts';

/** So that the index of a part fits into 16 bits; compaction keeps a day far below. */
const partsMax = 0x10000;

/**
 * The rows of one event of a day out of all parts of the day, each event once, in the order of scans.
 *
 * `parts[p]` is the event in part p of those that `scale` was made of, null where the part has none. What
 * is merged: rows of users that were merged away go to the winner's place; rows with equal (user, time)
 * stand in order of arrival (`ArrivalScale`); of copies — same time as sent, distinct id as sent and insert id — the
 * last to arrive stays, also when they lie with different ordinals of one user; hidden rows are left out.
 *
 * Relies on this: copies of an event lie with ordinals of one user, for who a distinct id is changes only by
 * a merge; copies at different times (which the edge changed) are hidden by `findHiddenOddRows`.
 */
export function mergeEventParts(
  parts: readonly (EventPart | null)[],
  scale: ArrivalScale,
  users: MergeUsers,
  allocate: Allocate = ordinaryMemory,
): MergedRows {
  assert(parts.length <= partsMax, () => `${parts.length} parts of one day are too many`);
  const moved = movedRuns(parts, users.redirects);
  const only = onlyPart(parts);
  const isClean = moved.length === 0 && (parts[only]?.hiddenRows.length ?? 0) === 0;
  if (only >= 0 && isClean) return asItLies(parts, only, scale);
  const ranks = parts.map((part, p) =>
    part === null ? null : scale.ranks(p, part.batches, part.tieRanks),
  );
  for (const { part, run, rank } of moved) {
    const { starts } = parts[part] as EventPart;
    scale.moveBack(ranks[part] as Uint32Array, { start: starts[run], end: starts[run + 1], rank });
  }
  return new EventMerge(parts, ranks, moved, users).merged(allocate);
}

/** The only part that has the event; −1 = several or none have it. */
function onlyPart(parts: readonly (EventPart | null)[]): number {
  const first = parts.findIndex((part) => part !== null);
  return parts.findLastIndex((part) => part !== null) === first ? first : -1;
}

function asItLies(
  parts: readonly (EventPart | null)[],
  only: number,
  scale: ArrivalScale,
): MergedRows {
  const part = parts[only] as EventPart;
  return {
    rowCount: part.rowCount,
    users: part.users,
    starts: part.starts,
    times: part.times,
    tieRanks: scale.isPlain ? part.tieRanks : scale.ranks(only, part.batches, part.tieRanks),
    sources: { type: 'part', part: only },
  };
}
