import type { Member } from '@arbor/schema/cluster';
import type { MovingId, MovingUsers } from '@arbor/engine/moves/moving-users';
import type { StoreProducer } from '@arbor/queue/store-producer';
import type { JobName, UnfinishedJobs } from '@arbor/queue/unfinished-jobs';
import type { Logger } from '@arbor/runtime/logger';
import type pg from 'pg';
import type { Rewriter } from '../storage/rewriter.ts';
import type { MoveLimits } from './move-limits.ts';

/** The part of a shard's replica that moves need. */
export interface MoverShard {
  readonly store: {
    /** Of the catalog that is served. */
    readonly catalogVersion: number;
    movingUsers(project: number, movers: readonly MovingId[]): MovingUsers;
    hasBatch(batch: {
      readonly batchId: string;
      readonly sequence: number;
      readonly hasPeople: boolean;
    }): boolean;
  };
  readonly follower: { refresh(): Promise<boolean> };
}

/** What moves ask the queues (`@arbor/queue/unfinished-jobs`). */
export interface MoverQueues {
  unfinished(queue: string): Promise<UnfinishedJobs>;
  stillUnfinished<Job extends JobName>(jobs: readonly Job[]): Promise<Job[]>;
}

/** What moving users works with, in one storage process. */
export interface MoverContext {
  readonly pool: pg.Pool;
  readonly queues: MoverQueues;
  readonly zones: readonly string[];
  /** Of this process: its replicas are read. */
  readonly zone: string;
  readonly shards: ReadonlyMap<number, MoverShard>;
  readonly send: StoreProducer['send'];
  /** Reads segments in a thread of its own. */
  readonly reader: Pick<Rewriter, 'run'>;
  /** Processes whose lease holds. */
  readonly members: () => Promise<readonly Member[]>;
  /** Whether every job that was put on an ingest or store queue before this time (ms) is done. */
  readonly isDrained: (before: number) => Promise<boolean>;
  /** Ms since 1970 UTC. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly logger: Logger;
  readonly limits: MoveLimits;
}
