import { createConsumerConnection } from '@arbor/queue/connection';
import { publishLive } from '@arbor/queue/live-stream';
import type { LiveEntry, LiveFilter } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { silentLogger } from '../../test/support/silent-logger.ts';
import type { LivePosition } from './ports.ts';
import { RedisLive } from './redis-live.ts';

let redis: Redis;
let opened: Redis[];
let live: RedisLive;
let project: number;

const connect = (): Redis => createConsumerConnection(inject('redisUrl'), () => undefined);

beforeEach(() => {
  redis = connect();
  opened = [];
  // A stream of its own for every test.
  project = Math.floor(Math.random() * 2 ** 31);
  live = new RedisLive({
    redis,
    connect: () => {
      const connection = connect();
      opened.push(connection);
      return connection;
    },
    logger: silentLogger,
  });
});

afterEach(() => {
  live.close();
  redis.disconnect();
});

const event = (id: string, name = 'Buy', user = 'anna'): LiveEntry => ({
  kind: 'event',
  id,
  receivedAt: 1,
  source: 'track',
  event: name,
  time: 1,
  distinctId: user,
  user,
  insertId: id,
  properties: {},
});

/** Follows until so many entries came, then leaves. */
async function take(
  count: number,
  options: { filter?: LiveFilter; after?: string; onFirst?: () => Promise<void> } = {},
): Promise<LivePosition[]> {
  const { filter = {}, after, onFirst } = options;
  const leaving = new AbortController();
  const taken: LivePosition[] = [];
  const entries = live.follow(project, filter, {
    signal: leaving.signal,
    ...(after === undefined ? {} : { after }),
  });
  for await (const position of entries) {
    taken.push(position);
    if (taken.length === 1) await onFirst?.();
    if (taken.length === count) leaving.abort();
  }
  return taken;
}

const ids = (positions: readonly LivePosition[]): string[] =>
  positions.map(({ entry }) => entry.id);

test('begins with the last entries, oldest first, and goes on with new ones', async () => {
  await publishLive(redis, project, [event('1'), event('2')]);
  const taken = await take(4, {
    onFirst: () => publishLive(redis, project, [event('3'), event('4')]),
  });
  expect(ids(taken)).toEqual(['1', '2', '3', '4']);
});

test('starts with a hundred entries at most', async () => {
  const many = Array.from({ length: 250 }, (_, i) => event(String(i)));
  await publishLive(redis, project, many);
  expect(ids(await live.recent(project, {}, 100))).toEqual(many.slice(150).map(({ id }) => id));
  expect(ids(await take(100)).at(0)).toBe('150');
});

test('gives a viewer that comes back what it missed, and nothing twice', async () => {
  await publishLive(redis, project, [event('1'), event('2')]);
  const [, last] = await take(2);
  await publishLive(redis, project, [event('3')]);
  const after = last?.streamId ?? '';
  const taken = await take(2, { after, onFirst: () => publishLive(redis, project, [event('4')]) });
  expect(ids(taken)).toEqual(['3', '4']);
});

test('fills a gap that is longer than one page', async () => {
  await publishLive(redis, project, [event('first')]);
  const [first] = await take(1);
  const many = Array.from({ length: 1200 }, (_, i) => event(String(i)));
  await publishLive(redis, project, many);
  const taken = await take(1200, { after: first?.streamId ?? '' });
  expect(ids(taken)).toEqual(many.map(({ id }) => id));
});

test('drops repeats of a redelivered batch', async () => {
  await publishLive(redis, project, [event('1'), event('1'), event('2')]);
  const taken = await take(3, {
    onFirst: () => publishLive(redis, project, [event('2'), event('3')]),
  });
  expect(ids(taken)).toEqual(['1', '2', '3']);
});

test('filters on the server, also far back in the stream', async () => {
  await publishLive(redis, project, [event('rare', 'Refund')]);
  await publishLive(
    redis,
    project,
    Array.from({ length: 700 }, (_, i) => event(String(i))),
  );
  const taken = await take(2, {
    filter: { event: 'Refund' },
    onFirst: () => publishLive(redis, project, [event('x'), event('new', 'Refund')]),
  });
  expect(ids(taken)).toEqual(['rare', 'new']);
});

test('passes over what something else wrote into the stream', async () => {
  await redis.xadd(`arbor:live:${project}`, '*', 'entry', 'no json');
  await publishLive(redis, project, [event('1')]);
  expect(ids(await take(1))).toEqual(['1']);
});

test('shares one connection among the viewers of a project and closes it after the last', async () => {
  await publishLive(redis, project, [event('1')]);
  const [first, second] = [new AbortController(), new AbortController()];
  const viewers = [first, second].map(async ({ signal }) => {
    for await (const position of live.follow(project, {}, { signal })) {
      if (position.entry.id === '2') return 'saw it';
    }
    return 'left';
  });
  await expect.poll(() => opened[0]?.status).toBe('ready');
  await publishLive(redis, project, [event('2')]);
  expect(await Promise.all(viewers)).toEqual(['saw it', 'saw it']);
  expect(opened).toHaveLength(1);
  await expect.poll(() => opened[0]?.status).toBe('end');
});

test('ends its viewers when it is closed', async () => {
  const entries = live.follow(project, {}, { signal: new AbortController().signal });
  const next = entries.next();
  await expect.poll(() => opened[0]?.status).toBe('ready');
  live.close();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('goes on after its connection to redis was cut', async () => {
  await publishLive(redis, project, [event('1')]);
  const taken = await take(2, {
    onFirst: async () => {
      await expect.poll(() => opened[0]?.status).toBe('ready');
      await redis.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await publishLive(redis, project, [event('2')]);
    },
  });
  expect(ids(taken)).toEqual(['1', '2']);
});
