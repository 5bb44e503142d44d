import { moveOfBatch } from '@arbor/engine/moves/move-batches';
import type { RowBatchHeader } from '@arbor/engine/batch';

/**
 * The greatest move of each project of which this process may have taken rows in. A query that was planned before that
 * move does not leave its user out of the shard he left, and would count him twice.
 *
 * **Invariant:** it is raised before any such row can be queried: as a batch of the move is stored, and before a version of the
 * catalog is adopted, or a row log was replayed, to everything that was unfinished then. A move that was done had been
 * copied a minute before, which no plan survives.
 */
export class MoveEpochs {
  readonly #greatest = new Map<number, number>();
  readonly #readUnfinished: () => Promise<ReadonlyMap<number, number>>;

  constructor(readUnfinished: () => Promise<ReadonlyMap<number, number>>) {
    this.#readUnfinished = readUnfinished;
  }

  /** 0 = none. */
  of(project: number): number {
    return this.#greatest.get(project) ?? 0;
  }

  takeBatch({ project, batchId }: Pick<RowBatchHeader, 'project' | 'batchId'>): void {
    const move = moveOfBatch(batchId);
    if (move !== null) this.#raise(project, move);
  }

  async takeUnfinished(): Promise<void> {
    for (const [project, move] of await this.#readUnfinished()) this.#raise(project, move);
  }

  #raise(project: number, move: number): void {
    if (move > this.of(project)) this.#greatest.set(project, move);
  }
}
