import fs from 'node:fs';
import path from 'node:path';
import { ScanHost } from '@arbor/engine/host';
import { warmUp } from '@arbor/engine/warm-up';
import { greatestUnfinished } from '@arbor/db/moves';
import { openObjectStore } from '@arbor/object-store/open-object-store';
import {
  closeConnection,
  createConsumerConnection,
  createProducerConnection,
} from '@arbor/queue/connection';
import { createConsumer } from '@arbor/queue/consumer';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { releaseLease, renewLease } from '@arbor/queue/membership';
import { prepareQueues } from '@arbor/queue/prepare-queues';
import { readQueueDepths } from '@arbor/queue/queue-depths';
import { reclaimJobs } from '@arbor/queue/reclaim-jobs';
import { storeQueue } from '@arbor/queue/queue-names';
import { memberHeartbeatMs } from '@arbor/schema/cluster';
import { createDatabase } from '../identity/database.ts';
import { createErrorLog } from '../error-log.ts';
import { workerLimits } from '../limits.ts';
import { startLqsServer } from '../lqs/lqs-server.ts';
import { MoveEpochs } from '../lqs/move-epochs.ts';
import { columnCacheBytes, columnLoads, jobSeconds } from '../metrics.ts';
import { openMoves } from '../moves/open-moves.ts';
import type { ProcessContext } from '../process-context.ts';
import { FileCache } from '../storage/file-cache.ts';
import { openShards, zoneFolder } from '../storage/open-shards.ts';
import { Rewriter } from '../storage/rewriter.ts';
import { startStorageJobs } from '../storage/storage-jobs.ts';
import { createStoreBatch } from '../storage/store-batch.ts';
import { tellFailed } from '../storage/tell-failed.ts';
import { warmUpPlans } from '../storage/warm-up-plans.ts';
import { startHeartbeat } from './heartbeat.ts';

/** After these more rounds change little; a first funnel takes a third more processor time after two. */
const warmUpRounds = 4;

/** Keeps every shard of its zone and answers queries over them. */
export async function startStorage({
  config,
  logger,
  onShutdown,
}: ProcessContext<'storage'>): Promise<void> {
  const onError = createErrorLog(logger);
  const { REDIS_URL: redisUrl, ARBOR_ZONE: zone, ARBOR_SHARDS: shardCount } = config;
  const commands = createProducerConnection(redisUrl, onError);
  const workers = createConsumerConnection(redisUrl, onError);
  onShutdown('redis', () => [commands, workers].forEach(closeConnection));

  // After a crash the lease of the process before us may still hold, and `/readyz` would count on it
  // while the log is replayed. Sent before everything else on this connection, so never after a beat.
  void releaseLease(workers, zone, config.ARBOR_NAME).catch(onError);
  const started = Date.now();
  const scanHost = startScanHost(config, logger);
  const files = await openFiles(config, onError);
  onShutdown('files', () => files.close());
  const open = await openShards({ ...files, shardCount, logger });
  onShutdown('shards', () => open.close());
  const stores = new Map([...open.shards].map(([shard, { store }]) => [shard, store]));
  logger.info(
    { ms: Date.now() - started, shards: shardCount, objects: files.objects.description },
    'catalogs are loaded and row logs are replayed',
  );

  // Before anything is served that a later version of the catalog or the log brought here.
  const moveEpochs = new MoveEpochs(() => greatestUnfinished(files.database));
  for (const { store, follower } of open.shards.values()) {
    follower.attach({
      async adopt(catalog, history) {
        await moveEpochs.takeUnfinished();
        await store.adopt(catalog, history);
      },
    });
  }

  // Sticky: a replica that caught up once stays in service, and its lag tells how far it is behind.
  const state = { serving: false, lagMs: 0 };
  onShutdown('scan host', () => scanHost.close());
  const server = await startLqsServer({
    host: config.ARBOR_HOST,
    port: config.ARBOR_PORT,
    clusterKey: config.ARBOR_CLUSTER_KEY,
    shards: stores,
    scanHost,
    moveEpochs,
    isServing: () => state.serving,
    logger,
  });
  onShutdown('lqs server', () => server.close());

  const queues = [...stores.keys()].map((shard) => storeQueue(shard, zone));
  await prepareQueues(workers, queues);
  await reclaimJobs(workers, queues);
  const deadLetters = createDeadLetters(workers, onError);
  onShutdown('dead letters', () => deadLetters.close());
  const consumers = [...stores].map(([shard, store]) => {
    const storeBatch = createStoreBatch(shard, store, (batch) => moveEpochs.takeBatch(batch));
    return createConsumer({
      connection: workers,
      queue: storeQueue(shard, zone),
      concurrency: workerLimits.storeConcurrency,
      deadLetters,
      handle: async ({ batch }) => {
        const done = jobSeconds.startTimer({ queue: 'store' });
        await storeBatch(batch);
        done();
      },
      onError,
    });
  });
  // At the same time: each waits for the jobs it has in hand.
  onShutdown('consumers', () => Promise.all(consumers.map((consumer) => consumer.close())));

  const moves = openMoves({ config, redis: commands, shards: open.shards, logger, onError });
  onShutdown('moves', () => moves.close());

  const rewriter = new Rewriter();
  const jobs = startStorageJobs(
    {
      ...files,
      pool: files.database,
      databaseUrl: config.DATABASE_URL,
      rewriter,
      logger,
      clock: Date.now,
      thresholds: { bytes: config.ARBOR_INDEX_BYTES, ageMs: config.ARBOR_INDEX_SECONDS * 1000 },
      send: moves.send,
      tellFailed: (project, failed) => tellFailed(commands, project, { failed, now: Date.now() }),
      removedFileGraceMs: config.ARBOR_REPLACED_FILES_SECONDS * 1000,
      purgedFileGraceMs: config.ARBOR_ERASED_FILES_SECONDS * 1000,
    },
    [...open.shards.values()],
    onError,
  );
  onShutdown('storage jobs', async () => {
    const stopped = jobs.stop();
    // A task of the thread may take long, and what it makes is not needed any more.
    await rewriter.close();
    await stopped;
  });

  const lease = (): Promise<void> =>
    renewLease(commands, {
      version: 1,
      name: config.ARBOR_NAME,
      zone,
      url: server.url,
      pid: process.pid,
      shards: [...stores.keys()],
      serving: state.serving,
      lagMs: state.lagMs,
      damagedLogs: [...stores.values()].reduce(
        (sum, store) => sum + store.damagedLogFiles.length,
        0,
      ),
      kept: [...open.shards].map(([shard, { store, follower }]) => ({
        shard,
        version: follower.current.version,
        logSince: store.logSince,
      })),
    });
  // Who brings users to shards of this zone waits for processes that have a lease alone (moves/send-batches.ts): what he
  // sent before there was one must be stored before this process serves.
  let leasedAt = Infinity;
  const heartbeat = startHeartbeat({
    intervalMs: memberHeartbeatMs,
    async beat() {
      if (leasedAt === Infinity) {
        await moveEpochs.takeUnfinished();
        await lease();
        leasedAt = Date.now();
      }
      const now = Date.now();
      const depths = await readQueueDepths(commands, queues, now);
      reportScans(scanHost);
      state.lagMs = Math.max(0, ...depths.map(({ waitMs }) => waitMs));
      const hasAll = now - state.lagMs >= leasedAt;
      state.serving ||= hasAll && state.lagMs <= workerLimits.servingLagMsMax;
      await lease();
    },
    end: () => releaseLease(commands, zone, config.ARBOR_NAME),
    onError,
  });
  onShutdown('lease', () => heartbeat.stop());
  logger.info({ url: server.url }, 'storage takes batches');
}

