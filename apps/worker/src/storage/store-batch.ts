import { rowBatchHeader } from '@arbor/engine/batch';
import { EngineError } from '@arbor/engine/errors';
import { PoisonError } from '@arbor/queue/errors';
import { storedBatches } from '../metrics.ts';

/** The part of a shard's store that takes batches. */
export interface BatchAppender {
  /** Resolves after the batch is on disk, or was there before. */
  append(bytes: Uint8Array): Promise<'stored' | 'duplicate'>;
}

/**
 * Appends one job of a store queue to its shard. When it resolves the rows are durable and can be
 * queried. Bytes that are no batch of this shard are poison: they would fail on every delivery.
 */
export function createStoreBatch(
  shard: number,
  store: BatchAppender,
): (text: unknown) => Promise<void> {
  return async function storeBatch(text) {
    if (typeof text !== 'string') throw new PoisonError('the job carries no batch text');
    const bytes = Buffer.from(text, 'base64');
    try {
      const header = rowBatchHeader(bytes);
      if (header.shard !== shard) {
        throw new PoisonError(`batch ${header.batchId} is of shard ${header.shard}, not ${shard}`);
      }
      const outcome = await store.append(bytes);
      storedBatches.inc({ outcome });
    } catch (error) {
      if (error instanceof EngineError && !error.retry) {
        throw new PoisonError(`${error.code}: ${error.message}`, error);
      }
      throw error;
    }
  };
}
