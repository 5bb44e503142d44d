import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { forgetLive } from '@arbor/queue/forget-live';
import { rejectedStreamKey } from '@arbor/schema/cluster';
import type { IngestBatch, IngestEvent } from '@arbor/schema/ingest';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { silentLogger } from '../../test/support/silent-logger.ts';
import { RejectedRecords } from '../edge/rejected-records.ts';
import { RecordProblem } from '../edge/record/record-problem.ts';
import { createRejectedSink } from '../live/rejected-sink.ts';
import { countingProducer } from './counting-producer.ts';
import { IngestCounts } from './ingest-counts.ts';
import { createIngestHealth } from './ingest-health.ts';

let redis: Redis;
let counts: IngestCounts;
/** Another one for every test. */
let project = 880_500;
const noon = Date.UTC(2026, 4, 4, 12);
let now: number;

beforeAll(() => {
  redis = createConsumerConnection(inject('redisUrl'), () => undefined);
});
afterAll(() => closeConnection(redis));
beforeEach(async () => {
  now = noon + 30_000;
  counts = new IngestCounts(redis, silentLogger);
  const left = await redis.keys(`arbor:*:${++project}*`);
  if (left.length > 0) await redis.del(...left);
});

const health = () =>
  createIngestHealth({
    redis,
    clock: () => now,
    zones: ['a', 'b', 'c'],
    members: {
      live: () =>
        Promise.resolve([
          {
            version: 1,
            name: 's1',
            zone: 'a',
            url: '',
            pid: 1,
            shards: [0],
            serving: true,
            lagMs: 7,
          },
          {
            version: 1,
            name: 's2',
            zone: 'b',
            url: '',
            pid: 2,
            shards: [0],
            serving: false,
            lagMs: 9,
            damagedLogs: 1,
          },
        ]),
    },
    backpressure: {
      queueStats: () =>
        Promise.resolve({
          depths: [{ queue: 'ingest-bulk', jobs: 3, waitMs: 40 }],
          redisBytes: 0,
          deadLetters: 2,
          sampledAt: now,
        }),
      stateOf: (lane) => ({ behindMs: lane === 'bulk' ? 40 : 0, at: now }),
    },
  });

const event = (library?: string): IngestEvent => ({
  kind: 'event',
  event: 'Visit',
  time: now,
  distinctId: 'ann',
  insertId: 'i',
  properties: library === undefined ? {} : { mp_lib: library },
});
const batch = (source: IngestBatch['source'], records: IngestEvent[]): IngestBatch => ({
  version: 1,
  batchId: 'b',
  project,
  source,
  receivedAt: now,
  sequence: 1,
  records,
});

test('counts what browsers gave up, as their next events tell it, and believes no other', async () => {
  const telling = (properties: IngestEvent['properties']): IngestEvent => ({
    ...event('arbor-web'),
    properties,
  });
  counts.accepted(
    batch('sdk', [
      telling({ $dropped: 120, $dropped_reason: 'size' }),
      telling({ $dropped: 3, $dropped_reason: 'rate' }),
      telling({ $dropped: 30, $dropped_reason: 'size' }),
      telling({ $dropped: 1e300, $dropped_reason: 'age' }),
      telling({ $dropped: -4, $dropped_reason: 'size' }),
      telling({ $dropped: Number.NaN, $dropped_reason: 'size' }),
      telling({ $dropped: '7', $dropped_reason: 'size' }),
      telling({ $dropped: 9, $dropped_reason: 'mine' }),
    ]),
  );
  counts.accepted(batch('track', [telling({ $dropped: 50, $dropped_reason: 'size' })]));
  await counts.drain();
  const { lost, refusals, buckets } = await health().of(project, 'hour');
  expect(lost).toEqual([
    { reason: 'age', count: 1_000_000 },
    { reason: 'size', count: 150 },
    { reason: 'rate', count: 3 },
  ]);
  expect(refusals).toEqual([]);
  expect(buckets.at(-1)).toEqual({ startMs: noon, accepted: 9, refused: 0 });
});