/** What the shards' files need: catalog, object store, and where both are kept on this machine. */
/** The threads compile what queries will need while the main thread opens the shards. */
function startScanHost(
  config: ProcessContext<'storage'>['config'],
  logger: ProcessContext<'storage'>['logger'],
): ScanHost {
  const host = ScanHost.create({
    threads: config.ARBOR_QUERY_THREADS,
    cacheBytes: config.ARBOR_COLUMN_CACHE_MB * 2 ** 20,
    heldBytesMax: config.ARBOR_QUERY_MEMORY_MB * 2 ** 20,
    resultCacheBytes: config.ARBOR_RESULT_CACHE_MB * 2 ** 20,
  });
  const started = Date.now();
  fs.mkdirSync(config.ARBOR_DATA_DIR, { recursive: true });
  const plans = warmUpPlans(started);
  warmUp(host, { plans, directory: config.ARBOR_DATA_DIR, rounds: warmUpRounds }).then(
    () => logger.debug({ ms: Date.now() - started }, 'scan threads are warm'),
    (error: unknown) => logger.debug({ err: error }, 'scan threads were not warmed up'),
  );
  return host;
}

async function openFiles(
  config: ProcessContext<'storage'>['config'],
  onError: (error: Error) => void,
) {
  const objects = await openObjectStore({
    address: config.ARBOR_OBJECTS ?? `file:${path.join(config.ARBOR_DATA_DIR, 'objects')}`,
    endpoint: config.ARBOR_S3_ENDPOINT,
    region: config.AWS_REGION,
  });
  const directory = zoneFolder(config.ARBOR_DATA_DIR, config.ARBOR_ZONE);
  const database = createDatabase(config.DATABASE_URL, onError);
  return {
    objects,
    directory,
    database,
    cache: new FileCache(objects, path.join(directory, 'cache')),
    async close() {
      objects.close();
      await database.end();
    },
  };
}

function reportScans(scanHost: ScanHost): void {
  const { cacheBytes, loads } = scanHost.stats();
  columnCacheBytes.set(cacheBytes);
  columnLoads.set(loads);
}
