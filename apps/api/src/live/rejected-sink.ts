import { publishLive } from '@arbor/queue/live-stream';
import type { Logger } from '@arbor/runtime/logger';
import type { Redis } from 'ioredis';
import type { RejectedSink } from '../edge/ports.ts';
import type { IngestCounts } from '../health/ingest-counts.ts';

/** Shows what the edge refused in the project's Live view, and counts it: best effort, as the port says. */
export function createRejectedSink(
  redis: Redis,
  { counts, logger }: { readonly counts: Pick<IngestCounts, 'refused'>; readonly logger: Logger },
): RejectedSink {
  return {
    publishRejected: (project, entries) => {
      publishLive(redis, project, entries).catch((error: unknown) => {
        logger.debug({ project, reason: String(error) }, 'a refused record is not shown in live');
      });
    },
    countRejected: (project, refused) => counts.refused(project, refused),
  };
}
