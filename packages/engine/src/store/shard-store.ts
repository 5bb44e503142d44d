import { readFile } from 'node:fs/promises';
import type { LqsNames } from '@arbor/schema/lqs';
import type { Properties } from '@arbor/schema/property-value';
import { EngineError } from '../base/errors.ts';
import { projectId, type ShardId, shardId } from '../base/ids.ts';
import { Slices } from '../base/slices.ts';
import { type BatchColumns, readBatchColumns } from '../format/decode/batch-columns.ts';
import type { ProjectSnapshot, UserIds, UserRedirects } from '../query/scan/project-snapshot.ts';
import { groupProfiles } from './groups/group-profiles.ts';
import { type CatalogBase, emptyBase, loadCatalog } from './load-catalog.ts';
import { chunkRowsDefault } from './memory-days.ts';
import { type MovingId, type MovingUsers, movingUsers } from './moves/moving-users.ts';
import { type NamesValues, projectNames } from './names.ts';
import { profilesOf } from './profiles.ts';
import { emptyProjectBase } from './project-base.ts';
import { freeze, indexJobOf } from './prepare-index.ts';
import { folderLogFiles, type LogFiles } from './row-log/log-files.ts';
import { RowLog } from './row-log/row-log.ts';
import type { LogDamage } from './row-log/scan.ts';
import {
  emptyCatalog,
  type HiddenInSegment,
  type Indexable,
  type IndexJob,
  type ShardCatalog,
} from './shard-catalog.ts';
import { type LoggedBatch, ShardMemory } from './shard-memory.ts';

export type { LogDamage } from './row-log/scan.ts';

export interface ShardStoreOptions {
  /** Folder of this shard replica alone; made if it is missing. One process opens it at a time. */
  readonly directory: string;
  readonly shard: number;
  readonly clock: () => number;
  /** Told of every place of the log that could not be read, while it is opened. */
  readonly onDamage: (damage: LogDamage) => void;
  /** The files that make up the shard besides its row log. Absent = nothing was ever indexed. */
  readonly catalog?: ShardCatalog;
  /** Rows in memory come in parts of at least so many; tests make it small. */
  readonly chunkRows?: number;
  /** The disk; tests put a faulty one here. */
  readonly files?: LogFiles;
  /** Reads a file of the catalog whole; tests put files in memory here. */
  readonly readFile?: (path: string) => Promise<Uint8Array>;
}

export interface ShardStoreStats {
  readonly projects: number;
  /** Batches of the row log that the catalog does not cover. */
  readonly batches: number;
  /** Events of all projects: in memory those that are visible, in segments all rows. */
  readonly events: number;
  /** Copies in memory that a later copy took the place of. */
  readonly hiddenEvents: number;
  readonly logBytes: number;
  readonly logFile: number;
  readonly catalogVersion: number;
  /** When the last batch was stored, ms UTC; null = none since the store was opened. */
  readonly lastStoredAt: number | null;
}

/**
 * One replica of one shard: a row log on disk, the catalog's files, and in memory what the files do not have.
 * A batch counts from the moment `append` resolves, for good; the same batch given twice counts once.
 *
 * **Invariant:** a snapshot has every batch that was stored before it exactly once, whatever `prepareIndex` and
 * `adopt` do meanwhile: the catalog's version, the set of batches it covers and the memory built over both are
 * swapped in one step.
 */
export class ShardStore {
  readonly #shard: ShardId;
  readonly #clock: () => number;
  readonly #readFile: (path: string) => Promise<Uint8Array>;
  readonly #chunkRows: number;
  readonly #log: RowLog;
  /** Batches on their way to the disk, by id. */
  readonly #underWay = new Map<string, Promise<void>>();
  #memory: ShardMemory;
  /** While a new memory is filled from the log: what was stored since. */
  #arrivals: LoggedBatch[] | undefined;
  /** The last of `adopt` and `prepareIndex`: one runs after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Something was taken out of the catalog's files, and the newest log file may still hold it. */
  #mustEndFile = false;
  #lastStoredAt: number | null = null;
  #isClosed = false;

