import type { Steps } from '../../base/slices.ts';
import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { PropertyColumn } from '../exec/shard-view.ts';

/**
 * Everything one shard holds of one project at one moment, as the store hands it to the scan host: files
 * that never change, and copies of what is in memory. Never changes once handed out.
 */
export interface ProjectSnapshot {
  readonly project: number;
  readonly shard: number;
  readonly users: UserIds;
  readonly redirects: UserRedirects;
  /** The snapshot is asked about this user alone, and `days` are those on which he has rows. Absent = about all. */
  readonly onlyUser?: number;
  /** Ascending by day; parts in the order of their generations, memory last. */
  readonly days: readonly SnapshotDay[];
  /**
   * Aligned with ordinals 0 … users.count; codes lie in shared memory. Undefined = no person has it. Also
   * answers to `knownUserProperty` and `profileProperty`.
   */
  personProperty(name: string): PropertyColumn | undefined;
  /**
   * What takes long the first time that these properties are asked for, in steps of some milliseconds; without it
   * `personProperty` does it at once. Null or absent = nothing does.
   */
  personSteps?(names: ReadonlySet<string>): Steps<void> | null;
  /** Absent = the project has none. */
  readonly groups?: GroupProfiles;
}

/** Profiles of the groups of a project (ingestion-api.md 5). */
export interface GroupProfiles {
  /** Undefined = no group of that key has it. The same object while nothing changes. */
  property(groupKey: string, name: string): GroupColumn | undefined;
}

/** The group `keys[i]` has `values[i]`. */
export interface GroupColumn {
  readonly keys: readonly string[];
  readonly values: readonly PropertyValue[];
}

/** Canonical ids by ordinal: id o is the UTF-8 bytes[ends[o − 1], ends[o]); ordinal 0 is "". Shared memory. */
export interface UserIds {
  /** Ordinals 1 … count exist. */
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** No ordinal: rows of users who are sent to it are left out (`store/users/left-out.ts`). */
export const goneUser = 0xffff_ffff;

/** Ordinals whose rows belong to another user by now (merges). Empty for most projects. */
export interface UserRedirects {
  /** Ascending. */
  readonly losers: Uint32Array;
  /** winners[i] = whom losers[i] belongs to in the end; never itself a loser. `goneUser` = his rows do not count here. */
  readonly winners: Uint32Array;
  /**
   * ranks[i] = place of losers[i], from 1 on, among all who belong to the same winner, by id. Orders rows of one batch
   * and instant: first the winner's own, then those of each loser.
   */
  readonly ranks: Uint32Array;
}

export interface SnapshotDay {
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
  readonly parts: readonly DayPart[];
}

/** Rows of one day. Several parts of a day may hold copies of one event, and are merged before they are scanned. */
export type DayPart = SegmentPart | MemoryPart;

interface PartBase {
  /** Equal ids, equal contents: what follows from a part may be cached under it. */
  readonly id: string;
  readonly rowCount: number;
  /** Rows that a copy elsewhere (of a row whose time the edge changed) has taken the place of; mostly empty. */
  readonly hiddenRows: Uint32Array;
  /** Names of event properties that rows may have, in no particular order. */
  propertyNames(): readonly string[];
}

export interface SegmentPart extends PartBase {
  readonly type: 'segment';
  /** A file on this machine. */
  readonly path: string;
  /** By event, in the order of the segment: what pruning needs without opening the file. */
  readonly events: readonly PartEvent[];
}

export interface PartEvent {
  readonly name: string;
  readonly rowCount: number;
  /** Runs of equal users, user 0 included: how many distinct users there are. */
  readonly userCount: number;
}

export interface MemoryPart extends PartBase {
  readonly type: 'memory';
  readonly events: readonly PartEvent[];
  /** The rows with these properties ('all' = every one), arrays over shared memory; kept once made. */
  rows(properties: ReadonlySet<string> | 'all'): SegmentRows;
}
