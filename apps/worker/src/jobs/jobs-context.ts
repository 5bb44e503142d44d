import type { DeadLetterStore } from '@arbor/queue/dead-letters';
import type { Logger } from '@arbor/runtime/logger';
import type { Member } from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { IdentifierDigest } from '../erased/identifier-digest.ts';
import type { IdentityChange } from '../identity/identity-changes.ts';

/** What the work of the role `jobs` is done with. */
export interface JobsContext {
  readonly pool: pg.Pool;
  /** For statements that take longer than what the pool allows. */
  readonly databaseUrl: string;
  readonly redis: Redis;
  readonly deadLetters: DeadLetterStore;
  readonly shardCount: number;
  readonly zones: readonly string[];
  readonly digestOf: IdentifierDigest;
  /** The storage processes that live. */
  readonly members: () => Promise<Member[]>;
  /** Whether every job that was put on an ingest or store queue before this time (ms) is done. */
  readonly isDrained: (before: number) => Promise<boolean>;
  readonly publish: (change: IdentityChange) => Promise<void>;
  /** How long an erasure can be cancelled. */
  readonly delayMs: number;
  /** Ms UTC. */
  readonly clock: () => number;
  readonly pause: (ms: number) => Promise<unknown>;
  readonly logger: Logger;
  /** Told of what failed and is tried again. */
  readonly onError: (error: Error) => void;
}
