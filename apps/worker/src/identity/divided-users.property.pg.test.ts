import { createDb, type Db } from '@arbor/db';
import { encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import type { ShardStore } from '@arbor/engine/store';
import { propertyRuns, propertySeed } from '@arbor/engine/test/model/property-runs';
import { viewOf } from '@arbor/engine/test/model/snapshot-view';
import type { IngestBatch, IngestRecord } from '@arbor/schema/ingest';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createResolveBatch } from '../pipeline/resolve-batch.ts';
import { createSplitBatch } from '../pipeline/split-batch.ts';
import { Rewriter } from '../storage/rewriter.ts';
import { type TestReplica, TestShard } from '../storage/testing/test-shard.ts';
import { createPgIdentityStore } from './pg-identity-store.ts';
import { settleSplits } from './settle-splits.ts';
import { BusyUserError } from './user-places.ts';

/*
 * The whole way of users who are joined and divided: the map, the batches that say what it meant when they were
 * resolved, two replicas that get them late and in any order, and the tasks that divide what is stored. In the end
 * every row counts for whom the map knows the identifier that it was sent under.
 */

const databaseUrl = inject('databaseUrl');
let pool: pg.Pool;
let db: Db;
let rewriter: Rewriter;
let shard = 780_000;
beforeAll(() => {
  pool = new pg.Pool({ connectionString: databaseUrl });
  db = createDb(databaseUrl);
  rewriter = new Rewriter();
});
afterAll(async () => {
  await rewriter.close();
  await db.$disconnect();
  await pool.end();
});

const settings = { spread: 1, mode: 'simplified' as const, epoch: 0, acceptsErased: true };
const firstDay = Date.UTC(2024, 2, 4);
const names = ['ann', 'bob', '$device:1', '$device:2', '$device:3'];
const name = fc.nat(names.length - 1);
const pair = fc.tuple(name, name);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('send' as const),
      senders: fc.array(name, { maxLength: 3 }),
      link: fc.option(
        fc.record({ pair, form: fc.constantFrom('identify', 'alias', 'device', 'explicit') }),
      ),
      /** The process that resolved it dies before it pins what that was. */
      isLost: fc.boolean(),
      day: fc.nat(1),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('store' as const), replica: fc.nat(1), n: fc.nat(5) }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('undo' as const), n: fc.nat(9) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('index', 'compact', 'adopt', 'tasks', 'tasks', 'again'),
      replica: fc.nat(1),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Send = Extract<Step, { type: 'send' }>;

class World {
  readonly #own: TestShard;
  readonly #project: number;
  readonly #replicas: readonly TestReplica[];
  readonly #waiting: RowBatch[][] = [[], []];
  readonly #sent: { n: string; own: string }[] = [];
  /** Resolved by a process that died. */
  readonly #lost: IngestBatch[] = [];
  readonly #identities = createPgIdentityStore(pool);
  readonly #split = createSplitBatch({ shardCount: 1 });
  #sequence = 0;

  constructor(own: TestShard, project: number, replicas: readonly TestReplica[]) {
    this.#own = own;
    this.#project = project;
    this.#replicas = replicas;
  }

  async do(each: Step): Promise<void> {
    if (each.type === 'send') await this.#send(each);
    else if (each.type === 'store') await this.#store(each.replica, each.n);
    else if (each.type === 'undo') await this.#undo(each.n);
    else if (each.type === 'again') await this.#again();
    else {
      const replica = this.#replica(each.replica);
      if (each.type === 'index') await this.#own.index(replica);
      else if (each.type === 'adopt') await replica.follower.refresh();
      else if (each.type === 'tasks') await this.#tasks(replica);
      else {
        this.#own.now += 10 * 3_600_000;
        await this.#own.compact(replica);
      }
    }
  }

