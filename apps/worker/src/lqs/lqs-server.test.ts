import { ScanHost } from '@arbor/engine/host';
import { planQuery } from '@arbor/engine/plan';
import { detachLists } from '@arbor/engine/plan-lists';
import { createLogger } from '@arbor/runtime/logger';
import type { LqsNames } from '@arbor/schema/lqs';
import { clusterKeyHeader } from '@arbor/schema/lqs';
import { querySchema } from '@arbor/schema/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workerLimits } from '../limits.ts';
import { type LqsOptions, type LqsServer, startLqsServer } from './lqs-server.ts';

type Shard = LqsOptions['shards'] extends ReadonlyMap<number, infer One> ? One : never;
type Run = LqsOptions['scanHost']['runTogether'];

const clusterKey = 'key-of-the-cluster';

let server: LqsServer;
let serving: boolean;
let moveEpoch: number;
let asked: number[];
let withoutUsers: (number | string)[][];
let run: Run;
let lists: Pick<ScanHost, 'addList' | 'holdLists'>;

/** A shard that has nothing; it says which project it was asked for. */
const nothing = (project: number): ReturnType<Shard['snapshot']> => ({
  project,
  shard: 0,
  users: { count: 0, bytes: new Uint8Array(0), ends: new Uint32Array(1) },
  redirects: {
    losers: new Uint32Array(0),
    winners: new Uint32Array(0),
    ranks: new Uint32Array(0),
  },
  days: [],
  personProperty: () => undefined,
});

const partial = (text: string): Uint8Array => Buffer.from(JSON.stringify({ text }));

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
  snapshot(project, leftOut) {
    asked.push(project);
    if (leftOut !== undefined) withoutUsers.push([number, ...leftOut]);
    return nothing(project);
  },
  names: () => names(number + 1),
  profiles: (_, users, leftOut = []) =>
    new Map(
      users
        .filter((user) => user.length === number + 1 && !leftOut.includes(user))
        .map((user) => [user, { user }]),
    ),
});

