import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { planQuery } from '@arbor/engine/plan';
import { mergePartials, type Partial as PartialResult } from '@arbor/engine/merge';
import { shardsOfProject } from '@arbor/engine/placement';
import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { createDeadLetters } from '@arbor/queue/dead-letters';
import { createIngestProducer } from '@arbor/queue/ingest-producer';
import { parseLiveFields } from '@arbor/queue/live-stream';
import { readMembers, renewLease } from '@arbor/queue/membership';
import { createLogger } from '@arbor/runtime/logger';
import { liveStreamKey } from '@arbor/schema/cluster';
import type { IngestBatch, IngestRecord } from '@arbor/schema/ingest';
import { clusterKeyHeader } from '@arbor/schema/lqs';
import { querySchema } from '@arbor/schema/query';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Config } from '../src/config.ts';
import { startEtl } from '../src/roles/etl.ts';
import { startStorage } from '../src/roles/storage.ts';

const shards = 4;
const clusterKey = 'cluster-key-of-the-tests';
const day = Date.UTC(2024, 2, 10);
const project = 900_001;

type Running = { stop(): Promise<void> };

/** A role in this process, with a shutdown of its own. */
async function run(
  start: (onShutdown: (name: string, run: () => unknown) => void) => Promise<void>,
): Promise<Running> {
  const steps: (() => unknown)[] = [];
  await start((_name, step) => steps.push(step));
  return {
    async stop() {
      for (const step of steps.toReversed()) await step();
    },
  };
}

const logger = createLogger({ name: 'test', level: 'silent' });
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-roles-'));

const common = () => ({
  ARBOR_HOST: '127.0.0.1',
  ARBOR_PORT: 0,
  REDIS_URL: inject('redisUrl'),
  ARBOR_ZONES: ['a', 'b'],
  ARBOR_SHARDS: shards,
  ARBOR_LOG: 'silent' as const,
});

function etl(name: string): Promise<Running> {
  const config: Extract<Config, { role: 'etl' }> = {
    role: 'etl',
    ...common(),
    ARBOR_NAME: name,
    ARBOR_MASTER_KEY: 'master-key-of-the-tests',
    DATABASE_URL: inject('databaseUrl'),
  };
  return run((onShutdown) => startEtl({ config, logger, onShutdown }));
}

const storageConfig = (zone: string): Extract<Config, { role: 'storage' }> => ({
  role: 'storage',
  ...common(),
  ARBOR_NAME: `storage-${zone}`,
  ARBOR_ZONE: zone,
  ARBOR_DATA_DIR: directory,
  ARBOR_CLUSTER_KEY: clusterKey,
  DATABASE_URL: inject('databaseUrl'),
  ARBOR_INDEX_BYTES: 1_000_000,
  ARBOR_INDEX_SECONDS: 300,
  ARBOR_REPLACED_FILES_SECONDS: 600,
  ARBOR_ERASED_FILES_SECONDS: 90,
  ARBOR_QUERY_THREADS: 1,
  ARBOR_COLUMN_CACHE_MB: 16,
  ARBOR_QUERY_MEMORY_MB: 16,
  ARBOR_RESULT_CACHE_MB: 1,
});

function storage(zone: string): Promise<Running> {
  const config = storageConfig(zone);
  return run((onShutdown) => startStorage({ config, logger, onShutdown }));
}

let sequence = 0;
const batchOf = (batchId: string, records: IngestRecord[]): IngestBatch => ({
  version: 1,
  batchId,
  project,
  source: 'track',
  receivedAt: day,
  sequence: ++sequence,
  records,
});

const view = (user: string, n: number): IngestRecord => ({
  kind: 'event',
  event: 'View',
  time: day + n * 1000,
  distinctId: user,
  insertId: `${user}-${n}`,
  properties: { n },
});

const query = querySchema.parse({
  type: 'insights',
  range: { from: '2024-03-10', to: '2024-03-10' },
  metrics: [
    { selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'total' } },
    { selector: { anyOf: [{ event: 'View' }] }, measure: { type: 'unique' } },
  ],
});
const plan = planQuery(query, { timezone: 'UTC', weekStart: 1, nowMs: day + 86_400_000 });

let redis: Redis;
let database: pg.Client;

/** Total and unique Views, as the replica of a zone knows them; null while it does not serve. */
async function ask(zone: string): Promise<number[] | null> {
  const [member] = await readMembers(redis, [zone]);
  if (member === undefined || !member.serving) return null;
  const response = await fetch(`${member.url}/lqs/query`, {
    method: 'POST',
    headers: { [clusterKeyHeader]: clusterKey },
    body: JSON.stringify({
      version: 1,
      project,
      shards: shardsOfProject({ project, spread: 2, shardCount: shards }),
      plan,
    }),
  });
  const lines = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; partials?: PartialResult[] });
  if (lines.at(-1)?.type !== 'end') throw new Error(JSON.stringify(lines.at(-1)));
  const partials = lines.flatMap((line) => line.partials ?? []);
  const result = mergePartials(plan, partials);
  return result.type === 'insights' ? result.series.map(({ total }) => total ?? 0) : null;
}

const answersSoon = (zone: string, expected: number[]): Promise<void> =>
  vi.waitFor(async () => expect(await ask(zone)).toEqual(expected), {
    timeout: 25_000,
    interval: 50,
  });