  private constructor(options: ShardStoreOptions, memory: ShardMemory, log: RowLog) {
    this.#shard = shardId(options.shard);
    this.#clock = options.clock;
    this.#readFile = options.readFile ?? readFile;
    this.#chunkRows = options.chunkRows ?? chunkRowsDefault;
    this.#memory = memory;
    this.#log = log;
  }

  /**
   * Loads the catalog's version and replays what of the log it does not cover. Throws `WRONG_SHARD` for the folder
   * of another shard, and what `adopt` throws.
   */
  static async open(options: ShardStoreOptions): Promise<ShardStore> {
    const shard = shardId(options.shard);
    const base = await loadCatalog(options.catalog ?? emptyCatalog, emptyBase, {
      shard,
      readFile: options.readFile ?? readFile,
      slices: new Slices(options.clock),
    });
    const memory = new ShardMemory(shard, base, options.chunkRows ?? chunkRowsDefault);
    const log = await RowLog.open({
      files: options.files ?? folderLogFiles(options.directory),
      shard,
      clock: options.clock,
      onDamage: options.onDamage,
      onBatch: (bytes, file) => {
        const columns = readBatchColumns(bytes);
        checkShard(columns, shard);
        memory.add({ columns, bytes: bytes.length, file });
      },
    });
    const store = new ShardStore(options, memory, log);
    // What was erased while the replica was away cannot be told any more.
    store.#mustEndFile = true;
    await store.#dropCoveredFiles();
    return store;
  }

