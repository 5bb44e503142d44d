import type { ObjectStore } from '@arbor/object-store/object-store';
import type { CatalogUsers, SegmentsToMerge } from '@arbor/engine/rewrite';
import type { FailedUpdate, Indexable, IndexJob } from '@arbor/engine/catalog';
import type { StoreProducer } from '@arbor/queue/store-producer';
import type { Logger } from '@arbor/runtime/logger';
import type pg from 'pg';
import type { MoverShard } from '../moves/mover-context.ts';
import type { CatalogFollower } from './catalog-follower.ts';
import type { Rewriter } from './rewriter.ts';

/** The part of a shard's store that index jobs and compaction need. */
export interface IndexableStore extends Pick<
  MoverShard['store'],
  'movingUsers' | 'catalogVersion'
> {
  indexable(): Indexable;
  /** Everything durable that no file has yet; null = nothing. The store itself does not change. */
  prepareIndex(): Promise<IndexJob | null>;
  /** Users of a project as the files of the adopted catalog have them. */
  catalogUsers(project: number): CatalogUsers;
  /** Files of the row log of which something cannot be read. */
  readonly damagedLogFiles: readonly number[];
  /** They go, once what could be read of them is in files of the catalog. */
  giveUpDamagedLog(): Promise<void>;
  /** What segments to be merged have to do with others, by the ids of their files. */
  mergedWith(project: number, ids: readonly string[]): Omit<SegmentsToMerge, 'paths'>;
}

/** One shard of this process. */
export interface ShardUnit {
  readonly store: IndexableStore;
  readonly follower: CatalogFollower;
}

/** What the jobs over a shard's files work with. */
export interface StorageContext {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly objects: ObjectStore;
  readonly rewriter: Rewriter;
  readonly logger: Logger;
  /** Ms since 1970 UTC. */
  readonly clock: () => number;
  readonly thresholds: IndexThresholds;
  /** Sends batches of people after users who leave a shard. */
  readonly send: StoreProducer['send'];
  /** Tells of updates of people that became part of files and could not be done. */
  readonly tellFailed: (project: number, failed: readonly FailedUpdate[]) => Promise<void>;
  /** Replaced files stay so long: for queries under way, replicas that are late, and whoever copies the object store. */
  readonly removedFileGraceMs: number;
  /** Files that hold what was erased stay so long after they left the catalog: longer than any query may take. */
  readonly purgedFileGraceMs: number;
}

/** When an index job is worth its cost: whichever is reached first. */
export interface IndexThresholds {
  /** Bytes of batches in the row log that no segment has yet. */
  readonly bytes: number;
  /** Age of the oldest of them, ms. */
  readonly ageMs: number;
}

/**
 * How a job over a shard ended: `busy` = another process holds the shard's lock; `conflict` = somebody
 * changed the catalog meanwhile, and what the job had made is left to the collection of garbage.
 */
export type JobOutcome = 'done' | 'nothing' | 'busy' | 'conflict';
