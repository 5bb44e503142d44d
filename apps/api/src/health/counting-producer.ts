import type { IngestProducer } from '../edge/ports.ts';
import type { IngestCounts } from './ingest-counts.ts';

/** Counts every batch once it is durable, whoever sends it. */
export function countingProducer(
  producer: IngestProducer,
  counts: Pick<IngestCounts, 'accepted'>,
): IngestProducer {
  return {
    add: async (queue, batch) => {
      await producer.add(queue, batch);
      counts.accepted(batch);
    },
  };
}
