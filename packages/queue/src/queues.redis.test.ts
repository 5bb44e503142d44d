import { memberLeaseMs } from '@arbor/schema/cluster';
import type { IngestBatch } from '@arbor/schema/ingest';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { createBackpressure } from './backpressure.ts';
import { closeConnection, createConsumerConnection } from './connection.ts';
import { createConsumer, type Consumer, type Delivery } from './consumer.ts';
import { createDeadLetters, type DeadLetterStore } from './dead-letters.ts';
import { PoisonError, QueueError } from './errors.ts';
import { createIngestProducer, type IngestProducer } from './ingest-producer.ts';
import { pinToJob, readPin } from './job-pin.ts';
import { parseLiveFields, publishLive } from './live-stream.ts';
import { readMembers, releaseLease, renewLease } from './membership.ts';
import { prepareQueues } from './prepare-queues.ts';
import { readQueueDepths } from './queue-depths.ts';
import { reclaimJobs } from './reclaim-jobs.ts';
import { readRole, releaseRole, renewRole } from './role-lease.ts';
import { createStoreProducer } from './store-producer.ts';

const ignore = (): void => undefined;

const batch = (batchId: string): IngestBatch => ({
  version: 1,
  batchId,
  project: 1,
  source: 'track',
  receivedAt: 0,
  sequence: 1,
  records: [
    { kind: 'event', event: 'View', time: 0, distinctId: 'a', insertId: 'i', properties: {} },
  ],
});

let redis: Redis;
let connection: Redis;
let deadLetters: DeadLetterStore;

beforeAll(() => {
  redis = new Redis(inject('redisUrl'));
  connection = createConsumerConnection(inject('redisUrl'), ignore);
  deadLetters = createDeadLetters(connection, ignore);
});
beforeEach(async () => {
  await redis.flushall();
});
afterAll(async () => {
  await deadLetters.close();
  closeConnection(connection);
  await redis.quit();
});

async function openProducer(): Promise<IngestProducer> {
  const producer = createIngestProducer(inject('redisUrl'));
  await vi.waitFor(() => expect(producer.ready()).toBe(true));
  return producer;
}

function consume(queue: string, handle: (delivery: Delivery) => Promise<void>): Consumer {
  return createConsumer({
    connection,
    queue,
    concurrency: 4,
    deadLetters,
    handle,
    onError: ignore,
  });
}

describe('createIngestProducer', () => {
  it('puts a batch on its lane once, however often it is added', async () => {
    const producer = await openProducer();
    await producer.add('bulk', batch('producer-1'));
    await producer.add('bulk', batch('producer-1'));
    expect(await redis.lrange('bull:ingest-bulk:wait', 0, -1)).toEqual(['producer-1']);
    const data = (await redis.hget('bull:ingest-bulk:producer-1', 'data')) ?? '';
    expect(JSON.parse(data)).toEqual({ batch: batch('producer-1') });
    await producer.close();
  });

  it('says at once that Redis is away, and after it was closed', async () => {
    const producer = createIngestProducer('redis://127.0.0.1:5399');
    const began = Date.now();
    const error = await producer
      .add('live', batch('producer-2'))
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(QueueError);
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(Date.now() - began).toBeLessThan(1000);
    await producer.close();
    await expect(producer.add('live', batch('producer-3'))).rejects.toThrow('closed');
  });
});

