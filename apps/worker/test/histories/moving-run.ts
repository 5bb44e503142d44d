import { unfinishedMoves } from '@arbor/db/moves';
import { nextTask } from '@arbor/db/shard-tasks';
import { shardOfUser, shardsOfProject } from '@arbor/engine/placement';
import type { ShardStore } from '@arbor/engine/store';
import type { World } from '@arbor/engine/test/model/world';
import { storeQueue } from '@arbor/queue/queue-names';
import { createLogger } from '@arbor/runtime/logger';
import type { IngestBatch } from '@arbor/schema/ingest';
import type pg from 'pg';
import { createPgIdentityStore } from '../../src/identity/pg-identity-store.ts';
import { BusyUserError } from '../../src/identity/user-places.ts';
import { moveLimits } from '../../src/moves/move-limits.ts';
import { Mover } from '../../src/moves/mover.ts';
import type { MoverContext } from '../../src/moves/mover-context.ts';
import type { Rewriter } from '../../src/storage/rewriter.ts';
import { losingPool } from '../../src/storage/testing/losing-pool.ts';
import { type TestReplica, TestShard } from '../../src/storage/testing/test-shard.ts';
import { deadPin, type Deliver, historyEtl, ignoreDeath, memoryPin } from './history-etl.ts';
import { ModelQueues } from './model-queues.ts';
import type { Death, MovingHistory, Step } from './moving-history.ts';
import type { Delivery } from './random-history.ts';
import { TrueHistory } from './true-history.ts';

const zones = ['a', 'b'];
/** So many that the shards of no two projects are the same. */
const shardCount = 1_000_000_000;
const never = new AbortController().signal;
const logger = createLogger({ name: 'test', level: 'silent' });

/** What a zone answers from at a moment at which everything has reached it, and what is true. */
export interface ShownZone {
  readonly spread: number;
  /** Of each shard, with whom to leave out there. */
  readonly shards: readonly { readonly store: ShardStore; readonly leftOut: readonly string[] }[];
  readonly truth: World;
  /** By canonical id. */
  readonly profiles: World['people'];
}

export interface MovingRunOptions {
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly rewriter: Rewriter;
  readonly project: number;
}

class MoverDied extends Error {}

/**
 * A history of a project on several shards through the real parts of the product, a step at a time: the ETL with the map in
 * PostgreSQL, replicas of two zones, their index jobs, compactions and tasks, and movers that die. Only the queues
 * are a model. Beside it the truth is told the same batches.
 */
export class MovingRun {
  readonly #options: MovingRunOptions;
  readonly #spread: number;
  readonly #truth: TrueHistory;
  readonly #queues = new ModelQueues(zones);
  readonly #deliver: Deliver;
  readonly #shards: readonly TestShard[];
  /** By zone and slot. */
  readonly #replicas: TestReplica[][] = [];
  /** Batches that the ETL has not taken yet, and those with which it died. */
  readonly #coming: IngestBatch[];
  readonly #lost: { readonly batch: IngestBatch; readonly at: number }[] = [];
  readonly #steps: readonly Step[];

  private constructor(
    options: MovingRunOptions,
    history: MovingHistory,
    shards: readonly TestShard[],
  ) {
    const { project, pool } = options;
    this.#options = options;
    this.#spread = history.spread;
    this.#truth = new TrueHistory(history.mode);
    this.#coming = history.batches.map((batch) => ({ ...batch, project }));
    this.#steps = history.steps;
    this.#shards = shards;
    const place = { identities: createPgIdentityStore(pool), spread: history.spread, shardCount };
    this.#deliver = historyEtl(history.mode, async (batch) => this.#queues.put(batch), place);
  }

  static async create(options: MovingRunOptions, history: MovingHistory): Promise<MovingRun> {
    const { project } = options;
    const numbers = shardsOfProject({ project, spread: history.spread, shardCount });
    const shards = await Promise.all(
      numbers.map((shard) => TestShard.create({ ...options, shard })),
    );
    const run = new MovingRun(options, history, shards);
    for (const zone of zones) {
      run.#replicas.push(await Promise.all(shards.map((shard) => shard.openReplica(zone))));
    }
    return run;
  }

