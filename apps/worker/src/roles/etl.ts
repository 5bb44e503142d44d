import {
  closeConnection,
  createConsumerConnection,
  createProducerConnection,
} from '@arbor/queue/connection';
import { createConsumer, type Delivery } from '@arbor/queue/consumer';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { pinToJob, readPin } from '@arbor/queue/job-pin';
import { hasJobsBefore } from '@arbor/queue/jobs-before';
import { publishLive } from '@arbor/queue/live-stream';
import { prepareQueues } from '@arbor/queue/prepare-queues';
import { ingestLanes, ingestQueue, storeQueues } from '@arbor/queue/queue-names';
import { releaseRole, renewRole } from '@arbor/queue/role-lease';
import { createStoreProducer } from '@arbor/queue/store-producer';
import { startHealthServer } from '@arbor/runtime/health-server';
import { memberHeartbeatMs } from '@arbor/schema/cluster';
import { openGeoDatabase } from '../enrich/geo-database.ts';
import { createUserAgentReader } from '../enrich/user-agent.ts';
import { createErasedIdentifiers } from '../erased/erased-identifiers.ts';
import { createIdentifierDigest } from '../erased/identifier-digest.ts';
import { createErrorLog } from '../error-log.ts';
import { CachedIdentityStore } from '../identity/cached-identity-store.ts';
import { createDatabase } from '../identity/database.ts';
import { publishChange, subscribeToChanges } from '../identity/identity-changes.ts';
import { createPgIdentityStore } from '../identity/pg-identity-store.ts';
import { settleSplits } from '../identity/settle-splits.ts';
import { workerLimits } from '../limits.ts';
import { jobSeconds } from '../metrics.ts';
import { createEnrichBatch } from '../pipeline/enrich-batch.ts';
import { createIngestPipeline } from '../pipeline/ingest-pipeline.ts';
import { LiveRoom } from '../pipeline/live-room.ts';
import { createResolveBatch } from '../pipeline/resolve-batch.ts';
import { createSplitBatch } from '../pipeline/split-batch.ts';
import type { ProcessContext } from '../process-context.ts';
import { createProjectSettings } from '../project/project-settings.ts';
import { startHeartbeat } from './heartbeat.ts';

/** Takes batches off the ingest queues and puts row batches on the store queues. Any number may run. */
export async function startEtl({
  config,
  logger,
  onShutdown,
}: ProcessContext<'etl'>): Promise<void> {
  const onError = createErrorLog(logger);
  const { REDIS_URL: redisUrl, ARBOR_ZONES: zones, ARBOR_SHARDS: shards } = config;

  const database = createDatabase(config.DATABASE_URL, onError);
  onShutdown('database', () => database.end());
  const commands = createProducerConnection(redisUrl, onError);
  const workers = createConsumerConnection(redisUrl, onError);
  const changes = createConsumerConnection(redisUrl, onError);
  onShutdown('redis', () => [commands, workers, changes].forEach(closeConnection));

  const identities = new CachedIdentityStore(createPgIdentityStore(database), (change) =>
    publishChange(commands, change),
  );
  subscribeToChanges(changes, {
    onChange: (change) => identities.apply(change),
    onGap: () => identities.forget(),
  });
  const store = createStoreProducer({ redisUrl, zones, onError });
  onShutdown('store producer', () => store.close());
  const deadLetters = createDeadLetters(workers, onError);
  onShutdown('dead letters', () => deadLetters.close());

  const liveRoom = new LiveRoom(Date.now);
  const ingest = createIngestPipeline({
    enrich: createEnrichBatch({
      geo: openGeoDatabase(config.ARBOR_GEOIP_FILE),
      readUserAgent: createUserAgentReader(),
    }),
    resolve: createResolveBatch({
      identities,
      projects: createProjectSettings(database),
      erased: createErasedIdentifiers(database, createIdentifierDigest(config.ARBOR_MASTER_KEY)),
      shardCount: shards,
    }),
    split: createSplitBatch({ shardCount: shards }),
    send: (batches) => store.send(batches),
    publishLive: (project, entries) => publishLive(commands, project, entries),
    liveRoom: (project, records) => liveRoom.take(project, records),
  });
  const handle = async (delivery: Delivery): Promise<void> => {
    const done = jobSeconds.startTimer({ queue: delivery.queue });
    const pin = {
      read: () => readPin(commands, delivery),
      put: (text: string) => pinToJob(commands, delivery, text),
    };
    const { batch, redelivered, queuedAt } = delivery;
    await ingest({ batch, redelivered, queuedAt, pin });
    done();
  };

  let ready = false;
  const health = await startHealthServer({
    host: config.ARBOR_HOST,
    port: config.ARBOR_PORT,
    ready: async () => ({
      ok: ready && commands.status === 'ready',
      parts: { redis: commands.status, queues: ready ? 'ok' : 'starting' },
    }),
  });
  onShutdown('health server', () => health.close());

  // In the order in which a batch goes through them.
  const queues = [
    ...ingestLanes.map(ingestQueue),
    ...storeQueues({ zones, shards }).map(({ queue }) => queue),
  ];
  await prepareQueues(workers, queues);
  const heartbeat = startHeartbeat({
    intervalMs: memberHeartbeatMs,
    beat: () => renewRole(commands, 'etl', config.ARBOR_NAME),
    end: () => releaseRole(commands, 'etl', config.ARBOR_NAME),
    onError,
  });
  onShutdown('role lease', () => heartbeat.stop());
  const settling = startHeartbeat({
    intervalMs: workerLimits.splitsSoughtEveryMs,
    beat: async () => {
      await settleSplits({
        pool: database,
        shardCount: shards,
        settleMs: workerLimits.splitSettleMs,
        isDrained: async (before) => !(await hasJobsBefore(commands, queues, before)),
      });
    },
    end: () => Promise.resolve(),
    onError,
  });
  onShutdown('settling of undone links', () => settling.stop());
  for (const lane of ingestLanes) {
    const consumer = createConsumer({
      connection: workers,
      queue: ingestQueue(lane),
      concurrency: lane === 'live' ? workerLimits.liveConcurrency : workerLimits.bulkConcurrency,
      deadLetters,
      handle,
      onError,
    });
    onShutdown(`consumer of ${ingestQueue(lane)}`, () => consumer.close());
  }
  ready = true;
  logger.info({ port: health.port }, 'etl takes batches');
}
