import { readCatalog, type Queryable, type StoredCatalog } from '@arbor/db/catalog';
import type { ShardCatalog } from '@arbor/engine/catalog';
import { workerLimits } from '../limits.ts';
import { buildShardCatalog, type EngineFile, engineFileOf } from './build-shard-catalog.ts';
import type { FileCache } from './file-cache.ts';
import { mapBounded } from './map-bounded.ts';
import { shardPrefix } from './object-keys.ts';

interface Fetched {
  readonly catalog: StoredCatalog;
  /** By key: an entry for every file of the catalog. */
  readonly files: ReadonlyMap<string, EngineFile>;
}

/** The part of a shard's store that takes new files. */
export interface CatalogAdopter {
  /** Resolves when every later snapshot is of this version. */
  adopt(catalog: ShardCatalog): Promise<void>;
}

/**
 * Follows the catalog of one shard: reads a new version, fetches the files it adds, and lets the store
 * adopt it. One thing at a time (`exclusively`), so a store never adopts while it prepares an index job.
 */
export class CatalogFollower {
  readonly shard: number;
  readonly #database: Queryable;
  readonly #cache: FileCache;
  readonly #clock: () => number;
  #adopter: CatalogAdopter | undefined;
  #current: StoredCatalog;
  #files: ReadonlyMap<string, EngineFile> = new Map();
  /** By key: when this process first saw it in the set. */
  readonly #seenAt = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    shard: number;
    database: Queryable;
    cache: FileCache;
    clock: () => number;
  }) {
    this.shard = options.shard;
    this.#database = options.database;
    this.#cache = options.cache;
    this.#clock = options.clock;
    this.#current = { shard: options.shard, version: 0, files: new Map() };
  }

  /** The version that the store has. */
  get current(): StoredCatalog {
    return this.#current;
  }

  /** The file on this machine that a key of the set stands for. */
  pathOf(key: string): string {
    const file = this.#files.get(key);
    if (file === undefined) throw new Error(`object ${key} is no part of shard ${this.shard}`);
    return file.entry.path;
  }

  /** When the file came into the set, as far as this process saw it; −Infinity = before it started. */
  seenAt(key: string): number {
    return this.#seenAt.get(key) ?? -Infinity;
  }

  /** The files to open a store with; `attach` is called once it is open. */
  async load(): Promise<ShardCatalog> {
    return this.exclusively(async () => {
      const fetched = await this.#fetch();
      this.#take(fetched, -Infinity);
      return buildShardCatalog(fetched.catalog, fetched.files);
    });
  }

  attach(adopter: CatalogAdopter): void {
    this.#adopter = adopter;
  }

  /** Brings the store to the version of the catalog; answers whether that was another one. */
  async refresh(): Promise<boolean> {
    return this.exclusively(async () => {
      const fetched = await this.#fetch();
      const { version } = fetched.catalog;
      if (version === this.#current.version) return false;
      if (version < this.#current.version) throw this.#wentBack(version);
      await this.#adopter?.adopt(buildShardCatalog(fetched.catalog, fetched.files));
      this.#take(fetched, this.#clock());
      return true;
    });
  }

  #wentBack(version: number): Error {
    return new Error(
      `the catalog of shard ${this.shard} went back from version ${this.#current.version} to ${version}: ` +
        'if the database was restored from a backup, restart this process',
    );
  }

  async #fetch(): Promise<Fetched> {
    const catalog = await readCatalog(this.#database, this.shard, this.#current);
    const entries = await mapBounded(
      [...catalog.files.values()],
      workerLimits.downloadsAtOnce,
      async (file) => {
        const known = this.#files.get(file.key);
        return [file.key, known ?? engineFileOf(file, await this.#cache.pathOf(file))] as const;
      },
    );
    return { catalog, files: new Map(entries) };
  }

  #take({ catalog, files }: Fetched, seenAt: number): void {
    for (const key of this.#seenAt.keys()) if (!files.has(key)) this.#seenAt.delete(key);
    for (const key of files.keys()) if (!this.#files.has(key)) this.#seenAt.set(key, seenAt);
    this.#current = catalog;
    this.#files = files;
  }

  /** Deletes fetched files that the set has not named for a while. */
  async trimCache(): Promise<void> {
    await this.exclusively(() =>
      this.#cache.retain(shardPrefix(this.shard), this.#current.files, {
        now: this.#clock(),
        graceMs: workerLimits.removedFileGraceMs,
      }),
    );
  }

  /** Runs `work` when nothing else of this shard's files is under way. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}
