import { envShards, readConfig } from '@arbor/runtime/config';
import { z } from 'zod';

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
});

export type BulkConfig = Readonly<z.output<typeof schema>>;

/** The environment of the process that imports one file. No other file of it reads it. */
export const readBulkConfig = (): BulkConfig => readConfig(schema);
