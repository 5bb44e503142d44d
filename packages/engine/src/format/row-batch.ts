import type { PersonOperation } from '@arbor/schema/ingest';
import type { Properties } from '@arbor/schema/property-value';

/**
 * The unit in which data travels from the ETL to the storage processes and lies in the row log: the
 * records of one ingest batch that belong to one shard. Immutable once encoded; the two replicas
 * append the same bytes. FORMAT.md describes the bytes.
 */
export interface RowBatch {
  /** Derived from the ingest batch, so a redelivered job carries the same id. Unique a shard. */
  readonly batchId: string;
  readonly project: number;
  readonly shard: number;
  /** Order of arrival at the edge (`IngestBatch.sequence`): decides ties and which copy is the latest. */
  readonly sequence: number;
  readonly receivedAt: number;
  readonly events: readonly BatchEvent[];
  readonly persons: readonly BatchPersonUpdate[];
  /** Merges that the rows of this shard must know: `loser`'s rows belong to `winner` from now on. */
  readonly links: readonly BatchLink[];
}

export interface BatchEvent {
  readonly event: string;
  readonly time: number;
  /** The time as sent: equal to `time` unless the edge had to change it. Part of the duplicate key. */
  readonly sentTime: number;
  /** As sent: part of the duplicate key. "" = belongs to no user. */
  readonly distinctId: string;
  /** Canonical id; "" where `distinctId` is "". */
  readonly user: string;
  readonly insertId: string;
  /** Position in the ingest batch, so that order survives the split by shard. */
  readonly position: number;
  readonly properties: Properties;
}

export interface BatchPersonUpdate {
  readonly user: string;
  readonly distinctId: string;
  readonly time: number;
  readonly ignoreTime: boolean;
  readonly position: number;
  readonly operations: readonly PersonOperation[];
}

export interface BatchLink {
  readonly loser: string;
  readonly winner: string;
}
