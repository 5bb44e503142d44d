import { setTimeout as sleep } from 'node:timers/promises';
import { hasJobsBefore } from '@arbor/queue/jobs-before';
import { readMembers } from '@arbor/queue/membership';
import { ingestLanes, ingestQueue, storeQueues } from '@arbor/queue/queue-names';
import { createStoreProducer, type StoreProducer } from '@arbor/queue/store-producer';
import { stillUnfinished, unfinishedJobs } from '@arbor/queue/unfinished-jobs';
import type { Logger } from '@arbor/runtime/logger';
import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { createDatabase } from '../identity/database.ts';
import { Rewriter } from '../storage/rewriter.ts';
import { moveLimits } from './move-limits.ts';
import type { MoverQueues, MoverShard } from './mover-context.ts';
import { startMoves } from './start-moves.ts';

/**
 * Moves users from and to the shards of a storage process. It has connections and threads of its own: queries wait for
 * moves, and these must not wait for an index job or a compaction.
 */
export function openMoves({
  config,
  redis,
  shards,
  logger,
  onError,
}: {
  readonly config: Extract<Config, { role: 'storage' }>;
  readonly redis: Redis;
  readonly shards: ReadonlyMap<number, MoverShard>;
  readonly logger: Logger;
  readonly onError: (error: Error) => void;
}): { readonly send: StoreProducer['send']; close(): Promise<void> } {
  const { REDIS_URL: redisUrl, ARBOR_ZONES: zones, ARBOR_ZONE: zone } = config;
  const pool = createDatabase(config.DATABASE_URL, onError);
  const producer = createStoreProducer({ redisUrl, zones, onError });
  const send: StoreProducer['send'] = (batches) => producer.send(batches);
  const readers = [new Rewriter(), new Rewriter()] as const;
  // In the order in which a batch goes through them.
  const allQueues = [
    ...ingestLanes.map(ingestQueue),
    ...storeQueues({ zones, shards: config.ARBOR_SHARDS }).map(({ queue }) => queue),
  ];
  const context = {
    pool,
    queues: moverQueues(redis),
    zones,
    zone,
    shards,
    send,
    members: () => readMembers(redis, zones),
    isDrained: async (before: number) => !(await hasJobsBefore(redis, allQueues, before)),
    clock: Date.now,
    pause: (ms: number) => sleep(ms),
    logger,
    limits: moveLimits,
  };
  const [copyReader, settleReader] = readers;
  const contexts = {
    copying: { ...context, reader: copyReader },
    settling: { ...context, reader: settleReader },
  };
  const moves = startMoves(contexts, onError);
  return {
    send,
    async close() {
      const stopped = moves.stop();
      // What the threads read is not needed any more.
      for (const reader of readers) await reader.close();
      await stopped;
      await producer.close();
      await pool.end();
    },
  };
}

export function moverQueues(redis: Redis): MoverQueues {
  return {
    unfinished: (queue) => unfinishedJobs(redis, queue),
    stillUnfinished: (jobs) => stillUnfinished(redis, jobs),
  };
}
