import type { SegmentRows } from '../format/segment/segment-rows.ts';
import type { PartEvent } from '../query/scan/project-snapshot.ts';
import type { FailedUpdate } from './people/people-table.ts';

export type { FailedUpdate };

/**
 * The files that make up a shard at one version of its catalog, all of them on this machine: what a
 * store serves besides its row log. Files never change; every change of the set is a new version.
 */
export interface ShardCatalog {
  /** Grows by one with every change of the set; 0 = nothing was ever indexed. */
  readonly version: number;
  readonly projects: ReadonlyMap<number, ProjectFiles>;
  /** Which batches of the row log lie in the other files by now, oldest first. */
  readonly covered: readonly CatalogFile[];
}

export interface ProjectFiles {
  /** Pieces of the user dictionary (format/users-file.ts), ascending by the ordinals they hold, without gaps. */
  readonly users: readonly CatalogFile[];
  /** Profiles (format/people-file.ts) in the order in which they apply: a later one overrides. */
  readonly people: readonly CatalogFile[];
  /** In any order. */
  readonly segments: readonly SegmentEntry[];
}

export interface CatalogFile {
  /** Unique for ever: what was read of a file is kept under it. */
  readonly id: string;
  readonly path: string;
}

export interface SegmentEntry extends CatalogFile {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  /** Later ones hold later arrivals; a compaction takes the place of the last that it merged. */
  readonly generation: number;
  readonly meta: SegmentMeta;
}

/**
 * What is known of a segment without opening it: stored beside its name in the catalog as plain JSON.
 * Made by `segmentMeta` (segment-meta.ts) from the rows that the segment was encoded from.
 */
export interface SegmentMeta {
  readonly rowCount: number;
  /** Rows whose time the edge changed (`SegmentRows.sentTimes`): only they may have copies on other days. */
  readonly oddRowCount: number;
  /** Of the last event, ms since the day began. Absent in what was written before it existed: any. */
  readonly lastTime?: number;
  readonly events: readonly PartEvent[];
  /** For the pickers. */
  readonly properties: readonly SegmentMetaProperty[];
  /** Rows of other segments that have a later copy here, at another time. Absent = none. */
  readonly hides?: readonly HiddenInSegment[];
  /** Whoever made it did not look for copies at other times in the segments before: readers do. */
  readonly isUnsearched?: boolean;
}

/** Rows of a segment that are not shown; what compaction leaves out. */
export interface HiddenInSegment {
  /** Its id. One that is no longer in the catalog means nothing. */
  readonly segment: string;
  /** Ascending. */
  readonly rows: readonly number[];
}

export interface SegmentMetaProperty {
  readonly name: string;
  /** Rows by type of the value, in the order of `valueTypeNames`. */
  readonly typeCounts: readonly number[];
}

/**
 * What an index job found in a store's memory: everything of the batches it covers, to be encoded, put into
 * the object store and committed as version `expectedVersion + 1`. Plain data: may go to another thread.
 */
export interface IndexJob {
  readonly shard: number;
  readonly expectedVersion: number;
  readonly batchCount: number;
  /** A covered file (format/covered-file.ts). */
  readonly covered: Uint8Array;
  /** Ascending by project; those that gained nothing are left out. */
  readonly projects: readonly ProjectIndexJob[];
}

export interface ProjectIndexJob {
  readonly project: number;
  /** A users file: new users and links. Null = there are none. */
  readonly users: Uint8Array | null;
  /** A people file: profiles that changed. Null = none did. */
  readonly people: Uint8Array | null;
  /** One new segment each, ascending by day. */
  readonly days: readonly DayIndexJob[];
  /** Updates of people that are part of the files and of which something could not be done; none of groups, which lie on every shard. */
  readonly failedUpdates: readonly FailedUpdate[];
}

export interface DayIndexJob {
  readonly day: number;
  readonly rows: SegmentRows;
  readonly meta: SegmentMeta;
}

/** What waits in the row log for the next index job. */
export interface Indexable {
  readonly batches: number;
  /** Bytes of these batches in the row log. */
  readonly bytes: number;
  /** When the oldest of them was received at the edge, ms UTC; null = none waits. */
  readonly oldestAt: number | null;
}

export const emptyCatalog: ShardCatalog = { version: 0, projects: new Map(), covered: [] };
