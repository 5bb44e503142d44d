import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { batch, event, midnight, openStore } from '../../../test/batches.ts';
import { propertyRuns, propertySeed } from '../../../test/model/property-runs.ts';
import { snapshotView } from '../../../test/model/snapshot-view.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { encodeRowBatch, rowBatchHeader } from '../../format/row-batch.ts';
import type { ShardStore } from '../shard-store.ts';
import { type Move, moveOfBatch } from './move-batches.ts';
import { peopleBatches } from './move-people.ts';
import { readMoves } from './read-moves.ts';

/*
 * The protocol of docs/decisions/0002 with real replicas, and everything around them in a model: queues, the map of
 * identities, moves and queries, a step at a time and in any order.
 */

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-moves-protocol-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const shards = [0, 1, 2];
const zones = [0, 1];
const users = ['u0', 'u1', 'u2', 'u3', 'u4'];
const homeOf = (user: string): number => users.indexOf(user) % shards.length;

interface Replica {
  readonly store: ShardStore;
  readonly catalog: TestCatalog;
  /** First come, first stored; those of moves go before all others. */
  queue: Uint8Array[];
}

interface ModelMove extends Move {
  readonly from: number;
  readonly to: number;
  state: 'pending' | 'sent' | 'copied';
  /** When its rows were read for the first time. */
  readAt: number;
  sent: Uint8Array[];
}

interface Sent {
  readonly n: number;
  readonly sender: string;
  readonly user: string;
  readonly shard: number;
  readonly bytes: Uint8Array;
}

interface Plan {
  readonly epoch: number;
  readonly leftOut: ReadonlyMap<number, string[]>;
  readonly userOf: ReadonlyMap<string, string>;
  /** Events that no answer may lack. */
  readonly visible: ReadonlySet<number>;
  /** Events that were sent by then. */
  readonly sentCount: number;
  readonly rows: Map<number, { n: number; user: string }[]>;
}

/** What a query was answered, as far as it can be wrong. */
interface Answer {
  /** Events that were counted, ascending. */
  readonly counted: readonly number[];
  readonly visible: readonly number[];
  /** By user as of the plan: whose, and where, the events are that he had sent by then. */
  readonly places: readonly (readonly string[])[];
}

function answerOf({ rows, userOf, visible, sentCount }: Plan, sent: readonly Sent[]): Answer {
  const places = new Map<string, Set<string>>();
  for (const [shard, own] of rows) {
    for (const { n, user } of own) {
      // Who is whom may have changed since; of those who were one, all changed alike.
      const is = userOf.get(sent[n].sender);
      if (n >= sentCount || is === undefined) continue;
      places.set(is, (places.get(is) ?? new Set()).add(`${user} on shard ${shard}`));
    }
  }
  const counted = [...rows.values()].flat().map(({ n }) => n);
  return {
    counted: counted.sort((one, other) => one - other),
    visible: [...visible],
    places: Array.from(places.values(), (own) => [...own]),
  };
}

/** Not in the queue of a zone any more. */
const isStored = ({ queue }: Replica, bytes: Uint8Array): boolean => !queue.includes(bytes);

class World {
  readonly #replicas: readonly (readonly Replica[])[];
  readonly #canonical = new Map(users.map((user) => [user, user]));
  #before = new Map(this.#canonical);
  readonly #moves: ModelMove[] = [];
  readonly #sent: Sent[] = [];
  /** By event: when it was stored in both zones. */
  readonly #storedAt = new Map<number, number>();
  /** By zone: the greatest move of which it may have rows. */
  readonly #epochs = [0, 0];
  #plan: Plan | null = null;
  #now = 0;
  readonly answers: Answer[] = [];

  private constructor(replicas: readonly (readonly Replica[])[]) {
    this.#replicas = replicas;
  }

  static async create(): Promise<World> {
    const replicas = await Promise.all(
      zones.map(() =>
        Promise.all(
          shards.map(async (): Promise<Replica> => {
            const { store } = await openStore(undefined, { chunkRows: 2 });
            return { store, catalog: new TestCatalog(folder), queue: [] };
          }),
        ),
      ),
    );
    return new World(replicas);
  }