  /**
   * Stores an encoded row batch. Resolves when it is on the disk and can be queried; `duplicate` when it
   * was already. Rejects with an `EngineError`, and then nothing of the batch counts: `CORRUPT_BATCH`,
   * `UNSUPPORTED_VERSION`, `WRONG_SHARD` for bytes that will never be taken, `LOG_WRITE_FAILED`,
   * `CATALOG_UNREADABLE` and `STORE_CLOSED` (`retry`) for those to give again. The bytes must not change until then.
   */
  async append(bytes: Uint8Array): Promise<'stored' | 'duplicate'> {
    if (this.#isClosed) {
      throw new EngineError('STORE_CLOSED', `shard ${this.#shard}: the store is closed`);
    }
    // Everything that can be wrong with the batch is found before it is written: once it is durable
    // it must be applied.
    const columns = readBatchColumns(bytes);
    checkShard(columns, this.#shard);
    const { batchId } = columns.header;
    if (this.#memory.has(columns)) return 'duplicate';
    const first = this.#underWay.get(batchId);
    if (first) {
      await first;
      return 'duplicate';
    }
    const stored = this.#store(bytes, columns);
    this.#underWay.set(batchId, stored);
    try {
      await stored;
      return 'stored';
    } finally {
      this.#underWay.delete(batchId);
    }
  }

  /** Projects that have something here, ascending. */
  projects(): number[] {
    return this.#memory.projects();
  }

  /**
   * What queries read, without the users of `leftOut` (ids; who counts as one of them goes with him). Empty for a project
   * that has nothing here. It never changes once handed out.
   */
  snapshot(project: number, leftOut?: readonly string[]): ProjectSnapshot {
    const snapshot = this.#memory.table(project).snapshot(leftOut);
    const groups = this.#memory.groups(project);
    return groups === undefined ? snapshot : { ...snapshot, groups: groupProfiles(groups) };
  }

  /** Names for the pickers; with a request also the values of one property. */
  names(project: number, request?: NamesValues): Promise<LqsNames> {
    const groups = this.#memory.groups(project);
    return projectNames(this.#memory.table(project), new Slices(this.#clock), {
      ...(request && { request }),
      ...(groups && { groups }),
    });
  }

  /** Profiles by id, as they are now, of those who have one and are not left out (store/profiles.ts). */
  profiles(
    project: number,
    ids: readonly string[],
    leftOut?: readonly string[],
  ): Map<string, Properties> {
    return profilesOf(this.#memory.table(project), ids, leftOut);
  }

  /** Users who are to be brought to another shard, by id. */
  movingUsers(project: number, movers: readonly MovingId[]): MovingUsers {
    return movingUsers(this.#memory.table(project), this.#memory.registry, movers);
  }

  /** Whether a batch counts here already. Throws as `append` does where only an unreadable file could tell. */
  hasBatch(batch: {
    readonly batchId: string;
    readonly sequence: number;
    readonly hasPeople: boolean;
  }): boolean {
    return this.#memory.hasBatch(batch);
  }

  /** The users that the catalog's version knows, for the work on its files; those in memory are left out. */
  catalogUsers(project: number): { readonly ids: UserIds; readonly redirects: UserRedirects } {
    const { users, userCount, links } =
      this.#memory.base.projects.get(projectId(project)) ?? emptyProjectBase();
    return { ids: users.ids.upTo(userCount), redirects: links.redirects };
  }

  /** What merging these segments of the catalog's version must know of others (rewrite.ts). */
  mergedWith(
    project: number,
    ids: readonly string[],
  ): { readonly hiddenRows: Uint32Array[]; readonly hides: HiddenInSegment[] } {
    const segments = this.#memory.base.projects.get(projectId(project))?.segments ?? [];
    const known = new Map(segments.map((segment) => [segment.entry.id, segment]));
    const merged = new Set(ids);
    const stays = ({ segment }: HiddenInSegment): boolean =>
      known.has(segment) && !merged.has(segment);
    return {
      hiddenRows: ids.map((id) => known.get(id)?.part.hiddenRows ?? new Uint32Array(0)),
      hides: ids.flatMap((id) => known.get(id)?.hides.filter(stays) ?? []),
    };
  }

  /** The version of the catalog that is served. */
  get catalogVersion(): number {
    return this.#memory.base.version;
  }

  /** No batch on the disk of the row log came before this, ms UTC; null = there is none. */
  get logSince(): number | null {
    return this.#log.oldestAt;
  }

  /** Files of the row log of which something could not be read, and which are kept for whoever may still repair them. */
  get damagedLogFiles(): readonly number[] {
    return this.#log.damagedFiles();
  }

  /**
   * Somebody is erased who may be in what cannot be read: damaged files of the row log go like the others, once everything
   * is covered that could be read of them.
   */
  giveUpDamagedLog(): Promise<void> {
    return this.#inTurn(async () => {
      this.#log.giveUpDamaged();
      this.#mustEndFile = true;
      await this.#dropCoveredFiles();
    });
  }

  /** What waits in the row log for the next index job. */
  indexable(): Indexable {
    const { count, bytesInLog, oldestAt } = this.#memory.registry;
    return { batches: count, bytes: bytesInLog, oldestAt };
  }

  /**
   * What must become files of the catalog so that it covers every batch that is stored now; null when it covers
   * all. Changes nothing: once the job is committed, `adopt` the new version. A job that is not committed
   * is simply forgotten. The work is done in slices, so queries and appends go on meanwhile.
   */
  prepareIndex(): Promise<IndexJob | null> {
    return this.#inTurn(async () => {
      if (this.#memory.registry.count === 0) return null;
      const slices = new Slices(this.#clock);
      const frozen = freeze(this.#memory);
      // So that the files with what is covered can go soon.
      this.#log.rotate();
      return indexJobOf(frozen, {
        shard: this.#shard,
        coveredAt: this.#clock(),
        slices,
      });
    });
  }

  /**
   * Serves a newer version of the catalog from the moment it resolves; one that is not newer changes nothing. One of
   * another history (its database was restored from a backup) takes the place of whatever is served: nothing
   * that was made of the versions before is kept but the row log.
   * Rejects with `CATALOG_UNREADABLE` (`retry`) when its files cannot be read or do not fit together, and as the
   * formats say when they are damaged; the version before is then served on.
   */
  adopt(catalog: ShardCatalog, history: 'continued' | 'other' = 'continued'): Promise<void> {
    return this.#inTurn(async () => {
      const isContinued = history === 'continued';
      if (isContinued && catalog.version <= this.catalogVersion) {
        // The disk may have failed after the version was adopted.
        if (this.#mustEndFile) await this.#dropCoveredFiles();
        return;
      }
      const slices = new Slices(this.#clock);
      const base = await loadCatalog(catalog, isContinued ? this.#memory.base : emptyBase, {
        shard: this.#shard,
        readFile: this.#readFile,
        slices,
      });
      this.#mustEndFile ||= isContinued && mayTakeOut(this.#memory.base, base);
      if (!isContinued || !this.#memory.rebase(base))
        await this.#refill(new ShardMemory(this.#shard, base, this.#chunkRows), slices);
      await this.#dropCoveredFiles();
    });
  }

  stats(): ShardStoreStats {
    let events = 0;
    let hiddenEvents = 0;
    for (const table of this.#memory.filledTables()) {
      hiddenEvents += table.events.hiddenCount;
      events += table.events.rowCount - table.events.hiddenCount;
    }
    for (const { segments } of this.#memory.base.projects.values()) {
      for (const { part } of segments) events += part.rowCount;
    }
    return {
      projects: this.#memory.projects().length,
      batches: this.#memory.registry.count,
      events,
      hiddenEvents,
      logBytes: this.#log.bytes,
      logFile: this.#log.fileNumber,
      catalogVersion: this.catalogVersion,
      lastStoredAt: this.#lastStoredAt,
    };
  }

  /** Takes no more batches, finishes those under way, and lets go of the files. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#turn;
    await this.#log.close();
  }

  async #store(bytes: Uint8Array, columns: BatchColumns): Promise<void> {
    const file = await this.#log.append(bytes);
    const batch = { columns, bytes: bytes.length, file };
    this.#memory.add(batch);
    this.#arrivals?.push(batch);
    this.#lastStoredAt = this.#clock();
  }

  /** Runs after what was asked for before, whether that went well or not. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(() => {
      if (this.#isClosed) {
        throw new EngineError('STORE_CLOSED', `shard ${this.#shard}: the store is closed`);
      }
      return work();
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /**
   * Fills a new memory with everything of the log that its catalog does not cover, and puts it in the place of the old
   * one. What was stored meanwhile comes last, so that new users get the ordinals that the log's order gives them.
   */
  async #refill(memory: ShardMemory, slices: Slices): Promise<void> {
    const arrivals: LoggedBatch[] = [];
    this.#arrivals = arrivals;
    try {
      await this.#log.read((bytes, file) => {
        const columns = readIntact(bytes);
        if (columns) memory.add({ columns, bytes: bytes.length, file });
      }, slices);
    } finally {
      this.#arrivals = undefined;
    }
    // No `await` from here on: no batch may come in between.
    for (const batch of arrivals) memory.add(batch);
    this.#memory = memory;
  }

  /**
   * Deletes the log files of which the catalog covers everything. Where the newest must end it ends now, however long it
   * may be until another batch comes; if it has batches of its own, it goes when they are covered.
   */
  async #dropCoveredFiles(): Promise<void> {
    if (this.#mustEndFile) await this.#log.rotateNow();
    this.#mustEndFile = false;
    const isCovered = (file: number): boolean => !this.#memory.needsFile(file);
    const files = this.#log.closedFiles().filter(isCovered);
    // A batch may be durable in one of them and about to be taken in.
    await Promise.allSettled(this.#underWay.values());
    await this.#log.remove(files.filter(isCovered));
  }
}

/**
 * Whether something may have been taken out that lies in the row log still: users of a project were written anew (somebody
 * was erased, moved away or divided, or days expired). What a version between the two brought and took away again neither of
 * them tells. A version that covers no batch is none of an index job: where an erasure found nothing its version is empty,
 * and the log of such a shard has to forget what came before it too.
 */
function mayTakeOut(before: CatalogBase, after: CatalogBase): boolean {
  if (after.version > before.version + 1 || after.covered === before.covered) return true;
  return [...before.projects].some(([project, { users }]) => {
    return after.projects.get(project)?.users.edition !== users.edition;
  });
}

/** Undefined for a frame whose batch is damaged: that was reported when the log was opened. */
function readIntact(bytes: Uint8Array): BatchColumns | undefined {
  try {
    return readBatchColumns(bytes);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'CORRUPT_BATCH') return undefined;
    throw error;
  }
}

function checkShard({ header }: BatchColumns, shard: ShardId): void {
  if (header.shard !== shard) {
    throw new EngineError(
      'WRONG_SHARD',
      `batch ${header.batchId} of shard ${header.shard} was given to shard ${shard}`,
    );
  }
}
