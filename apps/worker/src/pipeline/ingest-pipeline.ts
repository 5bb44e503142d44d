import type { RowBatch } from '@arbor/engine/batch';
import type { StoreBatch } from '@arbor/queue/store-producer';
import type { IngestBatch } from '@arbor/schema/ingest';
import type { LiveEntry } from '@arbor/schema/live';
import { erasedRecords } from '../metrics.ts';
import { encodeBatches } from './encode-batches.ts';
import { liveEntriesOf } from './live-entries.ts';
import { parseBatch } from './parse-batch.ts';
import type { Resolution } from './resolution.ts';
import type { ResolutionPin } from './resolve-batch.ts';

export interface IngestSteps {
  readonly enrich: (batch: IngestBatch) => IngestBatch;
  readonly resolve: (
    batch: IngestBatch,
    pin: ResolutionPin,
    redelivered: boolean,
  ) => Promise<Resolution | null>;
  readonly split: (batch: IngestBatch, resolution: Resolution) => RowBatch[];
  readonly send: (batches: readonly StoreBatch[]) => Promise<void>;
  readonly publishLive: (project: number, entries: readonly LiveEntry[]) => Promise<void>;
  /** Of so many records of a project the first that Live shows (live-room.ts). Absent = all. */
  readonly liveRoom?: (project: number, records: number) => number;
}

export interface IngestJob {
  readonly batch: unknown;
  readonly redelivered: boolean;
  /** When it was put on its queue, ms; absent = now. */
  readonly queuedAt?: number;
  readonly pin: ResolutionPin;
}

/**
 * The way of a batch from the ingest queue to the store queues. Whatever throws here is delivered
 * again, unless it is poison; nothing is sent before the resolution is pinned, and everything that is
 * sent has an id that derives from the batch, so a second delivery changes nothing.
 */
export function createIngestPipeline(steps: IngestSteps): (job: IngestJob) => Promise<void> {
  return async function ingest(job) {
    const parsed = parseBatch(job.batch);
    const batch = steps.enrich(parsed);
    const resolution = await steps.resolve(batch, job.pin, job.redelivered);
    if (resolution === null) return;
    erasedRecords.inc(resolution.erased?.length ?? 0);
    const rowBatches = steps.split(batch, resolution);
    await steps.send(encodeBatches(rowBatches, job.queuedAt));
    const { project } = batch;
    const room = (records: number): number => steps.liveRoom?.(project, records) ?? records;
    await steps.publishLive(project, liveEntriesOf(batch, resolution, room));
  };
}
