import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { CatalogFile, SegmentEntry, ShardCatalog } from '@arbor/engine/catalog';
import { composeQuery } from '@arbor/engine/compose';
import { readPartial, ScanHost } from '@arbor/engine/host';
import { followUpPlan, mergePartials } from '@arbor/engine/merge';
import { planQuery, type Plan, type PlanContext } from '@arbor/engine/plan';
import { ShardStore } from '@arbor/engine/store';
import type { Query } from '@arbor/schema/query';
import type { QueryResult } from '@arbor/schema/result';
import { benchProject, benchShard } from '../arbor/bench-project.ts';
import type { CatalogList } from '../arbor/load-arbor.ts';

/** Which files there are, and what may be taken to ask them. */
export interface LibraryFiles {
  /** Folder of the object store, which is only read. */
  readonly objects: string;
  readonly files: CatalogList;
  readonly threads: number;
  readonly cacheMb: number;
}

/** The engine as a library, in this process: no server, no network, no JSON. Its row log lies in a folder of its own. */
export class LibraryEngine {
  readonly #store: ShardStore;
  readonly #host: ScanHost;
  readonly #logDirectory: string;

  private constructor(store: ShardStore, host: ScanHost, logDirectory: string) {
    this.#store = store;
    this.#host = host;
    this.#logDirectory = logDirectory;
    // The host's threads do not keep a process alive, and nothing else is under way while they work.
    setInterval(() => undefined, 60_000);
  }

  static async open(options: LibraryFiles): Promise<LibraryEngine> {
    const logDirectory = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-bench-log-'));
    const store = await ShardStore.open({
      directory: logDirectory,
      shard: benchShard,
      clock: Date.now,
      catalog: catalogOf(options),
      onDamage: (damage) => process.stderr.write(`${JSON.stringify(damage)}\n`),
    });
    const { threads, cacheMb } = options;
    const host = ScanHost.create({ threads, cacheBytes: cacheMb * 2 ** 20 });
    return new LibraryEngine(store, host, logDirectory);
  }

  /** Decoded columns that are kept, MiB. */
  get cacheMb(): number {
    return this.#host.stats().cacheBytes / 2 ** 20;
  }

  /** Stores an encoded row batch of the bench's project and shard. */
  async append(batch: Uint8Array): Promise<void> {
    await this.#store.append(batch);
  }

  /** The way of the distributed query server, without the way there. */
  async ask(query: Query): Promise<QueryResult> {
    const { weekStart } = benchProject;
    const context: PlanContext = { timezone: 'UTC', weekStart, nowMs: Date.now(), shardCount: 1 };
    let step = composeQuery(query, context);
    while (step.type === 'ask') {
      const results: QueryResult[] = [];
      for (const part of step.queries) {
        results.push(await this.#answer(planQuery(part, context)));
      }
      step = step.next(results);
    }
    return step.result;
  }

  async close(): Promise<void> {
    await this.#host.close();
    await this.#store.close();
    fs.rmSync(this.#logDirectory, { recursive: true });
  }

  async #answer(plan: Plan): Promise<QueryResult> {
    const partials = await this.#partialsOf(plan);
    const followUp = followUpPlan(plan, partials);
    return mergePartials(plan, partials, followUp && (await this.#partialsOf(followUp)));
  }

  async #partialsOf(plan: Plan) {
    const { partials } = await this.#host.run(plan, this.#store.snapshot(benchProject.id));
    return partials.map(readPartial);
  }
}

function catalogOf({ objects, files }: LibraryFiles): ShardCatalog {
  const fileOf = (key: string): CatalogFile => ({ id: key, path: path.join(objects, key) });
  const ofKind = (kind: string): CatalogFile[] =>
    files.filter((file) => file.kind === kind).map(({ key }) => fileOf(key));
  const segments = files.flatMap(({ key, kind, day, generation, meta }): SegmentEntry[] => {
    if (kind !== 'segment' || day === null) return [];
    // The loader wrote what `encodeDay` made.
    return [{ ...fileOf(key), day, generation, meta: meta as SegmentEntry['meta'] }];
  });
  const own = { users: ofKind('users'), people: ofKind('people'), segments };
  return { version: 1, projects: new Map([[benchProject.id, own]]), covered: [] };
}
