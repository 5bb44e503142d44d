import { MemoryIdentityStore } from '@arbor/engine/identity/memory-identity-store';
import type { StoreBatch } from '@arbor/queue/store-producer';
import type { IdentityMode } from '@arbor/schema/identity';
import type { IngestBatch } from '@arbor/schema/ingest';
import { createEnrichBatch } from '../../src/pipeline/enrich-batch.ts';
import { createIngestPipeline } from '../../src/pipeline/ingest-pipeline.ts';
import { createResolveBatch, type ResolutionPin } from '../../src/pipeline/resolve-batch.ts';
import { createSplitBatch } from '../../src/pipeline/split-batch.ts';

export type Deliver = (
  batch: IngestBatch,
  pin: ResolutionPin,
  redelivered: boolean,
) => Promise<void>;

/** The ETL over memory, for a project that lies on one shard. */
export function historyEtl(
  mode: IdentityMode,
  send: (batch: StoreBatch) => Promise<void>,
): Deliver {
  const settings = { spread: 1, mode, epoch: 0, acceptsErased: true };
  const ingest = createIngestPipeline({
    enrich: createEnrichBatch({ geo: { find: () => null }, readUserAgent: () => ({}) }),
    resolve: createResolveBatch({
      identities: new MemoryIdentityStore(),
      projects: { find: async () => settings },
      // Nobody is erased in these histories.
      erased: { among: async () => new Set<string>() },
      shardCount: 1,
    }),
    split: createSplitBatch({ shardCount: 1 }),
    send: async (batches) => {
      for (const batch of batches) await send(batch);
    },
    publishLive: async () => undefined,
  });
  return (batch, pin, redelivered) => ingest({ batch: JSON.stringify(batch), pin, redelivered });
}

/** As Redis keeps it while the job is in hand. */
export function memoryPin(): ResolutionPin {
  let pinned: string | null = null;
  return {
    read: async () => pinned,
    put: async (text) => (pinned ??= text),
  };
}
