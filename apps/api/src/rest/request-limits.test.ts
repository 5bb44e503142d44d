import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { answerErrors } from './rest-errors.ts';
import { chargeOf, limitRequests, RequestLimits } from './request-limits.ts';

/** An app with a route that answers when it is told to, under a clock that stands still. */
function limited(options: { readonly perMinuteMax: number; readonly atOnceMax: number }) {
  const clock = { nowMs: 1_000_000 };
  const app = Fastify();
  answerErrors(app, silentLogger);
  const waiting: (() => void)[] = [];
  limitRequests(app, new RequestLimits(options, () => clock.nowMs));
  app.get('/now', () => ({}));
  app.get<{ Querystring: { requests: string } }>('/many', (request) => {
    chargeOf(request)(Number(request.query.requests));
    return {};
  });
  app.get('/later', async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return {};
  });
  const get = (url: string, authorization = 'Basic one') =>
    app.inject({ url, headers: { authorization } });
  return { clock, get, waiting };
}

test('says what is left of a minute, and refuses what is over it until it ends', async () => {
  const { clock, get } = limited({ perMinuteMax: 2, atOnceMax: 5 });
  const first = await get('/now');
  expect(first.statusCode).toBe(200);
  expect(first.headers).toMatchObject({
    'ratelimit-policy': '2;w=60',
    'ratelimit-limit': '2',
    'ratelimit-remaining': '1',
    'ratelimit-reset': '60',
    'concurrency-limit': '5',
    'concurrency-remaining': '4',
  });
  clock.nowMs += 20_500;
  expect((await get('/now')).headers['ratelimit-remaining']).toBe('0');
  const refused = await get('/now');
  expect(refused.statusCode).toBe(429);
  expect(refused.headers).toMatchObject({ 'retry-after': '40', 'ratelimit-remaining': '0' });
  expect(refused.json()).toMatchObject({
    error: { code: 'RATE_LIMITED', message: '2 requests were sent within a minute' },
  });
  expect((await get('/now', 'Basic another')).statusCode).toBe(200);
  clock.nowMs += 39_500;
  expect((await get('/now')).statusCode).toBe(200);
});

test('refuses what is more than may be under way, and counts answers off', async () => {
  const { get, waiting } = limited({ perMinuteMax: 100, atOnceMax: 1 });
  const slow = get('/later');
  await expect.poll(() => waiting.length).toBe(1);
  const refused = await get('/now');
  expect(refused.statusCode).toBe(429);
  expect(refused.headers['retry-after']).toBe('1');
  expect(refused.json()).toMatchObject({ error: { code: 'TOO_MANY_AT_ONCE' } });
  waiting[0]?.();
  expect((await slow).statusCode).toBe(200);
  await expect.poll(async () => (await get('/now')).statusCode).toBe(200);
});

test('a request under way counts on when a minute ends', () => {
  let nowMs = 0;
  const limits = new RequestLimits({ perMinuteMax: 5, atOnceMax: 1 }, () => nowMs);
  expect(limits.enter('a').refused).toBeNull();
  nowMs = 60_000;
  expect(limits.enter('a')).toMatchObject({ refused: 'TOO_MANY_AT_ONCE', remaining: 5 });
  limits.leave('a');
  expect(limits.enter('a')).toMatchObject({ refused: null, remaining: 4 });
});

test('one request that asks as much as several counts as so many, and only what comes later is refused', async () => {
  const { get } = limited({ perMinuteMax: 10, atOnceMax: 5 });
  expect((await get('/many?requests=4')).headers['ratelimit-remaining']).toBe('9');
  expect((await get('/now')).headers['ratelimit-remaining']).toBe('4');
  expect((await get('/many?requests=100')).statusCode).toBe(200);
  const refused = await get('/now');
  expect([refused.statusCode, refused.headers['ratelimit-remaining']]).toEqual([429, '0']);
});

test('forgets who has not asked for longest, and none who has something under way', () => {
  const limits = new RequestLimits({ perMinuteMax: 1, atOnceMax: 1 }, () => 0);
  limits.enter('busy');
  limits.enter('idle');
  limits.leave('idle');
  for (let n = 0; n < 20_000; n++) {
    limits.enter(`other ${n}`);
    limits.leave(`other ${n}`);
  }
  expect(limits.enter('busy').refused).toBe('RATE_LIMITED');
  expect(limits.enter('idle').refused).toBeNull();
});
