import { createConsumerConnection } from '@arbor/queue/connection';
import { forgetKeptAnswers } from '@arbor/queue/kept-answers';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Claim } from './ports.ts';
import { createRedisAnswers } from './redis-answers.ts';

const masterKey = 'the-master-key-of-these-tests';
let redis: Redis;
beforeAll(() => {
  redis = createConsumerConnection(inject('redisUrl'), () => undefined);
});
beforeEach(() => redis.flushall());
afterAll(() => redis.disconnect());

const request = { key: 'robot k-1', project: 1, fingerprint: 'one' };
const answer = { status: 201, contentType: 'application/json', body: '{"secret":"s3cr3t"}' };

async function firstClaim(): Promise<Extract<Claim, { type: 'first' }>> {
  const claim = await createRedisAnswers(redis, masterKey).claim(request);
  if (claim.type !== 'first') throw new Error(`the claim is ${claim.type}`);
  return claim;
}

test('one of two who claim a key at once is the first', async () => {
  const answers = createRedisAnswers(redis, masterKey);
  const types = await Promise.all([1, 2].map(async () => (await answers.claim(request)).type));
  expect(types.sort()).toEqual(['first', 'under_way']);
});

test('gives the answer to the same request, and to no other', async () => {
  await (await firstClaim()).keep(answer);
  // Another process of the same installation.
  const answers = createRedisAnswers(redis, masterKey);
  expect(await answers.claim(request)).toEqual({ type: 'answered', answer });
  expect(await answers.claim({ ...request, fingerprint: 'two' })).toEqual({
    type: 'another_request',
  });
  expect((await answers.claim({ ...request, key: 'robot k-2' })).type).toBe('first');
});

test('keeps an answer for a day, unreadable without the master key', async () => {
  await (await firstClaim()).keep(answer);
  const [name = ''] = await redis.keys('arbor:idempotency:*');
  expect(await redis.pttl(name)).toBeGreaterThan(23 * 3_600_000);
  expect(await redis.get(name)).not.toContain('s3cr3t');
  await expect(createRedisAnswers(redis, 'another-master-key').claim(request)).rejects.toThrow();
});

test('what is released can be claimed again, and a claim that ran out changes nothing', async () => {
  const first = await firstClaim();
  await first.release();
  const second = await firstClaim();
  await first.keep({ ...answer, body: 'of the first' });
  await second.keep(answer);
  expect(await createRedisAnswers(redis, masterKey).claim(request)).toEqual({
    type: 'answered',
    answer,
  });
});

test('forgets what was answered about a project, not that it was done', async () => {
  const answers = createRedisAnswers(redis, masterKey);
  const of = (key: string, project: number | null) => ({ key, project, fingerprint: key });
  const given = [of('of it', 1), of('of another', 2), of('of none', null), of('under way', 1)];
  for (const one of given) {
    const claim = await answers.claim(one);
    if (claim.type === 'first' && one.key !== 'under way') await claim.keep(answer);
  }
  expect(await forgetKeptAnswers(redis, 1)).toBe(1);
  const types = await Promise.all(given.map(async (one) => (await answers.claim(one)).type));
  expect(types).toEqual(['forgotten', 'answered', 'answered', 'under_way']);
  const kept = await Promise.all(
    (await redis.keys('arbor:idempotency:*')).map((key) => redis.get(key)),
  );
  const forgotten = kept.filter((text) => text?.includes('"forgotten":true'));
  expect(forgotten).toEqual([expect.stringContaining('"sealed":null')]);
});
