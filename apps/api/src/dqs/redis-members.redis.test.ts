import { createProducerConnection, whenReady } from '@arbor/queue/connection';
import { releaseLease, renewLease } from '@arbor/queue/membership';
import type { Member } from '@arbor/schema/cluster';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { createRedisMembers } from './redis-members.ts';

let redis: Redis;
let zone: string;
let now: number;

beforeEach(async () => {
  redis = createProducerConnection(inject('redisUrl'), () => undefined);
  await whenReady(redis);
  zone = `zone-${crypto.randomUUID()}`;
  now = 0;
});

afterEach(() => redis.disconnect());

const member = (): Member => ({
  version: 1,
  name: 'storage',
  zone,
  url: 'http://127.0.0.1:1',
  pid: 1,
  shards: [0],
  serving: true,
  lagMs: 0,
});

test('reads the leases again after a moment', async () => {
  const members = createRedisMembers(redis, [zone], () => now);
  expect(await members.live()).toEqual([]);
  await renewLease(redis, member());
  expect(await members.live()).toEqual([]);
  now = 100;
  expect(await members.live()).toEqual([member()]);
  await releaseLease(redis, zone, 'storage');
  now = 200;
  expect(await members.live()).toEqual([]);
});

test('goes on with what it knew while redis is away, but not for ever', async () => {
  await renewLease(redis, member());
  const members = createRedisMembers(redis, [zone], () => now);
  await members.live();
  redis.disconnect();
  now = 59_999;
  expect(await members.live()).toEqual([member()]);
  now = 60_100;
  await expect(members.live()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('says that nobody knows who is alive when redis was never there', async () => {
  redis.disconnect();
  const members = createRedisMembers(redis, [zone], () => now);
  await expect(members.live()).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'redis does not answer: nobody knows who is alive',
  });
});
