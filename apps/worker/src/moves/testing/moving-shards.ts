import { setTimeout as sleep } from 'node:timers/promises';
import { encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { type Consumer, createConsumer } from '@arbor/queue/consumer';
import { createDeadLetters, type DeadLetterStore } from '@arbor/queue/dead-letters';
import { storeQueue } from '@arbor/queue/queue-names';
import { createStoreProducer } from '@arbor/queue/store-producer';
import { createLogger } from '@arbor/runtime/logger';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { Rewriter } from '../../storage/rewriter.ts';
import { createStoreBatch } from '../../storage/store-batch.ts';
import { contentOf, type TestReplica, TestShard } from '../../storage/testing/test-shard.ts';
import { moveLimits } from '../move-limits.ts';
import type { MoverContext } from '../mover-context.ts';
import { moverQueues } from '../open-moves.ts';

export const zones = ['a', 'b'];
export const project = 1;
export const never = new AbortController().signal;
const onError = (error: Error): void => {
  throw error;
};

export let pool: pg.Pool;
let redis: Redis;
let workers: Redis;
let deadLetters: DeadLetterStore;
let reader: Rewriter;
let producer: ReturnType<typeof createStoreProducer>;
let nextShard = 0;
export let from: TestShard;
export let to: TestShard;
/** By zone and shard. */
let replicas: Map<string, Map<number, TestReplica>>;
let consumers: Consumer[];

/**
 * Two shards that users move between, in both zones, with real queues: anew for each test of the file. `firstShard`: far
 * from the shards of other files, and of all that the file uses.
 */
export function useShards(firstShard: number): void {
  nextShard = firstShard;
  beforeAll(() => {
    pool = new pg.Pool({ connectionString: inject('databaseUrl'), max: 10 });
    redis = new Redis(inject('redisUrl'));
    workers = createConsumerConnection(inject('redisUrl'), onError);
    deadLetters = createDeadLetters(workers, onError);
    reader = new Rewriter();
    producer = createStoreProducer({ redisUrl: inject('redisUrl'), zones, onError });
  });
  afterAll(async () => {
    await producer.close();
    await reader.close();
    await deadLetters.close();
    closeConnection(workers);
    await redis.quit();
    await pool.end();
  });
  beforeEach(async () => {
    await redis.flushall();
    await pool.query("UPDATE user_moves SET state = 'done'");
    [from, to] = [await openShard(), await openShard()];
    replicas = new Map();
    consumers = [];
    for (const zone of zones) {
      const own = new Map<number, TestReplica>();
      for (const shard of [from, to]) own.set(shard.shard, await shard.openReplica(zone));
      replicas.set(zone, own);
      for (const [shard, { store }] of own) consumers.push(consume(shard, zone, store));
    }
  });
  afterEach(async () => {
    await Promise.all(consumers.map((consumer) => consumer.close()));
    await from.remove();
    await to.remove();
  });
}

const openShard = (): Promise<TestShard> =>
  TestShard.create({
    pool,
    databaseUrl: inject('databaseUrl'),
    rewriter: reader,
    shard: nextShard++,
  });

/** One that comes to the project, in both zones. */
export async function addShard(): Promise<TestShard> {
  const shard = await openShard();
  for (const zone of zones) {
    const replica = await shard.openReplica(zone);
    replicas.get(zone)?.set(shard.shard, replica);
    consumers.push(consume(shard.shard, zone, replica.store));
  }
  return shard;
}

function consume(shard: number, zone: string, store: TestReplica['store']): Consumer {
  const storeBatch = createStoreBatch(shard, store);
  return createConsumer({
    connection: workers,
    queue: storeQueue(shard, zone),
    concurrency: 8,
    deadLetters,
    handle: ({ batch }) => storeBatch(batch),
    onError,
  });
}

export const replicaOf = (zone: string, { shard }: TestShard): TestReplica => {
  const replica = replicas.get(zone)?.get(shard);
  if (replica === undefined) throw new Error(`zone ${zone} has no shard ${shard}`);
  return replica;
};

export const noWaits = { settleMs: 0, settledEveryMs: 0, takeOutEveryMs: 0, jobBytes: 300 };

export function contextOf(zone: string, change: Partial<MoverContext> = {}): MoverContext {
  return {
    pool,
    queues: moverQueues(redis),
    zones,
    zone,
    shards: replicas.get(zone) ?? new Map(),
    send: (batches) => producer.send(batches),
    reader,
    members: () =>
      Promise.resolve(
        zones.map((name) => ({
          version: 1 as const,
          name,
          zone: name,
          url: '',
          pid: 1,
          shards: [from.shard, to.shard],
          serving: true,
          lagMs: 0,
          kept: [from, to].map(({ shard }) => ({
            shard,
            version: replicas.get(name)?.get(shard)?.follower.current.version ?? 0,
            logSince: null,
          })),
        })),
      ),
    isDrained: () => Promise.resolve(true),
    clock: Date.now,
    pause: (ms) => sleep(ms),
    logger: createLogger({ name: 'test', level: 'silent' }),
    limits: { ...moveLimits, ...noWaits },
    ...change,
  };
}

export const send: MoverContext['send'] = (batches) => producer.send(batches);

let batchesMade = 0;
/** Of a batch that comes after those before. */
export const nextSequence = (): number => ++batchesMade;
export const batchOf = (shard: TestShard, change: Partial<RowBatch>): RowBatch => ({
  batchId: `given ${++batchesMade}`,
  project,
  shard: shard.shard,
  sequence: batchesMade,
  receivedAt: 0,
  events: [],
  persons: [],
  links: [],
  ...change,
});

let eventsMade = 0;
export const visits = (user: string, ns: readonly number[]): RowBatch['events'] =>
  ns.map((n, position) => ({
    event: 'Visit',
    time: Date.UTC(2025, 11, 1 + (n % 3), 12, 0, n),
    sentTime: Date.UTC(2025, 11, 1 + (n % 3), 12, 0, n),
    distinctId: user,
    user,
    insertId: `visit-${++eventsMade}`,
    position,
    properties: { n },
  }));

const named = (user: string, name: string): RowBatch['persons'] => [
  {
    user,
    distinctId: user,
    time: 0,
    ignoreTime: true,
    position: 0,
    operations: [{ operator: '$set', values: { name } }],
  },
];

export const counted = (user: string, n: number, name = 'n'): Partial<RowBatch> => ({
  persons: [
    {
      user,
      distinctId: 'late',
      time: 0,
      ignoreTime: true,
      position: 0,
      operations: [{ operator: '$add', values: { [name]: n } }],
    },
  ],
});

export async function store(shard: TestShard, batch: RowBatch): Promise<void> {
  const bytes = encodeRowBatch(batch);
  for (const zone of zones) await replicaOf(zone, shard).store.append(bytes);
}

/** `late` has rows in files and in memory, and a profile; `early`, whom he was merged into, has rows where he lies. */
export async function prepare(): Promise<void> {
  await store(from, batchOf(from, { events: visits('late', [1, 2, 3]) }));
  await from.index(replicaOf('a', from), { send });
  await replicaOf('b', from).follower.refresh();
  await store(
    from,
    batchOf(from, { events: visits('late', [4, 5]), persons: named('late', 'Lea') }),
  );
  await store(from, batchOf(from, { events: visits('stays', [6]) }));
  await store(to, batchOf(to, { events: visits('early', [7]) }));
  const links = [{ loser: 'late', winner: 'early' }];
  const sequence = ++batchesMade;
  for (const shard of [from, to]) await store(shard, batchOf(shard, { links, sequence }));
  await pool.query(
    `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
     VALUES ($1, 'late', 'early', $2, $3, $4)`,
    [project, from.shard, to.shard, sequence],
  );
}

export const moved = {
  rows: ['early 1', 'early 2', 'early 3', 'early 4', 'early 5', 'early 7'],
  profiles: ['early: name="Lea"'],
};

export const arrived = async (zone: string) => {
  const { rows, profiles } = await contentOf(replicaOf(zone, to).store);
  return { rows, profiles };
};

/** Of whom the others were merged into, where he belongs. */
export const profileOf = (zone: string) =>
  replicaOf(zone, to).store.profiles(project, ['early']).get('early');

/** Again and again until it is so; a test that waits for ever fails by its time. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

/** How many events of any user a query of this zone would count that leaves out who was copied. */
export function leftBehind(zone: string): number {
  const { days } = replicaOf(zone, from).store.snapshot(project);
  return days.flatMap(({ parts }) => parts).reduce((sum, { rowCount }) => sum + rowCount, 0);
}