beforeEach(async () => {
  serving = true;
  moveEpoch = 0;
  asked = [];
  withoutUsers = [];
  lists = { addList: () => undefined, holdLists: () => ({ end: () => undefined }) };
  run = () => Promise.resolve({ partials: [partial('é'), partial('b')], rowsScanned: 5 });
  server = await startLqsServer({
    host: '127.0.0.1',
    port: 0,
    clusterKey,
    shards: new Map([0, 1].map((number) => [number, shard(number)])),
    scanHost: {
      runTogether: (...given) => run(...given),
      addList: (...given) => lists.addList(...given),
      holdLists: (...given) => lists.holdLists(...given),
    },
    moveEpochs: { of: () => moveEpoch },
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
  it('answers once for all shards where they are asked together', async () => {
    let given = 0;
    run = (_plan, snapshots) => {
      given = snapshots.length;
      return Promise.resolve({ partials: [partial('of both')], rowsScanned: 7 });
    };
    const response = await post('/lqs/query', { ...query([1, 0]), together: true });
    expect(await linesOf(response)).toEqual([
      { type: 'shard', shard: 1, rowsScanned: 7, partials: [{ text: 'of both' }] },
      { type: 'end' },
    ]);
    expect(given).toBe(2);
  });

  it('answers a line a shard, then the end, for the given project', async () => {
    const response = await post('/lqs/query', query([1, 0]));
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = await linesOf(response);
    const partials = [{ text: 'é' }, { text: 'b' }];
    expect(lines).toEqual([
      { type: 'shard', shard: 1, rowsScanned: 5, partials },
      { type: 'shard', shard: 0, rowsScanned: 5, partials },
      { type: 'end' },
    ]);
    expect(asked).toEqual([7, 7]);
  });

  it('answers of a real scan host what a shard without anything has', async () => {
    const host = ScanHost.create({ threads: 1, cacheBytes: 1024 });
    run = (...given) => host.runTogether(...given);
    const lines = await linesOf(await post('/lqs/query', query([0])));
    await host.close();
    const answer = lines.filter(({ type }) => type !== 'progress');
    expect(answer).toMatchObject([{ type: 'shard', shard: 0, rowsScanned: 0 }, { type: 'end' }]);
  });

  it('leaves those out of a shard who lie in another, and refuses a plan that knows less of them', async () => {
    moveEpoch = 4;
    const leftOut = [{ shard: 1, users: ['old', 'other'] }];
    const response = await post('/lqs/query', { ...query([0, 1]), moves: { epoch: 4, leftOut } });
    expect(await linesOf(response)).toHaveLength(3);
    expect(withoutUsers).toEqual([[1, 'old', 'other']]);
    moveEpoch = 5;
    const refused = await post('/lqs/query', { ...query([0]), moves: { epoch: 4, leftOut } });
    expect([refused.status, await refused.json()]).toEqual([
      409,
      {
        code: 'STALE_PLAN',
        message: 'users of project 7 have moved since the query was planned, plan it again',
      },
    ]);
  });

  it('asks for the long lists of a plan, takes them, and answers', async () => {
    const host = ScanHost.create({ threads: 1, cacheBytes: 1024 });
    lists = host;
    run = (...given) => host.runTogether(...given);
    const ids = Array.from({ length: 1000 }, (_, n) => `user-${n}`);
    const detached = detachLists({ ...plan, cohorts: [{ type: 'users', ids }] });
    const body = { ...query([0]), plan: detached.plan };
    const [[name, list]] = [...detached.lists];
    const refused = await post('/lqs/query', body);
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { code: 'LIST_MISSING', message: `send these lists first: ${name}` },
    ]);
    const send = (bytes: Uint8Array) =>
      fetch(`${server.url}/lqs/lists/${name}`, {
        method: 'PUT',
        headers: { [clusterKeyHeader]: clusterKey },
        body: bytes,
      });
    expect((await send(Buffer.from('[]'))).status).toBe(400);
    expect((await send(list.bytes)).status).toBe(200);
    const lines = await linesOf(await post('/lqs/query', body));
    await host.close();
    expect(lines.at(-1)).toEqual({ type: 'end' });
  });

  it('says how far it is, all shards together', async () => {
    run = (_plan, _snapshots, options) => {
      options?.onProgress?.({ done: 250, total: 1000 });
      return Promise.resolve({ partials: [], rowsScanned: 0 });
    };
    const [first, second] = await linesOf(await post('/lqs/query', query([0, 1])));
    expect(first).toEqual({ type: 'progress', done: 0.25, total: 2 });
    expect(second).toMatchObject({ type: 'shard', partials: [] });
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
    let runs = 0;
    run = () =>
      ++runs === 1
        ? Promise.resolve({ partials: [], rowsScanned: 0 })
        : new Promise((_, reject) => {
            setTimeout(() => reject(new Error('the shard is broken')), 20);
          });
    const lines = await linesOf(await post('/lqs/query', query([0, 1])));
    expect(lines.at(-1)).toEqual({
      type: 'error',
      code: 'INTERNAL',
      message: 'Error: the shard is broken',
    });
    expect(lines).toHaveLength(2);
  });

  it('ends the scan when the caller goes away', async () => {
    const left = new AbortController();
    const ended = new Promise<unknown>((resolve) => {
      run = (_plan, _snapshots, options) =>
        new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            resolve(options.signal?.reason);
            reject(options.signal?.reason as Error);
          });
          left.abort();
        });
    });
    await expect(
      fetch(`${server.url}/lqs/query`, {
        method: 'POST',
        headers: { [clusterKeyHeader]: clusterKey },
        body: JSON.stringify(query([0])),
        signal: left.signal,
      }),
    ).rejects.toThrow('aborted');
    expect(await ended).toMatchObject({ code: 'CANCELLED' });
  });
});

describe('POST /lqs/export', () => {
  const asked = { events: null, fromMs: null, limit: null, timeInMs: false };

  it('answers nothing, whole, where nothing lies', async () => {
    const response = await post('/lqs/export', { ...query([0, 1]), ...asked });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('says before the first line what is wrong', async () => {
    const missing = await post('/lqs/export', { ...query([9]), ...asked });
    expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'SHARD_NOT_HERE' }]);
    const cohort = { type: 'cohort', cohorts: [0], negated: false };
    const filtered = { ...plan, filters: [cohort] };
    const refused = await post('/lqs/export', { ...query([0]), ...asked, plan: filtered });
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'INVALID_QUERY' }]);
    expect((await post('/lqs/export', { ...query([0]), ...asked }, 'wrong')).status).toBe(401);
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
      groups: [],
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

describe('POST /lqs/profiles', () => {
  it('answers those of the users who have one, of all shards that are asked', async () => {
    const users = ['a', 'bb', 'ccc'];
    const ask = async (shards: number[]) =>
      (await post('/lqs/profiles', { version: 1, project: 7, shards, users })).json();
    expect(await ask([0, 1])).toEqual({
      profiles: [
        ['a', { user: 'a' }],
        ['bb', { user: 'bb' }],
      ],
    });
    expect(await ask([1])).toEqual({ profiles: [['bb', { user: 'bb' }]] });
  });

  it('leaves out those of users who lie in another shard by now', async () => {
    const moves = { epoch: 1, leftOut: [{ shard: 0, users: ['a', 'bb'] }] };
    const body = { version: 1, project: 7, shards: [0, 1], users: ['a', 'bb'], moves };
    const response = await post('/lqs/profiles', body);
    expect(await response.json()).toEqual({ profiles: [['bb', { user: 'bb' }]] });
  });
});

it('prints its metrics', async () => {
  await post('/lqs/query', query([0]));
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(text).toContain('arbor_lqs_shard_seconds_count');
});
