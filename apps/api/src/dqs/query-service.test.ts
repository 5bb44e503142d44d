import { groupProject } from '@arbor/engine/group-project';
import type { Member } from '@arbor/schema/cluster';
import type { LqsMoves } from '@arbor/schema/lqs';
import type { Query } from '@arbor/schema/query';
import type { QueryUpdate } from '@arbor/schema/result';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FakeLqs } from '../../test/support/fake-lqs.ts';
import {
  answerAll,
  clusterKey,
  endLine,
  shardLine,
  startFakeLqs,
} from '../../test/support/fake-lqs.ts';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { anyQuery, sumEngine, totalOf } from '../../test/support/sum-engine.ts';
import { createLqsClient } from './lqs-client.ts';
import type { QueryService, RunQuery } from './ports.ts';
import type { QueryLimits } from './query-service.ts';
import { createQueryService } from './query-service.ts';

/** A project over all four shards: complete = 1 + 2 + 4 + 8. */
const project = {
  id: 7,
  timezone: 'UTC',
  weekStart: 1,
  quarterStart: 1,
  spread: 4,
  definitionsVersion: 0,
};
const shards = [0, 1, 2, 3];
const complete = 15;

let a: FakeLqs;
let b: FakeLqs;
/** What is known of moves, by plan. */
let moves: LqsMoves[];
/** Who holds a lease; a test takes a process away from it. */
let alive: FakeLqs[];

beforeEach(async () => {
  a = await startFakeLqs('a', shards);
  b = await startFakeLqs('b', shards);
  alive = [a, b];
  moves = [];
});

afterEach(async () => {
  await Promise.all([a.close(), b.close()]);
});

function service(
  limits: Partial<QueryLimits> = {},
  key = clusterKey,
  live?: readonly Member[],
): QueryService {
  return createQueryService({
    engine: sumEngine,
    saved: { resolve: (_project, query) => Promise.resolve({ query, definitions: undefined }) },
    members: { live: () => Promise.resolve(live ?? alive.map(({ member }) => member)) },
    lqs: createLqsClient(key),
    moves: { settled: () => Promise.resolve(moves.shift()) },
    shardCount: 4,
    clock: () => performance.now(),
    logger: silentLogger,
    limits,
  });
}

const run = (queries: QueryService, over: Partial<RunQuery> = {}) =>
  queries.run({ project, query: anyQuery, signal: new AbortController().signal, ...over });

test('asks both zones for a part each and counts every shard once', async () => {
  const { result, info } = await run(service());
  expect(totalOf(result)).toBe(complete);
  expect(info).toMatchObject({ shards: 4, rowsScanned: 40, zones: ['a', 'b'], timezone: 'UTC' });
  expect(
    [...a.requests, ...b.requests].flatMap((request) => request.shards).sort((x, y) => x - y),
  ).toEqual(shards);
  expect(a.requests[0]).toMatchObject({ path: '/lqs/query', project: 7 });
});

test('asks what is left to ask once all have answered, and shows what it has meanwhile', async () => {
  const updates: QueryUpdate[] = [];
  const query = { ...anyQuery, otherSegment: true };
  const { result, info } = await run(service(), { query, onUpdate: (each) => updates.push(each) });
  expect(totalOf(result)).toBe(complete + 100 * complete);
  expect(info).toMatchObject({ shards: 4, rowsScanned: 80 });
  const partials = updates.filter((update) => update.type === 'partial');
  expect(partials.map(({ answer }) => totalOf(answer.result))).toEqual([complete]);
});

