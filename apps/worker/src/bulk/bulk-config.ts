import { envShards, readConfig } from '@arbor/runtime/config';
import { z } from 'zod';
import { bulkLimits } from './bulk-limits.ts';

const schema = z.object({
  DATABASE_URL: z.string(),
  ARBOR_SHARDS: envShards,
  /** Where the storage processes of the same cluster find their objects: `file:/PATH` or `s3://bucket/prefix`. */
  ARBOR_OBJECTS: z.string(),
  ARBOR_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  AWS_REGION: z.string().optional(),
  /** Token of the project. */
  ARBOR_BULK_TOKEN: z.string(),
  ARBOR_BULK_FILE: z.string(),
  /** Events of one commit: fewer take less memory, and make more files of a day. */
  ARBOR_BULK_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(bulkLimits.rowsMax)
    .default(bulkLimits.rowsMax),
});

export type BulkConfig = Readonly<z.output<typeof schema>>;

/** The environment of the process that imports one file. No other file of it reads it. */
export const readBulkConfig = (): BulkConfig => readConfig(schema);