test('counts what was stored by minute, source and library, and nothing that failed', async () => {
  let isAway = false;
  const producer = countingProducer(
    { add: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()) },
    counts,
  );
  await producer.add('live', batch('track', [event('web'), event('web'), event('node')]));
  await producer.add('bulk', batch('import', [event()]));
  isAway = true;
  await expect(producer.add('live', batch('track', [event()]))).rejects.toThrow('away');
  now += 120_000;
  isAway = false;
  await producer.add('live', batch('track', [event('web')]));
  await counts.drain();

  const { buckets, sources, lastMs, ...rest } = await health().of(project, 'hour');
  expect(buckets).toHaveLength(60);
  expect(buckets.filter(({ accepted }) => accepted > 0)).toEqual([
    { startMs: noon, accepted: 4, refused: 0 },
    { startMs: noon + 120_000, accepted: 1, refused: 0 },
  ]);
  expect(sources).toEqual([
    { source: 'track', library: 'web', accepted: 3, lastMs: now },
    { source: 'import', library: '', accepted: 1, lastMs: now - 120_000 },
    { source: 'track', library: 'node', accepted: 1, lastMs: now - 120_000 },
  ]);
  expect(lastMs).toBe(now);
  expect(rest).toEqual({
    span: 'hour',
    checkedAt: now,
    refusals: [],
    lost: [],
    deadLetters: 2,
    lanes: [
      { lane: 'live', behindMs: 0, jobs: 0 },
      { lane: 'bulk', behindMs: 40, jobs: 3 },
    ],
    zones: [
      { zone: 'a', replicas: [{ name: 's1', serving: true, lagMs: 7 }] },
      { zone: 'b', replicas: [{ name: 's2', serving: false, lagMs: 9, damagedLogs: 1 }] },
      { zone: 'c', replicas: [] },
    ],
  });
  const day = await health().of(project, 'day');
  expect(day.buckets.at(-1)).toEqual({ startMs: noon, accepted: 5, refused: 0 });
  expect((await health().of(project, 'week')).buckets).toHaveLength(168);
});

const missing = new RecordProblem('missing', 'event', `'event' is invalid: must not be missing`);
const nobody = (id: string) =>
  new RecordProblem('invalid', 'properties.distinct_id', `"${id}" identifies nobody`);

test('counts every refused record by its reason and keeps some of each', async () => {
  const rejected = new RejectedRecords(createRejectedSink(redis, { counts, logger: silentLogger }));
  const refuse = (problem: RecordProblem, count: number, id = 'x'): void => {
    const record = { problem, raw: { distinct_id: id } };
    const refused = Array.from({ length: count }, (_, index) => ({ index, ...record }));
    rejected.report(project, refused, { now, source: 'track' });
  };
  refuse(missing, 50);
  refuse(nobody('null'), 1, 'one');
  refuse(nobody('none'), 1, 'two');
  await counts.drain();

  const { refusals, buckets } = await health().of(project, 'hour');
  expect(refusals).toEqual([
    {
      source: 'track',
      code: 'missing',
      field: 'event',
      reason: `'event' is invalid: must not be missing`,
      count: 50,
    },
    {
      source: 'track',
      code: 'invalid',
      field: 'properties.distinct_id',
      reason: '"…" identifies nobody',
      count: 2,
    },
  ]);
  expect(buckets.find(({ startMs }) => startMs === noon)?.refused).toBe(52);

  const all = await health().refused(project, { filter: {}, limit: 100 });
  expect(all.records).toHaveLength(7);
  const filter = { reason: refusals[1]?.reason, field: 'properties.distinct_id' };
  const first = await health().refused(project, { filter, limit: 1 });
  expect(first.records.map(({ reason }) => reason)).toEqual(['"none" identifies nobody']);
  const cursor = first.next ?? undefined;
  const rest = await health().refused(project, { filter, limit: 10, cursor });
  expect(rest).toMatchObject({ records: [{ reason: '"null" identifies nobody' }], next: null });
  expect(await redis.ttl(rejectedStreamKey(project))).toBeGreaterThan(0);
});

test('keeps few kinds of an hour, however many come and however often they are written', async () => {
  for (let turn = 0; turn < 3; turn++) {
    const records = Array.from({ length: 150 }, (_, n) => event(`lib-${turn}-${n}`));
    counts.accepted(batch('track', records));
    await counts.drain();
  }
  const { sources } = await health().of(project, 'hour');
  expect(sources).toHaveLength(201);
  expect(sources[0]).toEqual({ source: 'track', library: '…', accepted: 250, lastMs: now });
  expect(sources.at(-1)).toMatchObject({ accepted: 1, lastMs: now });
});

test('forgets the records of somebody who is erased', async () => {
  const rejected = new RejectedRecords(createRejectedSink(redis, { counts, logger: silentLogger }));
  for (const id of ['ann', 'bob']) {
    const record = { index: 0, problem: missing, raw: { distinct_id: id } };
    rejected.report(project, [record], { now, source: 'track' });
  }
  await counts.drain();
  const isAnn = (entry: { kind: string; record?: string }): boolean =>
    entry.record?.includes('ann') ?? false;
  await forgetLive(redis, project, (entry) => entry.kind === 'rejected' && isAnn(entry));
  const { records } = await health().refused(project, { filter: {}, limit: 10 });
  expect(records.map(({ record }) => record)).toEqual(['{"distinct_id":"bob"}']);
  expect(await redis.ttl(rejectedStreamKey(project))).toBeGreaterThan(0);
});