  async close(): Promise<void> {
    for (const { store } of this.#replicas.flat()) await store.close();
  }

  /** `isLate`: whoever resolves it has not heard of the last link. */
  send(sender: string, isLate: boolean): void {
    const n = this.#sent.length;
    const user = (isLate ? this.#before : this.#canonical).get(sender) ?? sender;
    const shard = homeOf(user);
    const one = event({
      event: 'Visit',
      time: midnight + n,
      sentTime: midnight + n,
      distinctId: sender,
      user,
      insertId: `i${n}`,
      properties: { n },
    });
    const bytes = encodeRowBatch(batch(`given-${n}`, { sequence: 10 + n, events: [one] }));
    this.#sent.push({ n, sender, user, shard, bytes });
    for (const zone of zones) this.#replicas[zone][shard].queue.push(bytes);
  }

  async link(one: string, other: string): Promise<void> {
    const [winner, loser] = [this.#userOf(one), this.#userOf(other)].sort();
    if (winner === loser || this.#comesBack(winner, loser)) return;
    this.#before = new Map(this.#canonical);
    for (const [id, user] of this.#canonical) if (user === loser) this.#canonical.set(id, winner);
    const sequence = 10 + this.#sent.length;
    const links = [{ loser, winner }];
    const bytes = encodeRowBatch(batch(`link-${loser}-${winner}`, { sequence, links }));
    const [from, to] = [homeOf(loser), homeOf(winner)];
    for (const zone of zones) {
      for (const shard of new Set([from, to])) {
        // A merge within a shard is told by this batch alone.
        if (from === to) await this.#replicas[zone][shard].store.append(bytes);
        else this.#replicas[zone][shard].queue.push(bytes);
      }
    }
    if (from === to) return;
    const id = this.#moves.length + 1;
    const place = { from, to, state: 'pending' as const, readAt: 0, sent: [] };
    const move = { id, project: 1, loser, winner, sequence, createdAt: midnight };
    this.#moves.push({ ...move, ...place });
  }

  /** The identity transaction waits then (user-places.ts); nobody is taken out in this test. */
  #comesBack(winner: string, loser: string): boolean {
    return this.#moves.some((move) => {
      const user = this.#userOf(move.loser);
      return move.from === homeOf(winner) && (user === loser || user === winner);
    });
  }

  async store(zone: number, shard: number): Promise<void> {
    const [bytes] = this.#replicas[zone][shard].queue;
    if (bytes !== undefined) await this.#storeOne(zone, shard, bytes);
  }

  async #storeOne(zone: number, shard: number, bytes: Uint8Array): Promise<void> {
    const replica = this.#replicas[zone][shard];
    replica.queue = replica.queue.filter((one) => one !== bytes);
    const move = moveOfBatch(rowBatchHeader(bytes).batchId);
    if (move !== null) this.#epochs[zone] = Math.max(this.#epochs[zone], move);
    await replica.store.append(bytes);
    const one = this.#sent.find((sent) => sent.bytes === bytes);
    if (one !== undefined && zones.every((each) => isStored(this.#replicas[each][shard], bytes)))
      this.#storedAt.set(one.n, this.#now);
  }

  async index(zone: number, shard: number): Promise<void> {
    const { store, catalog } = this.#replicas[zone][shard];
    const job = await store.prepareIndex();
    if (job) catalog.commit(job);
    await store.adopt(catalog.latest);
  }

  /** The next step of the first move that is not copied: reading and sending, or waiting until all is stored. */
  async copy(zone: number): Promise<void> {
    const move = this.#moves.find(({ state }) => state !== 'copied');
    if (move === undefined) return;
    if (move.state === 'pending') {
      move.readAt = this.#now;
      move.sent = await this.#read(zone, move);
      for (const each of zones) this.#replicas[each][move.to].queue.unshift(...move.sent);
      move.state = 'sent';
      return;
    }
    await this.#storeAll(move.to, move.sent);
    move.state = 'copied';
  }

  /** What came after the copy. */
  async late(zone: number): Promise<void> {
    for (const move of this.#moves) {
      if (move.state !== 'copied') continue;
      const batches = await this.#read(zone, move);
      for (const each of zones) this.#replicas[each][move.to].queue.unshift(...batches);
      await this.#storeAll(move.to, batches);
    }
  }

  async #storeAll(shard: number, batches: readonly Uint8Array[]): Promise<void> {
    for (const zone of zones) {
      for (const bytes of batches) {
        if (!isStored(this.#replicas[zone][shard], bytes)) await this.#storeOne(zone, shard, bytes);
      }
    }
  }

  async #read(zone: number, move: ModelMove): Promise<Uint8Array[]> {
    const own = this.#replicas[zone][move.from];
    const other = this.#replicas[1 - zone][move.from];
    const queued = own.queue;
    for (const bytes of queued) {
      if (isStored(other, bytes)) await this.#storeOne(zone, move.from, bytes);
    }
    const { users: found, segments, memory } = own.store.movingUsers(1, [{ loser: move.loser }]);
    const [{ ids, ...people }] = found;
    const days = [...new Set([...segments.map(({ day }) => day), ...memory.keys()])];
    const made = readMoves(
      days.map((day) => ({
        owner: { project: 1, shard: 0, day },
        segments: segments.filter((segment) => segment.day === day),
        memory: memory.get(day) ?? [],
        moves: [{ move, toShard: 0, ids }],
      })),
    );
    return [...peopleBatches(move, 0, people), ...made.flat()].map(({ bytes }) => bytes);
  }

  plan(): void {
    if (this.#moves.some(({ state }) => state !== 'copied')) return;
    const leftOut = new Map(
      shards.map((shard) => [
        shard,
        this.#moves.filter(({ from }) => from === shard).map(({ loser }) => loser),
      ]),
    );
    const visible = new Set([...this.#storedAt.keys()].filter((n) => !this.#mayBeLate(n)));
    const userOf = new Map(this.#canonical);
    const [epoch, sentCount] = [this.#moves.length, this.#sent.length];
    this.#plan = { epoch, leftOut, userOf, visible, sentCount, rows: new Map() };
  }

  /** It reached the shard that its user left after he was copied, and may wait for a later copy. */
  #mayBeLate(n: number): boolean {
    const { shard, sender } = this.#sent[n];
    const storedAt = this.#storedAt.get(n) ?? Infinity;
    return this.#moves.some(
      ({ from, loser, readAt }) =>
        from === shard && this.#userOf(loser) === this.#userOf(sender) && storedAt >= readAt,
    );
  }

  /** Asks one shard in one zone by the plan, which may be of long ago. */
  ask(zone: number, shard: number): void {
    const plan = this.#plan;
    if (plan === null || plan.rows.has(shard)) return;
    if (this.#epochs[zone] > plan.epoch) {
      this.#plan = null;
      return;
    }
    const { store } = this.#replicas[zone][shard];
    const view = snapshotView(store.snapshot(1, plan.leftOut.get(shard)));
    const n = view.eventProperty('n');
    const rows = Array.from(view.users, (user, row) => {
      return { n: Number(n?.values[n.codes[row]]), user: view.userIds[user] };
    }).filter(
      // Whoever is left out is a user whom nobody knows.
      ({ user }) => user !== undefined,
    );
    plan.rows.set(shard, rows);
    if (plan.rows.size < shards.length) return;
    this.#plan = null;
    this.answers.push(answerOf(plan, this.#sent));
  }

  #userOf(user: string): string {
    return this.#canonical.get(user) ?? user;
  }

  tick(): void {
    this.#now++;
  }
}

const zone = fc.constantFrom(...zones);
const shard = fc.constantFrom(...shards);
const user = fc.constantFrom(...users);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('send' as const), user, isLate: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('link' as const), user, other: user }) },
  { weight: 12, arbitrary: fc.record({ type: fc.constant('store' as const), zone, shard }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('index' as const), zone, shard }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('copy' as const), zone }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('late' as const), zone }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('plan' as const) }) },
  { weight: 9, arbitrary: fc.record({ type: fc.constant('ask' as const), zone, shard }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

async function take(world: World, given: Step): Promise<void> {
  world.tick();
  switch (given.type) {
    case 'send':
      return world.send(given.user, given.isLate);
    case 'link':
      return world.link(given.user, given.other);
    case 'store':
      return world.store(given.zone, given.shard);
    case 'index':
      return world.index(given.zone, given.shard);
    case 'copy':
      return world.copy(given.zone);
    case 'late':
      return world.late(given.zone);
    case 'plan':
      return world.plan();
    case 'ask':
      return world.ask(given.zone, given.shard);
  }
}

test(
  `every answer has each event once and each user whole, whenever it was planned (seed ${propertySeed})`,
  async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 90 }), async (steps) => {
        const world = await World.create();
        try {
          for (const one of steps) await take(world, one);
          answers += world.answers.length;
          for (const { counted, visible, places } of world.answers) {
            expect(counted, 'each event once').toEqual([...new Set(counted)]);
            expect(counted, 'what was stored before').toEqual(expect.arrayContaining([...visible]));
            for (const own of places) expect(own, 'each user as one').toHaveLength(1);
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: propertyRuns, seed: propertySeed },
    );
    expect(answers).toBeGreaterThan(propertyRuns / 10);
  },
  60_000 + propertyRuns * 300,
);