describe('createStoreProducer', () => {
  const bytes = new Uint8Array([1, 2, 3]).subarray(1);

  it('adds every batch to its shard in every zone', async () => {
    const producer = createStoreProducer({
      redisUrl: inject('redisUrl'),
      zones: ['a', 'b'],
      onError: ignore,
    });
    const send = () =>
      producer.send([
        { batchId: 'send-1', shard: 0, bytes },
        { batchId: 'send-2', shard: 3, bytes },
      ]);
    await vi.waitFor(send);
    await send();
    for (const [queue, id] of [
      ['store-0-a', 'send-1'],
      ['store-0-b', 'send-1'],
      ['store-3-a', 'send-2'],
      ['store-3-b', 'send-2'],
    ]) {
      expect(await redis.lrange(`bull:${queue}:wait`, 0, -1)).toEqual([id]);
      const data = JSON.parse((await redis.hget(`bull:${queue}:${id}`, 'data')) ?? '') as {
        batch: string;
      };
      expect([...Buffer.from(data.batch, 'base64')]).toEqual([2, 3]);
    }
    await producer.close();
    await expect(send()).rejects.toThrow(QueueError);
  });

  it('keeps with a job the time of the one that it is made of', async () => {
    const producer = createStoreProducer({
      redisUrl: inject('redisUrl'),
      zones: ['a'],
      onError: ignore,
    });
    await vi.waitFor(() => producer.send([{ batchId: 'made-1', shard: 0, bytes, queuedAt: 500 }]));
    expect(await redis.hget('bull:store-0-a:made-1', 'timestamp')).toBe('500');
    await producer.close();
  });

  it('never takes a lost entry for a sent one: an unknown script fails the call, the next one works', async () => {
    const producer = createStoreProducer({
      redisUrl: inject('redisUrl'),
      zones: ['a'],
      onError: ignore,
    });
    await vi.waitFor(() => producer.send([{ batchId: 'script-1', shard: 0, bytes }]));
    await producer.send([{ batchId: 'script-2', shard: 0, bytes }]);
    await redis.script('FLUSH');
    await expect(producer.send([{ batchId: 'script-3', shard: 0, bytes }])).rejects.toThrow(
      'NOSCRIPT',
    );
    await vi.waitFor(() => producer.send([{ batchId: 'script-3', shard: 0, bytes }]));
    expect(await redis.llen('bull:store-0-a:wait')).toBe(3);
    await producer.close();
  });
});

describe('createConsumer', () => {
  it('tries a job again after a failure of the world, and says that it is not the first time', async () => {
    const producer = await openProducer();
    const seen: Delivery[] = [];
    const consumer = consume('ingest-live', async (delivery) => {
      seen.push(delivery);
      if (seen.length < 3) throw new Error('the database is away');
    });
    await producer.add('live', batch('again-1'));
    await vi.waitFor(
      async () => expect(await redis.exists('bull:ingest-live:again-1')).toBe(0),
      5000,
    );
    expect(seen.map(({ redelivered }) => redelivered)).toEqual([false, true, true]);
    expect(await deadLetters.count()).toBe(0);
    await consumer.close();
    await producer.close();
  });

  it('moves poison to the dead letters, goes on, and takes it back', async () => {
    const producer = await openProducer();
    let cured = false;
    const done: string[] = [];
    const consumer = consume('ingest-bulk', async ({ jobId }) => {
      if (jobId === 'poison-1' && !cured) throw new PoisonError('records is empty');
      done.push(jobId);
    });
    await producer.add('bulk', batch('poison-1'));
    await producer.add('bulk', batch('poison-2'));
    await vi.waitFor(() => expect(done).toEqual(['poison-2']));
    await vi.waitFor(async () => expect(await deadLetters.count()).toBe(1));
    const [letter] = await deadLetters.list();
    const id = letter?.id ?? '';
    expect(id).toMatch(/^ingest-bulk~poison-1~[0-9a-z]+$/);
    expect(letter).toMatchObject({
      queue: 'ingest-bulk',
      jobId: 'poison-1',
      reason: 'records is empty',
    });
    expect(await deadLetters.show(id)).toEqual(letter);
    expect(JSON.parse(letter?.batch as string)).toEqual(batch('poison-1'));

    cured = true;
    expect(await deadLetters.replay(id)).toBe(true);
    await vi.waitFor(() => expect(done).toEqual(['poison-2', 'poison-1']));
    expect(await deadLetters.count()).toBe(0);
    expect([
      await deadLetters.show(id),
      await deadLetters.replay(id),
      await deadLetters.remove(id),
    ]).toEqual([null, false, false]);
    await consumer.close();
    await producer.close();
  });

  it('keeps what is replayed and still poison', async () => {
    const producer = await openProducer();
    const consumer = consume('ingest-live', async () => {
      throw new PoisonError('there is no project 77');
    });
    const jobIds = Array.from({ length: 10 }, (_, n) => `still-poison-${n}`);
    for (const jobId of jobIds) await producer.add('live', batch(jobId));
    await vi.waitFor(async () => expect(await deadLetters.count()).toBe(jobIds.length));
    const first = await deadLetters.list();
    for (const { id } of first) expect(await deadLetters.replay(id)).toBe(true);
    await vi.waitFor(async () => {
      const letters = await deadLetters.list();
      expect(letters.map(({ jobId }) => jobId).toSorted()).toEqual(jobIds);
      expect(letters.filter(({ id }) => first.some((letter) => letter.id === id))).toEqual([]);
    });
    await consumer.close();
    await producer.close();
  });

  it('takes over what a killed worker had in hand, more than once', async () => {
    const producer = await openProducer();
    // A worker that dies: it takes the job, never finishes it and never renews its lock.
    for (const life of [1, 2]) {
      let taken = false;
      const doomed = new Worker(
        'ingest-live',
        () => {
          taken = true;
          return new Promise(() => undefined);
        },
        {
          connection,
          lockDuration: 300,
          skipLockRenewal: true,
          stalledInterval: 300,
          maxStalledCount: 99,
        },
      );
      doomed.on('error', ignore);
      if (life === 1) await producer.add('live', batch('stalled-1'));
      await vi.waitFor(() => expect(taken).toBe(true), 5000);
      await doomed.close(true);
    }
    const seen: Delivery[] = [];
    const consumer = consume('ingest-live', async (delivery) => void seen.push(delivery));
    await vi.waitFor(() => expect(seen).toHaveLength(1), 15_000);
    expect(seen[0]).toMatchObject({ jobId: 'stalled-1', redelivered: true });
    await consumer.close();
    await producer.close();
  });
});

