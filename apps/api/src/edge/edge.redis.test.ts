import { createConsumer } from '@arbor/queue/consumer';
import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { createIngestProducer } from '@arbor/queue/ingest-producer';
import { queueLimits } from '@arbor/queue/limits';
import { ingestBatchSchema, type IngestBatch } from '@arbor/schema/ingest';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import { createTestEdge, event, now, shop, type TestEdge } from './testing/test-edge.ts';

const closers: (() => unknown)[] = [];
let redis: Redis;

beforeEach(async () => {
  redis = new Redis(inject('redisUrl'));
  await redis.flushall();
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await redis.quit();
});

/** The edge over the real producer. Its patience covers the moment until that is connected. */
function startEdge(redisUrl: string, producerPatienceMs: number): TestEdge {
  const producer = createIngestProducer(redisUrl);
  const edge = createTestEdge({ deps: { producer }, options: { producerPatienceMs } });
  closers.push(
    () => producer.close(),
    () => edge.app.close(),
  );
  return edge;
}

/** Starts to take batches off a queue, as the ETL does. */
function takeFrom(queue: string): { jobId: string; batch: IngestBatch }[] {
  const taken: { jobId: string; batch: IngestBatch }[] = [];
  const connection = createConsumerConnection(inject('redisUrl'), () => {});
  const deadLetters = createDeadLetters(connection, () => {});
  const consumer = createConsumer({
    connection,
    queue,
    concurrency: 1,
    deadLetters,
    onError: () => {},
    handle: ({ jobId, batch }) => {
      taken.push({ jobId, batch: ingestBatchSchema.parse(batch) });
      return Promise.resolve();
    },
  });
  closers.push(
    () => closeConnection(connection),
    () => deadLetters.close(),
    () => consumer.close(),
  );
  return taken;
}

test('what was answered 1 lies in Redis as one job of the contract', async () => {
  const { app } = startEdge(inject('redisUrl'), 2000);
  const records = [event({ time: now, $insert_id: 'a' }), event({ name: 'ü😀' })];
  const response = await app.inject({ method: 'POST', url: '/track', payload: records });
  expect(response.body).toBe('1');
  const taken = takeFrom('ingest-live');
  await vi.waitFor(() => expect(taken).toHaveLength(1), { timeout: 10_000 });
  const [{ jobId, batch } = { jobId: '', batch: null }] = taken;
  expect(batch).toMatchObject({
    batchId: jobId,
    project: shop.id,
    records: [{ insertId: 'a' }, { insertId: `${jobId}:1`, properties: { name: 'ü😀' } }],
  });
});

test('a Redis that hangs for a moment costs time, and neither an event nor a second copy', async () => {
  const { app } = startEdge(inject('redisUrl'), 20_000);
  await app.inject({ method: 'POST', url: '/track', payload: event({ n: 0 }) });
  await redis.client('PAUSE', queueLimits.commandTimeoutMs + 500);
  const response = await app.inject({ method: 'POST', url: '/track', payload: event({ n: 1 }) });
  expect(response.body).toBe('1');
  const taken = takeFrom('ingest-live');
  await vi.waitFor(() => expect(taken).toHaveLength(2), { timeout: 10_000 });
  expect(new Set(taken.map(({ jobId }) => jobId)).size).toBe(2);
}, 300_000);

test('a Redis that is away is a 503 that a browser may read', async () => {
  // A port of this machine on which nobody listens.
  const { app } = startEdge('redis://127.0.0.1:1', 100);
  const response = await app.inject({
    method: 'POST',
    url: '/track',
    headers: { origin: 'https://shop.example' },
    payload: event(),
  });
  expect(response.statusCode).toBe(503);
  expect(Number(response.headers['retry-after'])).toBeGreaterThanOrEqual(2);
  expect(response.headers['access-control-allow-origin']).toBe('https://shop.example');
});
