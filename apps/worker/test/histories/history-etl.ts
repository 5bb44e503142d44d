import type { IdentityStore } from '@arbor/engine/identity/identity-store';
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

/** Over which shards the project lies, and who knows who is who there. */
export interface HistoryPlace {
  readonly identities: IdentityStore;
  readonly spread: number;
  readonly shardCount: number;
}

const onOneShard = (): HistoryPlace => {
  return { identities: new MemoryIdentityStore(), spread: 1, shardCount: 1 };
};

/** The ETL over memory; for a project that lies on one shard where nothing else is said. */
export function historyEtl(
  mode: IdentityMode,
  send: (batch: StoreBatch) => Promise<void>,
  { identities, spread, shardCount }: HistoryPlace = onOneShard(),
): Deliver {
  const settings = { spread, mode, epoch: 0, acceptsErased: true };
  const ingest = createIngestPipeline({
    enrich: createEnrichBatch({ geo: { find: () => null }, readUserAgent: () => ({}) }),
    resolve: createResolveBatch({
      identities,
      projects: { find: async () => settings },
      // Nobody is erased in these histories.
      erased: { among: async () => new Set<string>() },
      shardCount,
    }),
    split: createSplitBatch({ shardCount }),
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

class EtlDied extends Error {}

/** The process dies before it has pinned what it resolved. */
export const deadPin: ResolutionPin = {
  read: async () => null,
  put: () => Promise.reject(new EtlDied('the process is gone')),
};

export function ignoreDeath(error: unknown): void {
  if (!(error instanceof EtlDied)) throw error;
}
