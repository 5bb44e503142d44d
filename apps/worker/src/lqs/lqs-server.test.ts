import http from 'node:http';
import { planQuery } from '@arbor/engine/plan';
import { createLogger } from '@arbor/runtime/logger';
import type { LqsNames } from '@arbor/schema/lqs';
import { clusterKeyHeader } from '@arbor/schema/lqs';
import { querySchema } from '@arbor/schema/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workerLimits } from '../limits.ts';
import { type LqsOptions, type LqsServer, startLqsServer } from './lqs-server.ts';

type Shard = LqsOptions['shards'] extends ReadonlyMap<number, infer One> ? One : never;
type View = ReturnType<Shard['view']>;

const clusterKey = 'key-of-the-cluster';
const emptyView: View = {
  rowCount: 0,
  times: new Float64Array(),
  users: new Uint32Array(),
  events: new Uint32Array(),
  eventNames: [],
  userCount: 0,
  userIds: [''],
  eventProperty: () => undefined,
  personProperty: () => undefined,
};

let server: LqsServer;
let serving: boolean;
let asked: number[];
let afterView: () => void;

const names = (count: number): LqsNames => ({
  events: [{ name: 'View', count }],
  properties: [
    { scope: 'event', name: 'plan', types: count > 1 ? ['string', 'number'] : ['null'], count },
  ],
  values: [
    { text: 'pro', count },
    { text: `only-${count}`, count: 1 },
  ],
  persons: count,
  users: count,
});
const shard = (number: number): Shard => ({
  view(project) {
    asked.push(project);
    afterView();
    return emptyView;
  },
  names: () => names(number + 1),
});

beforeEach(async () => {
  serving = true;
  asked = [];
  afterView = () => undefined;
  server = await startLqsServer({
    host: '127.0.0.1',
    port: 0,
    clusterKey,
    shards: new Map([0, 1].map((number) => [number, shard(number)])),
    isServing: () => serving,
    logger: createLogger({ name: 'lqs', level: 'silent' }),
  });
});
afterEach(() => server.close());

const plan = planQuery(
  querySchema.parse({
    type: 'insights',
    range: { from: '2024-03-10', to: '2024-03-10' },
    metrics: [{ selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'total' } }],
  }),
  { timezone: 'UTC', weekStart: 1, nowMs: Date.UTC(2024, 5, 1) },
);
const query = (shards: number[]) => ({ version: 1, project: 7, shards, plan });

const post = (path: string, body: unknown, key: string | null = clusterKey): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: key === null ? {} : { [clusterKeyHeader]: key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function linesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('POST /lqs/query', () => {
  it('answers a line a shard, then the end, for the given project', async () => {
    const response = await post('/lqs/query', query([1, 0]));
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = await linesOf(response);
    expect(lines.map(({ type, shard: number }) => [type, number])).toEqual([
      ['shard', 1],
      ['shard', 0],
      ['end', undefined],
    ]);
    expect(asked).toEqual([7, 7]);
  });

  it('takes the plan of years by the hour', async () => {
    const years = planQuery(
      querySchema.parse({
        type: 'insights',
        range: { from: '2019-01-01', to: '2024-06-30' },
        unit: 'hour',
        metrics: [{ selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'mau' } }],
      }),
      { timezone: 'UTC', weekStart: 1, nowMs: Date.UTC(2024, 5, 1) },
    );
    const response = await post('/lqs/query', { ...query([0]), plan: years });
    expect(await linesOf(response)).toMatchObject([{ type: 'shard', shard: 0 }, { type: 'end' }]);
  });

  it('refuses a missing or wrong key before it reads anything', async () => {
    for (const key of [null, '', 'key-of-the-clusteR']) {
      const response = await post('/lqs/query', 'not even JSON', key);
      expect([response.status, await response.json()]).toEqual([
        401,
        { code: 'UNAUTHORIZED', message: `the header ${clusterKeyHeader} is missing or wrong` },
      ]);
    }
    expect(asked).toEqual([]);
  });

  it('refuses while the replica is still catching up', async () => {
    serving = false;
    const response = await post('/lqs/query', query([0]));
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'NOT_SERVING' }]);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  });

  it('says which shard it does not keep, and what is wrong with a body', async () => {
    const missing = await post('/lqs/query', query([0, 9]));
    expect([missing.status, await missing.json()]).toEqual([
      404,
      { code: 'SHARD_NOT_HERE', message: 'shard 9 is not kept by this process' },
    ]);
    expect((await post('/lqs/query', '{')).status).toBe(400);
    expect((await post('/lqs/query', { ...query([0]), project: -1 })).status).toBe(400);
    expect((await post('/lqs/query', ' '.repeat(workerLimits.lqsBodyBytesMax + 1))).status).toBe(
      413,
    );
    expect((await post('/lqs/other', query([0]))).status).toBe(404);
  });

  it('ends the stream with an error that comes after the first shard', async () => {
    afterView = () => {
      if (asked.length === 2) throw new Error('the shard is broken');
    };
    const lines = await linesOf(await post('/lqs/query', query([0, 1])));
    expect(lines.at(-1)).toEqual({
      type: 'error',
      code: 'INTERNAL',
      message: 'Error: the shard is broken',
    });
    expect(lines).toHaveLength(2);
  });

  it('stops working when the caller goes away', async () => {
    const many = Array.from({ length: 5000 }, (_, n) => n % 2);
    const left = new Promise<void>((resolve) => {
      const request = http.request(`${server.url}/lqs/query`, {
        method: 'POST',
        headers: { [clusterKeyHeader]: clusterKey },
      });
      request.on('error', () => undefined);
      request.on('response', (response) => {
        response.once('data', () => {
          request.destroy();
          resolve();
        });
      });
      request.end(JSON.stringify(query(many)));
    });
    await left;
    // The server answers others, which shows that it had its turns; it knows by then that nobody listens.
    await fetch(`${server.url}/healthz`);
    await fetch(`${server.url}/healthz`);
    const count = asked.length;
    await fetch(`${server.url}/healthz`);
    expect(asked).toHaveLength(count);
    expect(count).toBeLessThan(many.length);
  });
});

describe('POST /lqs/names', () => {
  it('adds the shards up, most frequent first', async () => {
    const response = await post('/lqs/names', {
      version: 1,
      project: 7,
      shards: [0, 1],
      values: { scope: 'event', name: 'plan', search: '', max: 2 },
    });
    expect(await response.json()).toEqual({
      events: [{ name: 'View', count: 3 }],
      properties: [{ scope: 'event', name: 'plan', types: ['string', 'number', 'null'], count: 3 }],
      values: [
        { text: 'pro', count: 3 },
        { text: 'only-1', count: 1 },
      ],
      persons: 3,
      users: 3,
    });
  });
});

it('prints its metrics', async () => {
  await post('/lqs/query', query([0]));
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toContain('arbor_lqs_shard_seconds_count');
});
