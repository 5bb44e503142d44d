import { decodeRowBatch, encodeRowBatch } from '@arbor/engine/batch';
import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { acceptedField, hourKey, hourMs, lastKey, refusedField } from '@arbor/queue/count-keys';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { parseLiveFields, publishLive } from '@arbor/queue/live-stream';
import { forgetSlowCommands, rewriteAof } from '@arbor/queue/rewrite-aof';
import { liveStreamKey } from '@arbor/schema/cluster';
import type { LiveEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { forgetMessages } from './forget-messages.ts';

const project = 890_003;
let redis: Redis;
beforeAll(() => {
  redis = createConsumerConnection(inject('redisUrl'), () => undefined);
});
afterAll(async () => {
  await redis.del(liveStreamKey(project));
  closeConnection(redis);
});

const eventOf = (id: string, user: string, receivedAt: number): LiveEntry => ({
  kind: 'event',
  id,
  receivedAt,
  source: 'track',
  event: 'Visit',
  time: 1,
  distinctId: user,
  user,
  insertId: id,
  properties: {},
});

test('deletes entries of Live about the users that came before, and no others', async () => {
  const deadLetters = createDeadLetters(redis, () => undefined);
  const rejected: LiveEntry = {
    kind: 'rejected',
    id: 'r1',
    receivedAt: 5,
    source: 'track',
    reason: 'no',
    record: '{"properties":{"distinct_id":"ann","text":"cu',
  };
  const entries = [
    eventOf('1', 'ann', 5),
    eventOf('2', 'bob', 5),
    rejected,
    eventOf('3', 'ann', 9),
  ];
  await publishLive(redis, project, entries);
  await forgetMessages(
    { redis, deadLetters, clock: Date.now },
    { project, identifiers: ['ann'], until: 9 },
  );
  const left = await redis.xrange(liveStreamKey(project), '-', '+');
  expect(left.map(([, fields]) => parseLiveFields(fields)?.id)).toEqual(['2', '3']);
  // Redis keeps deleted entries among others: the stream is another one now, which goes on where it was.
  await redis.config('SET', 'rdbcompression', 'no');
  const dump = await redis.dumpBuffer(liveStreamKey(project));
  await redis.config('SET', 'rdbcompression', 'yes');
  expect(dump.includes('"r1"')).toBe(false);
  expect(dump.includes('"bob"')).toBe(true);
  await redis.xdel(liveStreamKey(project), left.at(-1)?.[0] ?? '');
  await forgetMessages(
    { redis, deadLetters, clock: Date.now },
    { project, identifiers: ['ann'], until: 9 },
  );
  await publishLive(redis, project, [eventOf('4', 'bob', 10)]);
  const after = await redis.xrange(liveStreamKey(project), '-', '+');
  expect(after.map(([, fields]) => parseLiveFields(fields)?.id)).toEqual(['2', '4']);
  await deadLetters.close();
});

test('does not take what others did for that of a user who is called by a number', async () => {
  const deadLetters = createDeadLetters(redis, () => undefined);
  const others = { ...eventOf('5', 'bob', 5), properties: { rooms: 7 } };
  const rejected: LiveEntry = {
    kind: 'rejected',
    id: 'r2',
    receivedAt: 5,
    source: 'track',
    reason: 'no',
    record: '{"properties":{"distinct_id":7,"text":"cu',
  };
  await redis.del(liveStreamKey(project));
  await publishLive(redis, project, [others, eventOf('6', '7', 5), rejected]);
  const letter = { id: 'h4-seven', queue: 'ingest-live', jobId: 's', reason: 'poison', at: 1 };
  const records = [{ distinctId: 'bob', properties: { rooms: 7 } }];
  await deadLetters.put({ ...letter, batch: JSON.stringify({ project, records }) });
  await forgetMessages(
    { redis, deadLetters, clock: Date.now },
    { project, identifiers: ['7'], until: 9 },
  );
  const left = await redis.xrange(liveStreamKey(project), '-', '+');
  expect(left.map(([, fields]) => parseLiveFields(fields)?.id)).toEqual(['5']);
  expect(await deadLetters.remove('h4-seven')).toBe(true);
  await deadLetters.close();
});

test('takes users out of dead letters, and keeps what is of others', async () => {
  const deadLetters = createDeadLetters(redis, () => undefined);
  const ingest = (own: number, users: readonly string[]) =>
    JSON.stringify({ project: own, records: users.map((distinctId) => ({ distinctId })) });
  const rows = (...users: readonly string[]): string => {
    const events = users.map((user, position) => ({
      event: 'Visit',
      time: 1,
      sentTime: 1,
      distinctId: user,
      user,
      insertId: String(position),
      position,
      properties: {},
    }));
    const batch = { batchId: 'b', project, shard: 0, sequence: 1, receivedAt: 1 };
    const bytes = encodeRowBatch({ ...batch, events, persons: [], links: [] });
    return Buffer.from(bytes).toString('base64');
  };
  const letters: Record<string, readonly [string, string]> = {
    mixed: ['ingest-live', ingest(project, ['ann', 'bob'])],
    own: ['ingest-live', ingest(project, ['ann'])],
    other: ['ingest-live', ingest(project + 1, ['ann'])],
    broken: ['ingest-live', '{"distinctId":"ann"'],
    rowsOfAnn: ['store-0-a', rows('ann')],
    rowsOfBob: ['store-0-a', rows('bob')],
    rowsOfBoth: ['store-0-a', rows('ann', 'bob')],
    damaged: ['store-0-a', 'AAAA'],
  };
  for (const [id, [queue, batch]] of Object.entries(letters)) {
    const letter = { id: `h4-${id}`, queue, jobId: id, reason: 'poison', at: 1, batch };
    await deadLetters.put(letter);
  }
  await forgetMessages(
    { redis, deadLetters, clock: Date.now },
    { project, identifiers: ['ann'], until: 9 },
  );
  const left = (await deadLetters.list()).filter(({ id }) => id.startsWith('h4-'));
  expect(left.map(({ id }) => id).sort()).toEqual([
    'h4-mixed~erased',
    'h4-other',
    'h4-rowsOfBob',
    'h4-rowsOfBoth~erased',
  ]);
  const both = left.find(({ jobId }) => jobId === 'rowsOfBoth');
  const { events } = decodeRowBatch(Buffer.from(String(both?.batch), 'base64'));
  expect(events.map(({ user, position }) => [user, position])).toEqual([['bob', 1]]);
  const mixed = left.find(({ jobId }) => jobId === 'mixed');
  expect(mixed?.batch).toBe(ingest(project, ['bob']));
  for (const { id } of left) await deadLetters.remove(id);
  await deadLetters.close();
});

test('deletes counts of ingestion under what the users are called', async () => {
  const deadLetters = createDeadLetters(redis, () => undefined);
  const now = Date.now();
  const kind = { source: 'track', code: 'SIZE', reason: 'too long' } as const;
  const fields = ['note of ann@example.com', 'ann', 'note'].map((field) =>
    refusedField({ ...kind, field }),
  );
  const library = acceptedField({ source: 'track', library: 'app of ann@example.com' });
  const old = hourKey(project, Math.floor(now / hourMs) - 190);
  for (const field of fields) await redis.hset(old, field, 1);
  await redis.hset(lastKey(project), library, now);
  await forgetMessages(
    { redis, deadLetters, clock: () => now },
    { project, identifiers: ['ann@example.com', 'ann'], until: now },
  );
  // A property may be called "ann", whoever else is.
  expect((await redis.hkeys(old)).toSorted()).toEqual(fields.slice(1).toSorted());
  expect(await redis.exists(lastKey(project))).toBe(0);
  await redis.del(old);
  await deadLetters.close();
});

test('has Redis write its file anew, and says so', async () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const done = await rewriteAof(redis, { everyMs: 20, timeoutMs: 30_000, pause });
  const info = await redis.info('persistence');
  expect(done).toBe(info.includes('aof_enabled:1') ? 'rewritten' : 'none');
});

test('has Redis forget what commands that took long wrote', async () => {
  const slow = async () => JSON.stringify(await redis.slowlog('GET', -1));
  await redis.config('SET', 'slowlog-log-slower-than', '0');
  await redis.echo('ann@example.com');
  await redis.config('SET', 'slowlog-log-slower-than', '10000');
  expect(await slow()).toContain('ann@example.com');
  expect(await forgetSlowCommands(redis)).toBe(true);
  expect(await slow()).not.toContain('ann@example.com');
});
