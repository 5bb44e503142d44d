import {
  type CatalogHead,
  purgedKeys,
  type Queryable,
  readCatalogSince,
  type StoredCatalog,
} from '@arbor/db/catalog';
import type { ShardCatalog } from '@arbor/engine/catalog';
import { workerLimits } from '../limits.ts';
import { buildShardCatalog, type EngineFile, engineFileOf } from './build-shard-catalog.ts';
import type { FileCache } from './file-cache.ts';
import { mapBounded } from './map-bounded.ts';
import { shardPrefix } from './object-keys.ts';

interface Fetched {
  readonly catalog: StoredCatalog;
  /** The catalog came to be out of the version before. */
  readonly isContinued: boolean;
  /** By key: an entry for every file of the catalog. */
  readonly files: ReadonlyMap<string, EngineFile>;
}

/** The part of a shard's store that takes new files. */
export interface CatalogAdopter {
  /** Resolves when every later snapshot is of this version. `other` = forget what came of the versions before. */
  adopt(catalog: ShardCatalog, history: 'continued' | 'other'): Promise<void>;
}

/** The database was restored to an older moment: versions that this process has seen are gone, with their files. */
export interface HistoryLoss {
  readonly shard: number;
  /** What was served until now, and what the catalog says. */
  readonly lost: CatalogHead;
  readonly found: CatalogHead;
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
  readonly #onHistoryLoss: (loss: HistoryLoss) => void;
  #hasLostHistory = false;
  #adopter: CatalogAdopter | undefined;
  #current: StoredCatalog;
  #files: ReadonlyMap<string, EngineFile> = new Map();
  /** By key: when this process first saw it in the set. */
  readonly #seenAt = new Map<string, number>();
  /** Files that left the set because somebody is erased, and since when. */
  readonly #purgedAt = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    shard: number;
    database: Queryable;
    cache: FileCache;
    clock: () => number;
    /** Told once the shard is loaded anew out of another history of its catalog. */
    onHistoryLoss: (loss: HistoryLoss) => void;
  }) {
    this.shard = options.shard;
    this.#database = options.database;
    this.#cache = options.cache;
    this.#clock = options.clock;
    this.#onHistoryLoss = options.onHistoryLoss;
    this.#current = { shard: options.shard, version: 0, revision: '', files: new Map() };
  }

  /** The version that the store has. */
  get current(): StoredCatalog {
    return this.#current;
  }

  /** Whether the catalog ever went back while this process ran: objects that it does not name may be all there is. */
  get hasLostHistory(): boolean {
    return this.#hasLostHistory;
  }

  /** Whether a look at the catalog is worth while. */
  isAt(head: CatalogHead | undefined): boolean {
    const { version, revision } = this.#current;
    return version === (head?.version ?? 0) && revision === (head?.revision ?? '');
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
      const { catalog, isContinued } = fetched;
      if (isContinued && catalog.version === this.#current.version) return false;
      const history = isContinued ? 'continued' : 'other';
      const purged = await this.#purgedBetween(this.#current, catalog);
      await this.#adopter?.adopt(buildShardCatalog(catalog, fetched.files), history);
      const lost = this.#current;
      this.#take(fetched, this.#clock());
      for (const key of purged) this.#purgedAt.set(key, this.#clock());
      if (!isContinued) {
        this.#hasLostHistory = true;
        this.#onHistoryLoss({ shard: this.shard, lost: headOf(lost), found: headOf(catalog) });
      }
      return true;
    });
  }

  async #fetch(): Promise<Fetched> {
    const { catalog, isContinued } = await readCatalogSince(this.#database, this.#current);
    const entries = await mapBounded(
      [...catalog.files.values()],
      workerLimits.downloadsAtOnce,
      async (file) => {
        const known = this.#files.get(file.key);
        return [file.key, known ?? engineFileOf(file, await this.#cache.pathOf(file))] as const;
      },
    );
    return { catalog, isContinued, files: new Map(entries) };
  }

  #take({ catalog, files }: Fetched, seenAt: number): void {
    for (const key of this.#seenAt.keys()) if (!files.has(key)) this.#seenAt.delete(key);
    for (const key of files.keys()) if (!this.#files.has(key)) this.#seenAt.set(key, seenAt);
    this.#current = catalog;
    this.#files = files;
  }

  #purgedBetween(before: StoredCatalog, after: StoredCatalog): Promise<string[]> {
    const removed = [...before.files.keys()].filter((key) => !after.files.has(key));
    return purgedKeys(this.#database, removed);
  }

  /** Whether fetched files wait to be deleted that somebody wants erased. */
  get mustPurge(): boolean {
    return this.#purgedAt.size > 0;
  }

  /** Deletes fetched files that the set has not named for a while; for those of what was erased the caller says for how long. */
  async trimCache(purgedFileGraceMs: number): Promise<void> {
    await this.exclusively(async () => {
      const now = this.#clock();
      const { removedFileGraceMs } = workerLimits;
      await this.#cache.retain(shardPrefix(this.shard), this.#current.files, {
        now,
        graceMs: (key) => (this.#purgedAt.has(key) ? purgedFileGraceMs : removedFileGraceMs),
      });
      for (const [key, at] of this.#purgedAt) {
        if (now - at > 2 * purgedFileGraceMs) this.#purgedAt.delete(key);
      }
    });
  }

  /** Runs `work` when nothing else of this shard's files is under way. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

const headOf = ({ version, revision }: StoredCatalog): CatalogHead => ({ version, revision });
