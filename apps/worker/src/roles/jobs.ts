import { setTimeout as sleep } from 'node:timers/promises';
import {
  closeConnection,
  createConsumerConnection,
  createProducerConnection,
} from '@arbor/queue/connection';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { hasJobsBefore } from '@arbor/queue/jobs-before';
import { readMembers } from '@arbor/queue/membership';
import { ingestLanes, ingestQueue, storeQueues } from '@arbor/queue/queue-names';
import { releaseRole, renewRole } from '@arbor/queue/role-lease';
import { startHealthServer } from '@arbor/runtime/health-server';
import { memberHeartbeatMs } from '@arbor/schema/cluster';
import { createIdentifierDigest } from '../erased/identifier-digest.ts';
import { createErrorLog } from '../error-log.ts';
import { createDatabase } from '../identity/database.ts';
import { publishChange } from '../identity/identity-changes.ts';
import { retryFailed } from '../jobs/data-requests.ts';
import type { JobsContext } from '../jobs/jobs-context.ts';
import { jobsLimits } from '../jobs/jobs-limits.ts';
import { JobsLock } from '../jobs/jobs-lock.ts';
import { eraseRestored } from '../jobs/erase-restored.ts';
import { Retention } from '../jobs/retention.ts';
import { runRequests } from '../jobs/run-requests.ts';
import type { ProcessContext } from '../process-context.ts';
import { startHeartbeat } from './heartbeat.ts';

/** Carries out what people asked for and rules say, a step at a time. Any number may run: one of them works. */
export async function startJobs({
  config,
  logger,
  onShutdown,
}: ProcessContext<'jobs'>): Promise<void> {
  const onError = createErrorLog(logger);
  const { REDIS_URL: redisUrl, ARBOR_ZONES: zones, ARBOR_SHARDS: shardCount } = config;
  const pool = createDatabase(config.DATABASE_URL, onError);
  onShutdown('database', () => pool.end());
  const redis = createProducerConnection(redisUrl, onError);
  const workers = createConsumerConnection(redisUrl, onError);
  onShutdown('redis', () => [redis, workers].forEach(closeConnection));
  const deadLetters = createDeadLetters(workers, onError);
  onShutdown('dead letters', () => deadLetters.close());
  // In the order in which a batch goes through them.
  const queues = [
    ...ingestLanes.map(ingestQueue),
    ...storeQueues({ zones, shards: shardCount }).map(({ queue }) => queue),
  ];
  const context: JobsContext = {
    pool,
    databaseUrl: config.DATABASE_URL,
    redis,
    deadLetters,
    shardCount,
    zones,
    digestOf: createIdentifierDigest(config.ARBOR_MASTER_KEY),
    members: () => readMembers(redis, zones),
    isDrained: async (before) => !(await hasJobsBefore(redis, queues, before)),
    publish: (change) => publishChange(redis, change),
    delayMs: config.ARBOR_ERASURE_DELAY_SECONDS * 1000,
    clock: Date.now,
    pause: (ms) => sleep(ms),
    logger,
    onError,
  };
  const retention = new Retention({ pool, shardCount, clock: Date.now });

  const lock = new JobsLock(config.DATABASE_URL);
  onShutdown('jobs lock', () => lock.close());
  let isFirst = true;
  let retentionAt = -Infinity;
  const rounds = startHeartbeat({
    intervalMs: jobsLimits.everyMs,
    beat: () =>
      lock.alone(async () => {
        if (isFirst) {
          await retryFailed(pool);
          await eraseRestored(context);
        }
        isFirst = false;
        await runRequests(context);
        if (Date.now() - retentionAt < jobsLimits.retentionEveryMs) return;
        await retention.run();
        retentionAt = Date.now();
      }),
    end: () => Promise.resolve(),
    onError,
  });
  onShutdown('requests', () => rounds.stop());

  const health = await startHealthServer({
    host: config.ARBOR_HOST,
    port: config.ARBOR_PORT,
    ready: async () => ({ ok: redis.status === 'ready', parts: { redis: redis.status } }),
  });
  onShutdown('health server', () => health.close());
  const heartbeat = startHeartbeat({
    intervalMs: memberHeartbeatMs,
    beat: () => renewRole(redis, 'jobs', config.ARBOR_NAME),
    end: () => releaseRole(redis, 'jobs', config.ARBOR_NAME),
    onError,
  });
  onShutdown('role lease', () => heartbeat.stop());
  logger.info({ port: health.port }, 'jobs are looked for');
}