describe('reclaimJobs', () => {
  it('gives a successor at once what a killed process had in hand', async () => {
    const producer = await openProducer();
    let taken = false;
    const doomed = new Worker(
      'store-0-a',
      () => {
        taken = true;
        return new Promise(() => undefined);
      },
      { connection, lockDuration: 60_000 },
    );
    doomed.on('error', ignore);
    const store = createStoreProducer({
      redisUrl: inject('redisUrl'),
      zones: ['a'],
      onError: ignore,
    });
    await vi.waitFor(() =>
      store.send([{ batchId: 'reclaim-1', shard: 0, bytes: new Uint8Array(1) }]),
    );
    await vi.waitFor(() => expect(taken).toBe(true), 5000);
    await doomed.close(true);
    const [depth] = await readQueueDepths(redis, ['store-0-a'], Date.now() + 5000);
    expect(depth?.waitMs).toBeGreaterThanOrEqual(5000);

    await reclaimJobs(redis, ['store-0-a', 'store-1-a']);
    const seen: string[] = [];
    const consumer = consume('store-0-a', async ({ jobId }) => void seen.push(jobId));
    await vi.waitFor(() => expect(seen).toEqual(['reclaim-1']), 2000);
    await consumer.close();
    await store.close();
    await producer.close();
  });
});

describe('pinToJob', () => {
  const job = { queue: 'ingest-live', jobId: 'pinned-1' };

  it('keeps the first text for every later delivery, and knows when the job is done', async () => {
    const producer = await openProducer();
    await producer.add('live', batch('pinned-1'));
    expect(await readPin(redis, job)).toBeNull();
    expect(await pinToJob(redis, job, 'first')).toBe('first');
    expect(await pinToJob(redis, job, 'second')).toBe('first');
    expect(await readPin(redis, job)).toBe('first');
    const consumer = consume('ingest-live', async () => undefined);
    await vi.waitFor(async () => expect(await pinToJob(redis, job, 'late')).toBeNull());
    expect(await redis.exists('bull:ingest-live:pinned-1')).toBe(0);
    await consumer.close();
    await producer.close();
  });
});

