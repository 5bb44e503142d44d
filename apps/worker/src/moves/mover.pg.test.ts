import { setTimeout as sleep } from 'node:timers/promises';
import { type UnfinishedMove, unfinishedMoves } from '@arbor/db/moves';
import { encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import { closeConnection, createConsumerConnection } from '@arbor/queue/connection';
import { type Consumer, createConsumer } from '@arbor/queue/consumer';
import { createDeadLetters, type DeadLetterStore } from '@arbor/queue/dead-letters';
import { storeQueue } from '@arbor/queue/queue-names';
import { createStoreProducer } from '@arbor/queue/store-producer';
import { createLogger } from '@arbor/runtime/logger';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { Rewriter } from '../storage/rewriter.ts';
import { createStoreBatch } from '../storage/store-batch.ts';
import { losingPool } from '../storage/testing/losing-pool.ts';
import { contentOf, type TestReplica, TestShard } from '../storage/testing/test-shard.ts';
import { moveLimits } from './move-limits.ts';
import { Mover } from './mover.ts';
import type { MoverContext } from './mover-context.ts';
import { moverQueues } from './open-moves.ts';

const zones = ['a', 'b'];
const project = 1;
const never = new AbortController().signal;
const onError = (error: Error): void => {
  throw error;
};

let pool: pg.Pool;
let redis: Redis;
let workers: Redis;
let deadLetters: DeadLetterStore;
let reader: Rewriter;
let producer: ReturnType<typeof createStoreProducer>;
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

/** Far from the shards of other tests. */
let nextShard = 7_300;
let from: TestShard;
let to: TestShard;
/** By zone and shard. */
let replicas: Map<string, Map<number, TestReplica>>;
let consumers: Consumer[];

beforeEach(async () => {
  await redis.flushall();
  await pool.query("UPDATE user_moves SET state = 'done'");
  const open = (): Promise<TestShard> =>
    TestShard.create({
      pool,
      databaseUrl: inject('databaseUrl'),
      rewriter: reader,
      shard: nextShard++,
    });
  [from, to] = [await open(), await open()];
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

const replicaOf = (zone: string, { shard }: TestShard): TestReplica => {
  const replica = replicas.get(zone)?.get(shard);
  if (replica === undefined) throw new Error(`zone ${zone} has no shard ${shard}`);
  return replica;
};

const noWaits = { settleMs: 0, settledEveryMs: 0, takeOutEveryMs: 0, jobBytes: 300 };

function contextOf(zone: string, change: Partial<MoverContext> = {}): MoverContext {
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

const send: MoverContext['send'] = (batches) => producer.send(batches);

let batchesMade = 0;
const batchOf = (shard: TestShard, change: Partial<RowBatch>): RowBatch => ({
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
const visits = (user: string, ns: readonly number[]): RowBatch['events'] =>
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

const counted = (user: string, n: number, name = 'n'): Partial<RowBatch> => ({
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

async function store(shard: TestShard, batch: RowBatch): Promise<void> {
  const bytes = encodeRowBatch(batch);
  for (const zone of zones) await replicaOf(zone, shard).store.append(bytes);
}

/** `late` has rows in files and in memory, and a profile; `early`, whom he was merged into, has rows where he lies. */
async function prepare(): Promise<void> {
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

const moved = {
  rows: ['early 1', 'early 2', 'early 3', 'early 4', 'early 5', 'early 7'],
  profiles: ['early: name="Lea"'],
};

const arrived = async (zone: string) => {
  const { rows, profiles } = await contentOf(replicaOf(zone, to).store);
  return { rows, profiles };
};

/** Of whom the others were merged into, where he belongs. */
const profileOf = (zone: string) =>
  replicaOf(zone, to).store.profiles(project, ['early']).get('early');

/** Again and again until it is so; a test that waits for ever fails by its time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5);
}

/** How many events of any user a query of this zone would count that leaves out who was copied. */
function leftBehind(zone: string): number {
  const { days } = replicaOf(zone, from).store.snapshot(project);
  return days.flatMap(({ parts }) => parts).reduce((sum, { rowCount }) => sum + rowCount, 0);
}

describe('a mover', () => {
  it('copies a user to where he belongs in every zone, takes him out where he was, and is done', async () => {
    await prepare();
    const mover = new Mover(contextOf('a'), never);
    await mover.copy();
    for (const zone of zones) expect(await arrived(zone)).toEqual(moved);
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ state: 'copied', task: null }]);
    await mover.settle();
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ task: expect.any(String) }]);
    await from.runTasks(replicaOf('a', from), { send });
    // One zone has not yet taken the files in from which he is gone.
    await mover.settle();
    expect(await unfinishedMoves(pool, project)).toHaveLength(1);
    await replicaOf('b', from).follower.refresh();
    await mover.settle();
    expect(await unfinishedMoves(pool, project)).toEqual([]);
    for (const zone of zones) {
      expect(leftBehind(zone)).toBe(1);
      expect(await arrived(zone)).toEqual(moved);
    }
  });

  it('goes on in another process after one that died at any step', async () => {
    await prepare();
    for (let step = 0; ; step++) {
      let steps = 0;
      const die = (): void => {
        if (steps++ === step) throw new Error('the process died');
      };
      const dying: MoverContext['send'] = async (batches) => {
        die();
        await send(batches);
        die();
      };
      const zone = zones[step % 2] ?? 'a';
      const mover = new Mover(contextOf(zone, { send: dying }), never);
      const outcome = await mover.copy().then(
        () => 'done',
        () => 'died',
      );
      const [move] = await unfinishedMoves(pool, project);
      if (outcome === 'done' && move?.state === 'copied') break;
      // Who comes while the lock of one who died is not let go yet does nothing.
      if (outcome === 'done') step--;
      expect(move).toMatchObject({ state: 'pending' });
      // Another copy is made of other files: by then the rows in memory may be indexed.
      if (step === 3) await from.index(replicaOf('b', from), { send });
      if (step === 4) await replicaOf('a', from).follower.refresh();
      expect(step).toBeLessThan(50);
    }
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ state: 'copied' }]);
    for (const zone of zones) expect(await arrived(zone)).toEqual(moved);
  });

  it('goes on after one that died at any statement of any step, with nothing missing or doubled', async () => {
    await prepare();
    const stateOf = async () => (await unfinishedMoves(pool, project))[0];
    const mover = (dying: pg.Pool, zone: string) =>
      new Mover(contextOf(zone, { pool: dying }), never);
    const steps: readonly {
      readonly run: (dying: pg.Pool, zone: string) => Promise<unknown>;
      readonly isDone: (move: UnfinishedMove | undefined) => boolean;
    }[] = [
      {
        run: (dying, zone) => mover(dying, zone).copy(),
        isDone: (move) => move?.state === 'copied',
      },
      {
        run: (dying, zone) => mover(dying, zone).settle(),
        isDone: (move) => typeof move?.task === 'string',
      },
      {
        run: async (dying, zone) => {
          await from.runTasks(replicaOf('a', from), { send, pool: dying });
          for (const each of zones) await replicaOf(each, from).follower.refresh();
          await mover(dying, zone).settle();
        },
        isDone: (move) => move === undefined,
      },
    ];
    let deaths = 0;
    for (const { run, isDone } of steps) {
      let good = 0;
      await until(async () => {
        const died = await run(losingPool(pool, good), zones[good % 2] ?? 'a').then(
          () => false,
          () => true,
        );
        // Who comes while the lock of one who died is not let go yet does nothing.
        if (died) good++;
        const move = await stateOf();
        for (const zone of zones) {
          const { rows, profiles } = await arrived(zone);
          expect(moved.rows).toEqual(expect.arrayContaining(rows));
          // Copied, he is all there.
          const isThere = rows.length === moved.rows.length && profiles.length === 1;
          expect(isThere || move?.state === 'pending').toBe(true);
          expect(new Set(rows).size).toBe(rows.length);
        }
        return !died && isDone(move);
      });
      deaths += good;
    }
    expect(deaths).toBeGreaterThan(15);
    expect(await unfinishedMoves(pool, project)).toEqual([]);
    await replicaOf('b', from).follower.refresh();
    for (const zone of zones) expect(leftBehind(zone)).toBe(1);
  });

  it('brings what comes late, soon from memory and at the end from wherever it lies', async () => {
    await prepare();
    const settling = { ...moveLimits, lateEveryMs: 0, settledEveryMs: 1e9, settleMs: 1e9 };
    const mover = new Mover(contextOf('a', { limits: settling }), never);
    await mover.copy();
    await store(from, batchOf(from, { events: visits('late', [8]) }));
    await mover.settle();
    const rows = [...moved.rows, 'early 8'].sort();
    for (const zone of zones) expect(await arrived(zone)).toMatchObject({ rows });
    await store(from, batchOf(from, { events: visits('late', [9]) }));
    await from.index(replicaOf('a', from), { send });
    await mover.settle();
    for (const zone of zones) expect(await arrived(zone)).toMatchObject({ rows });
    await new Mover(contextOf('a'), never).settle();
    const all = [...rows, 'early 9'].sort();
    for (const zone of zones) expect(await arrived(zone)).toMatchObject({ rows: all });
  });

  it('brings what was counted for a user once, whatever becomes files and comes late meanwhile', async () => {
    await store(from, batchOf(from, counted('late', 1)));
    await prepare();
    await store(from, batchOf(from, counted('late', 10)));
    // By then he is resolved to the one he became: what is his own there must not become a file before he came.
    await store(to, batchOf(to, counted('early', 100)));
    const indexed = to.index(replicaOf('b', to), { send });
    const mover = new Mover(contextOf('a'), never);
    await mover.copy();
    expect(['done', 'conflict']).toContain(await indexed);
    for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 111 });
    await to.index(replicaOf('a', to), { send });
    await replicaOf('b', to).follower.refresh();

    // Resolved before the link, and in files before anybody looked for it.
    await store(from, batchOf(from, counted('late', 1000)));
    expect(await from.index(replicaOf('b', from), { send })).toBe('done');
    await store(from, batchOf(from, counted('late', 10_000)));
    // Of a replica that does not know of these files yet, and of one that does.
    for (const zone of zones) await new Mover(contextOf(zone), never).settle();
    for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 11_111 });
  });

  it.each([
    { when: 'at once', isCopied: false },
    { when: 'one after the other', isCopied: true },
  ])(
    'brings what was counted for two who leave a shard for the same user once: $when',
    async ({ isCopied }) => {
      await store(from, batchOf(from, counted('other', 10, 'm')));
      await store(from, batchOf(from, counted('late', 1)));
      await prepare();
      await store(from, batchOf(from, counted('late', 2)));
      const mover = new Mover(contextOf('a'), never);
      if (isCopied) await mover.copy();
      const links = [{ loser: 'other', winner: 'early' }];
      await store(from, batchOf(from, counted('other', 20, 'm')));
      const sequence = ++batchesMade;
      for (const shard of [from, to]) await store(shard, batchOf(shard, { links, sequence }));
      await pool.query(
        `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
         VALUES ($1, 'other', 'early', $2, $3, $4)`,
        [project, from.shard, to.shard, sequence],
      );
      await mover.copy();
      for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 3, m: 30 });

      // Resolved before the links.
      await store(from, batchOf(from, counted('late', 100)));
      await store(from, batchOf(from, counted('other', 1000, 'm')));
      await mover.settle();
      await from.runTasks(replicaOf('a', from), { send });
      for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 103, m: 1030 });
    },
  );

  it.each([
    { when: 'before the user is taken out', isAsked: false },
    { when: 'while the user is taken out', isAsked: true },
  ])('loses nothing of somebody who is joined $when', async ({ isAsked }) => {
    await store(from, batchOf(from, { events: visits('other', [11]), ...counted('other', 5) }));
    await prepare();
    const limits = { ...moveLimits, ...noWaits, settleMs: 3_600_000 };
    const mover = new Mover(contextOf('a', { limits }), never);
    const settled = (): Promise<unknown> =>
      pool.query(
        `UPDATE user_moves SET created_at = created_at - interval '2 hours', copied_at = copied_at - interval '2 hours'`,
      );
    const taskOf = async () => (await unfinishedMoves(pool, project))[0]?.task;
    const runTasks = async (): Promise<void> => {
      await from.runTasks(replicaOf('a', from), { send });
      await replicaOf('b', from).follower.refresh();
      await mover.settle();
    };
    await mover.copy();
    await settled();
    if (isAsked) await mover.settle();
    const sequence = ++batchesMade;
    const links = [{ loser: 'other', winner: 'early' }];
    for (const shard of [from, to]) await store(shard, batchOf(shard, { links, sequence }));
    await pool.query(
      `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
       VALUES ($1, 'other', 'early', $2, $3, $4)`,
      [project, from.shard, to.shard, sequence],
    );
    if (!isAsked) {
      await mover.copy();
      await mover.settle();
    }
    expect((await taskOf()) === null).toBe(!isAsked);
    // Resolved before the link.
    await store(from, batchOf(from, { events: visits('other', [12]), ...counted('other', 70) }));
    await runTasks();
    expect(await unfinishedMoves(pool, project)).toHaveLength(2);
    expect(await taskOf()).toBeNull();
    await mover.copy();
    await settled();
    await mover.settle();
    await runTasks();
    expect(await unfinishedMoves(pool, project)).toEqual([]);
    const rows = [...moved.rows, 'early 11', 'early 12'].sort();
    for (const zone of zones) {
      expect(await arrived(zone)).toMatchObject({ rows });
      expect(profileOf(zone)).toEqual({ name: 'Lea', n: 75 });
      expect(leftBehind(zone)).toBe(1);
    }
  });

  it('brings the profile of somebody whose merge became known late, and part of files at once', async () => {
    await store(from, batchOf(from, counted('third', 10, 'm')));
    await prepare();
    const mover = new Mover(contextOf('a'), never);
    await mover.copy();
    await store(from, batchOf(from, counted('third', 20, 'm')));
    // He was merged before the user left, but the batch that says so was held up.
    const links = [{ loser: 'third', winner: 'late' }];
    await store(from, batchOf(from, { links, ...counted('third', 300, 'm') }));
    expect(await from.index(replicaOf('b', from), { send })).toBe('done');
    await replicaOf('a', from).follower.refresh();
    for (const zone of zones) await new Mover(contextOf(zone), never).settle();
    for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', m: 330 });
  });

  it('waits for a user to be divided before it moves his part', async () => {
    await store(from, batchOf(from, { events: visits('part', [1, 2]) }));
    const task = { type: 'split', user: 'whole', identifiers: ['part'], to: 'part' };
    const id = await pool.query<{ id: string }>(
      'INSERT INTO shard_tasks (shard, project, task) VALUES ($1, $2, $3) RETURNING id',
      [from.shard, project, task],
    );
    await pool.query(
      `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard) VALUES ($1, 'part', 'part', $2, $3)`,
      [project, from.shard, to.shard],
    );
    const mover = new Mover(contextOf('b'), never);
    await mover.copy();
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ state: 'pending' }]);
    await pool.query("UPDATE shard_tasks SET state = 'done' WHERE id = $1", [id.rows[0]?.id]);
    await mover.copy();
    for (const zone of zones) expect((await arrived(zone)).rows).toEqual(['part 1', 'part 2']);
  });

  it('follows a chain of merges from shard to shard', async () => {
    await prepare();
    await store(from, batchOf(from, { links: [{ loser: 'early', winner: 'first' }] }));
    await store(to, batchOf(to, { links: [{ loser: 'early', winner: 'first' }] }));
    const third = await TestShard.create({
      pool,
      databaseUrl: inject('databaseUrl'),
      rewriter: reader,
      shard: nextShard++,
    });
    for (const zone of zones) {
      const replica = await third.openReplica(zone);
      replicas.get(zone)?.set(third.shard, replica);
      consumers.push(consume(third.shard, zone, replica.store));
    }
    await pool.query(
      `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
       VALUES ($1, 'early', 'first', $2, $3, $4)`,
      [project, to.shard, third.shard, ++batchesMade],
    );
    await new Mover(contextOf('a'), never).copy();
    for (const zone of zones) {
      const { rows, profiles } = await contentOf(replicaOf(zone, third).store);
      expect({ rows, profiles }).toEqual({
        rows: moved.rows.map((row) => row.replace('early', 'first')),
        profiles: ['first: name="Lea"'],
      });
    }
    await third.remove();
  });
});