test('asks one process for all shards together where groups are counted', async () => {
  const together: FakeLqs['behave'] = (request, response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    // The number of shards that were given as one.
    const [shard] = request.shards;
    const partials = [request.together === true ? request.shards.length : 0];
    response.write(`${JSON.stringify({ type: 'shard', shard, rowsScanned: 10, partials })}\n`);
    response.end(endLine);
  };
  const query = { ...anyQuery, groupKey: 'company' } as Query;
  a.behave = (_request, response) => void response.destroy();
  b.behave = together;
  const updates: QueryUpdate[] = [];
  const { result, info } = await run(service(), { query, onUpdate: (each) => updates.push(each) });
  expect(totalOf(result)).toBe(4);
  expect(info).toMatchObject({ shards: 4, rowsScanned: 10, zones: ['b'] });
  expect(updates.filter(({ type }) => type === 'progress')).toEqual([
    { type: 'progress', done: 0, total: 1 },
    { type: 'progress', done: 1, total: 1 },
  ]);
});

test('asks one shard, which has the groups of all, about profiles of groups', async () => {
  moves = [{ epoch: 4, leftOut: [] }];
  const { result, info } = await run(service(), { groups: true });
  const [asked, ...others] = [...a.requests, ...b.requests];
  expect(others).toEqual([]);
  expect(asked).toMatchObject({ project: groupProject(7) });
  expect(asked?.shards).toHaveLength(1);
  expect(asked?.moves).toBeUndefined();
  expect(totalOf(result)).toBe(2 ** (asked?.shards[0] ?? -1));
  expect(info).toMatchObject({ shards: 1 });
});

test('says so where no process has all shards whose groups are counted together', async () => {
  const [half, other] = [
    [0, 1],
    [2, 3],
  ];
  const query = { ...anyQuery, groupKey: 'company' } as Query;
  const live = [
    { ...a.member, shards: half },
    { ...b.member, shards: other },
  ];
  await expect(run(service({}, clusterKey, live), { query })).rejects.toThrow(
    'groups are counted where all shards of the project lie, and no storage process has all of 0, 1, 2, 3',
  );
  // Everything else is asked of both.
  expect(totalOf((await run(service({}, clusterKey, live))).result)).toBe(complete);
});

test('asks the queries that a query is made of, and those that follow from their answers', async () => {
  const updates: QueryUpdate[] = [];
  const query = { ...anyQuery, compare: { type: 'previous_period' } } as Query;
  const { result, info } = await run(service({ partialEveryMs: 0 }), {
    query,
    onUpdate: (each) => updates.push(each),
  });
  expect(totalOf(result)).toBe(3 * complete);
  expect(info).toMatchObject({ shards: 4, rowsScanned: 120, zones: ['a', 'b'] });
  const progress = updates.flatMap((update) => (update.type === 'progress' ? [update] : []));
  expect(progress.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12]);
  expect(progress.map(({ total }) => total)).toEqual([...Array(9).fill(8), ...Array(5).fill(12)]);
  // Of the first two nothing can be shown: it is not known yet what else is to be asked.
  const partials = updates.flatMap((update) =>
    update.type === 'partial' ? [totalOf(update.answer.result) ?? 0] : [],
  );
  expect(partials.length).toBeGreaterThan(0);
  for (const total of partials) {
    expect(total).toBeGreaterThan(2 * complete);
    expect(total).toBeLessThan(3 * complete);
  }
});

test('gives up the other queries of a query when one cannot be answered', async () => {
  const query = { ...anyQuery, compare: { type: 'previous_period' } } as Query;
  for (const fake of [a, b]) {
    fake.behave = (_request, response) =>
      void response.writeHead(400).end('{"code":"INVALID_QUERY","message":"too much"}\n');
  }
  await expect(run(service(), { query })).rejects.toMatchObject({ code: 'INVALID_QUERY' });
});

