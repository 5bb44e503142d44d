import type { LqsNames } from '@arbor/schema/lqs';
import { EngineError } from '../base/errors.ts';
import { projectId, type ShardId, shardId } from '../base/ids.ts';
import { type BatchColumns, readBatchColumns } from '../format/decode/batch-columns.ts';
import type { ShardView } from '../query/exec/shard-view.ts';
import { BatchRegistry } from './batch-registry.ts';
import { type NamesValues, tableNames } from './names.ts';
import { ProjectTable } from './project-table.ts';
import { folderLogFiles, type LogFiles } from './row-log/log-files.ts';
import { RowLog } from './row-log/row-log.ts';
import type { LogDamage } from './row-log/scan.ts';

export type { LogDamage } from './row-log/scan.ts';

export interface ShardStoreOptions {
  /** Folder of this shard replica alone; made if it is missing. One process opens it at a time. */
  readonly directory: string;
  readonly shard: number;
  readonly clock: () => number;
  /** Told of every place of the log that could not be read, while it is opened. */
  readonly onDamage: (damage: LogDamage) => void;
  /** The disk; tests put a faulty one here. */
  readonly files?: LogFiles;
}

export interface ShardStoreStats {
  readonly projects: number;
  readonly batches: number;
  /** Visible events of all projects. */
  readonly events: number;
  /** Copies that a later copy took the place of. */
  readonly hiddenEvents: number;
  readonly logBytes: number;
  readonly logFile: number;
  /** When the last batch was stored, ms UTC; null = none since the store was opened. */
  readonly lastStoredAt: number | null;
}

/**
 * One replica of one shard: a row log on disk, and in memory what is queried. A batch counts from
 * the moment `append` resolves, for good; the same batch given twice counts once.
 */
export class ShardStore {
  readonly #shard: ShardId;
  readonly #clock: () => number;
  readonly #registry: BatchRegistry;
  readonly #tables: Map<number, ProjectTable>;
  readonly #log: RowLog;
  /** Batches on their way to the disk, by id. */
  readonly #underWay = new Map<string, Promise<void>>();
  #lastStoredAt: number | null = null;
  #isClosed = false;

  private constructor(
    options: ShardStoreOptions,
    memory: { readonly registry: BatchRegistry; readonly tables: Map<number, ProjectTable> },
    log: RowLog,
  ) {
    this.#shard = shardId(options.shard);
    this.#clock = options.clock;
    this.#registry = memory.registry;
    this.#tables = memory.tables;
    this.#log = log;
  }

  /** Replays the log. Throws `WRONG_SHARD` for the folder of another shard. */
  static async open(options: ShardStoreOptions): Promise<ShardStore> {
    const shard = shardId(options.shard);
    const memory = { registry: new BatchRegistry(), tables: new Map<number, ProjectTable>() };
    const log = await RowLog.open({
      files: options.files ?? folderLogFiles(options.directory),
      shard,
      clock: options.clock,
      onDamage: options.onDamage,
      onBatch: (bytes) => {
        const columns = readBatchColumns(bytes);
        checkShard(columns, shard);
        if (!memory.registry.has(columns.header.batchId)) addToMemory(memory, columns);
      },
    });
    return new ShardStore(options, memory, log);
  }

  /**
   * Stores an encoded row batch. Resolves when it is on the disk and can be queried; `duplicate` when it
   * was already. Rejects with an `EngineError`, and then nothing of the batch counts: `CORRUPT_BATCH`,
   * `UNSUPPORTED_VERSION`, `WRONG_SHARD` for bytes that will never be taken, `LOG_WRITE_FAILED` and
   * `STORE_CLOSED` (`retry`) for those to give again. The bytes must not change until then.
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
    if (this.#registry.has(batchId)) return 'duplicate';
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
    return [...this.#tables.keys()].sort((a, b) => a - b);
  }

  /** What queries read. Empty for a project that has nothing here. It never changes once handed out. */
  view(project: number): ShardView {
    return this.#table(project).view();
  }

  /** Names for the pickers; with a request also the values of one property. */
  names(project: number, request?: NamesValues): LqsNames {
    return tableNames(this.#table(project), request);
  }

  stats(): ShardStoreStats {
    let events = 0;
    let hiddenEvents = 0;
    for (const table of this.#tables.values()) {
      hiddenEvents += table.events.hiddenCount;
      events += table.events.rowCount - table.events.hiddenCount;
    }
    return {
      projects: this.#tables.size,
      batches: this.#registry.count,
      events,
      hiddenEvents,
      logBytes: this.#log.bytes,
      logFile: this.#log.fileNumber,
      lastStoredAt: this.#lastStoredAt,
    };
  }

  /** Takes no more batches, finishes those under way, and lets go of the files. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#log.close();
  }

  async #store(bytes: Uint8Array, columns: BatchColumns): Promise<void> {
    await this.#log.append(bytes);
    addToMemory({ registry: this.#registry, tables: this.#tables }, columns);
    this.#lastStoredAt = this.#clock();
  }

  /** An unknown project gets an empty table that is not remembered. */
  #table(project: number): ProjectTable {
    const id = projectId(project);
    return this.#tables.get(id) ?? new ProjectTable(id, this.#registry);
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

function addToMemory(
  { registry, tables }: { registry: BatchRegistry; tables: Map<number, ProjectTable> },
  columns: BatchColumns,
): void {
  const { batchId, sequence, project } = columns.header;
  let table = tables.get(project);
  if (!table) {
    table = new ProjectTable(projectId(project), registry);
    tables.set(project, table);
  }
  table.apply(columns, registry.add(batchId, sequence));
}
