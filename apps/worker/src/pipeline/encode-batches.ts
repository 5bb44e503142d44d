import { encodeRowBatch, type RowBatch } from '@arbor/engine/batch';
import { EngineError } from '@arbor/engine/errors';
import { PoisonError } from '@arbor/queue/errors';
import type { StoreBatch } from '@arbor/queue/store-producer';

/** Encodes each row batch once; both zones get the same bytes. What cannot be written down is poison. */
export function encodeBatches(batches: readonly RowBatch[], queuedAt?: number): StoreBatch[] {
  return batches.map((batch) => {
    try {
      const { batchId, shard } = batch;
      const made = { batchId, shard, bytes: encodeRowBatch(batch) };
      return queuedAt === undefined ? made : { ...made, queuedAt };
    } catch (error) {
      if (error instanceof EngineError && !error.retry) {
        throw new PoisonError(`batch ${batch.batchId}: ${error.message}`, error);
      }
      throw error;
    }
  });
}