test('plans anew when users have moved since, whether a storage process says so at once or half-way', async () => {
  const knows = (epoch: number): LqsMoves => ({ epoch, leftOut: [{ shard: 2, users: ['u'] }] });
  for (const isHalfWay of [false, true]) {
    moves = [knows(1), knows(2)];
    for (const fake of [a, b]) {
      fake.behave = (request, response) => {
        if (request.moves?.epoch === 2) return answerAll(request, response);
        const problem = { code: 'STALE_PLAN', message: 'users have moved' };
        if (!isHalfWay) return void response.writeHead(409).end(JSON.stringify(problem));
        response.writeHead(200).write(shardLine(request.shards[0] ?? 0));
        response.end(`${JSON.stringify({ type: 'error', ...problem })}\n`);
      };
    }
    const { result } = await run(service());
    expect(totalOf(result)).toBe(complete);
    expect(a.requests.at(-1)).toMatchObject({ moves: knows(2) });
  }
});

test('gives up when users move whenever a query is planned', async () => {
  for (const fake of [a, b]) {
    fake.behave = (_request, response) =>
      void response.writeHead(409).end('{"code":"STALE_PLAN","message":"users have moved"}');
  }
  moves = Array.from({ length: 20 }, (_, epoch) => ({ epoch, leftOut: [] }));
  await expect(run(service())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(moves).toEqual([]);
});

test('asks the other zone for what a replica still owed when its connection broke', async () => {
  a.behave = (request, response) => {
    response.writeHead(200);
    response.write(shardLine(request.shards[0] ?? 0), () => response.destroy());
  };
  const { result, info } = await run(service());
  expect(totalOf(result)).toBe(complete);
  expect(info.shards).toBe(4);
});

test('asks the other zone when a process cannot be reached', async () => {
  await a.close();
  const { result, info } = await run(service());
  expect(totalOf(result)).toBe(complete);
  expect(info.zones).toEqual(['b']);
});

test.each([
  ['sends what is no line of the protocol', 'no json\n'],
  ['ends without a shard that was asked', endLine],
  ['answers a shard that was not asked', shardLine(99)],
  ['reports an error', '{"type":"error","code":"CORRUPT_LOG","message":"shard 1 is damaged"}\n'],
])('asks the other zone when a replica %s', async (_what, line) => {
  a.behave = (_request, response) => {
    response.writeHead(200);
    response.end(line);
  };
  expect(totalOf((await run(service())).result)).toBe(complete);
});

test('asks the same replica again when it is the only one', async () => {
  alive = [a];
  let failures = 0;
  a.behave = (request, response) => {
    if (failures++ === 0) response.destroy();
    else void answerAll(request, response);
  };
  expect(totalOf((await run(service())).result)).toBe(complete);
});

test('gives up when every replica failed twice, and says which shards are missing', async () => {
  for (const fake of [a, b]) fake.behave = (_request, response) => void response.destroy();
  await expect(run(service())).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringMatching(
      /^no replica of shards [\d, ]+ answers; alive: storage-a, storage-b$/,
    ) as string,
  });
  for (const { requests } of [a, b]) {
    const asked = requests.flatMap((request) => request.shards);
    for (const shard of shards) {
      expect(asked.filter((each) => each === shard).length).toBeLessThanOrEqual(2);
    }
  }
});

test('says so when nobody is alive', async () => {
  alive = [];
  await expect(run(service())).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('answers; alive: none') as string,
  });
});

test('asks elsewhere when a process hangs and its lease runs out', async () => {
  a.behave = () => {
    alive = [b];
  };
  const { result, info } = await run(service());
  expect(totalOf(result)).toBe(complete);
  expect(info.zones).toEqual(['b']);
});

test('keeps to the time limit when replicas are too slow', async () => {
  for (const fake of [a, b]) fake.behave = () => undefined;
  await expect(run(service({ timeLimitMs: 100 }))).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: 'the query took more than 0.1 s',
  });
});