beforeAll(async () => {
  redis = new Redis(inject('redisUrl'));
  await redis.flushall();
  database = new pg.Client(inject('databaseUrl'));
  await database.connect();
  const { rows } = await database.query<{ id: number }>(
    `INSERT INTO organizations (name) VALUES ('roles test') RETURNING id`,
  );
  await database.query(
    `INSERT INTO projects (id, organization_id, name, token, timezone, spread)
     VALUES ($1, $2, 'roles', 'token-of-roles-test', 'UTC', 2)`,
    [project, rows[0]?.id],
  );
});

afterAll(async () => {
  await database.end();
  await redis.quit();
  fs.rmSync(directory, { recursive: true, force: true });
});

describe('the worker roles together', () => {
  it('brings a batch to both replicas once, however often it is delivered', async () => {
    const processes = await Promise.all([etl('etl-1'), storage('a'), storage('b')]);
    const producer = createIngestProducer(inject('redisUrl'));
    await vi.waitFor(() => expect(producer.ready()).toBe(true));
    const batch = batchOf('roles-batch-1', [view('ann', 1), view('ann', 2), view('bob', 3)]);
    await producer.add('live', batch);
    await Promise.all([answersSoon('a', [3, 2]), answersSoon('b', [3, 2])]);

    await producer.add('bulk', batch);
    await producer.add('live', batchOf('roles-batch-2', [view('cat', 4)]));
    await Promise.all([answersSoon('a', [4, 3]), answersSoon('b', [4, 3])]);

    const live = await redis.xrange(liveStreamKey(project), '-', '+');
    const entries = live.map(([, fields]) => parseLiveFields(fields));
    expect(new Set(entries.map((entry) => entry?.id)).size).toBe(4);
    await producer.close();
    for (const process of processes.toReversed()) await process.stop();
  });

  it('does not pass for the process before it while it starts', async () => {
    await renewLease(redis, {
      version: 1,
      name: 'storage-a',
      zone: 'a',
      url: 'http://127.0.0.1:1',
      pid: 1,
      shards: [0],
      serving: true,
      lagMs: 0,
    });
    // The folder cannot be opened: the process never comes as far as a lease of its own.
    const file = path.join(directory, 'no-folder');
    fs.writeFileSync(file, '');
    const steps: (() => unknown)[] = [];
    const config = { ...storageConfig('a'), ARBOR_DATA_DIR: file };
    const onShutdown = (_name: string, step: () => unknown) => void steps.push(step);
    await expect(startStorage({ config, logger, onShutdown })).rejects.toThrow('no-folder');
    await vi.waitFor(async () => expect(await readMembers(redis, ['a'])).toEqual([]));
    for (const step of steps) await step();
  });

  it('finds everything after a restart, and what arrived in between', async () => {
    const taking = await etl('etl-1');
    const producer = createIngestProducer(inject('redisUrl'));
    await vi.waitFor(() => expect(producer.ready()).toBe(true));
    await producer.add('live', batchOf('roles-batch-3', [view('ann', 5)]));
    const zone = await storage('a');
    await answersSoon('a', [5, 3]);
    await zone.stop();
    expect(await readMembers(redis, ['a'])).toEqual([]);
    await producer.close();
    await taking.stop();
  });

  it('folds what an anonymous visitor did into the user who signs in, on the same shard', async () => {
    const processes = await Promise.all([etl('etl-1'), storage('b')]);
    const producer = createIngestProducer(inject('redisUrl'));
    await vi.waitFor(() => expect(producer.ready()).toBe(true));
    const device = '$device:18f0c3a2-5b1e-4c6d-9f3a-2b7c8d9e0f11';
    await producer.add('live', batchOf('roles-batch-4', [view(device, 6)]));
    await answersSoon('b', [6, 4]);
    const identify: IngestRecord = {
      kind: 'event',
      event: '$identify',
      time: day + 7000,
      distinctId: 'dan',
      insertId: 'identify-dan',
      properties: { $anon_distinct_id: device },
    };
    await producer.add('live', batchOf('roles-batch-5', [identify, view('dan', 8)]));
    await answersSoon('b', [7, 4]);
    await producer.close();
    for (const process of processes.toReversed()) await process.stop();
  });

  it('puts poison aside, goes on, and takes it back when it is replayed', async () => {
    const connection = createConsumerConnection(inject('redisUrl'), () => undefined);
    const deadLetters = createDeadLetters(connection, () => undefined);
    const producer = createIngestProducer(inject('redisUrl'));
    await vi.waitFor(() => expect(producer.ready()).toBe(true));
    const foreign = { ...batchOf('roles-batch-6', [view('eve', 9)]), project: project + 1 };
    await producer.add('live', foreign);
    await producer.add('live', batchOf('roles-batch-7', [view('eve', 10)]));
    const processes = await Promise.all([etl('etl-1'), storage('a')]);
    await vi.waitFor(async () => expect(await deadLetters.count()).toBe(1), { timeout: 10_000 });
    await answersSoon('a', [8, 5]);
    const [letter] = await deadLetters.list();
    expect(letter?.reason).toBe(`there is no project ${project + 1}`);
    expect(await deadLetters.replay(letter?.id ?? '')).toBe(true);
    // There is still no such project: it comes back, as a letter of its own.
    const next = await vi.waitFor(
      async () => {
        const letters = await deadLetters.list();
        expect(letters).toMatchObject([{ jobId: letter?.jobId, batch: letter?.batch }]);
        expect(letters[0]?.id).not.toBe(letter?.id);
        return letters[0]?.id ?? '';
      },
      { timeout: 10_000 },
    );
    expect(await deadLetters.remove(next)).toBe(true);
    expect(await deadLetters.count()).toBe(0);
    await producer.close();
    for (const process of processes.toReversed()) await process.stop();
    await deadLetters.close();
    closeConnection(connection);
  });
});
