import { z } from 'zod';

/** What the process that imports a file in bulk writes to its output, one JSON text a line. */
export const bulkMessageSchema = z.discriminatedUnion('type', [
  /** `bytes` of the file were read, `events` are committed. */
  z.object({ type: z.literal('progress'), bytes: z.number(), events: z.number() }),
  /** A line that ingestion must judge: it is to be sent over HTTP. Lines are counted from 1. */
  z.object({ type: z.literal('odd'), line: z.number().int(), text: z.string() }),
  /** All else is committed and will be queried as soon as replicas have followed the catalog. */
  z.object({ type: z.literal('done'), events: z.number() }),
  /** It ended before the end of the file; what was committed stays. */
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type BulkMessage = z.infer<typeof bulkMessageSchema>;
