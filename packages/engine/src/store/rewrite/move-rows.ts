import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import { mergeParts } from '../merge/merge-parts.ts';
import type { Move } from './changed-rows.ts';
import { pickRows } from './pick-rows.ts';

/**
 * The rows of a move as those of the user they go to; each keeps the distinct id it was sent with. It is what a
 * compaction makes of users who were merged, done to some of their rows.
 */
export function moveRows(
  rows: SegmentRows,
  { to, rows: moved }: Move,
  { day, userId }: { readonly day: number; readonly userId: (ordinal: number) => string },
): SegmentRows {
  const own = pickRows(rows, moved);
  const losers = Uint32Array.from(new Set(own.users)).sort();
  const byId = [...losers].sort((one, other) => (userId(one) < userId(other) ? -1 : 1));
  const redirects = {
    losers,
    winners: new Uint32Array(losers.length).fill(to),
    ranks: losers.map((loser) => byId.indexOf(loser) + 1),
  };
  return mergeParts([own], { day, users: { redirects, userId } });
}