  /** Everything that is under way arrives, and every undone link is settled. */
  async end(): Promise<void> {
    while (this.#lost.length > 0) await this.#again();
    for (const r of [0, 1]) while ((this.#waiting[r] ?? []).length > 0) await this.#store(r, 0);
    await this.#tasks(this.#replica(0));
    const isDrained = () => Promise.resolve(true);
    for (let settled = 1; settled > 0;) {
      settled = await settleSplits({ pool, shardCount: 1, settleMs: 0, isDrained });
      await this.#tasks(this.#replica(0));
    }
    for (const { follower } of this.#replicas) await follower.refresh();
  }

  /** By replica: the user of each row, with the identifier that it was sent under. */
  shown(): string[][] {
    return this.#replicas.map(({ store }) => rowsOf(store, this.#project));
  }

  /** The same as the map says. */
  async expected(): Promise<string[]> {
    const { rows } = await pool.query<{ identifier: string; canonical: string }>(
      'SELECT identifier, canonical FROM identifiers WHERE project = $1',
      [this.#project],
    );
    const users = new Map(rows.map(({ identifier, canonical }) => [identifier, canonical]));
    return this.#sent.map(({ n, own }) => `${users.get(own)} ${n} ${own}`).sort();
  }

  async #send({ senders, link, isLost, day }: Send): Promise<void> {
    const sequence = ++this.#sequence;
    const records = senders.map((sender, i): IngestRecord => {
      const own = names[sender] ?? '';
      const n = `${sequence}-${i}`;
      this.#sent.push({ n, own });
      return eventOf('View', own, day, { n, own });
    });
    if (link !== null) records.push(this.#linkRecord(link, day, `${sequence}-link`));
    if (records.length === 0) return;
    const batch: IngestBatch = {
      version: 1,
      batchId: `history-${this.#project}-${sequence}`,
      project: this.#project,
      source: 'track',
      receivedAt: firstDay,
      sequence,
      records,
    };
    if (!isLost) return this.#resolve(batch, false);
    await this.#decide(batch, false);
    this.#lost.push(batch);
  }

  #linkRecord(
    { pair: [one, other], form }: NonNullable<Send['link']>,
    day: number,
    n: string,
  ): IngestRecord {
    const [alias, user] = [names[one] ?? '', names[other] ?? ''];
    if (form === 'explicit') return { kind: 'link', time: firstDay, alias, user };
    const own = user;
    this.#sent.push({ n, own });
    if (form === 'identify')
      return eventOf('$identify', user, day, { $anon_distinct_id: alias, n, own });
    if (form === 'alias') return eventOf('$create_alias', user, day, { alias, n, own });
    return eventOf('View', user, day, { $device_id: alias, $user_id: user, n, own });
  }

  async #again(): Promise<void> {
    const batch = this.#lost.shift();
    if (batch !== undefined) await this.#resolve(batch, true);
  }

  async #resolve(batch: IngestBatch, redelivered: boolean): Promise<void> {
    const resolution = await this.#decide(batch, redelivered);
    if (resolution === null) return;
    for (const made of this.#split(batch, resolution)) {
      for (const list of this.#waiting) list.push({ ...made, shard: this.#own.shard });
    }
  }

  /** A link that has to wait for a task is tried again when that is done. */
  async #decide(batch: IngestBatch, redelivered: boolean) {
    const resolve = createResolveBatch({
      identities: this.#identities,
      projects: { find: () => Promise.resolve(settings) },
      erased: { among: () => Promise.resolve(new Set<string>()) },
      shardCount: 1,
    });
    const pin = { read: () => Promise.resolve(null), put: (text: string) => Promise.resolve(text) };
    for (let isAgain = redelivered; ; isAgain = true) {
      try {
        return await resolve(batch, pin, isAgain);
      } catch (error) {
        if (!(error instanceof BusyUserError)) throw error;
        await this.#tasks(this.#replica(0));
      }
    }
  }

  async #store(r: number, n: number): Promise<void> {
    const list = this.#waiting[r] ?? [];
    const [batch] = list.splice(n % Math.max(1, list.length), 1);
    if (batch !== undefined) await this.#replica(r).store.append(encodeRowBatch(batch));
  }

  async #undo(n: number): Promise<void> {
    const { rows } = await pool.query<{ id: number }>(
      `SELECT id::float8 AS id FROM identity_links
       WHERE project = $1 AND refused IS NULL AND undone_at IS NULL ORDER BY id`,
      [this.#project],
    );
    const link = rows[n % Math.max(1, rows.length)]?.id;
    if (link !== undefined)
      await this.#identities.undo({ project: this.#project, link, by: 'cat' });
  }

  async #tasks(replica: TestReplica): Promise<void> {
    await pool.query("UPDATE shard_tasks SET shard = $2 WHERE project = $1 AND state = 'waiting'", [
      this.#project,
      this.#own.shard,
    ]);
    for (;;) {
      const outcome = await this.#own.runTasks(replica);
      if (outcome !== 'conflict') break;
    }
  }

  #replica(r: number): TestReplica {
    const replica = this.#replicas[r];
    if (replica === undefined) throw new Error(`there is no replica ${r}`);
    return replica;
  }
}

function eventOf(
  event: string,
  distinctId: string,
  day: number,
  properties: { [name: string]: string },
): IngestRecord {
  const time = firstDay + day * 86_400_000;
  return { kind: 'event', event, time, distinctId, insertId: properties['n'] ?? '', properties };
}

function rowsOf(store: ShardStore, project: number): string[] {
  const view = viewOf(store, project);
  const textOf = (name: string, row: number): string => {
    const column = view.eventProperty(name);
    const value = column?.values[column.codes[row] ?? 0];
    return typeof value === 'string' ? value : '';
  };
  return Array.from({ length: view.rowCount }, (_, row) => {
    const user = view.userIds[view.users[row] ?? 0];
    return `${user} ${textOf('n', row)} ${textOf('own', row)}`;
  }).sort();
}

it(
  `rows count for whom the map knows their identifier, whatever was joined and divided (seed ${propertySeed})`,
  async () => {
    await pool.query('DELETE FROM identity_splits');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps) => {
        shard++;
        const own = await TestShard.create({ pool, databaseUrl, rewriter, shard });
        try {
          const token = crypto.randomUUID();
          const { id } = await db.organization.create({ data: { name: token } });
          const data = { organizationId: id, name: 'Shop', token, timezone: 'UTC' };
          const project = (await db.project.create({ data })).id;
          const replicas = [await own.openReplica('a'), await own.openReplica('b')];
          const world = new World(own, project, replicas);
          for (const each of steps) await world.do(each);
          await world.end();
          const expected = await world.expected();
          expect(world.shown()).toEqual([expected, expected]);
        } finally {
          await own.remove();
        }
      }),
      {
        numRuns: Math.ceil(propertyRuns / 10),
        seed: propertySeed,
      },
    );
  },
  30_000 + propertyRuns * 1000,
);
