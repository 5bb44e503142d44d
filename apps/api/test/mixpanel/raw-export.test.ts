import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError } from '../../src/errors.ts';
import { basicOf, mixpanelApp, secret } from '../support/mixpanel-app.ts';

/* query-api.md 12: the endpoint; what the lines say is the engine's (`export-rows.test.ts`). */

const nowMs = Date.UTC(2024, 2, 12, 12);
const world = { events: [], people: {} };
const days = { from_date: '2024-03-04', to_date: '2024-03-06' };
const line = `{"event":"Play","properties":{"time":1709543400,"distinct_id":"u1"}}\n`;
const long = mixpanelApp(world, { nowMs, lines: [line.repeat(10), line.repeat(30)] });

let url: string;
beforeAll(async () => {
  url = await long.app.listen({ port: 0 });
});
afterAll(() => long.app.close());

async function ask(
  app: ReturnType<typeof mixpanelApp>,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
) {
  const query = new URLSearchParams(parameters).toString();
  const response = await app.app.inject({
    url: `/api/2.0/export?${query}`,
    headers: { authorization: basicOf(secret), ...headers },
  });
  return response;
}

test('lines of text, as they come', async () => {
  const response = await ask(long, days);
  expect([response.statusCode, response.headers['content-type'], response.body]).toEqual([
    200,
    'text/plain; charset=utf-8',
    line.repeat(40),
  ]);
});

test('every parameter is handed on', async () => {
  const app = mixpanelApp(world, { nowMs });
  await ask(app, {
    ...days,
    event: '["Play","Signup"]',
    where: 'properties["song"] == "A"',
    limit: '100000',
    time_in_ms: 'true',
    from_time: '1709543400000',
    time_zone: 'project',
  });
  expect(app.exported).toMatchObject([
    {
      range: { from: '2024-03-04', to: '2024-03-06' },
      timezone: 'UTC',
      events: ['Play', 'Signup'],
      filters: [{ type: 'property', operator: 'is_true' }],
      limit: 100_000,
      timeInMs: true,
      fromMs: 1_709_543_400_000,
    },
  ]);
  await ask(app, { ...days, event: 'Play' });
  await ask(app, days);
  expect(app.exported.slice(1)).toMatchObject([
    { events: ['Play'], limit: null, timeInMs: false, fromMs: null, filters: [] },
    { events: null },
  ]);
});

test('nothing is an empty body with success', async () => {
  const response = await ask(mixpanelApp(world, { nowMs }), days);
  expect([response.statusCode, response.body]).toEqual([200, '']);
});

test('compressed where that is taken and worth it', async () => {
  const packed = await ask(long, days, { 'accept-encoding': 'gzip, deflate' });
  expect(packed.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(packed.rawPayload).toString()).toBe(line.repeat(40));
  const refused = await ask(long, days, { 'accept-encoding': 'gzip;q=0' });
  expect(refused.headers['content-encoding']).toBeUndefined();
  const short = mixpanelApp(world, { nowMs, lines: [line] });
  const plain = await ask(short, days, { 'accept-encoding': 'gzip' });
  expect([plain.headers['content-encoding'], plain.body]).toEqual([undefined, line]);
});

test('what is wrong is said before the first line', async () => {
  const errorOf = async (parameters: Record<string, string>) => {
    const { statusCode, body } = await ask(long, parameters);
    return [statusCode, (JSON.parse(body) as { error: string }).error];
  };
  expect(await errorOf({ from_date: '2024-03-04' })).toEqual([400, 'to_date: is missing']);
  expect(await errorOf({ ...days, from_date: '2024-03-07' })).toEqual([
    400,
    'from_date: 2024-03-07 lies after to_date 2024-03-06',
  ]);
  expect(await errorOf({ ...days, limit: '100001' })).toEqual([
    400,
    'limit: must be a whole number from 1 to 100000, not "100001"',
  ]);
  const failing = mixpanelApp(world, { nowMs, lines: [new ApiError('OVERLOADED', 'not now')] });
  const busy = await ask(failing, days);
  expect([busy.statusCode, busy.headers['retry-after']]).toEqual([429, '1']);
});

test.each([{ 'accept-encoding': 'gzip' }, { 'accept-encoding': 'identity' }])(
  'what goes wrong later breaks the connection off, with %o',
  async (headers) => {
    const broken = mixpanelApp(world, {
      nowMs,
      lines: [line.repeat(40), line.repeat(40), new Error('a disk is gone')],
    });
    const at = await broken.app.listen({ port: 0 });
    const query = new URLSearchParams(days).toString();
    const read = async (): Promise<string> => {
      const response = await fetch(`${at}/api/2.0/export?${query}`, {
        headers: { authorization: basicOf(secret), ...headers },
      });
      return response.text();
    };
    await expect(read()).rejects.toThrow('terminated');
    await broken.app.close();
  },
);

test('over a real connection the whole text comes', async () => {
  const response = await fetch(`${url}/api/2.0/export?${new URLSearchParams(days).toString()}`, {
    headers: { authorization: basicOf(secret) },
  });
  expect(await response.text()).toBe(line.repeat(40));
});