  async remove(): Promise<void> {
    for (const shard of this.#shards) await shard.remove();
    const { pool, project } = this.#options;
    await pool.query("UPDATE user_moves SET state = 'done' WHERE project = $1", [project]);
    await pool.query("DELETE FROM shard_tasks WHERE project = $1 AND state = 'waiting'", [project]);
  }

  /** Calls `look` for each zone at moments at which everything that was sent by then has arrived. */
  async run(look: (shown: ShownZone) => Promise<void>): Promise<void> {
    for (const step of this.#steps) {
      if (step.type === 'look') await this.#look(look);
      else await this.#take(step);
    }
    while (this.#coming.length > 0) {
      await this.#take({ type: 'resolve', n: 0, how: 'once' });
      if (this.#coming.length > 0) await this.#finishMoves();
    }
    await this.#look(look);
    await this.#finishMoves();
    await this.#look(look);
  }

  async #take(step: Exclude<Step, { type: 'look' }>): Promise<void> {
    switch (step.type) {
      case 'resolve':
        return this.#resolve(step);
      case 'quiet':
        return this.#arrive();
      case 'take': {
        await this.#takeJob(step.zone, step.slot, step.n);
        return;
      }
      case 'copy':
      case 'settle':
        return this.#move(step.type, step.zone, step.death);
      case 'restart':
        return this.#restart(step.zone);
      case 'adopt':
      case 'compact':
      case 'index':
      case 'tasks':
        return this.#keep(step.type, this.#at(step.zone, step.slot));
    }
  }

  async #keep(
    work: 'adopt' | 'compact' | 'index' | 'tasks',
    [shard, replica]: [TestShard, TestReplica],
  ): Promise<void> {
    if (work === 'adopt') {
      await replica.follower.refresh();
    } else if (work === 'compact') {
      shard.now += 10 * 3_600_000;
      await shard.compact(replica);
    } else if (!(await this.#waitsFor(shard))) {
      if (work === 'tasks') await this.#runTasks(shard, replica);
      else await shard.index(replica, { send: this.#send });
    }
  }

  /** An index job waits for users on their way to its shard: here somebody else goes on. */
  async #waitsFor({ shard }: TestShard): Promise<boolean> {
    return (await this.#moves()).some(
      ({ state, toShard }) => state === 'pending' && toShard === shard,
    );
  }

  async #runTasks(shard: TestShard, replica: TestReplica): Promise<void> {
    for (;;) {
      if ((await nextTask(this.#options.pool, shard.shard)) === undefined) return;
      await shard.runTasks(replica, { send: this.#send });
    }
  }

  async #resolve({ n, how }: { readonly n: number; readonly how: Delivery }): Promise<void> {
    const batch = this.#coming[n % Math.max(1, this.#coming.length)];
    if (batch === undefined) return;
    const at = Date.now();
    const pin = how === 'lost' ? deadPin : memoryPin();
    try {
      await this.#deliver(batch, pin, false).catch(ignoreDeath);
    } catch (error) {
      // It is delivered again when its user has moved.
      if (error instanceof BusyUserError) return;
      throw error;
    }
    this.#truth.resolve(batch);
    this.#coming.splice(this.#coming.indexOf(batch), 1);
    // The map keeps milliseconds of when somebody was seen first: the next batch comes later.
    await this.#options.pool.query('SELECT pg_sleep(0.002)');
    if (how === 'again') await this.#deliver(batch, pin, true);
    if (how === 'lost') this.#lost.push({ batch, at });
  }

  async #redeliverLost(): Promise<void> {
    for (const { batch } of this.#lost.splice(0)) {
      this.#truth.resolve(batch);
      await this.#deliver(batch, memoryPin(), true);
    }
  }

  async #takeJob(zone: number, slot: number, n: number): Promise<boolean> {
    const [{ shard }, { store }] = this.#at(zone, slot);
    return this.#queues.take(storeQueue(shard, zones[zone] ?? ''), n, (batch) =>
      store.append(batch),
    );
  }

  async #drain(): Promise<void> {
    for (const zone of zones.keys()) {
      for (const slot of this.#shards.keys()) while (await this.#takeJob(zone, slot, 0));
    }
  }

  async #restart(zone: number): Promise<void> {
    const own = this.#replicas[zone] ?? [];
    for (const [slot, { store }] of own.entries()) {
      await store.close();
      const reopened = await this.#shards[slot]?.openReplica(zones[zone] ?? '');
      if (reopened !== undefined) own[slot] = reopened;
    }
  }

  async #move(work: 'copy' | 'settle', zone: number, death: Death): Promise<void> {
    const mover = new Mover(this.#context(zone, death), never);
    try {
      await mover[work]();
    } catch (error) {
      if (death === null) throw error;
    }
  }

  readonly #send: MoverContext['send'] = async (batches) => {
    for (const batch of batches) this.#queues.put(batch);
  };

