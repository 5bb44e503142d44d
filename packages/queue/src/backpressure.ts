import type { Redis } from 'ioredis';
import { closeConnection, createProducerConnection } from './connection.ts';
import { createDeadLetters } from './dead-letters.ts';
import { ingestQueues } from './ingest-producer.ts';
import { queueLimits } from './limits.ts';
import { readQueueDepths, type QueueDepth } from './queue-depths.ts';
import { ingestQueue, storeQueues, type ClusterShape, type IngestLane } from './queue-names.ts';

/** What `/readyz` and `cli status` show. */
export interface QueueStats {
  readonly depths: readonly QueueDepth[];
  readonly redisBytes: number;
  readonly deadLetters: number;
  readonly sampledAt: number;
}

export interface Backpressure {
  /** Null = take it. Otherwise answer 429 with this Retry-After. Costs nothing: it reads the last sample. */
  overloaded(lane: IngestLane): { retryAfterSeconds: number; reason: string } | null;
  /** How far a lane was behind when it was looked at last; not at all where that is not known. */
  stateOf(lane: IngestLane): { behindMs: number; at: number };
  /** A fresh look at the queues. */
  queueStats(): Promise<QueueStats>;
  close(): Promise<void>;
}

/**
 * Watches the queues and says when a producer must stop. A sample that could not be taken leaves the
 * lane open: Redis is away then, and adding fails by itself with 503.
 */
export function createBackpressure(
  redisUrl: string,
  shape: ClusterShape,
  onError: (error: Error) => void = () => undefined,
): Backpressure {
  const connection = createProducerConnection(redisUrl, onError);
  const deadLetters = createDeadLetters(connection, onError);
  let latest: QueueStats | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const sample = async (): Promise<QueueStats> => ({
    ...(await readLoad(connection, shape)),
    deadLetters: latest?.deadLetters ?? 0,
  });
  const tick = async (): Promise<void> => {
    latest = connection.status === 'ready' ? await sample().catch(() => null) : null;
    if (!stopped) timer = setTimeout(() => void tick(), queueLimits.sampleIntervalMs);
  };
  void tick();

  return {
    overloaded: (lane) => (latest === null ? null : judgeLoad(lane, latest, shape)),
    stateOf: (lane) =>
      latest === null
        ? { behindMs: 0, at: Date.now() }
        : { behindMs: laneBehindMs(lane, latest, shape), at: latest.sampledAt },
    queueStats: async () => ({ ...(await sample()), deadLetters: await deadLetters.count() }),
    async close() {
      stopped = true;
      clearTimeout(timer);
      await deadLetters.close();
      closeConnection(connection);
    },
  };
}

async function readLoad(
  redis: Redis,
  shape: ClusterShape,
): Promise<Omit<QueueStats, 'deadLetters'>> {
  const names = [...ingestQueues, ...storeQueues(shape).map(({ queue }) => queue)];
  const now = Date.now();
  const [depths, info] = await Promise.all([
    readQueueDepths(redis, names, now),
    redis.info('memory'),
  ]);
  const redisBytes = Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
  return { depths, redisBytes, sampledAt: now };
}

/**
 * Pure, so that every bound has a test. Of a shard's replicas the fastest counts for waiting: it is
 * the one that queries are sent to. A zone that is away fills its queue, and only memory ends that.
 */
export function judgeLoad(
  lane: IngestLane,
  stats: Pick<QueueStats, 'depths' | 'redisBytes'>,
  shape: ClusterShape,
): { retryAfterSeconds: number; reason: string } | null {
  const byName = new Map(stats.depths.map((depth) => [depth.queue, depth]));
  const own = byName.get(ingestQueue(lane));
  const jobsMax = lane === 'live' ? queueLimits.liveJobsMax : queueLimits.bulkJobsMax;
  const refuse = (reason: string): { retryAfterSeconds: number; reason: string } => ({
    retryAfterSeconds:
      lane === 'live' ? queueLimits.retryAfterSecondsLive : queueLimits.retryAfterSecondsBulk,
    reason,
  });

  if (stats.redisBytes > queueLimits.redisBytesMax) return refuse('the queues are out of memory');
  if ((own?.jobs ?? 0) > jobsMax) return refuse(`${ingestQueue(lane)} is full`);
  if ((own?.waitMs ?? 0) > queueLimits.waitMsMax) return refuse(`${ingestQueue(lane)} is too slow`);
  for (const { queue } of storeQueues(shape)) {
    if ((byName.get(queue)?.jobs ?? 0) > queueLimits.storeJobsMax)
      return refuse(`${queue} is full`);
  }
  const waits = new Map(stats.depths.map(({ queue, waitMs }) => [queue, waitMs]));
  return slowestShardMs(waits, shape) > queueLimits.waitMsMax
    ? refuse('storage is too slow')
    : null;
}

/**
 * Age of the oldest job of a lane that no replica has: in its own queue, or of any lane in that of the fastest replica of the
 * shard that is furthest behind (a job for storage bears the time of the one it was made of).
 */
export function laneBehindMs(
  lane: IngestLane,
  { depths }: Pick<QueueStats, 'depths'>,
  shape: ClusterShape,
): number {
  const byName = new Map(depths.map(({ queue, waitMs }) => [queue, waitMs]));
  const own = byName.get(ingestQueue(lane)) ?? 0;
  return Math.max(own, slowestShardMs(byName, shape));
}

function slowestShardMs(waitMs: ReadonlyMap<string, number>, shape: ClusterShape): number {
  const fastest = new Map<number, number>();
  for (const { shard, queue } of storeQueues(shape)) {
    fastest.set(shard, Math.min(fastest.get(shard) ?? Infinity, waitMs.get(queue) ?? 0));
  }
  return Math.max(0, ...fastest.values());
}