test('ends at the replicas too when the caller goes away', async () => {
  const leaving = new AbortController();
  const closed = [a, b].map(
    (fake) =>
      new Promise<void>((resolve) => {
        fake.behave = (_request, response) => {
          response.writeHead(200);
          response.write('\n');
          response.on('close', resolve);
          leaving.abort();
        };
      }),
  );
  await expect(run(service(), { signal: leaving.signal })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  await Promise.race(closed);
});

test('does not ask around when storage refuses the question itself', async () => {
  await expect(run(service({}, 'another-key'))).rejects.toMatchObject({
    code: 'INTERNAL',
    message: 'a storage process refused the query',
  });
});

test('hands on what the planner says about a query', async () => {
  const query = { ...anyQuery, range: { from: '2024-02-01', to: '2024-01-01' } };
  await expect(run(service(), { query })).rejects.toMatchObject({
    code: 'INVALID_QUERY',
    message: 'the range ends before it begins',
  });
});

test('asks the other zone when a process does not keep a shard that its lease names', async () => {
  a.behave = (_request, response) =>
    void response.writeHead(404).end('{"code":"SHARD_NOT_HERE","message":"not kept"}\n');
  expect(totalOf((await run(service())).result)).toBe(complete);
});

test.each([
  [
    'as the first answer',
    400,
    '{"code":"INVALID_QUERY","message":"too many segments: filter it"}\n',
  ],
  [
    'after other shards',
    200,
    '{"type":"error","code":"INVALID_QUERY","message":"too many segments: filter it"}\n',
  ],
])('hands on what the shards find wrong with a query, %s', async (_when, status, line) => {
  for (const fake of [a, b]) {
    fake.behave = (_request, response) => void response.writeHead(status).end(line);
  }
  await expect(run(service())).rejects.toMatchObject({
    code: 'INVALID_QUERY',
    message: 'too many segments: filter it',
  });
  for (const { requests } of [a, b]) expect(requests.length).toBeLessThanOrEqual(1);
});

test('asks only the zone that was named', async () => {
  const { result, info } = await run(service(), { zone: 'b' });
  expect(totalOf(result)).toBe(complete);
  expect(info.zones).toEqual(['b']);
  expect(a.requests).toEqual([]);
});

test('reports progress by shard and partial results that grow', async () => {
  const updates: QueryUpdate[] = [];
  await run(service({ partialEveryMs: 0 }), { onUpdate: (update) => updates.push(update) });
  const progress = updates.filter(({ type }) => type === 'progress');
  expect(progress).toEqual([0, 1, 2, 3, 4].map((done) => ({ type: 'progress', done, total: 4 })));
  const partials = updates.flatMap((update) =>
    update.type === 'partial' ? [totalOf(update.answer.result) ?? 0] : [],
  );
  expect(partials.length).toBeGreaterThan(0);
  expect(partials).toEqual(partials.toSorted((x, y) => x - y));
  expect(partials.at(-1)).toBeLessThan(complete);
});

test('reports how far a shard is, and takes the only partial of an older process', async () => {
  alive = [a];
  a.behave = ({ shards: asked }, response) => {
    response.writeHead(200);
    response.write('{"type":"progress","done":0.5,"total":4}\n');
    for (const shard of asked) {
      response.write(
        `${JSON.stringify({ type: 'shard', shard, rowsScanned: 1, partial: 2 ** shard })}\n`,
      );
    }
    response.end(endLine);
  };
  const updates: QueryUpdate[] = [];
  const { result } = await run(service(), { onUpdate: (update) => updates.push(update) });
  expect(totalOf(result)).toBe(complete);
  expect(updates.slice(0, 3)).toEqual([
    { type: 'progress', done: 0, total: 4 },
    { type: 'progress', done: 0.5, total: 4 },
    { type: 'progress', done: 1, total: 4 },
  ]);
});

test('refuses more queries of a project than may wait', async () => {
  for (const fake of [a, b]) fake.behave = () => undefined;
  const queries = service({ perProjectMax: 1, waitingMax: 0, timeLimitMs: 300 });
  const running = run(queries).catch((error: unknown) => error);
  await expect(run(queries)).rejects.toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 2 });
  expect(await running).toMatchObject({ code: 'TIMEOUT' });
});