  #context(zone: number, death: Death): MoverContext {
    const { pool, rewriter } = this.#options;
    let sends = 0;
    const die = (): void => {
      if (death?.by === 'send' && sends++ === death.after) throw new MoverDied('the process died');
    };
    return {
      pool: death?.by === 'statement' ? losingPool(pool, death.after) : pool,
      queues: this.#queues,
      zones,
      zone: zones[zone] ?? '',
      shards: new Map(
        this.#shards.map(({ shard }, slot) => [shard, this.#at(zone, slot)[1]] as const),
      ),
      send: async (batches) => {
        die();
        await this.#send(batches);
        die();
      },
      reader: rewriter,
      members: async () => zones.map((_, i) => this.#member(i)),
      isDrained: async (before) =>
        !this.#queues.hasBefore(before) && !this.#lost.some(({ at }) => at < before),
      clock: Date.now,
      // Whatever is waited for is stored meanwhile.
      pause: () => this.#drain(),
      logger,
      limits: {
        ...moveLimits,
        settleMs: 0,
        lateEveryMs: 0,
        settledEveryMs: 0,
        takeOutEveryMs: 0,
        jobBytes: 500,
      },
    };
  }

  #member(zone: number) {
    const kept = this.#shards.map(({ shard }, slot) => {
      const { version } = this.#at(zone, slot)[1].follower.current;
      return { shard, version, logSince: null };
    });
    const name = zones[zone] ?? '';
    const shards = this.#shards.map(({ shard }) => shard);
    const alive = { version: 1 as const, url: '', pid: 1, serving: true, lagMs: 0 };
    return { ...alive, name, zone: name, shards, kept };
  }

  async #look(look: (shown: ShownZone) => Promise<void>): Promise<void> {
    await this.#arrive();
    for (const zone of zones.keys()) await look(await this.#shown(zone));
  }

  /** Everything that was sent reaches both zones, and everybody is copied with all that came late. */
  async #arrive(): Promise<void> {
    await this.#redeliverLost();
    await this.#drain();
    await this.#copyAll();
  }

  async #copyAll(): Promise<void> {
    for (let tries = 0; tries < 50; tries++) {
      // The connection of one who died may not have let go of its lock yet.
      await this.#move('copy', tries % 2, null);
      await this.#drain();
      const moves = await this.#moves();
      if (moves.every(({ state }) => state === 'copied')) break;
    }
    for (let tries = 0; tries < 50; tries++) {
      await this.#move('settle', tries % 2, null);
      await this.#drain();
      const moves = await this.#moves();
      if (moves.every(({ task }) => task !== null)) return;
    }
    throw new Error('users are not copied in fifty tries');
  }

  async #finishMoves(): Promise<void> {
    for (let tries = 0; tries < 50; tries++) {
      await this.#arrive();
      for (const slot of this.#shards.keys()) {
        const [shard, replica] = this.#at(tries % 2, slot);
        await this.#runTasks(shard, replica);
        for (const zone of zones.keys()) await this.#at(zone, slot)[1].follower.refresh();
      }
      await this.#move('settle', tries % 2, null);
      await this.#drain();
      if ((await this.#moves()).length === 0) return;
    }
    throw new Error('moves are not done in fifty tries');
  }

  async #shown(zone: number): Promise<ShownZone> {
    const moves = await this.#moves();
    const leftOutOf = (shard: number): string[] =>
      moves.filter(({ fromShard }) => fromShard === shard).map(({ loser }) => loser);
    const { project } = this.#options;
    const users = this.#truth.users();
    const shards = this.#shards.map(({ shard }, slot) => {
      const { store } = this.#at(zone, slot)[1];
      return { shard, store, leftOut: leftOutOf(shard) };
    });
    const place = { project, spread: this.#spread, shardCount };
    const profiles = shards.flatMap(({ shard, store, leftOut }) => {
      const own = users.filter((user) => shardOfUser(user, place) === shard);
      return [...store.profiles(project, own, leftOut)];
    });
    // Their order cannot matter to updates in any order.
    const order = this.#truth.batches();
    return {
      spread: this.#spread,
      shards,
      truth: this.#truth.world(order),
      profiles: Object.fromEntries(profiles),
    };
  }

  #moves() {
    return unfinishedMoves(this.#options.pool, this.#options.project);
  }

  #at(zone: number, slot: number): [TestShard, TestReplica] {
    const place = slot % this.#shards.length;
    const [shard, replica] = [this.#shards[place], this.#replicas[zone]?.[place]];
    if (shard === undefined || replica === undefined) throw new Error(`no shard at ${place}`);
    return [shard, replica];
  }
}
