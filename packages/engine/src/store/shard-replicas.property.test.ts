import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore, type TestStore } from '../../test/batches.ts';
import { describeStore } from '../../test/describe-store.ts';
import { propertyRuns, propertySeed } from '../../test/model/property-runs.ts';
import { batchesOfTwoDays } from '../../test/random-batches.ts';
import { TestCatalog } from '../../test/test-catalog.ts';
import { encodeRowBatch, type RowBatch } from '../format/row-batch.ts';

/** So that even a few rows make several parts. */
const chunkRows = 3;

const replica = fc.constantFrom(0, 1);
/** What may happen to two replicas of a shard, in any order. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('give' as const), replica, batch: fc.nat(6) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('index' as const),
      replica,
      isCommitted: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('adopt' as const), replica }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('compact' as const), replica }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('merge' as const),
      kind: fc.constantFrom('users' as const, 'people' as const, 'covered' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const), replica }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('look' as const), replica }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One run: what was done, and by it what each replica must show. */
class World {
  /** What was seen, one thing after the other, and what should have been. */
  readonly shown: unknown[] = [];
  readonly expected: unknown[] = [];
  readonly #batches: readonly RowBatch[];
  readonly #catalog: TestCatalog;
  readonly #replicas: { store: TestStore; given: Set<number>; version: number }[] = [];
  /** By version: which batches it covers, and in which index job. */
  readonly #covered: ReadonlyMap<number, number>[] = [new Map()];

  private constructor(batches: readonly RowBatch[], folder: string) {
    this.#batches = batches;
    this.#catalog = new TestCatalog(folder);
  }

  static async begin(batches: readonly RowBatch[], folder: string): Promise<World> {
    const world = new World(batches, folder);
    for (let i = 0; i < 2; i++) {
      const store = await openStore(undefined, { chunkRows });
      world.#replicas.push({ store, given: new Set(), version: 0 });
    }
    return world;
  }

  async take(one: Step): Promise<void> {
    switch (one.type) {
      case 'give':
        return this.#give(one.replica, one.batch % this.#batches.length);
      case 'index':
        return this.#index(one.replica, one.isCommitted);
      case 'adopt':
        return this.#adopt(one.replica);
      case 'compact':
        this.#catalog.compact(1, this.#replicas[one.replica].store.store);
        return this.#noteVersion();
      case 'merge':
        this.#catalog.mergeSmall(1, one.kind);
        return this.#noteVersion();
      case 'restart':
        return this.#restart(one.replica);
      case 'look':
        return this.#check(one.replica);
    }
  }

  /** Everything reaches both, and both show all of it. */
  async end(): Promise<void> {
    for (const r of [0, 1]) {
      for (let i = 0; i < this.#batches.length; i++) await this.#give(r, i);
      await this.#check(r);
      await this.#adopt(r);
      await this.#check(r);
    }
    await this.#index(0, true);
    await this.#adopt(1);
    await this.#adopt(0);
    for (const r of [0, 1]) {
      await this.#check(r);
      this.#compare(this.#replicas[r].store.store.indexable().batches, 0);
      await this.#restart(r);
      await this.#check(r);
    }
  }

  async #give(r: number, i: number): Promise<void> {
    const { store, given, version } = this.#replicas[r];
    const isKnown = given.has(i) || this.#covered[version].has(i);
    const outcome = await store.store.append(encodeRowBatch(this.#batches[i]));
    this.#compare(outcome, isKnown ? 'duplicate' : 'stored');
    given.add(i);
  }

  async #index(r: number, isCommitted: boolean): Promise<void> {
    const { store, given, version } = this.#replicas[r];
    const job = await store.store.prepareIndex();
    const before = this.#covered[version];
    const fresh = [...given].filter((i) => !before.has(i));
    this.#compare(job?.batchCount ?? 0, fresh.length);
    if (!job || !isCommitted || this.#catalog.commit(job) === 'conflict') return;
    const next = new Map(before);
    for (const i of fresh) next.set(i, this.#catalog.latest.version);
    this.#covered.push(next);
  }

  async #adopt(r: number): Promise<void> {
    await this.#replicas[r].store.store.adopt(this.#catalog.latest);
    this.#replicas[r].version = this.#catalog.latest.version;
  }

  async #restart(r: number): Promise<void> {
    const { store } = this.#replicas[r];
    const again = await openStore(store.files.crash(), {
      catalog: this.#catalog.latest,
      chunkRows,
    });
    this.#replicas[r] = {
      ...this.#replicas[r],
      store: again,
      version: this.#catalog.latest.version,
    };
  }

  #noteVersion(): void {
    if (this.#covered.length > this.#catalog.latest.version) return;
    this.#covered.push(this.#covered[this.#covered.length - 1]);
  }

  async #check(r: number): Promise<void> {
    const { store, given, version } = this.#replicas[r];
    const covered = this.#covered[version];
    const visible = [...new Set([...given, ...covered.keys()])];
    const shown = await describeStore(store.store);
    const events = await describeBatches(visible.map((i) => this.#batches[i]));
    this.#compare(shown.byUser, events.byUser);
    // Updates of people apply in the order of sequences, but those that were covered before the others.
    const inOrder = visible.map((i) => {
      const { sequence, ...rest } = this.#batches[i];
      return { ...rest, sequence: (covered.get(i) ?? 1000) * 1000 + sequence };
    });
    const people = await describeBatches(inOrder);
    this.#compare(shown.profiles, people.profiles);
    this.#compare(namesOfPeople(shown), namesOfPeople(people));
  }

  #compare(shown: unknown, expected: unknown): void {
    this.shown.push(shown);
    this.expected.push(expected);
  }
}

type Description = Awaited<ReturnType<typeof describeStore>>;

/** The same batches in a store that never saw a catalog. */
async function describeBatches(batches: readonly RowBatch[]): Promise<Description> {
  const { store } = await openStore();
  for (const rows of batches) await store.append(encodeRowBatch(rows));
  return describeStore(store);
}

function namesOfPeople({ names }: Description): unknown {
  const properties = names.properties.filter(({ scope }) => scope === 'person');
  return { persons: names.persons, userCount: names.userCount, properties };
}

describe('two replicas and a catalog', () => {
  it(
    `show every event and update once, whatever is indexed, adopted and compacted meanwhile (seed ${propertySeed})`,
    async () => {
      await fc.assert(
        fc.asyncProperty(
          batchesOfTwoDays,
          fc.array(step, { maxLength: 14, size: 'max' }),
          async (batches, steps) => {
            const folder = mkdtempSync(join(tmpdir(), 'arbor-replicas-'));
            try {
              const world = await World.begin(batches, folder);
              for (const one of steps) await world.take(one);
              await world.end();
              expect(world.shown).toStrictEqual(world.expected);
            } finally {
              rmSync(folder, { recursive: true });
            }
          },
        ),
        { numRuns: Math.ceil(propertyRuns / 2), seed: propertySeed },
      );
    },
    30_000 + propertyRuns * 100,
  );
});
