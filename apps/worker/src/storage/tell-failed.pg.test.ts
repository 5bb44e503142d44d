import { encodeRowBatch } from '@arbor/engine/batch';
import { hourKey, hourMs, minutesKey } from '@arbor/queue/count-keys';
import { parseLiveFields } from '@arbor/queue/live-stream';
import type { PersonOperation } from '@arbor/schema/ingest';
import { liveStreamKey, rejectedStreamKey } from '@arbor/schema/cluster';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { Rewriter } from './rewriter.ts';
import { tellFailed } from './tell-failed.ts';
import { TestShard } from './testing/test-shard.ts';

const project = 1;
const now = Date.UTC(2026, 0, 1, 12, 34);
const hour = Math.floor(now / hourMs);

let redis: Redis;
let pool: pg.Pool;
let rewriter: Rewriter;
let own: TestShard;
beforeAll(async () => {
  redis = new Redis(inject('redisUrl'));
  await redis.flushall();
  const databaseUrl = inject('databaseUrl');
  pool = new pg.Pool({ connectionString: databaseUrl });
  rewriter = new Rewriter();
  own = await TestShard.create({ pool, databaseUrl, rewriter, shard: 7_900 });
});
afterAll(async () => {
  await own.remove();
  await rewriter.close();
  await pool.end();
  await redis.quit();
});

const adding = (name: string, n: number): PersonOperation => {
  return { operator: '$add', values: { [name]: n } };
};

const update = (operation: PersonOperation, n: number) =>
  encodeRowBatch({
    batchId: `given ${n}`,
    project,
    shard: own.shard,
    sequence: now * 1000 + n,
    receivedAt: now,
    events: [],
    persons: [
      {
        user: 'ann',
        distinctId: 'ann@example.com',
        time: now,
        ignoreTime: true,
        position: n,
        operations: [operation],
      },
    ],
    links: [],
  });

const entriesOf = async (key: string) =>
  (await redis.xrange(key, '-', '+')).map(([, fields]) => parseLiveFields(fields));

it('counts updates that fail once for all zones, and shows them with the property in Live and among what was refused', async () => {
  const replicas = [await own.openReplica('a'), await own.openReplica('b')];
  for (const { store } of replicas) {
    await store.append(update({ operator: '$set', values: { plan: 'pro' } }, 1));
    await store.append(update(adding('plan', 1), 2));
    await store.append(update(adding('visits', 1), 3));
  }
  const telling = {
    tellFailed: (of: number, failed: Parameters<typeof tellFailed>[2]['failed']) =>
      tellFailed(redis, of, { failed, now }),
  };
  for (const replica of replicas) await own.index(replica, telling);

  const reason =
    '$add: the profile has another value there than a number, or the sum would be none';
  expect(await redis.hgetall(hourKey(project, hour))).toEqual({
    [JSON.stringify(['r', 'engage', 'profile_update_failed', 'plan', reason])]: '1',
  });
  expect(await redis.hgetall(minutesKey(project, hour))).toEqual({ '34r': '1' });
  const entry = {
    kind: 'rejected',
    id: 'failed-given 2-2-0',
    receivedAt: now,
    source: 'engage',
    field: 'plan',
    reason,
    record: '{"$distinct_id":"ann@example.com","$add":{"plan":1}}',
  };
  expect(await entriesOf(liveStreamKey(project))).toEqual([entry]);
  expect(await entriesOf(rejectedStreamKey(project))).toEqual([entry]);
});

it('counts no more kinds in an hour than there is room for, however many shards and jobs tell of some', async () => {
  const other = 2;
  const failedOf = (job: number): Parameters<typeof tellFailed>[2]['failed'] =>
    Array.from({ length: 40 }, (_, n) => ({
      id: `${job}-${n}`,
      receivedAt: now,
      distinctId: 'ann',
      operation: { operator: '$add', values: { x: 1 } },
      property: `property ${job} ${n}`,
      reason: 'none',
    }));
  for (let job = 0; job < 20; job++) {
    await tellFailed(redis, other, { failed: failedOf(job), now });
  }
  const counts = await redis.hgetall(hourKey(other, hour));
  expect(Object.keys(counts)).toHaveLength(501);
  const sum = Object.values(counts).reduce((all, count) => all + Number(count), 0);
  expect(sum).toBe(20 * 40);
  // What is counted already stays counted by itself.
  await tellFailed(redis, other, { failed: failedOf(0).slice(0, 1), now });
  const field = JSON.stringify([
    'r',
    'engage',
    'profile_update_failed',
    'property 0 0',
    '$add: none',
  ]);
  expect(await redis.hget(hourKey(other, hour), field)).toBe('2');
});

it('makes files also where nobody can be told', async () => {
  const replica = await own.openReplica('c');
  await replica.store.append(update(adding('plan', 2), 4));
  const telling = { tellFailed: () => Promise.reject(new Error('Redis is away')) };
  expect(await own.index(replica, telling)).toBe('done');
});
