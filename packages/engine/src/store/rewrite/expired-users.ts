import { GrowableUint32 } from '../../base/growable.ts';
import { mergeParts } from '../merge/merge-parts.ts';
import { readSegment } from '../read-segment.ts';
import { type CatalogUsers, type DayOwner, idText } from '../rewrite.ts';
import type { SegmentToRewrite } from './rewrite-day.ts';

/** A segment of any day. */
export interface OwnedPath {
  readonly owner: DayOwner;
  readonly path: string;
}

/** Users who have a row in any of the segments, ascending; nobody (0) is left out. Throws what reading one throws. */
export function usersOfSegments(segments: readonly OwnedPath[]): Uint32Array {
  const has = new GrowableUint32();
  for (const { owner, path } of segments) {
    readSegment(path, owner, (file) => {
      const users = file.activeUsers(new Set());
      has.extendTo((users.at(-1) ?? 0) + 1);
      for (let i = 0; i < users.length; i++) has.array[users[i]] = 1;
    });
  }
  const users = new GrowableUint32();
  for (let user = 1; user < has.length; user++) if (has.array[user] === 1) users.push(user);
  return users.array.slice(0, users.length);
}

/** How many events of a day a query sees: of several segments each event once. */
export function countDay(
  owner: DayOwner,
  segments: readonly SegmentToRewrite[],
  { ids, redirects }: CatalogUsers,
): number {
  const parts = segments.map(({ path }) => readSegment(path, owner, (file) => file.rows()));
  const users = { redirects, userId: (ordinal: number) => idText(ids, ordinal) };
  const hiddenRows = segments.map((segment) => segment.hiddenRows);
  return mergeParts(parts, { day: owner.day, users, hiddenRows }).rowCount;
}
