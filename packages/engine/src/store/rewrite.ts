import { mergeCoveredFiles } from '../format/covered-file.ts';
import { mergePeopleFiles } from '../format/people-file.ts';
import { fileSource } from '../format/segment/byte-source.ts';
import { encodeSegment } from '../format/segment/encode-segment.ts';
import { SegmentFile } from '../format/segment/segment-file.ts';
import type { SegmentRows } from '../format/segment/segment-rows.ts';
import { mergeUsersFiles } from '../format/users-file.ts';
import type { UserIds, UserRedirects } from '../query/scan/project-snapshot.ts';
import { mergeParts } from './merge/merge-parts.ts';
import { segmentMeta } from './segment-meta.ts';
import type { HiddenInSegment, SegmentMeta } from './shard-catalog.ts';

/**
 * The work on files that takes long and needs nothing but them: pure functions over bytes, run by the
 * storage process on a thread of its own.
 */

/** Whose events, and of which day (since 1970-01-01 UTC). */
export interface DayOwner {
  readonly project: number;
  readonly shard: number;
  readonly day: number;
}

export interface NewSegment {
  readonly bytes: Uint8Array;
  readonly meta: SegmentMeta;
}

/** A segment of these rows, which hide what `hides` says in other segments. Absent = nobody looked for copies. */
export function encodeDay(
  owner: DayOwner,
  rows: SegmentRows,
  hides?: readonly HiddenInSegment[],
): NewSegment {
  return { bytes: encodeSegment(rows, owner), meta: segmentMeta(rows, hides) };
}

/** The users that the catalog knows. Ids and redirects of users in memory have no place in a file. */
export interface CatalogUsers {
  readonly ids: UserIds;
  readonly redirects: UserRedirects;
}

/** Segments of one day, oldest generation first. */
export interface SegmentsToMerge {
  readonly paths: readonly string[];
  /** By segment the rows that segments of other days hide. */
  readonly hiddenRows: readonly Uint32Array[];
  /** What the segments hide in others that stay. */
  readonly hides: readonly HiddenInSegment[];
}

/**
 * One segment that takes the place of several of the same day: each event once, merged users made
 * physical. Throws what reading a segment throws.
 */
export function compactDay(
  owner: DayOwner,
  { paths, hiddenRows, hides }: SegmentsToMerge,
  { ids, redirects }: CatalogUsers,
): NewSegment {
  const parts = paths.map((path) => readRows(path, owner));
  const userId = (ordinal: number): string => idText(ids, ordinal);
  const users = { redirects, userId };
  return encodeDay(owner, mergeParts(parts, { day: owner.day, users, hiddenRows }), hides);
}

function readRows(path: string, owner: DayOwner): SegmentRows {
  const source = fileSource(path);
  try {
    return SegmentFile.open(source, owner).rows();
  } finally {
    source.close();
  }
}

export function idText({ bytes, ends }: UserIds, ordinal: number): string {
  if (ordinal === 0) return '';
  // Text decoders do not read shared memory.
  return Buffer.from(bytes.subarray(ends[ordinal - 1], ends[ordinal])).toString();
}

/** Files of which small ones pile up, one more with every index job. */
export type SmallFileKind = 'users' | 'people' | 'covered';

export interface SmallFiles {
  readonly kind: SmallFileKind;
  /** In the order in which they apply. */
  readonly files: readonly Uint8Array[];
  /** Nothing comes before them. */
  readonly isWhole: boolean;
  readonly nowMs: number;
}

/** One file that says what several say. Throws what reading them throws. */
export function mergeFiles({ kind, files, isWhole, nowMs }: SmallFiles): Uint8Array {
  switch (kind) {
    case 'users':
      return mergeUsersFiles(files);
    case 'people':
      return mergePeopleFiles(files, { isWhole });
    case 'covered':
      return mergeCoveredFiles(files, nowMs);
  }
}
