import { type RowBatchHeader, rowBatchHeader } from '@arbor/engine/batch';
import { EngineError } from '@arbor/engine/errors';
import { NewerJobError, PoisonError } from '@arbor/queue/errors';
import { batchesOf } from '@arbor/queue/store-producer';
import { storedBatches } from '../metrics.ts';

/** The part of a shard's store that takes batches. */
export interface BatchAppender {
  /** Resolves after the batch is on disk, or was there before. */
  append(bytes: Uint8Array): Promise<'stored' | 'duplicate'>;
}

/**
 * Appends one job of a store queue to its shard. When it resolves the rows are durable and can be
 * queried. Bytes that are no batch of this shard are poison: they would fail on every delivery; those of a newer
 * version wait for the process that comes after this one. `onBatch` is told of
 * each batch before any of its rows can be queried.
 */
export function createStoreBatch(
  shard: number,
  store: BatchAppender,
  onBatch: (batch: RowBatchHeader) => void = () => undefined,
): (text: unknown) => Promise<void> {
  const storeOne = async (bytes: Uint8Array): Promise<void> => {
    try {
      const header = rowBatchHeader(bytes);
      if (header.shard !== shard) {
        throw new PoisonError(`batch ${header.batchId} is of shard ${header.shard}, not ${shard}`);
      }
      onBatch(header);
      const outcome = await store.append(bytes);
      storedBatches.inc({ outcome });
    } catch (error) {
      if (error instanceof EngineError && error.code === 'UNSUPPORTED_VERSION') {
        throw new NewerJobError(error.message, error);
      }
      if (error instanceof EngineError && !error.retry) {
        throw new PoisonError(`${error.code}: ${error.message}`, error);
      }
      throw error;
    }
  };
  return async function storeBatch(text) {
    if (typeof text !== 'string') throw new PoisonError('the job carries no batch text');
    const stored = await Promise.allSettled(batchesOf(text).map(storeOne));
    const reasons = stored.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    // Poison ends the job: only when there is nothing in it that may be stored another time.
    for (const reason of reasons) if (!(reason instanceof PoisonError)) throw reason;
    if (reasons.length > 0) throw reasons[0];
  };
}
