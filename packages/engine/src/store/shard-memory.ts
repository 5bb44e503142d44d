import { projectId } from '../base/ids.ts';
import type { BatchColumns } from '../format/decode/batch-columns.ts';
import { BatchRegistry } from './batch-registry.ts';
import type { CatalogBase } from './load-catalog.ts';
import { groupProject, isGroupProject } from './groups/group-project.ts';
import { emptyProjectBase, type ProjectBase } from './project-base.ts';
import { ProjectTable } from './project-table.ts';

/** A batch that is durable in the row log. */
export interface LoggedBatch {
  readonly columns: BatchColumns;
  readonly bytes: number;
  /** Number of the log file that holds it. */
  readonly file: number;
}

/**
 * What one version of the catalog and the batches of the row log that it does not cover make up: all that
 * is queried of a shard.
 */
export class ShardMemory {
  readonly registry = new BatchRegistry();
  readonly #shard: number;
  readonly #chunkRows: number;
  readonly #tables = new Map<number, ProjectTable>();
  /** Log files that hold batches of this memory. */
  readonly #files = new Set<number>();
  #base: CatalogBase;

  constructor(shard: number, base: CatalogBase, chunkRows: number) {
    this.#shard = shard;
    this.#chunkRows = chunkRows;
    this.#base = base;
  }

  get base(): CatalogBase {
    return this.#base;
  }

  /** Whether the batch counts already, here or in the catalog's files. Throws as `CoveredBatches.hasBatch` does. */
  has({ header, persons }: BatchColumns): boolean {
    const { batchId, sequence } = header;
    return this.hasBatch({ batchId, sequence, hasPeople: persons.length > 0 });
  }

  /** The same, of a batch that is not at hand. */
  hasBatch(batch: {
    readonly batchId: string;
    readonly sequence: number;
    readonly hasPeople: boolean;
  }): boolean {
    return this.registry.has(batch.batchId) || this.#base.covered.hasBatch(batch, batch);
  }

  /** Takes in a batch; one that counts already changes nothing. */
  add({ columns, bytes, file }: LoggedBatch): void {
    const { batchId, sequence, receivedAt, project } = columns.header;
    if (this.has(columns)) return;
    this.#files.add(file);
    const hasPeople = columns.persons.length > 0;
    const number = this.registry.add({ batchId, sequence, receivedAt, bytes, hasPeople });
    this.#tableToFill(project).apply(columns, number);
  }

  /** Whether the log file must be kept. */
  needsFile(file: number): boolean {
    return this.#files.has(file);
  }

  /** Projects that have something here, ascending. */
  projects(): number[] {
    const all = new Set([...this.#base.projects.keys(), ...this.#tables.keys()]);
    return [...all].sort((a, b) => a - b);
  }

  /** Tables that hold batches, ascending by project. */
  filledTables(): ProjectTable[] {
    return [...this.#tables.values()]
      .filter((table) => !table.isEmpty)
      .sort((table, other) => table.project - other.project);
  }

  /** An unknown project gets an empty table that is not remembered. */
  table(project: number): ProjectTable {
    const known = this.#tables.get(projectId(project));
    if (known) return known;
    const table = this.#newTable(project);
    if (this.#base.projects.has(project)) this.#tables.set(project, table);
    return table;
  }

  /** Where the profiles of a project's groups lie; undefined = it has none. */
  groups(project: number): ProjectTable | undefined {
    if (isGroupProject(project)) return undefined;
    const own = groupProject(project);
    return this.#tables.has(own) || this.#base.projects.has(own) ? this.table(own) : undefined;
  }

  /**
   * Goes on over another version of the catalog. False = it cannot, for what is in memory means something else over it:
   * then a new memory must be filled from the row log.
   */
  rebase(base: CatalogBase): boolean {
    const fits =
      base.covered === this.#base.covered &&
      this.filledTables().every((table) => table.fits(baseOf(base, table)));
    if (!fits) return false;
    this.#base = base;
    for (const [project, table] of this.#tables) {
      if (table.isEmpty) this.#tables.delete(project);
      else table.rebase(baseOf(base, table));
    }
    return true;
  }

  #tableToFill(project: number): ProjectTable {
    let table = this.#tables.get(project);
    if (!table) {
      table = this.#newTable(project);
      this.#tables.set(project, table);
    }
    return table;
  }

  #newTable(project: number): ProjectTable {
    const base = this.#base.projects.get(project) ?? emptyProjectBase();
    return new ProjectTable(projectId(project), base, {
      shard: this.#shard,
      registry: this.registry,
      covered: this.#base.covered,
      chunkRows: this.#chunkRows,
    });
  }
}

/** A project that the catalog does not know keeps the empty base it began with. */
function baseOf(base: CatalogBase, table: ProjectTable): ProjectBase {
  const known = base.projects.get(table.project);
  if (known) return known;
  return table.base.userCount === 0 ? table.base : emptyProjectBase();
}