describe('queue depths and backpressure', () => {
  it('counts what waits and since when', async () => {
    const producer = await openProducer();
    await producer.add('live', batch('depth-1'));
    await producer.add('live', batch('depth-2'));
    const added = Number(await redis.hget('bull:ingest-live:depth-1', 'timestamp'));
    expect(await readQueueDepths(redis, ['ingest-live', 'ingest-bulk'], added + 700)).toEqual([
      { queue: 'ingest-live', jobs: 2, waitMs: 700 },
      { queue: 'ingest-bulk', jobs: 0, waitMs: 0 },
    ]);
    await producer.close();
  });

  it('reports memory and dead letters, and leaves the lanes open while it knows nothing', async () => {
    const backpressure = createBackpressure(inject('redisUrl'), { zones: ['a'], shards: 2 });
    expect(backpressure.overloaded('live')).toBeNull();
    const stats = await vi.waitFor(() => backpressure.queueStats());
    expect(stats.redisBytes).toBeGreaterThan(100_000);
    expect(stats.deadLetters).toBe(0);
    expect(stats.depths.map(({ queue }) => queue)).toEqual([
      'ingest-live',
      'ingest-bulk',
      'store-0-a',
      'store-1-a',
    ]);
    await backpressure.close();
  });

  it('keeps the event streams of the queues short', async () => {
    await prepareQueues(redis, ['store-0-a']);
    const producer = createStoreProducer({
      redisUrl: inject('redisUrl'),
      zones: ['a'],
      onError: ignore,
    });
    const batches = Array.from({ length: 500 }, (_, n) => ({
      batchId: `short-${n}`,
      shard: 0,
      bytes: new Uint8Array(1),
    }));
    await vi.waitFor(() => producer.send(batches));
    // Redis trims by whole nodes of 100 entries.
    expect(await redis.xlen('bull:store-0-a:events')).toBeLessThan(210);
    await producer.close();
  });
});

describe('leases', () => {
  const member = {
    version: 1,
    name: 'storage-a',
    zone: 'a',
    url: 'http://127.0.0.1:5301',
    pid: 1,
    shards: [0, 1],
    serving: true,
    lagMs: 0,
  } as const;

  it('shows members while their lease holds, and never one that nobody can read', async () => {
    await renewLease(redis, { ...member, shards: [0, 1] });
    await renewLease(redis, { ...member, shards: [0], name: 'storage-b', zone: 'b' });
    await redis.sadd('arbor:members:a', 'broken', 'killed');
    await redis.set('arbor:members:a:broken', '{"version":2}');
    expect((await readMembers(redis, ['b', 'a'])).map(({ name }) => name)).toEqual([
      'storage-b',
      'storage-a',
    ]);
    expect(await redis.sismember('arbor:members:a', 'killed')).toBe(0);
    await redis.pexpire('arbor:members:a:storage-a', memberLeaseMs - 4000);
    const lags = (await readMembers(redis, ['b', 'a'])).map(({ lagMs }) => lagMs);
    expect(lags[0]).toBe(0);
    expect(lags[1]).toBeGreaterThanOrEqual(4000);
    expect(await redis.pttl('arbor:members:a:storage-a')).toBeGreaterThan(1000);
    await releaseLease(redis, 'a', 'storage-a');
    expect(await readMembers(redis, ['a'])).toEqual([]);
  });

  it('lists the living processes of a role', async () => {
    await renewRole(redis, 'etl', 'etl-2');
    await renewRole(redis, 'etl', 'etl-1');
    expect(await readRole(redis, 'etl')).toEqual(['etl-1', 'etl-2']);
    await releaseRole(redis, 'etl', 'etl-1');
    expect(await readRole(redis, 'etl')).toEqual(['etl-2']);
  });
});

describe('the Live stream', () => {
  it('gives entries back as they were, and nothing for what is not one', async () => {
    const entry = {
      kind: 'alias',
      id: 'batch-0',
      receivedAt: 1,
      source: 'track',
      time: 2,
      alias: 'nick',
      user: 'ann',
    } as const;
    await publishLive(redis, 7, [entry]);
    const [[, fields] = ['', []]] = await redis.xrange('arbor:live:7', '-', '+');
    expect(parseLiveFields(fields)).toEqual(entry);
    expect([
      parseLiveFields([]),
      parseLiveFields(['entry', '{']),
      parseLiveFields(['x', 'entry']),
    ]).toEqual([null, null, null]);
  });
});
